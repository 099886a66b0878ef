"""What a policy says of a certificate: for each thing that is asked for one result, with what there is of it.

certificate ─entries against a disease→ Facts ─each thing asked→ results ─of the disease that does best→ answer
"""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from vaxcert import codes, uvci
from vaxcert.model import Certificate, Dose, Recovery, TestResult, earliest_birth, is_over, is_to_come
from vaxcert.rules.policies.diseases import codes_of, name_of
from vaxcert.rules.policies.policy import Asked, Exempt, Policy, Span, TestAsked
from vaxcert.verdict import Outcome, RuleAnswer
from vaxcert.wording import rules as said
from vaxcert.wording.words import Words

# A test whose sample was taken by a clock that is a little ahead is new, and not of the future.
_AHEAD_HOURS = -1.0
_RANK = {Outcome.FAILED: 0, Outcome.UNKNOWN: 1, Outcome.PASSED: 2}


class Facts(msgspec.Struct, frozen=True):
    """What a certificate states against one disease, on a day and at a moment. `name`: the disease's.

    `doses`: those that count, of all that are `stated`.
    """

    name: Words
    stated: tuple[Dose, ...]
    doses: tuple[Dose, ...]
    tests: tuple[TestResult, ...]
    recoveries: tuple[Recovery, ...]
    today: date
    at: datetime

    def __repr__(self) -> str:
        return "<Facts>"

    def only(self, products: Collection[str]) -> Facts:
        """With no other doses than those of these vaccines; all of them where none is named."""
        if not products:
            return self
        return msgspec.structs.replace(self, doses=tuple(dose for dose in self.doses if dose.product in products))


def judge(
    policy: Policy, certificate: Certificate, at: datetime, *, signed_in: str | None = None
) -> tuple[RuleAnswer, ...]:
    """The results of a policy, the same for the same moment. `at`: aware. `signed_in`: the signer's country."""
    today = _day(at, ZoneInfo(policy.zone))
    results = [*_of_the_card(policy, certificate, signed_in)]
    exempt = _exempt(policy.exempt, certificate, today)
    if exempt is not None and exempt.outcome is Outcome.PASSED:
        return (*results, exempt)
    answers = [_answer(policy, facts) for facts in _facts(policy, certificate, today, at)]
    asked = max(answers, key=lambda answer: (_RANK[_of_all(answer)], _met(answer)))
    if exempt is not None and exempt.outcome is Outcome.UNKNOWN and _of_all(asked) is not Outcome.PASSED:
        # Whoever may be exempt has not failed.
        asked = [exempt]
    return (*results, *asked)


def _day(at: datetime, zone: ZoneInfo) -> date:
    """The day of a place at a moment. At either end of the calendar, where it would have none, the moment's own."""
    try:
        return at.astimezone(zone).date()
    except OverflowError:
        return at.date()


def _of_all(results: Iterable[RuleAnswer]) -> Outcome:
    return min((one.outcome for one in results), key=_RANK.__getitem__, default=Outcome.PASSED)


def _met(results: Iterable[RuleAnswer]) -> int:
    return sum(one.outcome is Outcome.PASSED for one in results)


def _of_the_card(policy: Policy, certificate: Certificate, signed_in: str | None) -> Iterator[RuleAnswer]:
    if policy.formats:
        yield _told("formats", certificate.format in policy.formats)
    if policy.banned_sites:
        yield _told("banned_sites", not _is_banned(policy, certificate, signed_in))


def _is_banned(policy: Policy, certificate: Certificate, signed_in: str | None) -> bool:
    for entry in certificate.entries:
        # The signer's country is known, the others are claimed: none of them takes a site out of a ban.
        countries = codes.codes_of_countries(signed_in, certificate.issuer, entry.country)
        for site in uvci.sites_of(uvci.spellings(entry.certificate_id)):
            if {site, *(f"{country}/{site}" for country in countries)} & set(policy.banned_sites):
                return True
    return False


def _exempt(asked: Exempt | None, certificate: Certificate, today: date) -> RuleAnswer | None:
    if asked is None:
        return None
    born = certificate.person.date_of_birth
    if not born:
        return RuleAnswer("exempt", Outcome.UNKNOWN, said.AGE_UNKNOWN)
    # Where only the month or the year is known, somebody is as old as either end of it makes them.
    ages = (_years(_latest_birth(born), today), _years(earliest_birth(born), today))
    answers = {_is_exempt(asked, age) for age in ages}
    if len(answers) == 1:
        return _told("exempt", *answers)
    return RuleAnswer("exempt", Outcome.UNKNOWN, said.AGE_UNKNOWN)


def _is_exempt(asked: Exempt, age: int) -> bool:
    return (asked.under is not None and age < asked.under) or (asked.from_age is not None and age >= asked.from_age)


