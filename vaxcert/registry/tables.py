"""Coverage as a table: CSV and JSON. What is hidden says so, but not that it is small: large ones are hidden too."""

from __future__ import annotations

import json
from typing import Any

from vaxcert.batch.delimited import harmless, lines
from vaxcert.registry.coverage import HIDDEN, Cell, Coverage

COLUMNS = ("people", "complete", "doses", "target", "gap")
# What statistical offices write for a number that is kept confidential.
_KEPT = "x"


def as_csv(found: Coverage) -> str:
    """One row a cell and a last one of all, with the dimensions' names as headings."""
    rows = [(*found.by, *COLUMNS)]
    rows += [(*map(harmless, cell.key), *(_text(cell, name) for name in COLUMNS)) for cell in found.cells]
    rows.append((*_all(found), *(_text(found.total, name) for name in COLUMNS)))
    return "".join(map(lines, rows))


def as_json(found: Coverage) -> str:
    """An object with `by`, `as_of`, `cells` and `total`; of a number that is hidden the name stands in `hidden`."""
    cells = [dict(zip(found.by, cell.key, strict=True)) | _values(cell) for cell in found.cells]
    whole = {"by": found.by, "as_of": found.as_of.isoformat(), "cells": cells, "total": _values(found.total)}
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _values(cell: Cell) -> dict[str, Any]:
    values = {name: getattr(cell, name) for name in COLUMNS}
    hidden = [name for name, value in values.items() if value == HIDDEN]
    return values | dict.fromkeys(hidden) | ({"hidden": hidden} if hidden else {})


def _text(cell: Cell, name: str) -> str:
    value = getattr(cell, name)
    return _KEPT if value == HIDDEN else "" if value is None else str(value)


def _all(found: Coverage) -> tuple[str, ...]:
    return ("*",) * len(found.by)
