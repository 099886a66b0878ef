"""Base45 (RFC 9285): bytes as the characters of a QR code's alphanumeric mode, and back.

Two bytes become three characters, least significant first; a last single byte becomes two. All groups
are worked at once as lanes of one big integer, which is several times faster than a loop over digits.
"""

from functools import lru_cache

from vaxcert.errors import EncodingError, Reason

ALPHABET = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"  # RFC 9285, table 1

_INVALID = 255
_VALUES = bytes(ALPHABET.index(c) if c in ALPHABET else _INVALID for c in range(256))
_DIGITS = ALPHABET + bytes(256 - len(ALPHABET))

# n // 45 == n * _RECIPROCAL >> _SHIFT for every n below 2**16: the reciprocal is ceil(2**21 / 45), too large
# by 28 / 45 of a unit, and 65,535 * 28 is less than 2**21. The product stays below 2**32, a lane of four bytes.
_SHIFT = 21
_RECIPROCAL = (1 << _SHIFT) // 45 + 1
_QUOTIENT = b"\xff\x07\0\0"  # quotients are at most 1,456: eleven bits


@lru_cache(maxsize=512)
def _mask(lane: bytes, lanes: int) -> int:
    return int.from_bytes(lane * lanes, "little")


def decode(text: str) -> bytes:
    """Bytes of a base45 text. Strict: no other character, no dangling one, no group above its range.

    Raises `EncodingError` (`base45_invalid`).
    """
    try:
        values = text.encode("ascii").translate(_VALUES)
    except UnicodeEncodeError:
        raise EncodingError(Reason.BASE45_INVALID, "a character outside the alphabet") from None
    if _INVALID in values:
        raise EncodingError(Reason.BASE45_INVALID, "a character outside the alphabet")
    tail = len(values) % 3
    if tail == 1:
        raise EncodingError(Reason.BASE45_INVALID, "a dangling character")
    last = b""
    if tail:
        number = values[-2] + 45 * values[-1]
        if number > 0xFF:
            raise EncodingError(Reason.BASE45_INVALID, "a group above its range")
        last = bytes((number,))
        values = values[:-2]
    size = len(values)
    # One lane of three bytes a group: c + 45 d + 2025 e is at most 91,124, so lanes never touch.
    ones = _mask(b"\xff\0\0", size // 3)
    digits = int.from_bytes(values, "little")
    sums = (digits & ones) + 45 * (digits >> 8 & ones) + 2025 * (digits >> 16 & ones)
    lanes = sums.to_bytes(size, "little")
    if lanes[2::3].strip(b"\0"):
        raise EncodingError(Reason.BASE45_INVALID, "a group above its range")
    out = bytearray(size // 3 * 2)
    out[0::2] = lanes[1::3]
    out[1::2] = lanes[0::3]
    return bytes(out) + last


def encode(data: bytes) -> str:
    """The base45 text of some bytes."""
    pairs = len(data) // 2
    numbers = bytearray(4 * pairs)
    numbers[0::4] = data[1 : 2 * pairs : 2]
    numbers[1::4] = data[0 : 2 * pairs : 2]
    lanes = int.from_bytes(numbers, "little")
    mask = _mask(_QUOTIENT, pairs)
    quotients = lanes * _RECIPROCAL >> _SHIFT & mask
    thirds = quotients * _RECIPROCAL >> _SHIFT & mask
    # (n - 45 q) + (q - 45 t) * 2**8 + t * 2**16: the three digits of each group, one a byte
    digits = (lanes + 211 * quotients + 54016 * thirds).to_bytes(4 * pairs, "little")
    out = bytearray(3 * pairs)
    out[0::3] = digits[0::4]
    out[1::3] = digits[1::4]
    out[2::3] = digits[2::4]
    if len(data) % 2:
        out += bytes((data[-1] % 45, data[-1] // 45))
    return out.translate(_DIGITS).decode("ascii")
