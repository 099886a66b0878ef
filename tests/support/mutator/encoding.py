"""CBOR (RFC 8949) written in every way that means the same, and in ways that mean nothing."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple


class Pairs(list[list[Any]]):
    """A map as its pairs: in their order, any key as often as it stands there."""

    @classmethod
    def of(cls, value: Any) -> Any:
        """A value whose maps are pairs, all the way down."""
        if isinstance(value, Mapping):
            return cls([key, cls.of(item)] for key, item in value.items())
        if isinstance(value, list):
            return [cls.of(item) for item in value]
        return value

    def put(self, key: Any, value: Any) -> None:
        """Set what stands under a key, or add it."""
        for pair in self:
            if pair[0] == key and type(pair[0]) is type(key):
                pair[1] = value
                return
        self.append([key, value])

    def drop(self, key: Any) -> None:
        """Take a key out, if it is there."""
        self[:] = [pair for pair in self if pair[0] != key]


class Tagged(NamedTuple):
    """An item under a tag."""

    tag: int
    item: Any


class Raw(bytes):
    """Bytes that are an item already, or that should be one."""


class Style(NamedTuple):
    """How often heads are longer than they need to be, and lengths left open."""

    wide: float = 0.0
    indefinite: float = 0.0


SHORTEST = Style()


def head(major: int, argument: int, wide: bool, rng: random.Random) -> bytes:
    """The head of an item; `wide`: with more bytes than it needs, where there are such."""
    sizes = [size for size in (0, 1, 2, 4, 8) if argument < (24 if size == 0 else 1 << 8 * size)]
    size = rng.choice(sizes) if wide else sizes[0]
    if size == 0:
        return bytes((major << 5 | argument,))
    return bytes((major << 5 | (24, 25, 26, 27)[(1, 2, 4, 8).index(size)],)) + argument.to_bytes(size, "big")


def encode(item: Any, rng: random.Random, style: Style = SHORTEST) -> bytes:
    """An item's bytes. Maps are written from pairs or mappings, in their order."""
    wide = bool(style.wide) and rng.random() < style.wide
    open_ended = bool(style.indefinite) and rng.random() < style.indefinite
    kind = type(item)
    if kind is Raw:
        return bytes(item)
    if kind is bool or item is None:
        return {False: b"\xf4", True: b"\xf5", None: b"\xf6"}[item]
    if kind is int:
        return head(0, item, wide, rng) if item >= 0 else head(1, -1 - item, wide, rng)
    if kind is float:
        return b"\xfb" + struct.pack(">d", item)
    if kind is Tagged:
        return head(6, item.tag, wide, rng) + encode(item.item, rng, style)
    if kind is str or kind is bytes:
        return _string(item, wide, open_ended, rng)
    if kind is list or kind is tuple:
        return _several(4, len(item), (encode(part, rng, style) for part in item), wide, open_ended, rng)
    pairs = item if kind is Pairs else item.items()
    parts = (encode(key, rng, style) + encode(value, rng, style) for key, value in pairs)
    return _several(5, len(pairs), parts, wide, open_ended, rng)


def _string(item: str | bytes, wide: bool, open_ended: bool, rng: random.Random) -> bytes:
    major, data = (3, item.encode()) if isinstance(item, str) else (2, item)
    if not open_ended:
        return head(major, len(data), wide, rng) + data
    # Of a text each piece has to be one by itself: it is cut between its characters.
    place = rng.randint(0, len(item))
    pieces = (_string(piece, wide, False, rng) for piece in (item[:place], item[place:]))
    return bytes((major << 5 | 31,)) + b"".join(pieces) + b"\xff"


def _several(major: int, count: int, parts: Iterable[bytes], wide: bool, open_ended: bool, rng: random.Random) -> bytes:
    if open_ended:
        return bytes((major << 5 | 31,)) + b"".join(parts) + b"\xff"
    return head(major, count, wide, rng) + b"".join(parts)
