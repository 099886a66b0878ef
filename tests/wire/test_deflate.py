"""zlib streams: short, and bounded."""

import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaxcert.errors import CompressionError
from vaxcert.wire import deflate

texts = st.one_of(
    st.binary(max_size=1200),
    st.text(max_size=400).map(str.encode),
    st.lists(st.sampled_from([b"840539006", b"URN:UVCI:01:VN:", b"NGUYEN", b"\xe1\xbb\x85"]), max_size=60).map(
        b"".join
    ),
)


@given(texts, st.binary(max_size=80), st.binary(max_size=300))
def test_parts_come_back_as_one(text: bytes, before: bytes, after: bytes) -> None:
    stream = deflate.deflate(text, before=before, after=after)
    assert deflate.inflate(stream) == before + text + after
    assert zlib.decompress(stream) == before + text + after


@pytest.mark.parametrize("size", [0, 1, 2, 999, 1000, 1001, 1023, 1024, 5000, 60_000])
@pytest.mark.parametrize("kind", ["random", "one letter", "letters"])
def test_texts_of_every_size_and_kind_come_back(size: int, kind: str) -> None:
    rng = random.Random(size)
    text = {
        "random": rng.randbytes(size),
        "one letter": b"A" * size,
        "letters": bytes(rng.choices(b"ETAOIN SHRDLU", k=size)),
    }[kind]
    for before, after in ((b"", b""), (bytes(range(256)), b""), (b"", bytes(64)), (b"\xff" * 40, b"\xff" * 64)):
        assert zlib.decompress(deflate.deflate(text, before=before, after=after)) == before + text + after


def test_the_shorter_of_both_ways_is_kept() -> None:
    """Back references pay for what repeats itself, and cost a little where nothing does."""
    repeating = b"NGUYEN VAN MAU THU 1990 " * 20
    plain = bytes(random.Random(1).choices(b"abcdefghijklmnopqrstuvwxyz0123456789", k=200))
    assert len(deflate.deflate(repeating)) < 70
    for text in (repeating, plain):
        ways = [deflate._text_block(text, way)[1] for way in (zlib.Z_HUFFMAN_ONLY, zlib.Z_DEFAULT_STRATEGY)]
        assert len(deflate.deflate(text)) == (min(ways) + 3 + 7) // 8 + 2 + 4 + 4


@given(st.binary(max_size=2000), st.integers(0, 9))
def test_what_any_zlib_writes_is_read(data: bytes, level: int) -> None:
    assert deflate.inflate(zlib.compress(data, level)) == data


def test_the_stream_begins_as_every_deployed_reader_expects() -> None:
    assert deflate.deflate(b"x")[:2] == b"\x78\xda"


def test_a_repetitive_part_and_a_random_one_both_shrink_or_hardly_grow() -> None:
    noise = bytes(range(256))
    assert len(deflate.deflate(b"A" * 1000, after=noise)) < 290


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
