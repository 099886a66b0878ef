"""zlib streams (RFC 1950), and deflate alone, as certificates use them: short to write, bounded to read."""

import zlib

from vaxcert.errors import CompressionError, Reason

# The largest real certificate inflates to under 1 kB. 64 kB leaves room for long lists of doses, while a
# bomb of a gigabyte costs no more than this buffer, since the bound is kept while inflating.
MAX_INFLATED = 64 * 1024

# "Deflate, 32 kB window, best compression": some deployed readers inflate only what begins with 0x78.
_HEADER = b"\x78\xda"
# A raw stream with a window and tables for texts of some hundred bytes: at zlib's defaults clearing them takes
# longer than compressing.
_RAW_SMALL_WINDOW = -10
_MEMORY_LEVEL = 4
# With that memory zlib begins another block after 1,023 symbols; up to here a text is one block.
_ONE_BLOCK = 1_000

# RFC 1951, section 3.2.6: the fixed codes of the bytes. Bits are written here last first, so that a string of them
# reads as one number in which the first bit is the lowest.
_FIXED = [(f"{0x30 + byte:08b}" if byte < 144 else f"{0x190 + byte - 144:09b}")[::-1] for byte in range(256)]
_END_OF_BLOCK = "0000000"
_OPEN_FIXED = "010"  # not the last block, type 01
_LAST_FIXED_EMPTY = 2  # the bits up to the highest one of the empty last block that zlib ends a stream with


def deflate(text: bytes, *, before: bytes = b"", after: bytes = b"") -> bytes:
    """`before`, `text` and `after` as one zlib stream, each in a block of its own kind.

    `before` is short binary data and gets the fixed codes; `after` does not compress (a signature) and is stored;
    `text` gets its own Huffman codes, with or without back references, whichever is shorter. Their statistics do
    not spoil one another, which saves a tenth of the stream of a certificate.
    """
    if not 0 < len(text) <= _ONE_BLOCK or len(after) > 0xFFFF:
        return zlib.compress(before + text + after, 9)
    block, size = min(_text_block(text, zlib.Z_HUFFMAN_ONLY), _text_block(text, zlib.Z_DEFAULT_STRATEGY), key=_size)
    if not block >> 1 & 3:
        # A stored block begins at a whole byte of the stream, and cannot be moved by some bits.
        return zlib.compress(before + text + after, 9)
    opening = _END_OF_BLOCK + "".join(map(_FIXED.__getitem__, before[::-1])) + _OPEN_FIXED if before else ""
    bits = block << len(opening) | (int(opening, 2) if opening else 0)
    at = len(opening) + size
    # The last block: its three bits (last, type 00) and the padding to a whole byte, then length and complement.
    bits |= 1 << at
    return b"".join(
        (
            _HEADER,
            bits.to_bytes((at + 3 + 7) // 8, "little"),
            len(after).to_bytes(2, "little"),
            (len(after) ^ 0xFFFF).to_bytes(2, "little"),
            after,
            zlib.adler32(before + text + after).to_bytes(4, "big"),
        )
    )


def _text_block(text: bytes, strategy: int) -> tuple[int, int]:
    """One block, not the last, as a number whose lowest bit is the first, and how many bits it has."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, _RAW_SMALL_WINDOW, _MEMORY_LEVEL, strategy)
    # zlib pads to whole bytes only behind the last block. After a flush to the end of the text's block that one is
    # empty and always the same, so its highest bit tells where the text's block ended.
    stream = compressor.compress(text) + compressor.flush(zlib.Z_BLOCK) + compressor.flush()
    number = int.from_bytes(stream, "little")
    size = number.bit_length() - _LAST_FIXED_EMPTY
    return number & ((1 << size) - 1), size


def _size(block: tuple[int, int]) -> int:
    return block[1]


def inflate(data: bytes, *, raw: bool = False) -> bytes:
    """The content of exactly one zlib stream, or with `raw` deflate stream (RFC 1951), of at most `MAX_INFLATED` bytes.

    Raises `CompressionError`: `inflated_too_large`, or `compression_invalid` for what is no zlib stream,
    cut short, damaged or followed by more bytes.
    """
    stream = zlib.decompressobj(-zlib.MAX_WBITS) if raw else zlib.decompressobj()
    try:
        content = stream.decompress(data, MAX_INFLATED + 1)
    except zlib.error:
        raise CompressionError(
            Reason.COMPRESSION_INVALID, "not a deflate stream" if raw else "not a zlib stream"
        ) from None
    if len(content) > MAX_INFLATED:
        raise CompressionError(Reason.INFLATED_TOO_LARGE, f"more than {MAX_INFLATED} bytes")
    if not stream.eof:
        raise CompressionError(Reason.COMPRESSION_INVALID, "the stream is cut short")
    if stream.unused_data:
        raise CompressionError(Reason.COMPRESSION_INVALID, "bytes behind the stream")
    return content


def deflate_raw(data: bytes) -> bytes:
    """A deflate stream (RFC 1951) without zlib's header, as JSON Web Signatures have it (RFC 7516, section 4.1.3)."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return compressor.compress(data) + compressor.flush()
