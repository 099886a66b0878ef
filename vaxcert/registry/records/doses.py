"""Doses as they are kept: one on record as of now, and the columns of a version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Row

from vaxcert.errors import InputError, Reason
from vaxcert.model import Dose
from vaxcert.registry.states import DoseState

# What a certificate states of a dose, and what is kept besides.
STATED = ("product", "number", "series", "date", "disease", "prophylaxis", "holder", "country", "issuer")
COLUMNS = (*STATED, "site", "lot", "site_told")
# Why a dose does not count that another record of the same person states, too.
DOUBLE = "a double"
_MAX_LOT, _MAX_SITE = 40, 200


class RecordedDose(Dose, frozen=True, kw_only=True, gc=False):
    """A dose as it is recorded. `site_told`: what a table calls a site of which no code is known."""

    site_told: str = ""


class GivenDose(msgspec.Struct, frozen=True, gc=False):
    """A dose on record as of now: its number, its newest version's number, and what that says.

    `double`: another record of the same person states it too, and that one counts.
    """

    dose_id: int
    version_id: int
    state: DoseState
    dose: RecordedDose
    double: bool = False

    def __repr__(self) -> str:
        return f"<GivenDose {self.dose_id}>"


def of_row(row: Row[Any]) -> GivenDose:
    """A dose as of now, from a row of `dose_version`."""
    state = DoseState(row.state)
    double = state is DoseState.WITHDRAWN and row.reason == DOUBLE
    return GivenDose(row.dose_id, row.id, state, dose_of(row._mapping), double)


def dose_of(values: Mapping[Any, Any]) -> RecordedDose:
    """The dose that columns describe."""
    return RecordedDose(**{name: values[name] for name in COLUMNS})


def columns(dose: RecordedDose) -> dict[str, Any]:
    """The columns for a dose."""
    return {name: getattr(dose, name) for name in COLUMNS}


def stated(dose: Dose) -> tuple[Any, ...]:
    """What a certificate of this dose states: where two differ, one of their certificates is wrong."""
    return tuple(getattr(dose, name) for name in STATED)


def told(dose: Dose) -> str:
    """A dose in a line."""
    return f"{dose.number}/{dose.series} {dose.product} {dose.date.isoformat()}"


def check_lot(lot: str) -> None:
    """Raise `InputError` for what no lot's number is."""
    if len(lot) > _MAX_LOT:
        raise InputError("lot", Reason.TOO_LONG, most=_MAX_LOT)
    if not lot.isprintable():
        raise InputError("lot", Reason.UNPRINTABLE)


def check_site_told(site: str) -> None:
    """Raise `InputError` for what is too long to be what somebody calls a site."""
    if len(site) > _MAX_SITE:
        raise InputError("site", Reason.TOO_LONG, most=_MAX_SITE)
