"""The steps of a card's decoding, for developers: what is shown is personal data, and none of it has been checked."""

from __future__ import annotations

from collections.abc import Iterator

import cbor2

from vaxcert.formats import bare, hcert, recognise
from vaxcert.names import printable
from vaxcert.wire import cbor, cose, deflate
from vaxcert.wire.diagnostic import diagnostic


def steps(text: str) -> Iterator[tuple[str, str]]:
    """Yield each step's title and what it gave, as text to show. Raises `CardError` at the step that broke."""
    text = bare(text)
    yield f"text, {len(text)} characters", printable(text[:200]) + (" …" if len(text) > 200 else "")
    recognise(text)
    compressed = hcert.compressed(text)
    yield f"base45 decoded, {len(compressed)} bytes", compressed.hex()
    message = deflate.inflate(compressed)
    yield f"inflated, {len(message)} bytes", message.hex()
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


def printable_block(block: str) -> str:
    """Text of several lines, each as it may be shown. No other line break than LF, which texts in it escape, is one."""
    return "\n".join(map(printable, block.split("\n")))
