"""A strict profile of CBOR (RFC 8949) for input that nobody has vouched for yet."""

import os
from typing import Any

import cbor2

from vaxcert.errors import EnvelopeError, Reason

# A DCC nests six deep, COSE and CWT add three: 16 leaves room for other contents and none for stack games.
MAX_DEPTH = 16

# Tags that cbor2 decodes by itself and that no certificate uses. Among them are the dangerous ones:
# 28/29 (self-referencing lists), 35 (compiles a regular expression), 2–5 and 30 (numbers that take
# minutes to print), 258 and 25/256 (sets and string references that hide content).
_REFUSED_TAGS = (2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 52, 54, 100, 256, 258, 260, 261, 1004, 43000, 55799)
_MESSAGE_TAGS = frozenset((18, 61))  # COSE_Sign1 (RFC 9052, section 2) and CWT (RFC 8392, section 6)


class _TagError(ValueError):
    pass


def _refuse(value: object, immutable: bool) -> object:
    raise _TagError


def _date_text(value: object, immutable: bool) -> object:
    # Dates stay as they are written: the content's own reader decides what a date may look like.
    return value if type(value) is str else _refuse(value, immutable)


def _date_number(value: object, immutable: bool) -> object:
    return value if type(value) in (int, float) else _refuse(value, immutable)


def _message_tag(tag: cbor2.CBORTag, immutable: bool) -> cbor2.CBORTag:
    if tag.tag not in _MESSAGE_TAGS:
        raise _TagError
    return tag


def _plain_keys(mapping: Any, immutable: bool) -> Any:
    """The map, if all its keys are integers, texts or byte strings; else `ValueError`.

    To Python True == 1 == 1.0 == simple(1), so a look-up by label would find keys that are not that label;
    and NaN is no duplicate of itself.
    """
    if not _are_plain(map(type, mapping)):
        raise ValueError("a map key that is no integer, text or byte string")
    return mapping


_are_plain = frozenset((int, str, bytes)).issuperset

_SEMANTIC_DECODERS: dict[int, Any] = {**dict.fromkeys(_REFUSED_TAGS, _refuse), 0: _date_text, 1: _date_number}


def loads(data: bytes) -> Any:
    """The one item that `data` holds, and nothing behind it.

    Refused: duplicate keys, keys that are no integer, text or byte string, nesting deeper than `MAX_DEPTH`, every
    tag but 0, 1 (their content is returned as it is), 18 and 61 (returned as `cbor2.CBORTag`, with
    tuples and frozen maps inside), and trailing bytes. Indefinite lengths are read, since a quarter of
    real cards use them. Each item is judged by itself, whatever stands beside it.

    Raises `EnvelopeError` (`cbor_invalid`).
    """
    try:
        decoded = cbor2.loads(
            _PAIR + data + _SEAL,
            tag_hook=_message_tag,
            object_hook=_plain_keys,
            semantic_decoders=_SEMANTIC_DECODERS,
            max_depth=MAX_DEPTH + 1,
            allow_duplicate_keys=False,
        )
    except (cbor2.CBORDecodeError, ValueError, OverflowError, MemoryError, RecursionError):
        raise EnvelopeError(Reason.CBOR_INVALID, _NOT_ONE) from None
    if decoded[1] != _SEAL_VALUE:
        # Bytes behind the item; or one that was cut short, and took of the seal what it lacked.
        raise EnvelopeError(Reason.CBOR_INVALID, _NOT_ONE)
    return decoded[0]


_NOT_ONE = "not exactly one well-formed item"


# cbor2 stops behind the first item and does not say where. So the input is read as the first of a pair whose
# second is unguessable: only an input that is exactly one item leaves it to be found there.
_PAIR = b"\x82"
_SEAL_VALUE = os.urandom(16)
_SEAL = b"\x50" + _SEAL_VALUE


def dumps(item: object) -> bytes:
    """The shortest definite-length encoding of an item, maps in their own order."""
    return cbor2.dumps(item)
