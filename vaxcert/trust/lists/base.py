"""What all loaders of published lists share: one entry at a time, each bound to its country, formats and kinds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from vaxcert.codes.countries import ALPHA_2
from vaxcert.errors import ConfigurationError, DamagedError, KeyMaterialError, Reason
from vaxcert.trust.algorithms import check_rsa_size
from vaxcert.trust.keys import RefusedKey, TrustedKey
from vaxcert.wire import base64url

# The largest list of today takes 2 MB. What is larger than this is no list of keys.
MAX_SIZE = 128 << 20

KINDS = {"v": "vaccination", "t": "test", "r": "recovery"}

Proof = Callable[[bytes], None]
Entries = Iterable[tuple[str, Callable[[], TrustedKey]]]


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """A published list, read. `name`: of its form; `authorities`: certificates (DER) of the CSCAs that it names.

    `proof` checks the list's own signature with a key or certificate (PEM or DER) that the caller trusts; None where
    the form has no signature, or none that can be checked here: then `why_unsigned` says so.
    """

    name: str
    keys: tuple[TrustedKey, ...]
    refused: tuple[RefusedKey, ...]
    proof: Proof | None = None
    why_unsigned: str = "the list is not signed"
    authorities: tuple[bytes, ...] = ()

    def check(self, signed_by: bytes) -> None:
        """Raise `ConfigurationError` unless the holder of that key (PEM or DER) signed the list."""
        if self.proof is None:
            raise ConfigurationError(f"{self.name}: {self.why_unsigned}", Reason.SIGNATURE_UNASKED)
        self.proof(signed_by)


def collect(entries: Entries) -> tuple[tuple[TrustedKey, ...], tuple[RefusedKey, ...]]:
    """Read entries: the keys, and what was left out. An entry is what it is called and how to read it."""
    keys, refused = [], []
    for where, make in entries:
        try:
            keys.append(make())
        except KeyMaterialError as error:
            refused.append(RefusedKey(where, error.reason, error.detail))
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
            refused.append(RefusedKey(where, Reason.CERTIFICATE_INVALID, "not an entry of this list's form"))
    return tuple(keys), tuple(refused)


def from_json(data: bytes) -> Any:
    """Decoded JSON. `ConfigurationError` for anything else."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise DamagedError("not a published list: no JSON") from None


def octets(text: Any) -> bytes:
    """The bytes of base64 in either alphabet, with or without padding, strictly otherwise. `ValueError`.

    Bits of the last character that carry nothing are nought: else two texts were one signature.
    """
    if not isinstance(text, str):
        raise ValueError("no base64")
    return base64url.decode("".join(text.split()).replace("+", "-").replace("/", "_").rstrip("="))


def country(text: Any) -> str | None:
    """A country's two letters as a list has them; None for anything else, so that no key gets another's country."""
    return text.upper() if isinstance(text, str) and len(text) == 2 and text.isascii() and text.isalpha() else None


def participant(code: Any) -> str | None:
    """A country's two letters for ISO 3166's three; XXA to XXZ, which it leaves to users, are XA to XZ; else None."""
    if not isinstance(code, str):
        return None
    code = code.upper()
    if len(code) == 3 and code.startswith("XX") and code[2].isascii() and code[2].isalpha():
        return f"X{code[2]}"
    return ALPHA_2.get(code)


def bind(key: TrustedKey, **facts: Any) -> TrustedKey:
    """The key with what its list says of it. Kinds are narrowed, never widened."""
    if usages := facts.pop("usages", None):
        key = key.narrowed(usages)
    return msgspec.structs.replace(key, **facts)


def from_spki(content: bytes, kid: bytes, **facts: Any) -> TrustedKey:
    """A key without certificate (SubjectPublicKeyInfo, DER)."""
    return bind(TrustedKey.from_public_key(content, kid), **facts)


def from_jwk(jwk: Any, kid: bytes, **facts: Any) -> TrustedKey:
    """A key as JWK (RFC 7518, section 6), without the certificates that may stand in it. `ValueError`."""
    if jwk["kty"] == "RSA":
        exponent, modulus = (int.from_bytes(octets(jwk[name]), "big") for name in "en")
        # Before it is made: of a size without bound that would take long.
        check_rsa_size(modulus.bit_length())
        return _plain(rsa.RSAPublicNumbers(exponent, modulus).public_key(), kid, **facts)
    if jwk["kty"] != "EC" or jwk["crv"] != "P-256":
        raise KeyMaterialError(Reason.KEY_TYPE_UNSUPPORTED, "neither P-256 nor RSA")
    point = [octets(jwk[name]) for name in "xy"]
    if any(len(part) != 32 for part in point):
        raise KeyMaterialError(Reason.CERTIFICATE_INVALID, "coordinates of another length than the curve's")
    x, y = (int.from_bytes(part, "big") for part in point)
    return _plain(ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key(), kid, **facts)


def _plain(public_key: Any, kid: bytes, **facts: Any) -> TrustedKey:
    encoding = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return from_spki(public_key.public_bytes(*encoding), kid, **facts)


def dict_entries(entries: Any) -> Iterator[tuple[str, Any]]:
    """Yield a list's entries with what to call each in a report. `ConfigurationError` where it is no list."""
    if not isinstance(entries, list):
        raise DamagedError("not a published list: no entries")
    for number, entry in enumerate(entries, 1):
        yield f"entry {number}", entry
