"""What is said against a dose before it is recorded. Nothing of it forbids it: who decides is at the desk.

Intervals and ages are those of `vaxcert.codes`, with their sources; a product without one is not warned about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from vaxcert import codes
from vaxcert.model import Dose, Person, earliest_birth
from vaxcert.registry.records.judging import Decision
from vaxcert.registry.states import DoseState, WarningKind
from vaxcert.wording.desk import MONTHS, WARNINGS, YEARS
from vaxcert.wording.words import Words

# Civil Code of Viet Nam, 91/2015/QH13, article 21: who is younger is a minor.
_OF_AGE = 18
# From here on an age is told in years.
_IN_YEARS = 24


class DoseWarning(NamedTuple):
    """Something said against a dose. `said`: what its words are filled in with; of no person's data."""

    kind: WarningKind
    said: tuple[tuple[str, str | int], ...] = ()

    @property
    def words(self) -> Words:
        """It in words."""
        said = dict(self.said)
        if self.kind is not WarningKind.TOO_YOUNG:
            return WARNINGS[self.kind].filled(said)
        months = int(said["months"])
        age = YEARS.filled({"n": months // 12}) if months >= _IN_YEARS else MONTHS.filled({"n": months})
        told = WARNINGS[self.kind]
        return Words(told.en.format(least=age.en), told.vi.format(least=age.vi))


def warnings(decision: Decision, lot: str = "") -> list[DoseWarning]:
    """What is said against a dose that is to be recorded; of one that is on record, whether its lot is not this one."""
    if decision.given is not None:
        before = decision.given.dose.lot
        other = before and lot and before.casefold() != lot.casefold()
        return [DoseWarning(WarningKind.OTHER_LOT, (("before", before),))] if other else []
    profile, dose = decision.profile, decision.dose
    held = [
        given.dose
        for given in (decision.whose.doses if decision.whose else ())
        if given.state is not DoseState.WITHDRAWN and given.dose.disease == dose.disease
    ]
    return [*_of_course(held, dose), *_of_age(profile.person, profile.guardian, dose)]


def _of_course(held: Sequence[Dose], dose: Dose) -> Iterator[DoseWarning]:
    same = [one for one in held if one.number == dose.number]
    if same:
        before = f"{same[0].product}, {same[0].date.isoformat()}"
        yield DoseWarning(WarningKind.ALREADY_HELD, (("number", dose.number), ("before", before)))
    earlier = [one for one in held if one.number < dose.number]
    if missing := sorted(set(range(1, dose.number)) - {one.number for one in earlier}):
        yield DoseWarning(WarningKind.EARLIER_DOSE_MISSING, (("missing", missing[0]),))
    if earlier:
        before_it = max(earlier, key=lambda one: one.number)
        days = (dose.date - before_it.date).days
        known = codes.intervals(dose.product, dose.number)
        least = known[0] if known else 1
        if days < least:
            yield DoseWarning(WarningKind.TOO_EARLY, (("days", days), ("least", least)))
        # A booster is often of another maker; within the series it should not be.
        if before_it.product != dose.product and dose.number <= before_it.series:
            yield DoseWarning(WarningKind.OTHER_PRODUCT, (("before", codes.name("product", before_it.product)),))


def _of_age(person: Person, guardian: str, dose: Dose) -> Iterator[DoseWarning]:
    if not person.date_of_birth:
        return
    born = latest_birth(person.date_of_birth)
    months = codes.least_age(dose.product)
    if months is not None and _age_reached(born, months) > dose.date:
        yield DoseWarning(WarningKind.TOO_YOUNG, (("months", months),))
    if not guardian and _age_reached(born, _OF_AGE * 12) > dose.date:
        yield DoseWarning(WarningKind.GUARDIAN_MISSING)


def latest_birth(text: str) -> date:
    """The last day that a birth date of full, month or year precision allows: who is asked about may be so young."""
    first = earliest_birth(text)
    if len(text) == len("YYYY"):
        return first.replace(month=12, day=31)
    if len(text) == len("YYYY-MM"):
        return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return first


def _age_reached(born: date, months: int) -> date:
    """The day on which somebody is so many months old; of a day that a month does not have, the first of the next."""
    years, month = divmod(born.month - 1 + months, 12)
    try:
        return date(born.year + years, month + 1, born.day)
    except ValueError:
        return date(born.year + years, month + 2, 1)
