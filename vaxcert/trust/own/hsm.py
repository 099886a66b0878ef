"""Keys that never leave a token: PKCS #11, told where they are by a URI (RFC 7512).

    pkcs11:token=vaxcert;object=dsc?module-path=/usr/lib/softhsm/libsofthsm2.so

`token` or `serial` names the token, `object` or `id` the key and the certificate beside it. The module may also be
named by VAXCERT_PKCS11_MODULE. The PIN is given apart, or stands in the file that `pin-source` names.
"""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

from vaxcert.errors import ConfigurationError, NotFoundError, Reason
from vaxcert.extras import missing
from vaxcert.trust.own import passphrase

SCHEME = "pkcs11:"
_KNOWN = frozenset(("token", "serial", "object", "id", "module-path", "pin-source"))

# Sessions of one process that sign at the same time crash or hang some modules, so there is one, behind a lock.
_lock = threading.RLock()
_sessions: dict[tuple[int, str, str, str], Any] = {}


class Place(NamedTuple):
    """What a PKCS #11 URI says."""

    module: str
    token: str
    serial: str
    label: str
    id: bytes
    pin_source: str


def parse(uri: str) -> Place:
    """Read a PKCS #11 URI. Raises `ConfigurationError` for one that says too little, or what is not understood."""
    path, _, query = uri.removeprefix(SCHEME).partition("?")
    said: dict[str, bytes] = {}
    for part in [*filter(None, path.split(";")), *filter(None, query.split("&"))]:
        name, _, value = part.partition("=")
        if name == "pin-value":
            raise ConfigurationError("a PIN in a URI is seen by all on the machine: use pin-source, or give it apart")
        if name == "type" and value in ("private", "cert"):
            continue
        if name not in _KNOWN or name in said:
            raise ConfigurationError(f"pkcs11 URI: {name} is not understood; there are {', '.join(sorted(_KNOWN))}")
        said[name] = unquote_to_bytes(value)
    texts = {name: value.decode("utf-8", "replace") for name, value in said.items()}
    module = texts.get("module-path") or os.environ.get("VAXCERT_PKCS11_MODULE", "")
    if not module:
        raise ConfigurationError("pkcs11 URI: no module: add ?module-path=…, or set VAXCERT_PKCS11_MODULE")
    if not (texts.get("token") or texts.get("serial")) or not (texts.get("object") or said.get("id")):
        raise ConfigurationError("pkcs11 URI: it has to name a token (or serial) and an object (or id)")
    return Place(
        module=module,
        token=texts.get("token", ""),
        serial=texts.get("serial", ""),
        label=texts.get("object", ""),
        id=said.get("id", b""),
        pin_source=texts.get("pin-source", "").removeprefix("file:"),
    )


class TokenKey:
    """A P-256 private key on a token, and the certificate beside it there, if any (DER).

    Raises `ConfigurationError` for whatever keeps it from signing.
    """

    def __init__(self, uri: str, pin: str | None) -> None:
        # First what is missing: whoever mends a URI should not be told that afterwards.
        pkcs11 = _pkcs11()
        place = parse(uri)
        names: dict[str, Any] = {"label": place.label or None, "id": place.id or None}
        with _lock:
            self._process = os.getpid()
            session = _session(place, pin)
            try:
                self._key = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, **names)
                wanted = {pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE}
                wanted |= {pkcs11.Attribute.LABEL: place.label} if place.label else {}
                wanted |= {pkcs11.Attribute.ID: place.id} if place.id else {}
                found = [bytes(one[pkcs11.Attribute.VALUE]) for one in session.get_objects(wanted)]
            except pkcs11.exceptions.PKCS11Error as error:
                raise NotFoundError(
                    f"{place.token or place.serial}: no such key ({_name(error)})", Reason.NO_SUCH_RECORD
                ) from None
        if len(found) > 1:
            raise ConfigurationError(f"{place.token or place.serial}: {len(found)} certificates of that name")
        self.certificate: bytes | None = found[0] if found else None

    def sign_raw(self, data: bytes) -> bytes:
        """The signature, r ‖ s, 64 bytes, over the SHA-256 of `data`."""
        pkcs11 = _pkcs11()
        if os.getpid() != self._process:
            raise ConfigurationError("a token's key cannot be used after a fork: load it in the process that signs")
        try:
            with _lock:
                # Not every module hashes by itself, so it gets the digest.
                made: bytes = self._key.sign(hashlib.sha256(data).digest(), mechanism=pkcs11.Mechanism.ECDSA)
        except pkcs11.exceptions.PKCS11Error as error:
            raise ConfigurationError(f"the token does not sign ({_name(error)})", Reason.KEY_UNFIT) from None
        return made


def _session(place: Place, pin: str | None) -> Any:
    pkcs11 = _pkcs11()
    if pin is None and place.pin_source:
        pin = passphrase.read(Path(place.pin_source), "PIN")
    if not pin:
        raise ConfigurationError(
            f"{place.token or place.serial}: a passphrase is needed: the token's PIN", Reason.PASSPHRASE_NEEDED
        )
    # By a hash of the PIN too: whoever does not know it gets no session that is open already.
    known = (os.getpid(), place.module, place.token or place.serial, hashlib.sha256(pin.encode()).hexdigest())
    if known not in _sessions:
        try:
            library = pkcs11.lib(place.module)
        except (RuntimeError, OSError):
            raise ConfigurationError(
                f"{place.module}: not a PKCS #11 module that can be loaded", Reason.COMPONENT_MISSING
            ) from None
        try:
            token = library.get_token(token_label=place.token or None, token_serial=place.serial.encode() or None)
            _sessions[known] = token.open(user_pin=pin)
        except pkcs11.exceptions.PKCS11Error as error:
            told = f"{place.token or place.serial}: the token cannot be opened ({_name(error)})"
            if isinstance(error, pkcs11.exceptions.NoSuchToken):
                raise NotFoundError(told, Reason.NO_SUCH_RECORD) from None
            wrong = isinstance(error, pkcs11.exceptions.PinIncorrect | pkcs11.exceptions.PinLenRange)
            raise ConfigurationError(told, Reason.PASSPHRASE_WRONG if wrong else None) from None
    return _sessions[known]


def _pkcs11() -> Any:
    try:
        import pkcs11
    except ImportError:
        raise ConfigurationError(
            missing("keys on a token need python-pkcs11", "hsm"), Reason.COMPONENT_MISSING
        ) from None
    return pkcs11


def _name(error: Exception) -> str:
    return type(error).__name__
