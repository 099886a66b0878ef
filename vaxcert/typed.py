"""Codes that people copy from paper: random, in groups, with a sign that tells a typing error from a wrong code.

Eleven random signs of Crockford's 32 (digits and capitals without I, L, O and U: 55 bits) and one that is computed from
them. Small letters, blanks and dashes of any kind, O for 0, and I and L for 1 are forgiven.
"""

from __future__ import annotations

import secrets
import unicodedata

from vaxcert.errors import InputError, Reason

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM, LENGTH, _GROUP = 11, 12, 4
# Of what comes in, how much is looked at.
_LONGEST = 64
_MEANT = str.maketrans("OIL", "011")
# x^5 + x^2 + 1, by which 32 signs are a field: then one wrong sign, and two that changed places, are always found.
_POLYNOMIAL = 0b100101


def new() -> str:
    """A new code, as it is kept and hashed: twelve signs without dashes."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM))
    return signs + _check(signs)


def shown(code: str) -> str:
    """A code in groups, as it is printed: `7K2M-9QXA-04TB`."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def read(text: str, field: str = "code") -> str:
    """The code that was typed, as it is kept. Raises `InputError` of `field`: nothing there, or not a whole code."""
    folded = unicodedata.normalize("NFKC", text[:_LONGEST]).upper()
    signs = "".join(sign for sign in folded if sign.isalnum()).translate(_MEANT)
    if not signs:
        raise InputError(field, Reason.MISSING)
    if len(signs) != LENGTH or not set(signs) <= set(ALPHABET) or _check(signs[:RANDOM]) != signs[RANDOM]:
        raise InputError(field, Reason.NOT_VALID)
    return signs


def _check(signs: str) -> str:
    total = 0
    for sign in signs:
        total = (total ^ ALPHABET.index(sign)) << 1
        if total & 0b100000:
            total ^= _POLYNOMIAL
    return ALPHABET[total]
