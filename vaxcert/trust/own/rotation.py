"""The next document signer under an authority that there is: in place of the last one, or for a site of its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from vaxcert import files
from vaxcert.errors import ConfigurationError, DamagedError, InputError, KeyMaterialError, NotFoundError, Reason
from vaxcert.files import write_changed
from vaxcert.trust.keys import TrustedKey
from vaxcert.trust.own import authority
from vaxcert.trust.own.authority import MIN_PASSPHRASE, PrivateKey
from vaxcert.verdict import Environment


class Rotated(NamedTuple):
    """What a rotation made. `before`: the stem of the files in which the last signer is kept, or ""."""

    signer: TrustedKey
    before: str


def rotate(
    folder: Path,
    *,
    passphrase: str,
    csca_passphrase: str,
    now: datetime,
    csca_key: Path | None = None,
    out: Path | None = None,
    name: str = "",
    usages: Iterable[str] = (),
) -> Rotated:
    """Make the next signer under the authority in `folder`.

    Without `out` it becomes `dsc.key` and `dsc.crt` there, and the last ones are kept as `dsc-<key id>`: the last
    certificate has to stay published until its cards have expired. With `out` a signer of its own stands in that
    folder, and nothing changes in `folder`. `name`: whom the certificate names, else the authority; `usages`: else as
    the last one's. Raises `ConfigurationError` or `InputError`.
    """
    if len(passphrase) < MIN_PASSPHRASE:
        raise InputError("passphrase", Reason.TOO_SHORT, least=MIN_PASSPHRASE)
    csca = _certificate(folder / "csca.crt")
    key = _private(csca_key or folder / "csca" / "csca.key", csca_passphrase)
    if key.public_key() != csca.public_key():
        raise ConfigurationError("the authority's key is not that of csca.crt", Reason.KEY_DIFFERS)
    last = _trusted(folder / "dsc.crt") if (folder / "dsc.crt").exists() else None
    if out is None and last is None:
        raise NotFoundError(f"{folder}: no signer (dsc.crt) to follow")
    environment = (
        TrustedKey.from_certificate(csca.public_bytes(serialization.Encoding.DER)).environment or Environment.PRODUCTION
    )
    country, own = _first(csca, NameOID.COUNTRY_NAME), _first(csca, NameOID.COMMON_NAME).removesuffix(" CSCA")
    new = authority.new_key()
    try:
        certificate = authority.make_dsc(
            new,
            authority.distinguished_name(country, f"{name or own} DSC", environment),
            now,
            issuer=csca,
            issuer_key=key,
            usages=tuple(usages) or (sorted(last.usages) if last else ("vaccination",)),
            formats=sorted(last.formats) if last else (),
        )
    except ValueError:
        raise ConfigurationError("the authority's certificate cannot issue one", Reason.KEY_UNFIT) from None
    if certificate.not_valid_before_utc > csca.not_valid_after_utc:
        raise ConfigurationError("the authority's certificate has expired: make a new authority", Reason.KEY_UNFIT)
    signer = TrustedKey.from_certificate(certificate.public_bytes(serialization.Encoding.DER))
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    secret = authority.encrypted(new, passphrase)
    if out is not None:
        authority.write_new(
            {
                out / "dsc.key": (secret, 0o600),
                out / "dsc.crt": (pem, 0o644),
                out / "csca.crt": (csca.public_bytes(serialization.Encoding.PEM), 0o644),
            }
        )
        return Rotated(signer, "")
    assert last is not None  # noqa: S101  (looked at above)
    return Rotated(signer, _follow(folder, last, secret, pem, signer))


def _follow(folder: Path, last: TrustedKey, secret: bytes, pem: bytes, signer: TrustedKey) -> str:
    """Put the new pair in the place of the last one, which is kept. Stopped midway, both pairs are there."""
    before = f"dsc-{last.kid.hex()}"
    new = folder / f"dsc-{signer.kid.hex()}.key"
    # Both pairs stand on the disk before either name changes its meaning.
    authority.write_new({new: (secret, 0o600), new.with_suffix(".crt"): (pem, 0o644)})
    with files.writing(folder, "{path}: {why}; look at dsc-*"):
        write_changed(folder / f"{before}.crt", (folder / "dsc.crt").read_bytes())
        if (folder / "dsc.key").exists() and not (folder / f"{before}.key").exists():
            (folder / f"{before}.key").hardlink_to(folder / "dsc.key")
        new.replace(folder / "dsc.key")
        new.with_suffix(".crt").replace(folder / "dsc.crt")
    return before


def _certificate(path: Path) -> x509.Certificate:
    try:
        with files.reading(path):
            return x509.load_pem_x509_certificate(path.read_bytes())
    except ValueError:
        raise DamagedError(f"{path}: not a certificate") from None


def _trusted(path: Path) -> TrustedKey:
    try:
        return TrustedKey.from_certificate(_certificate(path).public_bytes(serialization.Encoding.DER))
    except KeyMaterialError as error:
        raise ConfigurationError(f"{path}: {error.reason}", Reason.KEY_UNFIT) from None


def _private(path: Path, passphrase: str) -> PrivateKey:
    key = authority.decrypted(path, passphrase, else_=": bring the authority's key for this")
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ConfigurationError(f"{path}: not an authority's key", Reason.KEY_UNFIT)
    return key


def _first(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    found = certificate.subject.get_attributes_for_oid(oid)
    if not found:
        raise ConfigurationError("the authority's certificate names no country or no name", Reason.KEY_UNFIT)
    return str(found[0].value)
