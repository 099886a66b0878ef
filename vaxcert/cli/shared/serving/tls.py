"""A certificate of this machine's own, so that phones on the same network may use their cameras, which want HTTPS."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from vaxcert import files

if TYPE_CHECKING:
    from cryptography import x509

# Browsers refuse server certificates that are valid for longer than 398 days.
_VALID = timedelta(days=365)
_LEFT = timedelta(days=30)
CERTIFICATE, KEY = "server.crt", "server.key"


def own_names() -> list[str]:
    """The names and addresses that this machine is reached by, those for other machines first."""
    addresses = []
    for family, elsewhere in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        # Nothing is sent: the system only says by which of its addresses it would go there.
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect((elsewhere, 9))
            except OSError:
                continue
            addresses.append(probe.getsockname()[0])
    return list(dict.fromkeys([*addresses, socket.gethostname(), "localhost", "127.0.0.1"]))


def certificate(folder: Path, names: Iterable[str], *, now: datetime | None = None) -> str:
    """Puts a key and a self-signed certificate for these names into a folder, unless good ones lie there.

    Returns the certificate's SHA-256 fingerprint, as browsers show it. Raises `ConfigurationError` where the folder
    cannot be written.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    moment, wanted = now or datetime.now(UTC), [_name(name) for name in names]
    try:
        found = x509.load_pem_x509_certificate((folder / CERTIFICATE).read_bytes())
        covers = set(found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value)
        if not (covers >= set(wanted) and found.not_valid_after_utc - moment > _LEFT and (folder / KEY).is_file()):
            found = _make(folder, wanted, moment)
    except (OSError, ValueError, x509.ExtensionNotFound):
        found = _make(folder, wanted, moment)
    return found.fingerprint(hashes.SHA256()).hex(":").upper()


def _name(name: str) -> x509.GeneralName:
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _make(folder: Path, names: list[x509.GeneralName], now: datetime) -> x509.Certificate:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "vaxcert verifier, self-signed")])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + _VALID)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    with files.writing(folder, "{path}: no certificate can be kept there ({why})"):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        files.write_whole(folder / KEY, (secret,), mode=files.PRIVATE)
        files.write_whole(folder / CERTIFICATE, (made.public_bytes(pem),), mode=0o644)
    return made
