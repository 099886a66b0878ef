"""What a whole table shows, gone through once before anything of it is taken: the order of dates, damage, numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from vaxcert.errors import InputError, Reason
from vaxcert.names.damage import FontsSeen, damage, fonts_seen
from vaxcert.tables.table import Table
from vaxcert.tables.values import numbers
from vaxcert.tables.values.days import FIELDS as DATES
from vaxcert.tables.values.days import DatesSeen, dates_seen, decide
from vaxcert.tables.values.people import NAMES
from vaxcert.wording.rows import PROBLEMS
from vaxcert.wording.tables import EVIDENCE
from vaxcert.wording.words import Words

# Texts are looked at so many rows at a time, so that memory stays flat.
_AT_ONCE = 1_000


class Evidence:
    """Looks at all rows of a table, as `survey` has it look; then `decide` says whether its dates can be read."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._dates = DatesSeen()
        self._fonts = FontsSeen(0, 0, 0)
        self._damage: Counter[Reason] = Counter()
        self._several = self._completed = 0

    def __call__(self, rows: Iterator[tuple[int, Mapping[str, str]]]) -> list[Words]:
        """Go through the rows, each with its line, and tell what was found. It says nothing of anybody."""
        dates: list[tuple[int, str]] = []
        names: list[str] = []
        for count, (line, values) in enumerate(rows, 1):
            dates += [(line, values[field]) for field in DATES if field in values]
            names += [values[field] for field in NAMES if field in values]
            self._several += _is(lambda text: numbers.telephones(text).others, values.get("phone"))
            self._completed += _is(lambda text: numbers.identity_number(text).completed, values.get("national_id"))
            if count % _AT_ONCE == 0:
                self._look(dates, names)
                dates, names = [], []
        self._look(dates, names)
        return list(self._told())

    def decide(self) -> None:
        """Raise `ConfigurationError` where the dates do not say whether day or month comes first, and nobody did."""
        decide(self._dates, self._table.reading.dates, self._table.place)

    def _look(self, dates: list[tuple[int, str]], names: list[str]) -> None:
        self._dates |= dates_seen(dates)
        self._fonts += fonts_seen(names)
        self._damage.update(found.reason for name in names if (found := damage(name)) is not None)

    def _told(self) -> Iterator[Words]:
        yield from told_of_dates(self._dates, self._table)
        if self._fonts.font is not None:
            yield EVIDENCE["font"].filled({"font": self._fonts.font})
        for reason, count in sorted(self._damage.items()):
            wrong = PROBLEMS[reason].filled({})
            yield Words(f"{count} × {wrong.en}", f"{count} × {wrong.vi}")
        for name, count in (("several", self._several), ("completed", self._completed)):
            if count:
                yield EVIDENCE[name].filled({"count": count})


def told_of_dates(seen: DatesSeen, table: Table) -> Iterator[Words]:
    """What the dates of a table say of whether day or month comes first."""
    if seen.day_first or seen.month_first or seen.ambiguous:
        yield EVIDENCE["dates"].filled({"day": seen.day_first, "month": seen.month_first, "either": seen.ambiguous})
    if seen.month_first:
        yield EVIDENCE["month_first"].filled({"row": table.place(seen.month_first_line)})


def _is(look: Callable[[str], object], text: str | None) -> bool:
    if not text:
        return False
    try:
        return bool(look(text))
    except InputError:
        return False
