"""COSE_Sign1 (RFC 9052, section 4.2): one payload, one signature.

Our own, because trust rests on a few decisions here that general libraries take otherwise: the two
headers are never merged, so an algorithm in the unsigned one cannot pass for a signed one.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import cbor2

from vaxcert.errors import EnvelopeError, Reason
from vaxcert.wire import cbor
from vaxcert.wire.sealed import Algorithm, Sealed

# Header labels: RFC 9052, section 3.1, table 3
ALG = 1
CRIT = 2
KID = 4
# Algorithm labels: RFC 9053, section 2.1, and RFC 8230, section 2
LABELS: Mapping[Algorithm, int] = {Algorithm.ES256: -7, Algorithm.PS256: -37, Algorithm.ES384: -35}
_NAMES = {label: str(name) for name, label in LABELS.items()}

_TAG_SIGN1 = b"\xd2"  # tag 18
_ARRAY_OF_4 = b"\x84"
_EMPTY_MAP = b"\xa0"
_CONTEXT = b"\x84\x6aSignature1"  # an array of four that begins with the text "Signature1"
_BYTES = 2
# cbor2 returns the frozen kinds inside tags. Types, not isinstance: abstract classes answer slowly.
_ARRAYS = (list, tuple)
_MAPS = (dict, cbor2.frozendict)


def decode(data: bytes) -> Sealed:
    """The message in `data`, tagged as COSE_Sign1, as a CWT around one, or untagged.

    The key id is the signed header's, else the unsigned one's. Raises `EnvelopeError`: `cbor_invalid`
    or `cose_invalid`.
    """
    parts = _usual(data)
    if parts is not None:
        protected, payload, signature = parts
        alg, kid = _parameters(protected)
        return Sealed(signing_input(protected, payload), payload, signature, kid, alg)
    message = cbor.loads(data)
    while type(message) is cbor2.CBORTag:
        message = message.value
    if type(message) not in _ARRAYS or len(message) != 4:
        raise EnvelopeError(Reason.COSE_INVALID, "not a COSE_Sign1 array of four")
    protected, unprotected, payload, signature = message
    if type(protected) is not bytes or type(payload) is not bytes or type(signature) is not bytes:
        raise EnvelopeError(Reason.COSE_INVALID, "an item that is no byte string")
    if type(unprotected) not in _MAPS:
        raise EnvelopeError(Reason.COSE_INVALID, "a header that is no map")
    alg, kid = _parameters(protected)
    alg_unprotected = None
    if unprotected:
        alg_unprotected, other_kid = _read_header(unprotected)
        kid = other_kid if kid is None else kid
    return Sealed(signing_input(protected, payload), payload, signature, kid, alg, alg_unprotected)


def _usual(data: bytes) -> tuple[bytes, bytes, bytes] | None:
    """The byte strings of the usual message: tagged, definite, no unsigned parameters. None for any other.

    A third of the time that the general decoder takes; that one sees whatever does not have exactly this shape.
    """
    if data[:2] != _TAG_SIGN1 + _ARRAY_OF_4:
        return None
    at = 2
    strings = []
    try:
        for position in range(3):
            size = data[at] - 0x40
            at += 1
            if not 0 <= size < 24:
                octets = size - 23
                if not 1 <= octets <= 2:
                    return None
                size = int.from_bytes(data[at : at + octets], "big")
                at += octets
            strings.append(data[at : at + size])
            at += size
            if position == 0:
                if data[at] != 0xA0:
                    return None
                at += 1
    except IndexError:
        return None
    return (strings[0], strings[1], strings[2]) if at == len(data) else None


# A signer's header is the same on all its cards, and nothing in it is about anybody.
@lru_cache(maxsize=4096)
def _parameters(protected: bytes) -> tuple[str | None, bytes | None]:
    header = cbor.loads(protected) if protected else {}
    if type(header) is not dict:
        raise EnvelopeError(Reason.COSE_INVALID, "a header that is no map")
    return _read_header(header)


def _read_header(header: Mapping[Any, Any]) -> tuple[str | None, bytes | None]:
    if CRIT in header:
        # RFC 9052, section 3.1: what is critical and not understood makes the message invalid.
        raise EnvelopeError(Reason.COSE_INVALID, "a critical header that is not understood")
    kid = header.get(KID)
    if kid is not None and type(kid) is not bytes:
        raise EnvelopeError(Reason.COSE_INVALID, "a key id that is no byte string")
    return _algorithm(header), kid


def _algorithm(header: Mapping[Any, Any]) -> str | None:
    label = header.get(ALG)
    if label is None:
        return None
    if type(label) is not int:
        return "COSE algorithm that is no integer"
    return _NAMES.get(label) or f"COSE {label}"


def signing_input(protected: bytes, payload: bytes) -> bytes:
    """The Sig_structure over which the signature is made (RFC 9052, section 4.4), no external data."""
    if protected == _EMPTY_MAP:
        protected = b""  # the same section: a header without parameters is signed as an empty string
    return b"".join((_CONTEXT, head(_BYTES, len(protected)), protected, b"\x40", head(_BYTES, len(payload)), payload))


@lru_cache(maxsize=256)
@lru_cache(maxsize=64)
def protected_header(algorithm: Algorithm, kid: bytes) -> bytes:
    """The signed header that names the algorithm and the key."""
    return cbor.dumps({ALG: LABELS[algorithm], KID: kid})


def encode(protected: bytes, payload: bytes, signature: bytes) -> tuple[bytes, bytes, bytes]:
    """A tagged COSE_Sign1 in three parts, to be concatenated: what precedes the payload, it, what follows.

    In parts, because a compressor does better when it knows where the signature begins.
    """
    before = b"".join(
        (
            _TAG_SIGN1,
            _ARRAY_OF_4,
            head(_BYTES, len(protected)),
            protected,
            _EMPTY_MAP,
            head(_BYTES, len(payload)),
        )
    )
    return before, payload, head(_BYTES, len(signature)) + signature


def head(major: int, argument: int) -> bytes:
    """The head of a data item (RFC 8949, section 3), for arguments up to 65,535."""
    if argument < 24:
        return bytes((major << 5 | argument,))
    if argument < 1 << 8:
        return bytes((major << 5 | 24, argument))
    return bytes((major << 5 | 25,)) + argument.to_bytes(2, "big")
