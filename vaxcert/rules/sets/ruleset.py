"""A set of rules, and what it says of a card: every rule that applies, passed, failed or unknown."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from vaxcert import codes
from vaxcert.errors import ConfigurationError, EvaluationError, NotFoundError, Reason
from vaxcert.rules.certlogic import MAX_STEPS, Evaluation, Hop, Step, hops_to
from vaxcert.rules.documents import read_json
from vaxcert.rules.facts import CardFacts, moment_text
from vaxcert.rules.sets.rule import ACCEPTANCE, GENERAL, INVALIDATION, Rule, Version, description, version_of
from vaxcert.rules.sets.valuesets import ValueSets
from vaxcert.verdict import Outcome

# All states of the EU's gateway together had some 800.
MAX_RULES = 5_000

_NO_SETS = ValueSets()
_INSTANT = timedelta(microseconds=1)
_LAST = datetime.max.replace(tzinfo=UTC)
_MOST_CHOICES = 256


class RuleResult(NamedTuple):
    """What one rule says of a card. `reason`, `detail`: why, where it is not passed; nothing of the card is in them."""

    identifier: str
    outcome: Outcome
    reason: Reason | None = None
    detail: str = ""
    descriptions: tuple[tuple[str, str], ...] = ()

    def description(self, lang: str) -> str:
        """What the rule asks, in a language or the nearest that its author wrote."""
        return description(self.descriptions, lang)


class RuleSet:
    """Rules that can all be judged by: one that cannot be is refused with the whole set, never left out."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        if not self.rules:
            raise ConfigurationError("a set of rules without a rule", Reason.RULE_INVALID)
        if len(self.rules) > MAX_RULES:
            raise ConfigurationError(f"more than {MAX_RULES} rules", Reason.RULE_TOO_LARGE)
        seen = set()
        for rule in self.rules:
            if (rule.identifier, rule.version) in seen:
                raise ConfigurationError(f"{rule.identifier}: twice in the same version", Reason.RULE_INVALID)
            seen.add((rule.identifier, rule.version))
        in_order = sorted(self.rules, key=lambda rule: rule.version, reverse=True)
        # By identifier, the highest version first: of each, the first that applies is asked.
        self._all = [_Asked.of(rule) for rule in sorted(in_order, key=lambda rule: rule.identifier)]
        # Between two of these moments the same rules hold.
        self._changes = sorted({change for rule in self.rules for change in (rule.valid_from, _after(rule.valid_to))})
        self._chosen: dict[tuple[object, ...], _Chosen] = {}

    def __len__(self) -> int:
        return len(self.rules)

    @classmethod
    def load(cls, source: Path | str | bytes) -> RuleSet:
        """The rules in a file (one, or a list of them), in its bytes, or in a folder's files `rule.json` at any depth.

        Raises `ConfigurationError` with the rule's name and what is wrong with it (docs/reasons.md, `rule_…`),
        `NotFoundError`, and `DamagedError` for what is no JSON.
        """
        return cls(Rule.of(one, where) for where, one in sources(source))

    def in_order(self) -> list[Rule]:
        """The rules by identifier, of each the highest version first: the first of them that applies is asked."""
        return [asked.rule for asked in self._all]

    def judge(
        self,
        card: CardFacts,
        at: datetime,
        value_sets: ValueSets | None = None,
        *,
        country: str | None = None,
        region: str = "",
    ) -> tuple[RuleResult, ...]:
        """What each rule that applies says of a card at an aware moment, by identifier.

        Acceptance rules are those of `country`, where the card is to be accepted, or all of the set without one;
        invalidation rules those of the issuer's country; general ones hold for every card. Rules of a region are asked
        where it is `region`. Of each, the highest version that holds at the moment. Raises `ValueError` for a moment
        without a time zone.
        """
        if at.tzinfo is None:
            raise ValueError("`at` has no time zone")
        at = at.astimezone(UTC)
        external = card.external | {
            "validationClock": moment_text(at),
            "valueSets": (value_sets or _NO_SETS).at(at),
            "countryCode": country or "",
            "region": region,
        }
        data = {"payload": card.payload, "external": external}
        # The steps of a card, not of a rule: a set of many slow rules is bounded as well.
        chosen, hops = self._select(card, at, country, region)
        run = Evaluation(data, hops, MAX_STEPS)
        results = []
        for asked in chosen:
            try:
                answer = asked.step(data, run)
            except EvaluationError as error:
                results.append(asked.unknown(error.reason, error.detail))
                continue
            if answer is True:
                results.append(asked.passed)
            elif answer is False:
                results.append(asked.failed)
            else:
                # What it was meant to say nobody knows.
                results.append(asked.unknown(Reason.RULE_NOT_EVALUABLE, "the answer is neither true nor false"))
        return tuple(results)

    def select(self, card: CardFacts, at: datetime, country: str | None = None, region: str = "") -> list[Rule]:
        """The rules that apply to a card at an aware moment, by identifier: those that `judge` asks."""
        return [asked.rule for asked in self._select(card, at, country, region)[0]]

    def _select(self, card: CardFacts, at: datetime, country: str | None, region: str) -> _Chosen:
        arrival = codes.country(country) if country else None
        wanted = bisect_right(self._changes, at), card.types, card.issuer_country, card.version, arrival, region
        chosen = self._chosen.get(wanted)
        if chosen is None:
            # A name of a thousand countries is no reason to remember them all.
            if len(self._chosen) >= _MOST_CHOICES:
                self._chosen = {}
            chosen = self._chosen[wanted] = self._choose(card, at, arrival, region)
        return chosen

    def _choose(self, card: CardFacts, at: datetime, arrival: str | None, region: str) -> _Chosen:
        chosen: dict[str, _Asked] = {}
        version = _version(card.version)
        for asked in self._all:
            rule = asked.rule
            if rule.certificate_type != GENERAL and rule.certificate_type not in card.types:
                continue
            if rule.type == ACCEPTANCE and arrival is not None and rule.country != arrival:
                continue
            if rule.type == INVALIDATION and rule.country != card.issuer_country:
                continue
            if (not rule.region or rule.region == region) and rule.valid_from <= at <= rule.valid_to:
                chosen.setdefault(rule.identifier, asked if rule.is_for(version) else asked._replace(step=_later))
        paths = {path for asked in chosen.values() for path in asked.rule.logic.accesses}
        return _Chosen(list(chosen.values()), hops_to(sorted(paths)))


