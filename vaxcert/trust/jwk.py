"""Public keys as JSON Web Keys (RFC 7517), and what they are called by it (RFC 7638)."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

_SIZE = 32


def of(key: ec.EllipticCurvePublicKey) -> dict[str, str]:
    """The members of a P-256 key that make it what it is (RFC 7518, section 6.2.1)."""
    numbers = key.public_numbers()
    return {"kty": "EC", "crv": "P-256", "x": _coordinate(numbers.x), "y": _coordinate(numbers.y)}


def _coordinate(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(_SIZE, "big")).rstrip(b"=").decode("ascii")


def thumbprint(members: Mapping[str, Any]) -> bytes:
    """The thumbprint of an elliptic curve key (RFC 7638, section 3). `KeyError` for what is none."""
    own = {name: members[name] for name in ("crv", "kty", "x", "y")}
    return hashlib.sha256(json.dumps(own, separators=(",", ":"), sort_keys=True).encode()).digest()
