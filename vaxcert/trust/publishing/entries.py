"""The keys that a publisher publishes: *.json for each, with its certificate beside as *.crt where it has one."""

from __future__ import annotations

import base64
import json
import ssl
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, cast

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from vaxcert.errors import ConfigurationError, DamagedError, KeyMaterialError, NotFoundError, Reason
from vaxcert.files import write_changed
from vaxcert.trust import jwk, pem, revocation
from vaxcert.trust.keys import RefusedKey, TrustedKey
from vaxcert.trust.synced.listing import ListedKey, Origin
from vaxcert.verdict import Environment


class Taken(NamedTuple):
    """What taking over a list changed: numbers of keys, and what was left out."""

    added: int
    kept: int
    removed: int
    refused: tuple[RefusedKey, ...]


class PublishedKeys:
    """The published keys of one workspace, all of one environment."""

    def __init__(self, folder: Path, environment: Environment) -> None:
        self._folder = folder
        self._environment = environment

    def __len__(self) -> int:
        return len({path.stem for path in self._files()})

    def add(self, certificate: bytes, **said: Any) -> TrustedKey:
        """Have a certificate (DER) published from now on; `said`: the other fields of a `ListedKey`.

        Raises `KeyMaterialError` for one that cannot be used, `ConfigurationError` for one of another environment.
        """
        said = {"formats": tuple(sorted(TrustedKey.from_certificate(certificate).formats))} | said
        entry = ListedKey(certificate=certificate, **said)
        key = entry.key()
        if not self._suits(key):
            raise ConfigurationError("a TEST certificate in a production list", Reason.ENVIRONMENT_DIFFERS)
        # Not the key id: several certificates may share that.
        self._write(revocation.of_key(certificate).hex(), entry)
        return key

    def add_health_card_key(self, certificate: bytes, address: str) -> TrustedKey:
        """Have the key of a certificate (DER) published as one of an issuer of SMART Health Cards.

        `address`: the issuer's, as cards name it. Raises as `add` does.
        """
        signer = TrustedKey.from_certificate(certificate)
        if not self._suits(signer):
            raise ConfigurationError("a TEST certificate in a production list", Reason.ENVIRONMENT_DIFFERS)
        members = jwk.of(cast(ec.EllipticCurvePublicKey, signer.public_key))
        kid = base64.urlsafe_b64encode(jwk.thumbprint(members)).rstrip(b"=")
        entry = ListedKey(
            public_key=signer.spki(), kid=kid, country=signer.country or "", formats=("shc",), issuer=address
        )
        self._write(revocation.digest(entry.material + address.encode()).hex(), entry)
        return entry.key()

    def key_sets(self, crl_version: int = 0) -> dict[str, bytes]:
        """By their issuer's address the key sets (JWKS) of keys of health cards that were added here.

        `crl_version`: of their lists of withdrawn cards, 0 where there is none.
        """
        held: dict[str, list[dict[str, str | int]]] = {}
        for _, entry in self.listed():
            if entry.origin is None and entry.formats == ("shc",):
                key = entry.key()
                members = jwk.of(cast(ec.EllipticCurvePublicKey, key.public_key))
                said: dict[str, str | int] = {
                    "kid": key.kid.decode("ascii"), "use": "sig", "alg": str(key.algorithm),
                    **({"crlVersion": crl_version} if crl_version else {}),
                }  # fmt: skip
                held.setdefault(entry.issuer, []).append({**members, **said})
        return {issuer: json.dumps({"keys": keys}, indent=1).encode() for issuer, keys in held.items()}

    def take(self, keys: Iterable[TrustedKey], origin: Origin) -> Taken:
        """Publish the keys of a list from now on, and those no more that were once taken from it and are gone.

        Each keeps whose list it is from. What was added by hand, or taken from another list, is not touched.
        """
        before = {path.stem: entry for path, entry in self.listed() if _source(entry) == origin.source}
        now: dict[str, ListedKey] = {}
        refused = []
        for key in keys:
            if not self._suits(key):
                refused.append(RefusedKey(key.subject or key.kid.hex(), Reason.ENVIRONMENT_DIFFERS))
                continue
            entry = _entry_of(key, origin)
            now[_identity(entry)] = entry
        added = 0
        for stem, entry in now.items():
            if stem in before and msgspec.structs.replace(before[stem], origin=None) == msgspec.structs.replace(
                entry, origin=None
            ):
                continue
            self._write(stem, entry)
            added += stem not in before
        gone = before.keys() - now.keys()
        for stem in gone:
            self._unlink(stem)
        return Taken(added, len(now) - added, len(gone), tuple(refused))

    def replace(self, entries: Iterable[ListedKey]) -> tuple[int, int]:
        """Publish these and no others; return how many were added and removed."""
        wanted = {
            revocation.of_key(entry.material).hex() if entry.origin is None else _identity(entry): entry
            for entry in entries
        }
        here = {path.stem for path, _ in self.listed()}
        for stem, entry in wanted.items():
            self._write(stem, entry)
        for stem in here - wanted.keys():
            self._unlink(stem)
        return len(wanted.keys() - here), len(here - wanted.keys())

    def remove(self, kid: str) -> None:
        """Have the keys with an id (hex) published no more. Raises `ConfigurationError` where there is none."""
        found = [path.stem for path, entry in self.listed() if _kid(entry).hex() == kid.lower()]
        if not found:
            raise NotFoundError("no key of that id is published", Reason.NO_SUCH_RECORD)
        for stem in found:
            self._unlink(stem)

    def listed(self) -> Iterator[tuple[Path, ListedKey]]:
        """What is published, and in which file it stands."""
        for stem in sorted({path.stem for path in self._files()}):
            path = self._folder / f"{stem}.json"
            try:
                said = json.loads(path.read_text("utf-8"))
                beside = path.with_suffix(".crt")
                if beside.exists():
                    (der,) = pem.blocks(beside.read_bytes())
                    said = said | {"certificate": base64.b64encode(der).decode()}
                entry = msgspec.convert(said, type=ListedKey)
                if not entry.material:
                    raise ValueError("the certificate is missing")
            except (FileNotFoundError, ValueError, TypeError, msgspec.MsgspecError):
                raise DamagedError(f"{path}: cannot be read, or what stands beside it") from None
            except OSError:
                raise ConfigurationError(
                    f"{path}: cannot be read, or what stands beside it", Reason.NOT_READABLE
                ) from None
            yield path, entry

    def usable(self) -> list[TrustedKey]:
        """The keys of what is published, without those that no verifier can use."""
        keys = []
        for _, entry in self.listed():
            try:
                keys.append(entry.key())
            except KeyMaterialError:
                continue
        return keys

    def _files(self) -> Iterator[Path]:
        # A certificate whose other file is gone must be missed, not published without what restricts it.
        yield from self._folder.glob("*.json")
        yield from self._folder.glob("*.crt")

    def _suits(self, key: TrustedKey) -> bool:
        return key.environment is not Environment.TEST or self._environment is Environment.TEST

    def _write(self, stem: str, entry: ListedKey) -> None:
        fields = msgspec.to_builtins(msgspec.structs.replace(entry, certificate=b""))
        path = self._folder / f"{stem}.json"
        # First what restricts it: a certificate alone may sign all that it says itself.
        write_changed(path, json.dumps(fields, indent=1, ensure_ascii=False).encode())
        if entry.certificate:
            write_changed(path.with_suffix(".crt"), ssl.DER_cert_to_PEM_cert(entry.certificate).encode())

    def _unlink(self, stem: str) -> None:
        for suffix in (".crt", ".json"):
            (self._folder / f"{stem}{suffix}").unlink(missing_ok=True)


def _entry_of(key: TrustedKey, origin: Origin) -> ListedKey:
    return ListedKey(
        certificate=key.certificate,
        public_key=b"" if key.certificate else key.spki(),
        kid=key.kid,
        country=key.country or "",
        formats=tuple(sorted(key.formats)),
        usages=tuple(sorted(key.usages)) or None,
        issuer=key.issuer,
        origin=origin,
        crl_version=key.rids.wanted,
        rids=key.rids.held,
    )


def _identity(entry: ListedKey) -> str:
    """The name of an entry's file: the same for the same key of the same list, however often that is taken over."""
    parts = (entry.material, entry.kid or b"", (entry.country or "").encode(), entry.issuer.encode())
    return revocation.digest(_source(entry).encode() + b"".join(map(revocation.digest, parts))).hex()


def _source(entry: ListedKey) -> str:
    return "" if entry.origin is None else entry.origin.source


def _kid(entry: ListedKey) -> bytes:
    try:
        return entry.key().kid
    except KeyMaterialError:
        return entry.kid or b""
