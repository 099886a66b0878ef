"""`SigningKey`: a private key with its certificate."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from vaxcert import files
from vaxcert.errors import ConfigurationError, DamagedError, NotFoundError, Reason
from vaxcert.trust import jwk, pem
from vaxcert.trust.algorithms import ES256, made_es256, raw
from vaxcert.trust.keys import TrustedKey
from vaxcert.trust.own import authority, hsm
from vaxcert.trust.own.hsm import TokenKey
from vaxcert.verdict import Environment
from vaxcert.wire import Algorithm

_TRIAL = b"vaxcert: does this key belong to its certificate?"


class SigningKey:
    """A P-256 private key, here or on a token, and the certificate that is published for it. Signs with ES256.

    `kid`: the eight bytes that cards name it by. `not_before`, `not_after`: aware, UTC.
    """

    algorithm = Algorithm.ES256

    def __init__(self, private_key: ec.EllipticCurvePrivateKey | TokenKey, certificate: bytes) -> None:
        self._private_key = private_key
        self._trusted = TrustedKey.from_certificate(certificate)
        if not _belong_together(private_key, self._trusted.public_key):
            raise ConfigurationError("the certificate is not the private key's", Reason.KEY_DIFFERS)
        self.certificate: bytes = certificate
        self.kid: bytes = self._trusted.kid
        self.country: str | None = self._trusted.country
        self.not_before: datetime = self._trusted.not_before
        self.not_after: datetime = self._trusted.not_after

    @classmethod
    def load(
        cls, path: str | os.PathLike[str], *, password: str | bytes | None = None, now: datetime | None = None
    ) -> SigningKey:
        """The key in a PEM file, or in a folder that `vaxcert keys new` made.

        The certificate stands in the same file or beside it as `.crt`, `.cer` or `.pem`. Of several keys in
        a folder the one that became valid last is taken. A `pkcs11:` URI is taken as by `pkcs11`.
        Raises `ConfigurationError`, or `KeyMaterialError` for a certificate that cannot be used.
        """
        if isinstance(path, str) and path.startswith(hsm.SCHEME):
            return cls.pkcs11(path, pin=password.decode() if isinstance(password, bytes) else password)
        where = Path(path)
        with files.reading(where):
            if where.is_dir():
                where = _newest(where, now or datetime.now(UTC))
            content = where.read_bytes()
            certificate = _certificate_for(where, content)
        secret = password.encode() if isinstance(password, str) else password
        try:
            private_key = serialization.load_pem_private_key(content, secret or None)
        except TypeError:
            if secret:
                raise ConfigurationError(f"{where}: the key is not encrypted; give no passphrase") from None
            raise ConfigurationError(f"{where}: a passphrase is needed", Reason.PASSPHRASE_NEEDED) from None
        except ValueError:
            raise ConfigurationError(
                f"{where}: wrong passphrase, or not a private key", Reason.PASSPHRASE_WRONG
            ) from None
        if not isinstance(private_key, ec.EllipticCurvePrivateKey):
            raise ConfigurationError(f"{where}: not a P-256 key; cards are issued with ES256", Reason.KEY_UNFIT)
        return cls(private_key, certificate)

    @classmethod
    def pkcs11(
        cls, uri: str, *, pin: str | None = None, certificate: str | os.PathLike[str] | None = None
    ) -> SigningKey:
        """The key on a PKCS #11 token that a URI names (RFC 7512; see `vaxcert.trust.own.hsm`).

        `certificate`: a PEM file, where the token does not hold it. Raises `ConfigurationError`, or
        `KeyMaterialError` for a certificate that cannot be used. One session a process signs; load it after a fork.
        """
        key = hsm.TokenKey(uri, pin)
        if certificate is not None:
            with files.reading(Path(certificate)):
                published = _der(Path(certificate), Path(certificate).read_bytes())
        elif key.certificate is None:
            raise NotFoundError(
                "the token holds no certificate of the key's name or id, and none is given", Reason.NO_SUCH_RECORD
            )
        else:
            published = key.certificate
        return cls(key, published)

    @classmethod
    def generate(
        cls,
        country: str = "VN",
        *,
        name: str = "Generated for a trial",
        usages: Iterable[str] = (),
        formats: Iterable[str] = (),
        now: datetime | None = None,
        years: int = authority.DSC_YEARS,
    ) -> SigningKey:
        """A key for tests and trials, its certificate marked TEST and vouched for by nobody."""
        subject = authority.distinguished_name(country, name, Environment.TEST)
        start = now or datetime.now(UTC)
        root_key, key = authority.new_key(), authority.new_key()
        root = authority.make_csca(root_key, subject, start, years)
        made = authority.make_dsc(
            key, subject, start, issuer=root, issuer_key=root_key, usages=usages, formats=formats, years=years
        )
        return cls(key, made.public_bytes(serialization.Encoding.DER))

    @property
    def thumbprint(self) -> str:
        """What SMART Health Cards call the key: the thumbprint of its public half (RFC 7638), base64url."""
        return base64.urlsafe_b64encode(jwk.thumbprint(self.jwk())).rstrip(b"=").decode("ascii")

    def jwk(self) -> dict[str, str]:
        """The public half as JSON Web Key (RFC 7517)."""
        return jwk.of(cast(ec.EllipticCurvePublicKey, self._trusted.public_key))

    def trusted(self) -> TrustedKey:
        """What a verifier needs of the key: the published side."""
        return self._trusted

    def sign(self, data: bytes) -> bytes:
        """The ES256 signature over `data`: r ‖ s, 64 bytes (RFC 9053, section 2.1)."""
        if isinstance(self._private_key, TokenKey):
            return self._private_key.sign_raw(data)
        return raw(self._private_key.sign(data, ES256))

    def __repr__(self) -> str:
        return f"<SigningKey {self.kid.hex()} {self.country or '??'}>"

    def __reduce__(self) -> tuple[object, ...]:
        # A key that is pickled travels through queues and schedulers that were never asked to keep a secret.
        raise TypeError("a SigningKey is not copied between processes: load it where it is used")


def _newest(folder: Path, now: datetime) -> Path:
    keys = sorted(folder.glob("*.key"))
    if not keys:
        raise ConfigurationError(f"{folder}: holds no signing key (*.key)", Reason.NOTHING_USABLE)
    starts = {}
    for key in keys:
        start = x509.load_der_x509_certificate(_certificate_for(key, b"")).not_valid_before_utc
        starts[key] = (start <= now, start)
    return max(keys, key=starts.__getitem__)


def _certificate_for(key_file: Path, content: bytes) -> bytes:
    sources = [content] if pem.CERTIFICATE in content else []
    for suffix in (".crt", ".cer", ".pem"):
        beside = key_file.with_suffix(suffix)
        if not sources and beside != key_file and beside.is_file():
            sources.append(beside.read_bytes())
    if not sources:
        raise ConfigurationError(f"{key_file}: no certificate in the file or beside it", Reason.NOTHING_USABLE)
    return _der(key_file, sources[0])


def _der(path: Path, pem: bytes) -> bytes:
    try:
        certificate = x509.load_pem_x509_certificate(pem)
    except (ValueError, x509.InvalidVersion):
        raise DamagedError(f"{path}: its certificate cannot be read") from None
    return certificate.public_bytes(serialization.Encoding.DER)


def _belong_together(private_key: ec.EllipticCurvePrivateKey | TokenKey, public_key: object) -> bool:
    if not isinstance(private_key, TokenKey):
        return private_key.public_key() == public_key
    # A token need not hold the public half, so it is asked for a signature.
    if not isinstance(public_key, ec.EllipticCurvePublicKey):
        return False
    return made_es256(public_key, private_key.sign_raw(_TRIAL), _TRIAL)
