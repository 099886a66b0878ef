"""Numbers of rows, as addresses and forms name them: what no row can have leads nowhere, and never to a fault."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkzeug.routing import IntegerConverter, Map, ValidationError

# The databases' own limit.
MOST = 2**31 - 1
# Python refuses to read thousands of them.
_DIGITS = len(str(MOST))


class RowNumber(IntegerConverter):
    """A row's number in a path; larger ones lead nowhere."""

    def __init__(self, map: Map, *args: Any, **options: Any) -> None:  # noqa: A002  (as werkzeug names it)
        super().__init__(map, *args, **({"max": MOST} | options))

    def to_python(self, value: str) -> int:
        """The number. Raises `ValidationError` for one that leads nowhere, however long."""
        if len(value) > _DIGITS:
            raise ValidationError
        return int(super().to_python(value))


def number(values: Mapping[str, str], name: str) -> int | None:
    """The row's number that a query or form states under a name; None for none, and for what no row can have."""
    text = values.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
        return None
    return int(text) if int(text) <= MOST else None
