"""Links to health documents: SMART Health Links (HL7, STU 1) and Verifiable Health Links (IHE, WHO).

    shlink:/ + base64url({"url": …, "key": …, "exp": …, "flag": …, "label": …})

Such a link is decoded and shown, and never followed: what stands behind it is nothing that was verified here, and the
one who follows it tells its server so. Its key opens the documents, and is never shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from vaxcert.errors import ContentError
from vaxcert.formats import dates, who
from vaxcert.model import Link
from vaxcert.names import printable
from vaxcert.trust import Opened
from vaxcert.wire import base64url, cbor, jsontext

_LINK = re.compile(r"(?:https?://[^\s#]{1,300}#)?(shlink|vhlink):/([A-Za-z0-9_=-]{1,4000})", re.IGNORECASE | re.ASCII)
_LABEL, _FLAGS = 80, 8


def read(text: str) -> Link | None:
    """What a link's text says; None for another text, or one that cannot be read. Never raises."""
    found = _LINK.fullmatch(text.strip())
    if found is None:
        return None
    try:
        said = jsontext.loads(base64url.decode(found[2].rstrip("=")))
    except ValueError:
        return None
    return of(said) if isinstance(said, dict) else None


def signed(opened: Opened) -> Link | None:
    """What the link says that a checked message holds in place of a certificate; None where it says nothing."""
    claims = cbor.loads(opened.payload)
    inside = who.link_text(claims[-260][who.LINK])
    return read(inside) if isinstance(inside, str) else of(inside) if inside is not None else None


def of(said: Mapping[Any, Any]) -> Link | None:
    """What the members of a link say; None where it points nowhere."""
    url = said.get("url")
    if not isinstance(url, str):
        return None
    try:
        host = urlsplit(url).hostname
    except ValueError:
        host = None
    if not host:
        return None
    try:
        expires_at = dates.moment(said["exp"], "exp") if said.get("exp") is not None else None
    except ContentError:
        expires_at = None
    return Link(
        address=printable(host),
        label=_text(said.get("label"), _LABEL),
        flags=_text(said.get("flag"), _FLAGS),
        expires_at=expires_at,
    )


def _text(value: object, most: int) -> str:
    return printable(value[:most]) if isinstance(value, str) else ""
