"""The few facts of an X.509 certificate that real ones encode in ways a strict parser refuses.

Some published signers write default values out or leave extensions empty, which DER forbids; their cards are valid
all the same. So extensions are found by walking tags and lengths, and nothing else is read this way.
"""

from collections.abc import Iterator

from vaxcert.errors import KeyMaterialError, Reason

SEQUENCE = 0x30
OID = 0x06
OCTETS = 0x04
BOOLEAN = 0x01
EXTENSIONS = 0xA3  # [3] EXPLICIT (RFC 5280, section 4.1)


def oid(dotted: str) -> bytes:
    """The content octets of an object identifier (X.690, section 8.19)."""
    first, second, *rest = map(int, dotted.split("."))
    octets = bytearray()
    for arc in (40 * first + second, *rest):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(arc & 0x7F | 0x80)
        octets += bytes(reversed(groups))
    return bytes(octets)


def items(data: bytes) -> list[tuple[int, bytes]]:
    """The (tag, content) pairs that stand one after the other in `data`.

    Raises `KeyMaterialError` (`certificate_invalid`) where a length runs over the end.
    """
    pairs = []
    at = 0
    while at < len(data):
        try:
            tag, size = data[at], data[at + 1]
            at += 2
            if size & 0x80:
                octets = size & 0x7F
                if not 1 <= octets <= 4:
                    raise IndexError
                size = int.from_bytes(data[at : at + octets], "big")
                at += octets
            if at + size > len(data):
                raise IndexError
        except IndexError:
            raise KeyMaterialError(Reason.CERTIFICATE_INVALID, "broken DER") from None
        pairs.append((tag, data[at : at + size]))
        at += size
    return pairs


# RFC 5280, sections 4.2.1.12 and 4.2.1.9
_EXTENDED_KEY_USAGE, _BASIC_CONSTRAINTS = oid("2.5.29.37"), oid("2.5.29.19")


# What is understood where it is critical: RFC 5280, sections 4.2.1.3, 4.2.1.6 (names, which limit nothing), 4.2.1.9 and
# 4.2.1.12. Of 1,500 published signers none has another one critical.
_KNOWN = frozenset((OID, one) for one in (oid("2.5.29.15"), oid("2.5.29.17"), _BASIC_CONSTRAINTS, _EXTENDED_KEY_USAGE))


def _inside(data: bytes, tag: int) -> bytes:
    for found, content in items(data):
        if found == tag:
            return content
    return b""


def extensions(certificate: bytes) -> dict[bytes, bytes]:
    """Extension values by the content octets of their identifiers."""
    values = {}
    for parts in _extensions(certificate):
        if len(parts) >= 2 and parts[0][0] == OID and parts[-1][0] == OCTETS:
            values[parts[0][1]] = parts[-1][1]
    return values


def check_critical(certificate: bytes) -> None:
    """Raise `KeyMaterialError` (`critical_extension_unknown`) for a limit that is not understood here, yet must be.

    RFC 5280, section 4.2: a critical extension that is not known means that the certificate is not to be used.
    """
    for parts in _extensions(certificate):
        if any(tag == BOOLEAN and value.strip(b"\0") for tag, value in parts) and parts[0] not in _KNOWN:
            raise KeyMaterialError(Reason.CRITICAL_EXTENSION_UNKNOWN, "a critical extension that is not known here")


def _extensions(certificate: bytes) -> Iterator[list[tuple[int, bytes]]]:
    """Of each extension its parts: identifier, whether it is critical where that is written, and value."""
    fields = _inside(_inside(certificate, SEQUENCE), SEQUENCE)
    for _, extension in items(_inside(_inside(fields, EXTENSIONS), SEQUENCE)):
        yield items(extension)


def key_purposes(values: dict[bytes, bytes]) -> list[bytes]:
    """The content octets of the extended key usages; none where the extension is absent or empty.

    An extension that is there and cannot be read raises `KeyMaterialError`: it may have been a limit.
    """
    value = values.get(_EXTENDED_KEY_USAGE)
    if not value:
        return []
    outer = items(value)
    if len(outer) != 1 or outer[0][0] != SEQUENCE:
        raise KeyMaterialError(Reason.CERTIFICATE_INVALID, "unreadable extended key usage")
    purposes = items(outer[0][1])
    if any(tag != OID for tag, _ in purposes):
        raise KeyMaterialError(Reason.CERTIFICATE_INVALID, "unreadable extended key usage")
    return [content for _, content in purposes]


def is_authority(values: dict[bytes, bytes]) -> bool:
    """Whether BasicConstraints say CA:TRUE."""
    constraints = _inside(values.get(_BASIC_CONSTRAINTS, b""), SEQUENCE)
    return _inside(constraints, BOOLEAN) not in (b"", b"\x00")