def _years(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _latest_birth(text: str) -> date:
    """The last day that a birth date allows."""
    if len(text) == 10:
        return date.fromisoformat(text)
    year, month = (int(text[:4]), int(text[5:7])) if len(text) == 7 else (int(text), 12)
    return date(year, month, monthrange(year, month)[1])


def _facts(policy: Policy, certificate: Certificate, today: date, at: datetime) -> Iterator[Facts]:
    for disease in policy.diseases:
        wanted = codes_of(disease)
        entries = [entry for entry in certificate.entries if entry.disease in wanted]
        yield Facts(
            name=name_of(disease),
            stated=(doses := tuple(entry for entry in entries if isinstance(entry, Dose))),
            doses=doses,
            tests=tuple(entry for entry in entries if isinstance(entry, TestResult)),
            recoveries=tuple(entry for entry in entries if isinstance(entry, Recovery) and _holds(entry, today)),
            today=today,
            at=at,
        )


def _holds(recovery: Recovery, today: date) -> bool:
    return not (is_to_come(recovery, today) or is_over(recovery, today))


def _answer(asked: Asked, facts: Facts) -> list[RuleAnswer]:
    """One result for each thing that is asked for; all of them have to be met."""
    facts = facts.only(asked.products)
    results = [*_doses(asked, facts)] if asked.asks_for_doses else []
    if asked.test is not None:
        results.append(_test(asked.test, facts))
    if asked.recovery is not None:
        results.append(_recovery(asked.recovery.days, facts))
    for one in asked.all:
        results += _answer(one, facts)
    if asked.any:
        results += _one_of([_answer(one, facts) for one in asked.any], [_speaks_of(one, facts) for one in asked.any])
    return results


def _speaks_of(asked: Asked, facts: Facts) -> bool:
    """Whether the card has something of the kind that is asked for: then what it lacks is worth telling."""
    own = (
        (asked.asks_for_doses and facts.doses) or (asked.test and facts.tests) or (asked.recovery and facts.recoveries)
    )
    return bool(own) or any(_speaks_of(one, facts) for one in (*asked.all, *asked.any))


def _one_of(answers: list[list[RuleAnswer]], speaking: list[bool]) -> list[RuleAnswer]:
    """The results of the first way that is met, else one that tells what each lacks that the card speaks of."""
    for answer in answers:
        if _of_all(answer) is Outcome.PASSED:
            return answer
    outcome = max((_of_all(answer) for answer in answers), key=_RANK.__getitem__)
    told = [answer for answer, speaks in zip(answers, speaking, strict=True) if speaks] or answers
    lacking = [next(one for one in answer if one.outcome is _of_all(answer)).words for answer in told]
    # By language: no way is named twice where two lack the same.
    words = Words(
        *(word.join(dict.fromkeys(parts)) for word, parts in zip(said.OR, zip(*lacking, strict=True), strict=True))
    )
    return [RuleAnswer("any", outcome, words)]


def _doses(asked: Asked, facts: Facts) -> Iterator[RuleAnswer]:
    counting = facts.doses
    if not counting:
        lacking, name = said.ASKED["no_dose"][1], facts.name
        words = Words(lacking.en.format(disease=name.en), lacking.vi.format(disease=name.vi))
        yield RuleAnswer("doses", Outcome.FAILED, words)
        return
    last = max(counting, key=lambda dose: (dose.date, dose.number))
    highest = max(counting, key=lambda dose: (dose.number, dose.date))
    have = f"{highest.number}/{highest.series}"
    # A card of the second dose says that there was a first one, which counts unless the card says that it was of a
    # vaccine that does not; two doses in one card are two.
    others = {dose.number for dose in facts.stated if dose not in counting and dose.number < highest.number}
    count = max(highest.number - len(others), len({(dose.date, dose.number) for dose in counting}))
    if asked.doses is not None:
        yield _told("doses", count >= asked.doses, have=have, asked=asked.doses)
    if asked.complete:
        yield _told("complete", any(dose.number >= dose.series for dose in counting), have=have)
    if asked.booster:
        yield _told("booster", any(map(_is_booster, counting)), have=have)
    if asked.days_since_last is not None:
        yield _since("days_since_last", asked.days_since_last, _days(facts, last.date))
    if asked.products and not (asked.doses or asked.complete or asked.booster or asked.days_since_last):
        yield _told("doses", True, have=have)


def _days(facts: Facts, day: date) -> int:
    """Days since a day. What is of tomorrow by another calendar is of today."""
    return max(0, (facts.today - day).days)


def _is_booster(dose: Dose) -> bool:
    """A dose beyond its series, as 3/2 or 2/1 say it, and 3/3 of a vaccine whose series has two."""
    known = codes.product(dose.product)
    usual = known.series if known is not None and known.series is not None else dose.series
    return dose.number > min(dose.series, usual)


def _since(rule: str, span: Span, days: int) -> RuleAnswer:
    key = "too_late" if span.end is not None and days > span.end else "too_early"
    met, lacking = said.ASKED[key]
    values: dict[str, str | int] = {"days": days, "from_day": span.start or 0, "to_day": span.end or 0}
    words = met if span.holds(days) else lacking
    return RuleAnswer(rule, Outcome.PASSED if span.holds(days) else Outcome.FAILED, words.filled(values))


def _test(wanted: TestAsked, facts: Facts) -> RuleAnswer:
    negative = [
        test for test in facts.tests
        if test.result == codes.NOT_DETECTED and (not wanted.codes or test.type in wanted.codes)
    ]  # fmt: skip
    if not negative:
        return _lacking("test", "no_test")
    hours = sorted((facts.at - test.sampled_at).total_seconds() / 3600 for test in negative)
    taken = next((since for since in hours if since >= _AHEAD_HOURS), None)
    if taken is None:
        return _lacking("test", "test_ahead")
    return _told("test", taken <= wanted.hours, hours=max(0, math.ceil(taken)), most=wanted.hours)


def _recovery(span: Span, facts: Facts) -> RuleAnswer:
    if not facts.recoveries:
        return _lacking("recovery", "no_recovery")
    since = sorted(_days(facts, one.first_positive) for one in facts.recoveries)
    days = next((days for days in since if span.holds(days)), since[0])
    return _told("recovery", span.holds(days), days=days)


def _told(rule: str, met: bool, **values: str | int) -> RuleAnswer:
    return RuleAnswer(rule, Outcome.PASSED if met else Outcome.FAILED, said.ASKED[rule][0 if met else 1].filled(values))


def _lacking(rule: str, key: str) -> RuleAnswer:
    return RuleAnswer(rule, Outcome.FAILED, said.ASKED[key][1])