def overall(results: Iterable[RuleResult]) -> tuple[Outcome, Reason | None]:
    """What a whole set says: failed where any rule is, else unknown where any is or none applies, else passed."""
    outcomes: dict[Outcome, Reason | None] = {}
    for result in results:
        outcomes.setdefault(result.outcome, result.reason)
    for outcome in (Outcome.FAILED, Outcome.UNKNOWN):
        if outcome in outcomes:
            return outcome, outcomes[outcome]
    return (Outcome.PASSED, None) if outcomes else (Outcome.UNKNOWN, Reason.NO_RULE_APPLIES)


def sources(source: Path | str | bytes) -> list[tuple[str, Any]]:
    """The rules in a file, its bytes or a folder as decoded JSON, each with where it stands. Raises as `read_json`."""
    if not isinstance(source, bytes) and (folder := Path(source)).is_dir():
        files = sorted(folder.rglob("rule.json"))
        if not files:
            raise NotFoundError(f"{folder}: no rule.json in it")
        return [(str(path), read_json(path)) for path in files]
    document = read_json(source)
    where = "rule" if isinstance(source, bytes) else str(source)
    if isinstance(document, list):
        return [(f"{where}, rule {position}", one) for position, one in enumerate(document, 1)]
    return [(where, document)]


def _version(text: str) -> Version | None:
    try:
        return version_of(text)
    except ConfigurationError:
        return None


def _later(data: Any, run: Evaluation) -> Any:
    raise EvaluationError(Reason.RULE_SCHEMA_LATER)


def _after(moment: datetime) -> datetime:
    return moment + _INSTANT if moment < _LAST else moment


class _Asked(NamedTuple):
    """A rule with what asking it takes, and the two answers that say nothing of a card, made once."""

    rule: Rule
    step: Step
    passed: RuleResult
    failed: RuleResult

    @classmethod
    def of(cls, rule: Rule) -> _Asked:
        passed = RuleResult(rule.identifier, Outcome.PASSED, descriptions=rule.descriptions)
        failed = passed._replace(outcome=Outcome.FAILED, reason=Reason.RULE_NOT_MET)
        return cls(rule, rule.logic.step, passed, failed)

    def unknown(self, reason: Reason, detail: str = "") -> RuleResult:
        return self.passed._replace(outcome=Outcome.UNKNOWN, reason=reason, detail=detail)


class _Chosen(NamedTuple):
    """The rules that apply, and the steps to all that they read of a card."""

    asked: list[_Asked]
    hops: tuple[Hop, ...]
