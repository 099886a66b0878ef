"""Coverage as a table: CSV and JSON. What is hidden says so, but not that it is small: large ones are hidden too."""

from __future__ import annotations

import json
from typing import Any

from vaxcert.registry.reports.coverage import HIDDEN, Cell, Coverage
from vaxcert.tables.delimited import harmless, lines

COLUMNS = ("people", "complete", "doses", "target", "gap")
# What statistical offices write for a number that is kept confidential.
_KEPT = "x"


def as_csv(found: Coverage) -> str:
    """Coverage as CSV: one row a cell and a last one of all, with the dimensions' names as headings."""
    rows = [(*found.by, *COLUMNS)]
    rows += [(*map(harmless, cell.key), *map(_text, _numbers(cell))) for cell in found.cells]
    rows.append((*("*",) * len(found.by), *map(_text, _of_all(found))))
    return "".join(map(lines, rows))


def as_json(found: Coverage) -> str:
    """Coverage as an object with `by`, `as_of`, `cells` and `total`; `hidden` names the numbers that are hidden."""
    cells = [dict(zip(found.by, cell.key, strict=True)) | _values(_numbers(cell)) for cell in found.cells]
    whole = {"by": found.by, "as_of": found.as_of.isoformat(), "cells": cells, "total": _values(_of_all(found))}
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _numbers(cell: Cell) -> list[int | None]:
    return [getattr(cell, name) for name in COLUMNS]


def _of_all(found: Coverage) -> list[int | None]:
    return [*_numbers(found.total)[:-1], found.gap]


def _values(numbers: list[int | None]) -> dict[str, Any]:
    told = dict(zip(COLUMNS, numbers, strict=True))
    hidden = [name for name, value in told.items() if value == HIDDEN]
    return told | dict.fromkeys(hidden) | ({"hidden": hidden} if hidden else {})


def _text(value: int | None) -> str:
    return _KEPT if value == HIDDEN else "" if value is None else str(value)
