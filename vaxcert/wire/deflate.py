"""zlib streams (RFC 1950) as certificates use them: short to write, bounded to read."""

import zlib

from vaxcert.errors import CompressionError, Reason

# The largest real certificate inflates to under 1 kB. 64 kB leaves room for long lists of doses, while a
# bomb of a gigabyte costs no more than this buffer, since the bound is kept while inflating.
MAX_INFLATED = 64 * 1024

# "Deflate, 32 kB window, best compression". Some deployed readers inflate only what begins with 0x78, so
# the header is written by hand around a raw stream made with a smaller window.
_HEADER = b"\x78\xda"
_RAW_SMALL_WINDOW = -10
# Level 9 of memory costs some 35 page faults a call for buffers that a text of 400 bytes never fills.
_MEMORY_LEVEL = 4


def deflate(*parts: bytes) -> bytes:
    """The concatenated parts as one zlib stream, the shorter of two ways.

    Each part starts a block of its own. Where digits and signatures (which do not compress) are given
    apart from text, their statistics do not spoil each other's Huffman codes.
    """
    matched = _stream(parts, zlib.Z_DEFAULT_STRATEGY)
    huffman = _stream(parts, zlib.Z_HUFFMAN_ONLY)
    checksum = 1
    for part in parts:
        checksum = zlib.adler32(part, checksum)
    return _HEADER + min(matched, huffman, key=len) + checksum.to_bytes(4, "big")


def _stream(parts: tuple[bytes, ...], strategy: int) -> bytes:
    compressor = zlib.compressobj(9, zlib.DEFLATED, _RAW_SMALL_WINDOW, _MEMORY_LEVEL, strategy)
    out = []
    for number, part in enumerate(parts, 1):
        out.append(compressor.compress(part))
        out.append(compressor.flush(zlib.Z_BLOCK if number < len(parts) else zlib.Z_FINISH))
    return b"".join(out) if parts else compressor.flush()


def inflate(data: bytes) -> bytes:
    """The content of exactly one zlib stream of at most `MAX_INFLATED` bytes.

    Raises `CompressionError`: `inflated_too_large`, or `compression_invalid` for what is no zlib stream,
    cut short, damaged or followed by more bytes.
    """
    stream = zlib.decompressobj()
    try:
        content = stream.decompress(data, MAX_INFLATED + 1)
    except zlib.error:
        raise CompressionError(Reason.COMPRESSION_INVALID, "not a zlib stream") from None
    if len(content) > MAX_INFLATED:
        raise CompressionError(Reason.INFLATED_TOO_LARGE, f"more than {MAX_INFLATED} bytes")
    if not stream.eof:
        raise CompressionError(Reason.COMPRESSION_INVALID, "the stream is cut short")
    if stream.unused_data:
        raise CompressionError(Reason.COMPRESSION_INVALID, "bytes behind the stream")
    return content
