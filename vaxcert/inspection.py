"""The steps of a card's decoding, for developers: what is shown is personal data, and none of it has been checked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import cbor2
import msgspec

from vaxcert.formats import bare, hcert, links, nzcp, recognise, shc, vdsnc
from vaxcert.names import printable
from vaxcert.wire import base64url, cbor, cose, deflate, jsontext, jws
from vaxcert.wire.diagnostic import diagnostic


def steps(text: str) -> Iterator[tuple[str, str]]:
    """Yield each step's title and what it gave, as text to show. Raises `CardError` at the step that broke."""
    text = bare(text)
    yield f"text, {len(text)} characters", printable(text[:200]) + (" …" if len(text) > 200 else "")
    if (link := links.read(text)) is not None:
        yield "link, not followed", _shown(msgspec.to_builtins(link))
    language = recognise(text)
    if language.name != "hcert":
        yield "format", language.name
    yield from _STEPS[language.name](text)


def _hcert(text: str) -> Iterator[tuple[str, str]]:
    compressed = hcert.compressed(text)
    yield f"base45 decoded, {len(compressed)} bytes", compressed.hex()
    message = deflate.inflate(compressed)
    yield f"inflated, {len(message)} bytes", message.hex()
    yield from _cose(message)


def _nzcp(text: str) -> Iterator[tuple[str, str]]:
    message = nzcp.message(text)
    yield f"base32 decoded, {len(message)} bytes", message.hex()
    yield from _cose(message)


def _cose(message: bytes) -> Iterator[tuple[str, str]]:
    sealed = cose.decode(message)
    item = cbor.loads(message)
    while isinstance(item, cbor2.CBORTag):
        item = item.value
    protected, unprotected = (cbor.loads(item[0]) if item[0] else {}), dict(item[1])
    yield "COSE protected header", printable_block(diagnostic(protected))
    yield "COSE unprotected header", printable_block(diagnostic(unprotected))
    yield "key id", sealed.kid.hex() if sealed.kid is not None else "none"
    yield f"signature, {len(sealed.signature)} bytes", sealed.signature.hex()
    yield "claims, not yet checked", printable_block(diagnostic(cbor.loads(sealed.payload)))


def _shc(text: str) -> Iterator[tuple[str, str]]:
    token = shc.token(text)
    yield f"token, {len(token)} characters", printable(token)
    found = jws.decode(token)
    yield "JWS header", _shown(jsontext.loads(base64url.decode(token.partition(".")[0])))
    yield f"signature, {len(found.sealed.signature)} bytes", found.sealed.signature.hex()
    sealed = shc.SHC.unwrap(text)
    yield "issuer, which the key has to be of", printable(sealed.issuer)
    yield f"claims, inflated, {len(sealed.payload)} bytes, not yet checked", _shown(jsontext.loads(sealed.payload))


def _vdsnc(text: str) -> Iterator[tuple[str, str]]:
    sealed = vdsnc.VDS_NC.unwrap(text)
    yield f"signed data, {len(sealed.payload)} bytes in canonical form", _shown(jsontext.loads(sealed.payload))
    yield "algorithm that the seal names", printable(sealed.alg or "none")
    yield f"signer's certificate, {len(sealed.certificates[0])} bytes, not yet checked", sealed.certificates[0].hex()
    yield f"signature, {len(sealed.signature)} bytes", sealed.signature.hex()


_STEPS: dict[str, Callable[[str], Iterator[tuple[str, str]]]] = {
    "hcert": _hcert,
    "shc": _shc,
    "nzcp": _nzcp,
    "vdsnc": _vdsnc,
}


def _shown(value: object) -> str:
    return printable_block(json.dumps(value, ensure_ascii=False, indent=2))


def printable_block(block: str) -> str:
    """Text of several lines, each as it may be shown. No other line break than LF, which texts in it escape, is one."""
    return "\n".join(map(printable, block.split("\n")))
