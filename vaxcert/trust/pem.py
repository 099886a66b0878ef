"""Certificates in PEM (RFC 7468), each by itself: one bad one costs itself alone, and not the whole file."""

from __future__ import annotations

import base64

CERTIFICATE = b"-----BEGIN CERTIFICATE-----"
_END = b"-----END CERTIFICATE-----"
# Of a label that ends so the content is a secret: PRIVATE KEY, EC PRIVATE KEY, ENCRYPTED PRIVATE KEY …
PRIVATE = b"PRIVATE KEY-----"


def is_pem(content: bytes) -> bool:
    """Whether anything in PEM, of whatever label, stands in some bytes."""
    return b"-----BEGIN" in content


def certificates(content: bytes) -> list[bytes]:
    """The certificates (DER) in PEM, or the one that `content` is where there is no such block. `ValueError`."""
    return blocks(content) if CERTIFICATE in content else [content]


def blocks(content: bytes) -> list[bytes]:
    """The certificates (DER) in PEM. `ValueError` for a block without an end, or with what is no base64."""
    found = []
    for part in content.split(CERTIFICATE)[1:]:
        body, end, _ = part.partition(_END)
        if not end:
            raise ValueError("no end line")
        found.append(base64.b64decode(b"".join(body.split()), validate=True))
    return found
