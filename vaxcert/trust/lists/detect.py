"""Which form a published list has, told by its content."""

from __future__ import annotations

from functools import partial

from vaxcert.errors import ConfigurationError, DamagedError, Reason
from vaxcert.trust import pem
from vaxcert.trust.keys import TrustedKey
from vaxcert.trust.lists import did, germany, jwks, national
from vaxcert.trust.lists.base import MAX_SIZE, Published, collect, from_json
from vaxcert.trust.lists.signatures import token


def read(data: bytes, *, issuer: str = "") -> Published:
    """A list in any of the known forms. `issuer`: whose keys those of a form are that does not say so (JWKS).

    Raises `ConfigurationError` for anything else.
    """
    if len(data) > MAX_SIZE:
        raise ConfigurationError(f"not a published list: more than {MAX_SIZE >> 20} MB", Reason.TOO_LARGE)
    # Before DER: base64 may begin with the character "0", which is DER's first byte.
    if (signed := germany.split(data)) is not None:
        return germany.load_signed(*signed)
    if data.lstrip()[:1] not in (b"{", b"[") and (pem.CERTIFICATE in data or data[:1] == b"\x30"):
        return _certificates(data)
    if (found := token(data)) is not None:
        document, proof = found
        if national.detect(document):
            return national.load(document, proof)
        raise ConfigurationError("not a published list: a signed token of another form", Reason.FORM_UNKNOWN)
    document = from_json(data)
    if did.detect(document):
        return did.load(document)
    if germany.detect(document):
        return germany.load(document)
    if national.detect(document):
        return national.load(document)
    if jwks.detect(document):
        return jwks.load(document, issuer)
    raise ConfigurationError("not a published list of any known form", Reason.FORM_UNKNOWN)


def _certificates(data: bytes) -> Published:
    """PEM certificates one after the other, or one in DER."""
    try:
        blocks = pem.certificates(data)
    except ValueError:
        raise DamagedError("not a published list: broken PEM") from None
    keys, refused = collect(
        (f"certificate {number}", partial(TrustedKey.from_certificate, block)) for number, block in enumerate(blocks, 1)
    )
    if not keys and pem.CERTIFICATE not in data:
        raise ConfigurationError("not a published list of any known form", Reason.FORM_UNKNOWN)
    return Published(name="certificates", keys=keys, refused=refused)
