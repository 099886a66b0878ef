"""HCERT: the container of the EU DCC, of Vietnam and of WHO's network (HCERT specification 1.0.8).

    "HC1:" + base45(zlib(COSE_Sign1(CWT claims)))

The claims hold a certificate under −260, whose own keys say in which language it is written.
"""

from collections.abc import Mapping
from typing import Any

from vaxcert.errors import (
    CardError,
    ContentError,
    EnvelopeError,
    FormatError,
    Reason,
    UnsupportedContentError,
)
from vaxcert.formats import dates, eudcc, who
from vaxcert.model import Certificate
from vaxcert.trust import Opened
from vaxcert.trust.own.signing import SigningKey
from vaxcert.verdict import Stage
from vaxcert.wire import Algorithm, Sealed, base45, cbor, cose, deflate

PREFIX = "HC1:"

# The densest QR code holds 4,296 alphanumeric characters: what is longer came from no single symbol, and
# is refused before a byte of it is decoded.
MAX_TEXT = 5_000

# CWT claim keys (RFC 8392, section 4) and the one that HCERT adds
ISS, EXP, NBF, IAT, CTI, HCERT_CLAIM = 1, 4, 5, 6, 7, -260
EU_DCC = 1  # HCERT 1.0.8, section 3.3.1: the first and so far usual content
# What WHO's network carries beside it, by the name that `vaxcert.wording.kinds` has: signed, and not read here.
_OTHER_CONTENTS = {4: "who_ddcc"}
_WHOS = (who.ICVP, who.DDCC, who.LINK)
# What errors call the claims of times.
_NAMES = {key: f"claim {key}" for key in (EXP, NBF, IAT)}


class Hcert:
    """The envelope: reads every content that it knows, writes EU DCC and WHO's certificate of vaccination."""

    name: str = "hcert"
    algorithms: frozenset[Algorithm] = frozenset((Algorithm.ES256, Algorithm.PS256))
    stages: tuple[Stage, ...] = (Stage.FORMAT, Stage.ENCODING, Stage.COMPRESSION, Stage.ENVELOPE)

    def detect(self, text: str) -> bool:
        """Whether the text begins with "HC1:"."""
        return text.startswith(PREFIX)

    def unwrap(self, text: str) -> Sealed:
        """The COSE message in a text that begins with the prefix."""
        return cose.decode(deflate.inflate(compressed(text)))

    def read(self, opened: Opened) -> Certificate:
        """The certificate in the claims of a checked message."""
        try:
            claims = cbor.loads(opened.payload)
        except EnvelopeError as error:
            # The same strict profile, but by now the bytes are signed: the fault is the content's.
            raise ContentError(Reason.CONTENT_INVALID, error.detail) from None
        if not isinstance(claims, dict):
            raise ContentError(Reason.CONTENT_INVALID, "the claims are no map")
        contents = claims.get(HCERT_CLAIM)
        # A map and nothing else: the second item of an array is no content of the kind 1.
        if type(contents) is not dict or EU_DCC not in contents:
            if type(contents) is dict and (kind := next((one for one in _WHOS if one in contents), None)) is not None:
                return _of_who(kind, contents[kind], _container(claims), _named(claims))
            if contents is None and who.is_legacy(claims):
                return who.read_ddcc(claims, _container(claims))
            for kind in contents if type(contents) is dict else ():
                if kind in _OTHER_CONTENTS:
                    raise UnsupportedContentError(Reason.FORMAT_UNSUPPORTED, _OTHER_CONTENTS[kind])
            raise ContentError(Reason.CONTENT_UNKNOWN, "no certificate of a known kind under claim -260")
        return eudcc.read(
            contents[EU_DCC],
            issuer=_issuer(claims),
            issued_at=dates.moment(claims.get(IAT), _NAMES[IAT]),
            expires_at=dates.moment(claims.get(EXP), _NAMES[EXP]),
            not_before=dates.moment(claims[NBF], _NAMES[NBF]) if NBF in claims else None,
        )


HCERT = Hcert()


def compressed(text: str) -> bytes:
    """The zlib stream in a text that begins with the prefix. Raises `FormatError` or `EncodingError`."""
    if len(text) > MAX_TEXT:
        raise FormatError(Reason.TEXT_TOO_LONG, f"{len(text)} characters, at most {MAX_TEXT}")
    return base45.decode(text[len(PREFIX) :])


def is_whole(text: str) -> bool:
    """Whether a text decodes as far as one whole compressed stream: what was cut, or lost a letter, never does."""
    try:
        deflate.inflate(compressed(text))
    except CardError:
        return False
    return True


def _issuer(claims: dict[Any, Any]) -> str:
    issuer = claims.get(ISS)
    if issuer is not None and type(issuer) is not str:
        raise ContentError(Reason.CONTENT_INVALID, "claim 1 is no text")
    return issuer or ""


def _container(claims: dict[Any, Any]) -> who.ContainerClaims:
    """What the container itself says of a content of WHO's, which need not say it all."""
    moments = {name: dates.moment(claims[key], _NAMES[key]) if key in claims else None for name, key in _TIMES.items()}
    return who.ContainerClaims(issuer=_issuer(claims), **moments)


_TIMES = {"issued_at": IAT, "expires_at": EXP, "not_before": NBF}


def _of_who(kind: int, content: object, claims: who.ContainerClaims, named: str) -> Certificate:
    if kind == who.LINK:
        return who.read_link(claims)
    return who.read_icvp(content, claims, named) if kind == who.ICVP else who.read_ddcc(content, claims)


def _named(claims: dict[Any, Any]) -> str:
    """The id of a certificate that the container names (CWT's `cti`), "" for none that is text."""
    value = claims.get(CTI)
    return value.decode("ascii") if type(value) is bytes and value.isascii() and value.decode().isprintable() else ""


def seal_icvp(
    content: Mapping[str, Any], *, key: SigningKey, issuer: str, named: str, issued_at: int, expires_at: int
) -> str:
    """The signed text of WHO's certificate of vaccination. `named`: its id, which its content has no place for."""
    claims = {ISS: issuer, EXP: expires_at, IAT: issued_at, CTI: named.encode(), HCERT_CLAIM: {who.ICVP: content}}
    payload, protected = cbor.dumps(claims), cose.protected_header(key.algorithm, key.kid)
    signature = key.sign(cose.signing_input(protected, payload))
    before, text, after = cose.encode(protected, payload, signature)
    return PREFIX + base45.encode(deflate.deflate(text, before=before, after=after))


def seal(dcc: Mapping[str, Any], *, key: SigningKey, issuer: str, issued_at: int, expires_at: int) -> str:
    """The signed text of a DCC. `issuer`: ISO 3166 alpha-2; times: whole seconds since 1970, UTC."""
    claims = cbor.dumps({ISS: issuer, EXP: expires_at, IAT: issued_at})
    # The same bytes as the whole map at once would give, made in two parts because the compressor
    # wants to know where the text begins: a map of four, of which −260 → {1: DCC} is the last.
    opening = b"\xa4" + claims[1:] + b"\x39\x01\x03\xa1\x01"
    text = cbor.dumps(dcc)
    payload = opening + text
    protected = cose.protected_header(key.algorithm, key.kid)
    signature = key.sign(cose.signing_input(protected, payload))
    before, _, after = cose.encode(protected, payload, signature)
    return PREFIX + base45.encode(deflate.deflate(text, before=before + opening, after=after))
