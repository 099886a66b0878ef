"""Doses as they are kept: the columns of a version, and the dose that they describe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vaxcert.model import Dose

# What a certificate states of a dose, and what is kept besides.
STATED = ("product", "number", "series", "date", "disease", "prophylaxis", "holder", "country", "issuer")
COLUMNS = (*STATED, "site", "lot")


def values_of(dose: Dose) -> dict[str, Any]:
    """The columns for a dose."""
    return {name: getattr(dose, name) for name in COLUMNS}


def dose_of(values: Mapping[str, Any]) -> Dose:
    """The dose that columns describe."""
    return Dose(**{name: values[name] for name in COLUMNS})


def stated(values: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a certificate of this dose states: where two differ, one of their certificates is wrong."""
    dose = dose_of(values)
    return tuple(getattr(dose, name) for name in STATED)


def told(values: Mapping[str, Any]) -> str:
    """A dose in a line."""
    return f"{values['number']}/{values['series']} {values['product']} {values['date'].isoformat()}"
