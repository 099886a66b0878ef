"""Signatures that no trusted key made over what the card says, each with everything else as an attacker likes it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from mutator.draft import Catalogue, Draft, Step
from mutator.encoding import Style, encode
from mutator.world import World

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
INVALID = "signature_invalid"


@lru_cache(maxsize=2)
def attacks(world: World) -> Catalogue:
    """The attacks on a world's cards."""
    made = Catalogue()

    def wrong(
        name: str, sign: Callable[[Draft], Callable[[bytes], bytes]], fits: Callable[[Draft], bool] = lambda _: True
    ) -> None:
        made.add(f"signature: {name}", "", lambda draft: setattr(draft, "sign", sign(draft)), Step.SIGNATURE, INVALID, fits)  # fmt: skip

    def spoilt(
        name: str, change: Callable[[Draft, bytes], bytes], fits: Callable[[Draft], bool] = lambda _: True
    ) -> None:
        wrong(name, lambda draft: lambda data: change(draft, draft.signer.sign(data)), fits)

    size = lambda draft: 256 if draft.signer.is_rsa else 64  # noqa: E731
    wrong("none", lambda draft: lambda data: b"")
    wrong("zeros", lambda draft: lambda data: bytes(size(draft)))
    wrong("ones", lambda draft: lambda data: b"\xff" * size(draft))
    wrong("chance", lambda draft: lambda data: draft.rng.randbytes(size(draft)))
    wrong("of a stranger under its id", lambda draft: _strangers(world, draft).sign)
    wrong("of another card", lambda draft: lambda data: world.donors[draft.signer.name])
    wrong("of another trusted key", lambda draft: _another(world, draft).sign, lambda draft: draft.signer.name != "shares its id")  # fmt: skip
    wrong("a MAC with the public key", lambda draft: lambda data: hmac.digest(draft.signer.trusted.spki(), data, "sha256") * (size(draft) // 32))  # fmt: skip
    wrong("the hash itself", lambda draft: lambda data: hashlib.sha256(data).digest() * (size(draft) // 32))
    wrong("over another structure", _elsewhere)
    spoilt("one bit off", _one_bit)
    spoilt("cut short", lambda draft, signature: signature[:-1])
    spoilt("too long", lambda draft, signature: signature + b"\0")
    spoilt("behind a zero", lambda draft, signature: b"\0" + signature)
    spoilt("twice", lambda draft, signature: signature * 2)
    spoilt("turned round", lambda draft, signature: signature[::-1])
    spoilt("halves changed over", lambda draft, signature: signature[len(signature) // 2 :] + signature[: len(signature) // 2])  # fmt: skip
    spoilt("as DER", lambda draft, signature: encode_dss_signature(*_numbers(signature)), _is_ec)
    spoilt("s past the order", lambda draft, signature: signature[:32] + _past(signature[32:], ORDER, 32), _is_ec)
    spoilt("r past the order", lambda draft, signature: _past(signature[:32], ORDER, 32) + signature[32:], _is_ec)
    spoilt("s of nothing", lambda draft, signature: signature[:32] + bytes(32), _is_ec)
    spoilt("r of nothing", lambda draft, signature: bytes(32) + signature[32:], _is_ec)
    wrong("by PKCS #1 v1.5", lambda draft: _rsa(draft, padding.PKCS1v15(), hashes.SHA256()), _is_rsa)
    wrong("by PS384", lambda draft: _rsa(draft, padding.PSS(padding.MGF1(hashes.SHA384()), 48), hashes.SHA384()), _is_rsa)  # fmt: skip
    wrong("without salt", lambda draft: _rsa(draft, padding.PSS(padding.MGF1(hashes.SHA256()), 0), hashes.SHA256()), _is_rsa)  # fmt: skip
    wrong("over a hash by SHA-384", _es384, _is_ec)
    spoilt("s past the modulus", _past_modulus, _is_rsa)
    made.add("signature: of a stranger under a stranger's id", "kid-protected kid-unprotected", lambda draft: _as_stranger(world, draft), Step.KEY, "key_unknown")  # fmt: skip
    for name, change in (("payload", _other_payload), ("header", _other_header), ("both changed over", _changed_over)):
        made.add(f"signature: over another {name}", "", lambda draft, change=change: draft.on_sealed.append(change(draft)), Step.SIGNATURE, INVALID)  # type: ignore[misc]  # fmt: skip
    return made


def _is_ec(draft: Draft) -> bool:
    return not draft.signer.is_rsa


def _is_rsa(draft: Draft) -> bool:
    return bool(draft.signer.is_rsa)


def _strangers(world: World, draft: Draft) -> Any:
    return world.rsa_stranger if draft.signer.is_rsa else world.stranger


def _another(world: World, draft: Draft) -> Any:
    """A genuine signer whose key does not stand under this one's id."""
    return next(one for one in world.genuine if one.kid != draft.signer.kid and one.is_rsa == draft.signer.is_rsa)


def _as_stranger(world: World, draft: Draft) -> None:
    stranger = _strangers(world, draft)
    draft.sign = stranger.sign
    draft.protected.put(4, stranger.kid)


def _one_bit(draft: Draft, signature: bytes) -> bytes:
    place = draft.rng.randrange(len(signature))
    return signature[:place] + bytes((signature[place] ^ 1 << draft.rng.randrange(8),)) + signature[place + 1 :]


def _numbers(signature: bytes) -> tuple[int, int]:
    return int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")


def _past(number: bytes, modulus: int, size: int) -> bytes:
    """The number of the same class past the modulus, as far as there is room; else all ones."""
    found = int.from_bytes(number, "big") + modulus
    return found.to_bytes(size, "big") if found >> 8 * size == 0 else b"\xff" * size


def _past_modulus(draft: Draft, signature: bytes) -> bytes:
    return _past(signature, draft.signer.trusted.public_key.public_numbers().n, 256)


def _rsa(draft: Draft, scheme: Any, algorithm: Any) -> Callable[[bytes], bytes]:
    return lambda data: draft.signer.private.sign(data, scheme, algorithm)


def _es384(draft: Draft) -> Callable[[bytes], bytes]:
    def sign(data: bytes) -> bytes:
        from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

        r, s = decode_dss_signature(draft.signer.private._private_key.sign(data, ec.ECDSA(hashes.SHA384())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    return sign


def _elsewhere(draft: Draft) -> Callable[[bytes], bytes]:
    """A genuine signature, as other structures of COSE have it, over the payload alone, or over its hash."""
    way = draft.rng.randrange(6)

    def sign(data: bytes) -> bytes:
        header, payload = draft._signed_parts()
        return bytes(
            draft.signer.sign(
                (
                    lambda: draft.structure(header, payload, context="Signature"),
                    lambda: draft.structure(header, payload, context="CounterSignature"),
                    lambda: draft.structure(header, payload, aad=b"x"),
                    lambda: draft.structure(b"\xa1\x01\x26", payload),
                    lambda: payload,
                    lambda: hashlib.sha256(data).digest(),
                )[way]()
            )
        )

    return sign


Sealed = tuple[bytes, bytes, bytes]


def _other_payload(draft: Draft) -> Callable[[bytes, bytes, bytes], Sealed]:
    """Changed after it was signed: a value, or merely how it is written."""

    def change(header: bytes, payload: bytes, signature: bytes) -> Sealed:
        other = payload
        while other == payload:
            if draft.rng.random() < 0.5:
                other = encode(draft.claims, draft.rng, Style(0.9, 0.5))
            else:
                place = draft.rng.randrange(len(payload))
                other = payload[:place] + draft.rng.randbytes(1) + payload[place + 1 :]
        return header, other, signature

    return change


def _other_header(draft: Draft) -> Callable[[bytes, bytes, bytes], Sealed]:
    """The same parameters in another writing: the signature covers the bytes."""

    def change(header: bytes, payload: bytes, signature: bytes) -> Sealed:
        other = header
        while other == header:
            other = encode(draft.protected, draft.rng, Style(0.9, 0.9))
        return other, payload, signature

    return change


def _changed_over(draft: Draft) -> Callable[[bytes, bytes, bytes], Sealed]:
    """What was moved from the one into the other, so that both together have the same bytes."""
    return lambda header, payload, signature: (header, payload[1:] + b"\0", signature)
