"""Coverage as a table: CSV and JSON. What is hidden says so."""

from __future__ import annotations

import json
from typing import Any

from vaxcert.batch.delimited import harmless, lines
from vaxcert.registry.coverage import HIDDEN, Cell, Coverage

COLUMNS = ("people", "complete", "doses", "target", "gap")


def as_csv(found: Coverage, *, small: int = 10) -> str:
    """One row a cell and a last one of all, with the dimensions' names as headings."""
    rows = [(*found.by, *COLUMNS)]
    rows += [(*map(harmless, cell.key), *(_text(cell, name, small) for name in COLUMNS)) for cell in found.cells]
    rows.append((*_all(found), *(_text(found.total, name, small) for name in COLUMNS)))
    return "".join(map(lines, rows))


def as_json(found: Coverage, *, small: int = 10) -> str:
    """An object with `by`, `as_of`, `cells` and `total`; a number that is hidden is `"<10"`."""
    cells = [dict(zip(found.by, cell.key, strict=True)) | _values(cell, small) for cell in found.cells]
    whole = {"by": found.by, "as_of": found.as_of.isoformat(), "cells": cells, "total": _values(found.total, small)}
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _values(cell: Cell, small: int) -> dict[str, Any]:
    return {name: f"<{small}" if getattr(cell, name) == HIDDEN else getattr(cell, name) for name in COLUMNS}


def _text(cell: Cell, name: str, small: int) -> str:
    value = getattr(cell, name)
    return f"<{small}" if value == HIDDEN else "" if value is None else str(value)


def _all(found: Coverage) -> tuple[str, ...]:
    return ("*",) * len(found.by)
