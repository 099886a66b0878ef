"""Making keys: an authority (CSCA) kept offline, and the document signers (DSC) that it vouches for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import NameOID

from vaxcert import files
from vaxcert.errors import ConfigurationError, InputError, Reason
from vaxcert.trust.keys import TEST_MARK
from vaxcert.trust.purposes import FORMAT_OIDS, OID_OF
from vaxcert.verdict import Environment

CSCA_YEARS = 4  # HCERT 1.0.8, annex A, asks for 4 years and for at most 2 for a DSC
DSC_YEARS = 2

# What stands between a stolen file and a key that signs for a whole country.
MIN_PASSPHRASE = 8

PrivateKey = ec.EllipticCurvePrivateKey


def new_key() -> PrivateKey:
    """A fresh P-256 key from the operating system's randomness."""
    return ec.generate_private_key(ec.SECP256R1())


def distinguished_name(country: str, name: str, environment: Environment) -> x509.Name:
    """A name of C and CN, and the unit that marks a test key. Raises `InputError` for a country not of two letters."""
    if len(country) != 2 or not country.isascii() or not country.isalpha() or not country.isupper():
        raise InputError("country", Reason.COUNTRY_INVALID)
    if not name:
        raise InputError("name", Reason.EMPTY)
    if len(name) > 64:  # RFC 5280, appendix A.1, ub-common-name
        raise InputError("name", Reason.TOO_LONG, most=64)
    attributes = [x509.NameAttribute(NameOID.COUNTRY_NAME, country)]
    if environment is Environment.TEST:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, TEST_MARK))
    attributes.append(x509.NameAttribute(NameOID.COMMON_NAME, name))
    return x509.Name(attributes)


def make_csca(key: PrivateKey, subject: x509.Name, start: datetime, years: int = CSCA_YEARS) -> x509.Certificate:
    """A self-signed authority certificate that may sign certificates and revocation lists."""
    return (
        _builder(subject, subject, key, start, years)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(authority=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def make_dsc(
    key: PrivateKey,
    subject: x509.Name,
    start: datetime,
    *,
    issuer: x509.Certificate,
    issuer_key: PrivateKey,
    usages: Iterable[str] = ("vaccination",),
    formats: Iterable[str] = (),
    years: int = DSC_YEARS,
) -> x509.Certificate:
    """A document signer's certificate, limited to some kinds of certificate; without any, to none.

    `formats`: the systems whose certificates it makes; without any the EU's.
    """
    builder = (
        _builder(subject, issuer.subject, key, start, years)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(authority=False), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    named = [OID_OF[usage] for usage in usages] + [FORMAT_OIDS[one] for one in formats]
    purposes = [x509.ObjectIdentifier(one) for one in named]
    if purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def _builder(
    subject: x509.Name, issuer: x509.Name, key: PrivateKey, start: datetime, years: int
) -> x509.CertificateBuilder:
    start = start.replace(microsecond=0)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=365 * years + years // 4))
    )


def _key_usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def create(
    folder: Path,
    *,
    country: str,
    name: str,
    passphrase: str,
    csca_passphrase: str,
    environment: Environment,
    now: datetime,
    usages: Iterable[str] = ("vaccination",),
    formats: Iterable[str] = (),
    csca_years: int = CSCA_YEARS,
    dsc_years: int = DSC_YEARS,
) -> x509.Certificate:
    """Make an authority and its first document signer in `folder`, and return the signer's certificate.

    Writes `csca/csca.key` and `dsc.key` (encrypted PKCS#8, mode 0600), `csca.crt` and `dsc.crt`. Nothing is
    overwritten, and nothing is left behind by a failure. Raises `ConfigurationError` or `InputError`.
    """
    for field, secret in (("passphrase", passphrase), ("CSCA passphrase", csca_passphrase)):
        if len(secret) < MIN_PASSPHRASE:
            raise InputError(field, Reason.TOO_SHORT, least=MIN_PASSPHRASE)
    if not name.strip():
        raise InputError("name", Reason.EMPTY)
    csca_key, dsc_key = new_key(), new_key()
    csca = make_csca(csca_key, distinguished_name(country, f"{name} CSCA", environment), now, csca_years)
    dsc = make_dsc(
        dsc_key,
        distinguished_name(country, f"{name} DSC", environment),
        now,
        issuer=csca,
        issuer_key=csca_key,
        usages=usages,
        formats=formats,
        years=dsc_years,
    )
    write_new(
        {
            folder / "csca" / "csca.key": (encrypted(csca_key, csca_passphrase), 0o600),
            folder / "csca.crt": (csca.public_bytes(serialization.Encoding.PEM), 0o644),
            folder / "dsc.key": (encrypted(dsc_key, passphrase), 0o600),
            folder / "dsc.crt": (dsc.public_bytes(serialization.Encoding.PEM), 0o644),
        }
    )
    return dsc


def encrypted(key: PrivateKey | ed25519.Ed25519PrivateKey, passphrase: str) -> bytes:
    """The key as encrypted PKCS#8, PEM."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase.encode()),
    )


def decrypted(path: Path, passphrase: str, *, else_: str = "") -> object:
    """The private key in an encrypted PEM file; `else_`: what to do where it is not there. `ConfigurationError`."""
    try:
        with files.reading(path, "{path}: {why}" + else_):
            return serialization.load_pem_private_key(path.read_bytes(), passphrase.encode())
    except (ValueError, TypeError):
        raise ConfigurationError(f"{path}: wrong passphrase, or not a private key", Reason.PASSPHRASE_WRONG) from None


def write_new(contents: dict[Path, tuple[bytes, int]]) -> None:
    """Write files with their modes, all or none. Raises `ConfigurationError` where one exists already."""
    try:
        files.create(contents)
    except FileExistsError as error:
        raise ConfigurationError(
            f"{error.filename}: exists already, and keys are never overwritten", Reason.ALREADY_THERE
        ) from None
    except OSError as error:
        raise ConfigurationError(f"{error.filename}: {error.strerror}", Reason.NOT_WRITABLE) from None
