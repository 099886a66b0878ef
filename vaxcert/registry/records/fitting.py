"""Whether two records' doses could be one person's: the same one, one that follows, or two that cannot both be so."""

from __future__ import annotations

from collections.abc import Iterable

from vaxcert.model import Dose
from vaxcert.registry.records.reasons import Why


def alike(one: Dose, other: Dose) -> bool:
    """Whether two records of a dose agree in what a certificate states."""
    return (one.product, one.date) == (other.product, other.date)


def elsewhere(one: Dose, other: Dose) -> bool:
    """Whether two doses are of two sites or lots, where both are known."""
    beside = ((one.site, other.site), (one.lot, other.lot))
    return any(mine and theirs and mine != theirs for mine, theirs in beside)


def same_act(one: Dose, other: Dose) -> bool:
    """Whether two records tell of one injection: product, day, number, site and lot are known and the same."""
    told = [(two.disease, two.number, two.site, two.lot) for two in (one, other)]
    return bool(one.site and one.lot) and alike(one, other) and told[0] == told[1]


def out_of_series(one: Dose, other: Dose) -> bool:
    """Whether of two doses of different numbers one is of another product than its series, or not later."""
    in_series = max(one.number, other.number) <= min(one.series, other.series)
    in_order = (one.number < other.number) == (one.date < other.date)
    return not in_order or (in_series and one.product != other.product)


def fitting(mine: Iterable[Dose], theirs: Iterable[Dose], *, toneless: bool) -> Why | None:
    """What two people's doses say of their being one: they do not go together, are the same, follow; None: nothing.

    Where the names agree but for tones, `toneless`, it is enough that one dose was given at another site or from
    another lot, or that two are out of series: they may be twins, one of whom a clerk wrote toneless.
    """
    found: Why | None = None
    others = list(theirs)
    for one in mine:
        held = [other for other in others if other.disease == one.disease]
        numbered = [other for other in held if other.number == one.number]
        if numbered:
            if not any(alike(other, one) and not (toneless and elsewhere(other, one)) for other in numbered):
                return Why.DOSES_DO_NOT_GO_TOGETHER
            found = Why.SAME_DOSE
            continue
        apart = [other for other in held if out_of_series(other, one)]
        if apart and toneless:
            return Why.DOSES_DO_NOT_GO_TOGETHER
        if held and not apart and found is None:
            found = Why.DOSES_FOLLOW
    return found
