"""Deliberately broken copies of single steps, loaded as a pytest plugin by `test_broken_copies`.

`VAXCERT_BREAK` names the one to apply. Each takes one check away and leaves all else as it is.
"""

import os
import zlib
from collections.abc import Callable
from typing import Any

import cbor2
import msgspec

from vaxcert import checks, verify
from vaxcert.formats import eudcc, hcert
from vaxcert.trust import TrustedKey, TrustStore, folder, store
from vaxcert.trust.revocation import Revocations
from vaxcert.wire import base45, cbor, cose, deflate


def _nothing(*_: Any, **__: Any) -> None:
    return None


def _nothing_of_a_kind_revoked(*kinds: str) -> None:
    real = Revocations.holds
    Revocations.holds = lambda self, kind: kind not in kinds and real(self, kind)  # type: ignore[method-assign]


def _signature_not_checked() -> None:
    TrustedKey.verify = lambda *_: True  # type: ignore[method-assign]


def _algorithm_taken_from_the_card() -> None:
    real = TrustStore.open
    TrustStore.open = lambda self, sealed, *rest: real(  # type: ignore[method-assign]
        self, msgspec.structs.replace(sealed, alg=None, alg_unprotected=None), *rest
    )


def _headers_merged() -> None:
    real = cose.decode

    def decode(data: bytes) -> Any:
        sealed = real(data)
        return msgspec.structs.replace(sealed, alg=sealed.alg or sealed.alg_unprotected, alg_unprotected=None)

    cose.decode = decode


def _first_key_only() -> None:
    real = TrustStore.__init__

    def init(self: Any, *args: Any, **options: Any) -> None:
        real(self, *args, **options)
        self._by_kid = {kid: keys[:1] for kid, keys in self._by_kid.items()}

    TrustStore.__init__ = init  # type: ignore[method-assign]


def _too_many_keys_tried() -> None:
    store.MAX_KEYS_PER_KID = 10**9


def _environments_mixed() -> None:
    store._environment = lambda keys, declared: store.Environment(declared or "production")


def _validity_not_checked() -> None:
    checks.VALIDITY = ()


def _usage_not_checked() -> None:
    checks.usage = _nothing


def _positive_tests_pass() -> None:
    checks.RULES = tuple(rule for rule in checks.RULES if rule is not checks.not_positive)


def _impossible_dates_pass() -> None:
    checks.RULES = (checks.not_positive,)


def _withdrawn_keys_pass() -> None:
    checks.key_not_withdrawn = _nothing


def _revoked_certificates_pass() -> None:
    _nothing_of_a_kind_revoked("uci", "country_uci")


def _revoked_signatures_pass() -> None:
    _nothing_of_a_kind_revoked("signature")


def _revoked_sites_pass() -> None:
    _nothing_of_a_kind_revoked("site")


def _signatures_of_any_length() -> None:
    # As OpenSSL takes them: without their leading zero.
    real = TrustedKey.verify
    TrustedKey.verify = lambda self, signature, data: real(  # type: ignore[method-assign]
        self, signature.rjust(self.public_key.key_size // 8 if self.algorithm == "PS256" else 64, b"\0"), data
    )


def _unknown_is_accepted() -> None:
    real = verify.decisive
    verify.decisive = lambda errors: real(error for error in errors if not error.undetermined)


def _any_text_is_ours() -> None:
    hcert.Hcert.detect = lambda *_: True  # type: ignore[method-assign]


def _text_not_bounded() -> None:
    hcert.MAX_TEXT = 10**9


def _base45_not_strict() -> None:
    real = base45.decode

    def decode(text: str) -> bytes:
        try:
            return real(text)
        except base45.EncodingError:
            return real("".join(c for c in text if c.encode() in base45.ALPHABET)[: len(text) // 3 * 3] or "00")

    base45.decode = decode


def _inflating_not_bounded() -> None:
    deflate.inflate = zlib.decompress


def _compression_optional() -> None:
    real = deflate.inflate

    def inflate(data: bytes) -> bytes:
        try:
            return real(data)
        except deflate.CompressionError:
            return data

    deflate.inflate = inflate


def _cbor_not_strict() -> None:
    cbor.loads = cbor2.loads


def _first_entry_wins() -> None:
    real = eudcc.read

    def read(content: Any, **options: Any) -> Any:
        if isinstance(content, dict) and isinstance(content.get("v"), list) and content["v"]:
            content = content | {"v": content["v"][:1], "t": None, "r": None}
        return real(content, **options)

    eudcc.read = read


def _authorities_sign_cards() -> None:
    folder._issuing_authorities = lambda _: set()


def _repositories_are_folders() -> None:
    folder._refuse_repository = _nothing


def _times_of_any_kind() -> None:
    real = hcert._moment
    hcert._moment = lambda claims, key: real({key: 1790000000}, key) if key not in claims else real(claims, key)


BREAKS: dict[str, Callable[[], None]] = {
    name[1:]: value
    for name, value in list(globals().items())
    if name.startswith("_")
    and callable(value)
    and not name.startswith("__")
    and value not in (_nothing, _nothing_of_a_kind_revoked)
}

if name := os.environ.get("VAXCERT_BREAK"):
    BREAKS[name]()
