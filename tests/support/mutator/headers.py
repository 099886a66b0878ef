"""Headers: which algorithm and key a card claims, signed or not, and what may not stand there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mutator.claims import REFUSED
from mutator.draft import Catalogue, Draft, Step
from mutator.encoding import Pairs, Raw

# In the signed header, and in the one that anybody may write.
SIGNED, UNSIGNED = Catalogue(), Catalogue()
NOT_ALLOWED = "algorithm_not_allowed"

# RFC 9053, the registry of COSE, and what is none. The one of the other kind of key among them.
_ALGORITHMS: dict[str, Any] = {
    "EdDSA": -8, "ES384": -35, "ES512": -36, "PS384": -38, "PS512": -39, "RS256": -257, "RS1": -65535, "HMAC": 5,
    "HMAC 64": 4, "AES-GCM": 1, "none": 0, "a text": "ES256", "a wrong case": "es256", "bytes": b"\x26", "true": True,
    "a float": -7.0, "an array": [-7], "a map": Pairs(), "the largest integer": 2**64 - 1, "undefined": Raw(b"\xf7"),
}  # fmt: skip


def _put(place: str, key: Any, value: Any) -> Callable[[Draft], None]:
    return lambda draft: getattr(draft, place).put(key, value)


def _own(place: str) -> Callable[[Draft], None]:
    return lambda draft: getattr(draft, place).put(1, draft.signer.label)


def _others(place: str) -> Callable[[Draft], None]:
    return lambda draft: getattr(draft, place).put(1, -7 if draft.signer.is_rsa else -37)


def _does_not_share(draft: Draft) -> bool:
    """Whether no key of the other kind has the signer's id: that one's algorithm would be no wrong one."""
    return draft.signer.name not in ("other", "rsa that shares its id")


def _kid(change: Callable[[bytes], Any]) -> Callable[[Draft], None]:
    return lambda draft: draft.protected.put(4, change(draft.signer.kid))


for _where, _catalogue in (("protected", SIGNED), ("unprotected", UNSIGNED)):
    _slots = f"alg-{_where}"
    for _name, _value in _ALGORITHMS.items():
        _catalogue.add(f"{_where} alg: {_name}", _slots, _put(_where, 1, _value), Step.SIGNATURE, NOT_ALLOWED)
    _catalogue.add(f"{_where} alg: of another kind of key", _slots, _others(_where), Step.SIGNATURE, NOT_ALLOWED, _does_not_share)  # fmt: skip
    _catalogue.add(f"{_where} alg: null", _slots, _put(_where, 1, None))
    _catalogue.add(f"{_where} alg: its own", _slots, _own(_where))
    for _name, _value in {"a list": [1], "empty": [], "null": None, "a text": "x"}.items():
        _catalogue.add(f"{_where} crit: {_name}", f"crit-{_where}", _put(_where, 2, _value), Step.ENVELOPE, "cose_invalid")  # fmt: skip
    for _key, _value in (
        (33, [b"certificate"]),
        (34, [-16, b"hash"]),
        (35, "https://example.invalid/"),
        (32, b""),
        ("x", 1),
        (3, 61),
        (-70001, Pairs()),
    ):
        _catalogue.add(f"{_where} extra: {_key}", f"extra-{_where}", _put(_where, _key, _value))
    for _name, _value in REFUSED.items():
        _catalogue.add(f"{_where} extra: {_name}", f"extra-{_where}", _put(_where, 99, _value), Step.ENVELOPE, "cbor_invalid")  # fmt: skip
    for _name, _pair in {"a float": [1.0, -7], "true": [True, -7], "an array": [[], 1], "null": [None, 1]}.items():
        _catalogue.add(f"{_where} key: {_name}", f"extra-{_where}", lambda draft, where=_where, pair=_pair: getattr(draft, where).append(list(pair)), Step.ENVELOPE, "cbor_invalid")  # type: ignore[misc]  # fmt: skip
    for _name, _value in {"a text": "12345678", "a number": 1, "an array": [b"x"], "true": True}.items():
        _catalogue.add(f"{_where} kid: {_name}", f"kid-{_where}", _put(_where, 4, _value), Step.ENVELOPE, "cose_invalid")  # fmt: skip

SIGNED.add("protected alg: left out", "alg-protected", lambda draft: draft.protected.drop(1))
SIGNED.add("protected alg: twice", "alg-protected shape", lambda draft: draft.protected.append([1, -7]), Step.ENVELOPE, "cbor_invalid")  # fmt: skip
SIGNED.add("protected kid: twice", "kid-protected shape", lambda draft: draft.protected.append([4, draft.signer.kid]), Step.ENVELOPE, "cbor_invalid")  # fmt: skip
_KIDS = "kid-protected kid-unprotected"
for _name, _change in {
    "empty": lambda kid: b"",
    "cut short": lambda kid: kid[:-1],
    "too long": lambda kid: kid + b"\0",
    "turned round": lambda kid: kid[::-1],
    "nobody's": lambda kid: b"nobody's",
}.items():
    SIGNED.add(f"protected kid: {_name}", _KIDS, _kid(_change), Step.KEY, "key_unknown")
SIGNED.add("protected kid: of a crowd", _KIDS, _kid(lambda kid: b"crowded!"), Step.KEY, "too_many_keys")
SIGNED.add("protected kid: null, nor in the other header", _KIDS, _kid(lambda kid: None), Step.KEY, "key_id_missing")
SIGNED.add("protected kid: in neither header", _KIDS, lambda draft: draft.protected.drop(4), Step.KEY, "key_id_missing")
SIGNED.add("protected kid: in the other header", _KIDS, lambda draft: (draft.protected.drop(4), draft.unprotected.put(4, draft.signer.kid))[0])  # fmt: skip
SIGNED.add("protected kid: somebody else's in the other header", _KIDS, lambda draft: draft.unprotected.put(4, b"nobody's"))  # fmt: skip


def _all_unsigned(empty: bytes) -> Callable[[Draft], None]:
    def apply(draft: Draft) -> None:
        for key, value in draft.protected:
            draft.unprotected.put(key, value)
        draft.protected = Raw(empty)

    return apply


_WHOLE = f"{_KIDS} alg-protected alg-unprotected shape crit-protected extra-protected"
SIGNED.add("protected: nothing, all in the other header", _WHOLE, _all_unsigned(b""))
SIGNED.add("protected: an empty map, all in the other header", _WHOLE, _all_unsigned(b"\xa0"))
for _name, _bytes in {"an array": b"\x80", "a text": b"\x61x", "null": b"\xf6", "under a tag": b"\xd2\xa0"}.items():
    SIGNED.add(f"protected: {_name}", _WHOLE, lambda draft, raw=_bytes: setattr(draft, "protected", Raw(raw)), Step.ENVELOPE, "cose_invalid")  # type: ignore[misc]  # fmt: skip
for _name, _more in {"bytes behind it": lambda data: data + b"\0", "cut short": lambda data: data[:-1]}.items():
    SIGNED.add(f"protected: {_name}", "shape", lambda draft, more=_more: draft.on_header.append(more), Step.ENVELOPE, "cbor_invalid")  # type: ignore[misc]  # fmt: skip
