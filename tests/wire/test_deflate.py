"""zlib streams: short, and bounded."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaxcert.errors import CompressionError
from vaxcert.wire import deflate


@given(st.lists(st.binary(max_size=400), max_size=5))
def test_parts_come_back_as_one(parts: list[bytes]) -> None:
    assert deflate.inflate(deflate.deflate(*parts)) == b"".join(parts)


@given(st.lists(st.binary(max_size=400), min_size=1, max_size=4))
def test_any_zlib_reads_what_is_written(parts: list[bytes]) -> None:
    assert zlib.decompress(deflate.deflate(*parts)) == b"".join(parts)


@given(st.binary(max_size=2000), st.integers(0, 9))
def test_what_any_zlib_writes_is_read(data: bytes, level: int) -> None:
    assert deflate.inflate(zlib.compress(data, level)) == data


def test_the_stream_begins_as_every_deployed_reader_expects() -> None:
    assert deflate.deflate(b"x")[:2] == b"\x78\xda"


def test_a_repetitive_part_and_a_random_one_both_shrink_or_hardly_grow() -> None:
    random = bytes(range(256))
    assert len(deflate.deflate(b"A" * 1000, random)) < 330


@pytest.mark.parametrize("size", [deflate.MAX_INFLATED - 1, deflate.MAX_INFLATED])
def test_content_up_to_the_bound_is_read(size: int) -> None:
    assert len(deflate.inflate(zlib.compress(bytes(size)))) == size


@pytest.mark.parametrize("size", [deflate.MAX_INFLATED + 1, 1_000_000, 200_000_000])
def test_one_byte_past_the_bound_and_bombs_are_refused(size: int) -> None:
    with pytest.raises(CompressionError) as refused:
        deflate.inflate(zlib.compress(bytes(size)))
    assert refused.value.reason == "inflated_too_large"


GOOD = zlib.compress(b"a certificate, made up")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x78",
        b"\x78\xda",
        GOOD[:-1],
        GOOD[:-4],
        GOOD[:10],
        GOOD + b"\0",
        GOOD + GOOD,
        GOOD[:-1] + bytes((GOOD[-1] ^ 1,)),
        b"\xd2\x84" + GOOD,
        zlib.compress(b"raw")[2:-4],
        b"\x1f\x8b" + GOOD,
    ],
)
def test_what_is_not_one_whole_stream_is_refused(data: bytes) -> None:
    with pytest.raises(CompressionError) as refused:
        deflate.inflate(data)
    assert refused.value.reason == "compression_invalid"


def test_a_stream_that_needs_a_dictionary_is_refused() -> None:
    compressor = zlib.compressobj(zdict=b"certificate")
    with pytest.raises(CompressionError):
        deflate.inflate(compressor.compress(b"certificate") + compressor.flush())


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_but_the_typed_error(data: bytes) -> None:
    try:
        deflate.inflate(data)
    except CompressionError as error:
        assert error.stage == "compression"
