"""The certificates that a publisher publishes: *.crt, with *.json beside for what a certificate does not say."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from vaxcert.errors import ConfigurationError
from vaxcert.trust import revocation
from vaxcert.trust.files import write_changed
from vaxcert.trust.keys import TrustedKey
from vaxcert.trust.listing import Entry
from vaxcert.verdict import Environment


class Certificates:
    """Of one workspace, all of one environment."""

    def __init__(self, folder: Path, environment: Environment) -> None:
        self._folder = folder
        self._environment = environment

    def __len__(self) -> int:
        return len(list(self._folder.glob("*.crt")))

    def add(self, certificate: bytes, **said: Any) -> TrustedKey:
        """Have a certificate (DER) published from now on; `said`: the other fields of an `Entry`.

        Raises `KeyMaterialError` for one that cannot be used, `ConfigurationError` for one of another environment.
        """
        entry = Entry(certificate=certificate, **said)
        key = TrustedKey.from_certificate(certificate, kid=entry.kid, country=entry.country)
        if key.environment is Environment.TEST and self._environment is not Environment.TEST:
            raise ConfigurationError("a TEST certificate in a production list")
        fields = msgspec.to_builtins(entry)
        del fields["certificate"]
        # Not the key id: several certificates may share that.
        path = self._folder / f"{revocation.of_key(certificate).hex()}.crt"
        pem = x509.load_der_x509_certificate(certificate).public_bytes(serialization.Encoding.PEM)
        # First what restricts it: a certificate alone may sign all that it says itself.
        write_changed(path.with_suffix(".json"), json.dumps(fields, indent=1).encode())
        write_changed(path, pem)
        return key

    def remove(self, kid: str) -> None:
        """Have the keys with an id (hex) published no more. Raises `ConfigurationError` where there is none."""
        found = [path for path, entry in self.entries() if _kid(entry).hex() == kid.lower()]
        if not found:
            raise ConfigurationError("no key of that id is published")
        for path in found:
            path.unlink()
            path.with_suffix(".json").unlink(missing_ok=True)

    def entries(self) -> Iterator[tuple[Path, Entry]]:
        """What is published, and in which file it stands."""
        for path in sorted(self._folder.glob("*.crt")):
            try:
                der = x509.load_pem_x509_certificate(path.read_bytes()).public_bytes(serialization.Encoding.DER)
                said = json.loads(path.with_suffix(".json").read_text("utf-8"))
                entry = msgspec.convert(said | {"certificate": base64.b64encode(der).decode()}, type=Entry)
            except (OSError, ValueError, TypeError, msgspec.MsgspecError):
                raise ConfigurationError(f"{path}: cannot be read, or what stands beside it") from None
            yield path, entry


def _kid(entry: Entry) -> bytes:
    return TrustedKey.from_certificate(entry.certificate, kid=entry.kid).kid
