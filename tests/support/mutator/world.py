"""Keys of every kind, what is revoked in every way, and the verifier that holds them."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from forge import NOW, Forge

from mutator.draft import Draft, Fault, Step
from vaxcert import SigningKey, TrustedKey, TrustStore, Verifier
from vaxcert.trust import revocation
from vaxcert.trust.revocation import Hashes, Kind, Revocations, Source
from vaxcert.wire import Algorithm, cose

LABELS = {Algorithm.ES256: -7, Algorithm.PS256: -37}
PSS = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
SECONDS = int(NOW.timestamp())

REVOKED_ID = "URN:UVCI:01:VN:VP09/REVOKEDBYITSID22#A"
REVOKED_COUNTRY_ID = "URN:UVCI:01:VN:VP09/REVOKEDWITHCOUNT#B"
REVOKED_SITE = "BADSITE"
# So many cards of each kind of key are revoked by their signatures.
_BY_SIGNATURE = 6


class Signer(NamedTuple):
    """A key that signs, and what must be said of a card that it signs well: by kind of entry, None if nothing."""

    name: str
    trusted: TrustedKey
    private: object
    sign: Callable[[bytes], bytes]
    fault: Callable[[str], Fault | None]
    issues_at: int

    @property
    def kid(self) -> bytes:
        return self.trusted.kid

    @property
    def label(self) -> int:
        return LABELS[self.trusted.algorithm]

    @property
    def country(self) -> str:
        return self.trusted.country or ""

    @property
    def is_rsa(self) -> bool:
        return self.trusted.algorithm is Algorithm.PS256


class Sealed(NamedTuple):
    """A card that was signed: its signer, kind, and the three byte strings."""

    signer: Signer
    kind: str
    parts: tuple[bytes, bytes, bytes]


def _fine(_: str) -> Fault | None:
    return None


class World:
    """All that cards are judged by. `folder`: where lists may be written."""

    def __init__(self, folder: Path) -> None:
        rng = random.Random(2026)
        self.genuine: list[Signer] = []
        self.flawed: list[Signer] = []
        main, other, rsa_main = self._ec("main"), self._ec("other"), self._rsa("rsa")
        shared = self._ec("shares its id", kid=main.kid)
        mixed = self._rsa("rsa that shares its id", kid=other.kid)
        french = self._ec("of France", country="FR")
        endless = self._ec("without an end", not_after=NOW.replace(year=9999, month=12, day=31))
        self.genuine += [main, other, rsa_main, shared, mixed, french, endless]
        withdrawn = Fault(Step.REVOCATION, "key_revoked")
        self.flawed += [
            self._ec("withdrawn", lambda _: withdrawn, withdrawn=True),
            self._rsa("rsa that is withdrawn", lambda _: withdrawn, withdrawn=True),
            self._ec("for tests", _unless("t", Fault(Step.USAGE, "usage_not_allowed")), usages=frozenset(("test",))),
            self._ec(
                "for another format", lambda _: Fault(Step.USAGE, "format_not_allowed"), formats=frozenset(("shc",))
            ),
            self._ec("expired", lambda _: Fault(Step.VALIDITY, "signer_expired"), not_after=NOW - timedelta(seconds=1)),
            self._ec(
                "not valid yet",
                lambda _: Fault(Step.VALIDITY, "issued_outside_signer_validity"),
                not_before=NOW + timedelta(days=1),
            ),
        ]
        crowd = [self._ec(f"one of {number} under an id", kid=b"crowded!").trusted for number in range(9)]
        self.crowded = b"crowded!"
        # Keys that nobody trusts.
        self.stranger, self.rsa_stranger = self._ec("stranger"), self._rsa("rsa of a stranger")
        self.forges = {signer.name: Forge(signer.private) for signer in (main, other)}  # type: ignore[arg-type]
        self.revoked = [
            self._sealed(signer, kind, rng)
            for signer in (main, rsa_main)
            for kind in "vtr"
            for _ in range(_BY_SIGNATURE)
        ]
        self.zero_led = self._zero_led(rsa_main, rng)
        # Signatures to be used again on other cards.
        self.donors = {signer.name: self._sealed(signer, "v", rng).parts[2] for signer in (*self.genuine, *self.flawed)}
        hashed = {
            Kind.UCI: [revocation.of_uci(REVOKED_ID)],
            Kind.COUNTRY_UCI: [revocation.of_country_uci(one, REVOKED_COUNTRY_ID) for one in ("VN", "FR")],
            Kind.SITE: [revocation.of_site(one, REVOKED_SITE) for one in ("VN", "FR")],
            Kind.SIGNATURE: [_hash(one) for one in (*self.revoked, self.zero_led)],
        }
        lists = []
        for kind, hashes_ in hashed.items():
            path = folder / Source(kind, 1, True).name
            path.write_bytes(revocation.packed(hashes_))
            lists.append((Source(kind, 1, True), Hashes(path)))
        keys = [signer.trusted for signer in (*self.genuine, *self.flawed)] + crowd
        self.verifier = Verifier(
            TrustStore(keys, environment="test", revocations=Revocations(lists)), clock=lambda: NOW
        )

    def forge_of(self, signer: Signer) -> Forge:
        """Whatever makes the claims of a signer's cards: any forge does."""
        return self.forges.get(signer.name) or self.forges["main"]

    def _ec(
        self, name: str, fault: Callable[[str], Fault | None] = _fine, country: str = "VN", **changes: object
    ) -> Signer:
        key = SigningKey.generate(country, now=NOW - timedelta(days=30))
        trusted = msgspec.structs.replace(key.trusted(), **changes)
        return Signer(name, trusted, key, key.sign, fault, SECONDS - 3600)

    def _rsa(self, name: str, fault: Callable[[str], Fault | None] = _fine, **changes: object) -> Signer:
        private = rsa.generate_private_key(65537, 2048)
        trusted = TrustedKey(
            kid=name.encode()[-8:],
            public_key=private.public_key(),
            algorithm=Algorithm.PS256,
            not_before=NOW - timedelta(days=30),
            not_after=NOW + timedelta(days=700),
            country="VN",
        )
        trusted = msgspec.structs.replace(trusted, **changes)
        return Signer(
            name, trusted, private, lambda data: private.sign(data, PSS, hashes.SHA256()), fault, SECONDS - 3600
        )

    def _sealed(self, signer: Signer, kind: str, rng: random.Random) -> Sealed:
        draft = Draft(self.forge_of(signer), signer, kind, rng)
        draft.entry.put("ci", f"URN:UVCI:01:VN:VP01/{rng.getrandbits(60):015d}#A")
        draft.text()
        assert draft.sealed is not None
        return Sealed(signer, kind, draft.sealed)

    def _zero_led(self, signer: Signer, rng: random.Random) -> Sealed:
        """A card whose RSA signature begins with a zero byte, as one in 256 does."""
        draft = Draft(self.forge_of(signer), signer, "v", rng)
        draft.text()
        assert draft.sealed is not None
        header, payload, signature = draft.sealed
        while signature[0]:
            signature = signer.sign(draft.structure(header, payload))
        return Sealed(signer, "v", (header, payload, signature))


def _unless(kind: str, fault: Fault) -> Callable[[str], Fault | None]:
    return lambda given: None if given == kind else fault


def _hash(card: Sealed) -> bytes:
    header, payload, signature = card.parts
    sealed = cose.Sealed(cose.signing_input(header, payload), payload, signature, card.signer.kid, None)
    return revocation.of_signature(sealed, card.signer.trusted.algorithm)
