"""Value sets: the lists of codes that rules compare with, each with the day that it is of.

Read in the form in which they are published (`valueSetId`, `valueSetDate`, `valueSetValues`), one or a list of them,
and in the short form that rules see (an id and its codes), whose day nobody knows.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from vaxcert.errors import DamagedError
from vaxcert.rules.certlogic import Codes
from vaxcert.rules.documents import read_json

_DAYLESS = date.min


class ValueSet(NamedTuple):
    """The codes of one list, in the publisher's order. Inactive ones stand in older cards, and count."""

    identifier: str
    day: date
    codes: tuple[str, ...]


class ValueSets:
    """Lists of codes, of several days where there are several."""

    def __init__(self, sets: Iterable[ValueSet] = ()) -> None:
        self._by_id: dict[str, list[ValueSet]] = {}
        for one in sets:
            self._by_id.setdefault(one.identifier, []).append(one)
        for dated in self._by_id.values():
            dated.sort(key=lambda one: one.day)
        self._changes = sorted({one.day for dated in self._by_id.values() for one in dated})
        self._plain: dict[date, dict[str, Codes]] = {}

    @classmethod
    def load(cls, source: Path | str | bytes) -> ValueSets:
        """The value sets in a file or in its bytes. Raises as `read_json`, and `DamagedError` for another form."""
        document = read_json(source)
        if isinstance(document, list):
            return cls([_published(one) for one in document])
        if isinstance(document, dict) and "valueSetId" in document:
            return cls([_published(document)])
        if isinstance(document, dict):
            return cls([ValueSet(name, _DAYLESS, _codes(found)) for name, found in document.items()])
        raise DamagedError("neither value sets nor a list of them")

    def dated(self) -> dict[str, tuple[ValueSet, ...]]:
        """By id the lists that there are, in the order of their days."""
        return {name: tuple(dated) for name, dated in self._by_id.items()}

    def at(self, moment: datetime) -> dict[str, Codes]:
        """By id the codes that hold at an aware moment: of the latest day until then, else of the first there is.

        The same object as long as nothing changes: not to be written to.
        """
        today = moment.astimezone(UTC).date()
        behind = bisect_right(self._changes, today)
        since = self._changes[behind - 1] if behind else _DAYLESS
        plain = self._plain.get(since)
        if plain is None:
            plain = self._plain[since] = {
                name: Codes(next((one for one in reversed(dated) if one.day <= since), dated[0]).codes)
                for name, dated in self._by_id.items()
            }
        return plain


def _published(source: Any) -> ValueSet:
    match source:
        case {"valueSetId": str(name), "valueSetDate": str(day), "valueSetValues": dict(values)}:
            try:
                return ValueSet(name, date.fromisoformat(day[:10]), tuple(values))
            except ValueError:
                raise DamagedError("a value set's valueSetDate is no day") from None
    raise DamagedError("no value set: valueSetId, valueSetDate and valueSetValues are needed")


def _codes(source: Any) -> tuple[str, ...]:
    if not isinstance(source, list) or not all(isinstance(code, str) for code in source):
        raise DamagedError("a value set is no list of codes")
    return tuple(source)
