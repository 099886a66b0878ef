"""JSON (RFC 8259) that nobody has vouched for yet: what two readers could take for different things is refused."""

from __future__ import annotations

import json
from typing import Any, Never

_MAX_DIGITS = 1_000


def loads(data: bytes) -> Any:
    """The one value that `data` holds, in UTF-8 without a mark of byte order.

    `ValueError` for anything else: a name twice in one object, NaN and Infinity, numbers that overflow to them or are
    of a thousand digits, half of a character that takes two, and nesting so deep that it costs more than it says.
    """
    try:
        text = data.decode("utf-8")
        found = json.loads(
            text, object_pairs_hook=_object, parse_constant=_refuse, parse_float=_finite, parse_int=_bounded
        )
        if "\\u" in text:
            json.dumps(found, ensure_ascii=False).encode()
        return found
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice in one object")
    return found


def _refuse(constant: str) -> Never:
    raise ValueError("no number of JSON's")


def _bounded(text: str) -> int:
    if len(text) > _MAX_DIGITS:
        raise ValueError("a number beyond all bounds")
    return int(text)


def _finite(text: str) -> float:
    number = float(text)
    if number - number != 0:
        raise ValueError("a number beyond all bounds")
    return number
