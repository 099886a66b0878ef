"""Passwords and PINs as they are kept (Argon2id, RFC 9106's second choice), and ones that are made up."""

from __future__ import annotations

import itertools
import secrets
import unicodedata

from vaxcert.errors import InputError, Reason

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 128
# Four digits: five tries, one machine, one day.
PIN_DIGITS = range(4, 9)
# Without what is taken for another letter or digit on paper.
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


def hashed(text: str) -> str:
    """The hash of a password or PIN that a table may hold."""
    from argon2 import PasswordHasher

    return PasswordHasher().hash(_normal(text))


def right(text: str, kept: str | None) -> bool:
    """Whether a password or PIN is the one that was hashed. It takes as long where nothing was kept."""
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    if kept is None:
        hashed(text)
        return False
    try:
        return PasswordHasher().verify(kept, _normal(text))
    except (VerificationError, InvalidHashError):
        return False


def checked_password(text: str) -> str:
    """A password that somebody chose, where it is long enough. Raises `InputError`."""
    if len(text) < SHORTEST_PASSWORD:
        raise InputError("password", Reason.TOO_SHORT, least=SHORTEST_PASSWORD)
    if len(text) > LONGEST_PASSWORD:
        raise InputError("password", Reason.TOO_LONG, most=LONGEST_PASSWORD)
    return text


def checked_pin(text: str) -> str:
    """A PIN that somebody chose: four to eight digits that are not all the same, nor one after the other."""
    if not (text.isascii() and text.isdigit() and len(text) in PIN_DIGITS):
        raise InputError("pin", Reason.PIN_INVALID)
    steps = {(int(after) - int(before)) % 10 for before, after in itertools.pairwise(text)}
    if steps in ({0}, {1}, {9}):
        raise InputError("pin", Reason.PIN_INVALID)
    return text


def made_up() -> str:
    """A password to be told and then changed: 80 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def _normal(text: str) -> str:
    # Two keyboards write one Vietnamese letter as one character or as three (NIST SP 800-63B, 5.1.1.2).
    return unicodedata.normalize("NFKD", text)
