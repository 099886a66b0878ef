"""The list of keys that a publisher signs, as JSON (`trust.json`), and what it says of them."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from vaxcert.errors import ConfigurationError, DamagedError, KeyMaterialError
from vaxcert.trust.keys import RefusedKey, TrustedKey
from vaxcert.trust.revocation import Kind, Revocations, with_withdrawn
from vaxcert.trust.rids import NO_RIDS, RidList, Rids
from vaxcert.verdict import Environment

# Nobody may be told to go on for longer without news: a key that leaked a month ago must be known by now.
MAX_OFFLINE = timedelta(days=30)
DEFAULT_OFFLINE = timedelta(hours=48)


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """The list that a key was taken over from: what it is called, its SHA-256 (hex), and the day."""

    source: str
    sha256: str
    date: str


class ListedKey(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A key: its certificate (DER, base64), and what is not to be read from that.

    `public_key`: SubjectPublicKeyInfo (DER) of one that has no certificate; `kid` (base64): what cards call it, where
    that is not the certificate's hash; `country`: of the authority that answers for it, "" for none; `usages`: kinds
    that it may sign, where fewer than its certificate says; `issuer`: the URL or DID whose cards alone it may sign;
    `crl_version`, `rids`: of an issuer of SMART Health Cards, which version of its list of withdrawn cards there is,
    and the list that is held.
    """

    certificate: bytes = b""
    public_key: bytes = b""
    kid: bytes | None = None
    country: str | None = None
    formats: tuple[str, ...] = ("hcert",)
    usages: tuple[str, ...] | None = None
    issuer: str = ""
    origin: Origin | None = None
    crl_version: int = 0
    rids: RidList | None = None

    @property
    def material(self) -> bytes:
        """The bytes that make the key what it is: its certificate, else its public key."""
        return self.certificate or self.public_key

    def key(self) -> TrustedKey:
        """The key that is listed. Raises `KeyMaterialError`."""
        if self.certificate:
            key = TrustedKey.from_certificate(self.certificate, kid=self.kid)
            country = key.country if self.country is None else self.country or None
        else:
            key, country = TrustedKey.from_public_key(self.public_key, self.kid or b""), self.country or None
        if self.usages is not None:
            key = key.narrowed(frozenset(self.usages))
        return msgspec.structs.replace(
            key,
            formats=frozenset(self.formats),
            country=country,
            issuer=self.issuer,
            rids=Rids(self.crl_version, self.rids) if self.crl_version or self.rids else NO_RIDS,
        )


class Reinstated(msgspec.Struct, frozen=True, kw_only=True):
    """A hash that the publication of that number has taken back."""

    kind: Kind
    hash: bytes
    number: int


class Listing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is published: keys of one environment, and how long a verifier may go on without news of them."""

    environment: Environment
    max_offline_hours: int
    keys: tuple[ListedKey, ...]
    reinstated: tuple[Reinstated, ...] = ()
    # Certificates (DER) of authorities whose signers cards bring along.
    authorities: tuple[bytes, ...] = ()

    @property
    def max_offline(self) -> timedelta:
        """How long after the signed expiry the list may still be relied on."""
        return timedelta(hours=self.max_offline_hours)

    def trusted(self, revocations: Revocations) -> tuple[list[ListedKey], list[TrustedKey], list[RefusedKey]]:
        """The entries that can be used, the key of each with what is withdrawn marked so, and what was left out."""
        entries, keys, refused = [], [], []
        for entry in self.keys:
            try:
                keys.append(entry.key())
            except KeyMaterialError as error:
                refused.append(RefusedKey(f"entry of {entry.country or 'no country'}", error.reason, error.detail))
            else:
                entries.append(entry)
        return entries, with_withdrawn(keys, revocations), refused


def decode(content: bytes) -> Listing:
    """Read a list of keys. Raises `ConfigurationError` for what is none, or asks for too long a time offline."""
    try:
        listing = msgspec.json.decode(content, type=Listing)
    except msgspec.MsgspecError:
        raise DamagedError("trust.json: not a list of keys") from None
    check_offline(listing.max_offline_hours)
    return listing


def encode(listing: Listing) -> bytes:
    """The list of keys as it is published, JSON."""
    return msgspec.json.format(msgspec.json.encode(listing), indent=1)


def check_offline(hours: int) -> None:
    """Raise `ConfigurationError` for a time offline that no publisher may allow."""
    if not 0 <= hours <= MAX_OFFLINE // timedelta(hours=1):
        raise ConfigurationError(f"max_offline: not 0 to {MAX_OFFLINE // timedelta(hours=1)} hours")
