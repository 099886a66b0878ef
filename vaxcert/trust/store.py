"""`TrustStore`: the keys that are believed, and the only door from claimed to checked."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from threading import Lock

from vaxcert.errors import ConfigurationError, KeyMaterialError, KeyUnavailableError, Reason, SignatureError
from vaxcert.trust.holdings import held_at, listed_in
from vaxcert.trust.issued import Authority, signer
from vaxcert.trust.keys import RefusedKey, TrustedKey
from vaxcert.trust.opened import _PROOF, Opened
from vaxcert.trust.revocation import Revocations, with_withdrawn
from vaxcert.verdict import Environment, Freshness
from vaxcert.wire import Algorithm, Sealed

# Eight bytes of a hash collide by chance once in billions; a list with more than a handful under one id
# is a mistake or an attempt to make one card cost thousands of signature checks.
MAX_KEYS_PER_KID = 8


class TrustStore:
    """Keys by their id, all of one environment.

    `environment`: "test" or "production". Without it, the keys decide: all marked TEST make a test store,
    none marked a production one, and both together are refused with `ConfigurationError`. A store that
    is declared production leaves marked keys out (see `refused`). A public key that is withdrawn under one of its
    certificates, or by `revocations`, is so under all of them. `authorities`: certificates (DER) of those who vouch for
    signers that a card brings along (ICAO VDS-NC); without any no such card is believed.
    """

    def __init__(
        self,
        keys: Iterable[TrustedKey] = (),
        *,
        environment: Environment | str | None = None,
        refused: Iterable[RefusedKey] = (),
        freshness: Freshness | None = None,
        revocations: Revocations | None = None,
        authorities: Iterable[bytes] = (),
    ) -> None:
        keys = with_withdrawn(keys, revocations)
        self.refused: list[RefusedKey] = list(refused)
        self.environment: Environment = _environment(keys, environment)
        self.freshness: Freshness = freshness or Freshness()
        self.revocations = revocations
        self.authorities: list[Authority] = []
        for number, certificate in enumerate(authorities, 1):
            try:
                self.authorities.append(Authority(certificate))
            except KeyMaterialError as error:
                self.refused.append(RefusedKey(f"authority {number}", error.reason, error.detail))
        # Of a synced store: policies and rule sets by the names of their files, as they were signed.
        self.rules: Mapping[str, bytes] = {}
        # Of a synced store too: what pages fetch that ask no server, by the names that a publisher's server has for it.
        self.pages: Mapping[str, Path] = {}
        # Of a synced store: its folder, and the generation that this is.
        self._origin: tuple[Path, str] | None = None
        # What it was followed by, and under which generation's name.
        self._followed: tuple[str, TrustStore] | None = None
        self._following = Lock()
        self._by_kid: dict[bytes, tuple[TrustedKey, ...]] = {}
        for key in keys:
            self._add(key)

    @classmethod
    def load(cls, path: str | os.PathLike[str], *, environment: Environment | str | None = None) -> TrustStore:
        """The store that `vaxcert trust sync` keeps in a folder, or a plain folder of certificates (PEM or DER).

        A synced store is checked anew, all of it, and knows what is revoked and how long it is good for. A folder
        with any trace of one is never read as a plain one. Of a plain one, sub-folders are not included, and a
        certificate authority that issued another certificate of the folder signs no cards and is left out. What
        cannot be used is left out and listed in `refused`. Raises `ConfigurationError` where the folder cannot be
        read, holds no usable certificate at all, is not whole, or is of another environment.
        """
        held = held_at(Path(path))
        if (synced := held.synced) is not None:
            if environment is not None and Environment.declared(environment) != synced.listing.environment:
                raise ConfigurationError(
                    f"{os.fspath(path)}: a store for {synced.listing.environment}", Reason.ENVIRONMENT_DIFFERS
                )
            store = cls(
                held.keys,
                environment=synced.listing.environment,
                refused=held.refused,
                freshness=synced.freshness,
                revocations=synced.revocations,
                authorities=synced.listing.authorities,
            )
            store.rules = synced.rules
            store.pages = held.pages
            store._origin = Path(path), synced.generation
            return store
        store = cls(held.keys, environment=environment, refused=held.refused)
        if not len(store):
            why = "; ".join(f"{entry.source}: {entry.reason}" for entry in store.refused[:5])
            raise ConfigurationError(
                f"{os.fspath(path)}: no usable certificate in this folder. {why}".rstrip(), Reason.NOTHING_USABLE
            )
        return store

    @classmethod
    def from_published(
        cls,
        data: bytes,
        *,
        signed_by: bytes | str | None = None,
        unsigned: bool = False,
        environment: Environment | str | None = None,
        issuer: str = "",
    ) -> TrustStore:
        """The store of a list that somebody else publishes, in any of the forms of `vaxcert.trust.lists`.

        `signed_by`: the publisher's key or certificate (PEM or DER), which has to have signed it; or say
        `unsigned=True`, where it came by a way that is trusted itself. `issuer`: whose keys they are, of a key set
        (JWKS) of SMART Health Cards, which does not say so itself. What cannot be used is left out and listed
        in `refused`. A list says nothing of how long it holds: `freshness` is none. Raises `ConfigurationError`.
        """
        if (signed_by is None) == (not unsigned):
            raise ConfigurationError(
                "a published list: give signed_by=, or say unsigned=True", Reason.SIGNATURE_UNASKED
            )
        held = listed_in(data, signed_by=signed_by, issuer=issuer)
        store = cls(held.keys, environment=environment, refused=held.refused)
        if not len(store):
            raise ConfigurationError(
                f"{held.form}: no usable key in it, {len(store.refused)} left out", Reason.NOTHING_USABLE
            )
        return store

    def current(self) -> TrustStore:
        """This store, or what `vaxcert trust sync` has put into its folder since: to be asked by what runs all day.

        Where that cannot be loaded this one stays in use, for as long as it is good.
        """
        if self._origin is None:
            return self
        path, generation = self._origin
        try:
            now = str((path / "current").readlink())
        except OSError:
            return self
        if now == generation:
            return self
        # However many threads ask: a list of millions is checked anew once a sync.
        with self._following:
            if self._followed is None or self._followed[0] != now:
                try:
                    self._followed = now, TrustStore.load(path, environment=self.environment)
                except (OSError, ConfigurationError):
                    # Not kept: it may be whole in a moment.
                    return self
            return self._followed[1]

    def _add(self, key: TrustedKey) -> None:
        if self.environment is Environment.PRODUCTION and key.environment is Environment.TEST:
            self.refused.append(RefusedKey(key.subject or key.kid.hex(), Reason.ENVIRONMENT_DIFFERS))
            return
        held = self._by_kid.get(key.kid, ())
        # A list may hold thousands of entries under one id. Beyond the bound none is ever tried, so
        # comparing each newcomer with all of them would be work for nothing.
        if len(held) <= MAX_KEYS_PER_KID and any(_same(key, other) for other in held):
            self.refused.append(RefusedKey(key.subject or key.kid.hex(), Reason.DUPLICATE))
            return
        self._by_kid[key.kid] = (*held, key) if len(held) <= MAX_KEYS_PER_KID else held

    def __len__(self) -> int:
        return sum(map(len, self._by_kid.values()))

    def __iter__(self) -> Iterator[TrustedKey]:
        for keys in self._by_kid.values():
            yield from keys

    def __repr__(self) -> str:
        return f"<TrustStore of {len(self)} keys, {self.environment}>"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a TrustStore is not copied between processes: load it where it is used (TrustStore.load)")

    def assure_fresh(self, now: datetime) -> None:
        """Raise `KeyUnavailableError` while the list may not be relied on. Plain folders never age.

        `clock_rolled_back` before it was published, by its signature: nothing that a clock once said is remembered, so
        one that jumped forward and came back does no harm. `trust_list_stale` after `freshness.valid_until`, and
        `clock_suspect` long after it.
        """
        if (problem := self.freshness.problem(now)) is not None:
            raise KeyUnavailableError(problem)

    def open(self, sealed: Sealed, format_name: str, algorithms: Collection[Algorithm]) -> Opened:
        """Check a message's signature with the keys that its key id points at.

        Keys for `format_name` come first among those that share the id; `algorithms` are what that format
        allows. Raises
        `KeyUnavailableError` (`key_id_missing`, `key_unknown`, `too_many_keys`) or `SignatureError`
        (`algorithm_not_allowed`, `signature_invalid`).
        """
        if sealed.certificates:
            return self._open_brought(sealed, algorithms)
        if sealed.kid is None:
            raise KeyUnavailableError(Reason.KEY_ID_MISSING)
        keys = self._by_kid.get(sealed.kid)
        if keys is None:
            raise KeyUnavailableError(Reason.KEY_UNKNOWN)
        if len(keys) > MAX_KEYS_PER_KID:
            raise KeyUnavailableError(Reason.TOO_MANY_KEYS)
        if len(keys) > 1:
            # A key that is listed twice, once withdrawn, is withdrawn.
            keys = tuple(sorted(keys, key=lambda key: (not key.withdrawn, format_name not in key.formats)))
        tried = bound = False
        for key in keys:
            if key.issuer != sealed.issuer:
                # Ids are an issuer's own: by the same one two of them may call two keys, or the same.
                continue
            bound = True
            if (
                key.algorithm not in algorithms
                or sealed.alg not in (None, key.algorithm)
                or sealed.alg_unprotected not in (None, key.algorithm)
            ):
                continue
            tried = True
            if key.verify(sealed.signature, sealed.signing_input):
                return Opened(sealed, key, proof=_PROOF)
        if not bound:
            raise KeyUnavailableError(Reason.KEY_UNKNOWN)
        raise SignatureError(Reason.SIGNATURE_INVALID if tried else Reason.ALGORITHM_NOT_ALLOWED)

    def _open_brought(self, sealed: Sealed, algorithms: Collection[Algorithm]) -> Opened:
        """Check a message with the certificate that it carries, where an authority that is held has issued it."""
        try:
            key = signer(sealed.certificates[0], self.authorities)
        except KeyMaterialError as error:
            # Whose it is cannot be told, and so nothing is held against anybody.
            raise KeyUnavailableError(Reason.KEY_UNKNOWN, error.detail) from None
        if key is None or (self.environment is Environment.PRODUCTION and key.environment is Environment.TEST):
            raise KeyUnavailableError(Reason.KEY_UNKNOWN, "issued by no authority that is held")
        if key.algorithm not in algorithms or sealed.alg != key.algorithm:
            raise SignatureError(Reason.ALGORITHM_NOT_ALLOWED)
        if not key.verify(sealed.signature, sealed.signing_input):
            raise SignatureError(Reason.SIGNATURE_INVALID)
        (key,) = with_withdrawn([key], self.revocations)
        return Opened(sealed, key, proof=_PROOF)


def _same(key: TrustedKey, other: TrustedKey) -> bool:
    return (
        key.certificate == other.certificate
        and key.public_key == other.public_key
        and key.country == other.country
        and key.formats == other.formats
        and key.usages == other.usages
        and key.issuer == other.issuer
        and key.withdrawn == other.withdrawn
        and key.rids == other.rids
    )


def _environment(keys: list[TrustedKey], declared: Environment | str | None) -> Environment:
    if declared is not None:
        return Environment.declared(declared)
    marked = sum(key.environment is Environment.TEST for key in keys)
    if marked and marked < len(keys):
        raise ConfigurationError(
            "keys marked TEST stand among others: declare the environment", Reason.ENVIRONMENT_DIFFERS
        )
    return Environment.TEST if marked else Environment.PRODUCTION
