"""Whether two records' doses could be one person's: the same one, one that follows, or two that cannot both be so."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from vaxcert import codes
from vaxcert.model import Dose
from vaxcert.registry.comparing.reasons import Why

# So many days after its usual day a dose is soon after.
_LATE = 14


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
    earlier, later = sorted((one, other), key=lambda dose: dose.number)
    return earlier.date >= later.date or (in_series and one.product != other.product)


def too_soon(one: Dose, other: Dose) -> bool:
    """Whether of two doses that follow the later was given before it could be, where that is known."""
    earlier, later = sorted((one, other), key=lambda dose: dose.number)
    due = codes.intervals(later.product, later.number)
    follows = later.number == earlier.number + 1 and later.product == earlier.product
    return due is not None and follows and (later.date - earlier.date).days < due[0]


def fitting(mine: Iterable[Dose], theirs: Iterable[Dose], *, toneless: bool) -> Why | None:
    """What two people's doses say of their being one: they do not go together, are the same, follow; None: nothing.

    Where the names agree but for tones, `toneless`, it is enough that one dose was given at another site or from
    another lot, or that two are out of series, or too soon one after the other: they may be twins, one of whom a clerk
    wrote toneless.
    """
    left, right = _by_number(mine), _by_number(theirs)
    shared = left.keys() & right.keys()
    for which in shared:
        pairs = product(left[which], right[which])
        if not any(alike(*pair) and not (toneless and elsewhere(*pair)) for pair in pairs):
            return Why.DOSES_DO_NOT_GO_TOGETHER
    others = [
        (one, other)
        for which, some in left.items() if which not in shared
        for disease_and_number, more in right.items() if disease_and_number not in shared
        if which[0] == disease_and_number[0]
        for one, other in product(some, more)
    ]  # fmt: skip
    apart = any(out_of_series(*pair) for pair in others)
    if toneless and (apart or any(too_soon(*pair) for pair in others)):
        return Why.DOSES_DO_NOT_GO_TOGETHER
    if shared:
        return Why.SAME_DOSE
    if not others or apart:
        return None
    return Why.DOSES_FOLLOW_IN_TIME if any(in_time(*pair) for pair in others) else Why.DOSES_FOLLOW


def in_time(one: Dose, other: Dose) -> bool:
    """Whether the later of two doses that follow was given when it is due after the earlier, or soon after."""
    earlier, later = sorted((one, other), key=lambda dose: dose.number)
    due = codes.intervals(later.product, later.number)
    if due is None or later.number != earlier.number + 1 or later.product != earlier.product:
        return False
    return due[0] <= (later.date - earlier.date).days <= due[1] + _LATE


def _by_number(some: Iterable[Dose]) -> dict[tuple[str, int], list[Dose]]:
    found: dict[tuple[str, int], list[Dose]] = {}
    for dose in some:
        found.setdefault((dose.disease, dose.number), []).append(dose)
    return found
