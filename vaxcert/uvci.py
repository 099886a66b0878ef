"""UVCI: the id of a certificate (eHealth Network, "Guidelines on verifiable vaccination certificates", annex 2).

    URN:UVCI:01:VN:VP01/Q5W7ZK3NHB2XA6DJ#4
    prefix  version country site/opaque #check character

The site lets one bad site be banned; the opaque part is random, so that nothing can be read from it.
"""

import re
from collections.abc import Callable, Iterable

from vaxcert.errors import InputError, Reason

# Luhn mod N over these 38 characters, from the prefix on. Half of the ids in real cards carry a wrong
# check character, so it is made strictly and never a reason to refuse a card.
_CHECKED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/:"
_OUTSIDE = 255
_SINGLE = bytes(_CHECKED.index(c) if c in _CHECKED else _OUTSIDE for c in range(256))
# Every other character counts double, and the two digits of the product in base 38 are added up.
_DOUBLE = bytes(_OUTSIDE if value == _OUTSIDE else value * 2 // 38 + value * 2 % 38 for value in _SINGLE)

# Five bits of each random byte, 80 in all: among 100 million certificates the chance of two equal ids is one in
# 200 million. The letters are those of base32 (RFC 4648), without the digits that are taken for letters.
OPAQUE_BYTES = 16
_OPAQUE = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" * 8

PREFIX = "URN:UVCI:"
MAX_LENGTH = 80  # DCC schema 1.3.0, `ci`
_FORM = re.compile(r"(URN:UVCI:01:[A-Z]{2}:[A-Z0-9/:]+)#([A-Z0-9/:])", re.ASCII)
_SITE = re.compile(r"[A-Z0-9]{1,16}", re.ASCII)


def check_character(text: str) -> str:
    """The Luhn mod 38 character of an id without its `#`. `ValueError` for a character outside A–Z0–9/:."""
    backwards = text.encode("ascii")[::-1]
    doubled, single = backwards[0::2].translate(_DOUBLE), backwards[1::2].translate(_SINGLE)
    if _OUTSIDE in doubled or _OUTSIDE in single:
        raise ValueError("a character that the check does not cover")
    return chr(_CHECKED[-(sum(doubled) + sum(single)) % 38])


def check_site(site: str) -> None:
    """Raise `InputError` for a site id that is not 1 to 16 of A–Z and 0–9."""
    if _SITE.fullmatch(site) is None:
        raise InputError("site", Reason.SITE_INVALID)


def make(country: str, site: str, random: Callable[[int], bytes]) -> str:
    """A new id. `random` yields that many unpredictable bytes; without a site the opaque part stands alone."""
    opaque = random(OPAQUE_BYTES).translate(_OPAQUE).decode("ascii")
    body = f"URN:UVCI:01:{country}:{site}/{opaque}" if site else f"URN:UVCI:01:{country}:{opaque}"
    return f"{body}#{check_character(body)}"


def country_of(certificate_id: str) -> str:
    """The country in an id of this form, or "" where it names none."""
    parts = _bare(certificate_id).split(":")
    return parts[1] if len(parts) > 2 and len(parts[1]) == 2 else ""


def site_of(certificate_id: str) -> str:
    """The site in an id of this form, or "" where it names none."""
    # Without the check character, which may be a slash or a colon itself.
    body, _, _ = _bare(certificate_id).partition("#")
    parts = body.split(":", 2)
    site, slash, _ = parts[2].partition("/") if len(parts) == 3 else ("", "", "")
    return site if slash else ""


def sites_of(certificate_ids: Iterable[str]) -> frozenset[str]:
    """The sites in ids, of those that name one."""
    return frozenset(filter(None, map(site_of, certificate_ids)))


def problem(certificate_id: str) -> str:
    """What is wrong with an id as this guideline has them, or "". Many genuine cards carry such an id all the same."""
    found = _FORM.fullmatch(certificate_id)
    if found is None:
        return "not of the form URN:UVCI:01:VN:…#…"
    return "" if check_character(found[1]) == found[2] else "its check character is wrong"


def canonical(certificate_id: str) -> str:
    """An id by which all its spellings are known: capital letters, no blanks, with the prefix."""
    return PREFIX + _bare(certificate_id).upper()


def spellings(certificate_id: str) -> frozenset[str]:
    """An id as it stands, and as somebody may have written it who revoked it: in other case, without blanks, with and
    without the prefix."""
    body = _bare(certificate_id)
    bodies = {body, body.upper(), body.lower()}
    return frozenset(prefix + one for prefix in ("", PREFIX, PREFIX.lower()) for one in bodies) | {certificate_id}


def _bare(certificate_id: str) -> str:
    """An id without blanks and prefix."""
    body = "".join(certificate_id.split())
    return body[len(PREFIX) :] if body[: len(PREFIX)].upper() == PREFIX else body
