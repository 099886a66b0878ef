"""CBOR diagnostic notation (RFC 8949, section 8), for people who look into a card."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import cbor2


def diagnostic(item: Any, indent: int = 0) -> str:
    """A decoded CBOR item in diagnostic notation, maps with one entry a line."""
    pad = "  " * (indent + 1)
    if isinstance(item, bytes):
        return f"h'{item.hex()}'"
    if isinstance(item, str):
        return json.dumps(item, ensure_ascii=False)
    if item is None or isinstance(item, bool):
        return {None: "null", True: "true", False: "false"}[item]
    if isinstance(item, cbor2.CBORTag):
        return f"{item.tag}({diagnostic(item.value, indent)})"
    if isinstance(item, Mapping):
        if not item:
            return "{}"
        inner = ",\n".join(f"{pad}{diagnostic(key)}: {diagnostic(value, indent + 1)}" for key, value in item.items())
        return f"{{\n{inner}\n{'  ' * indent}}}"
    if isinstance(item, list | tuple):
        return f"[{', '.join(diagnostic(value, indent) for value in item)}]"
    if isinstance(item, cbor2.CBORSimpleValue):
        return f"simple({item.value})"
    if item is cbor2.undefined:
        return "undefined"
    return {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}.get(str(item), repr(item))
