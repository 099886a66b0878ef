"""Pixels written at once are those that zlib would have packed."""

import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vaxcert.qr import packed, png


@pytest.mark.parametrize("version", range(1, 41))
def test_every_size_is_the_stream_of_the_same_pixels(version: int) -> None:
    side = 17 + 4 * version + 8
    framed = np.random.default_rng(version).integers(0, 2, (3, side, side), dtype=np.uint8)
    assert inflated(packed.compressed(framed)) == inflated(png._compressed(framed, packed.SCALE))


@given(version=st.integers(1, 40), seed=st.integers(0, 2**32), light=st.floats(0, 1))
@settings(max_examples=40)
def test_any_pattern_is_the_stream_of_the_same_pixels(version: int, seed: int, light: float) -> None:
    side = 17 + 4 * version + 8
    framed = (np.random.default_rng(seed).random((2, side, side)) < light).astype(np.uint8)
    assert inflated(packed.compressed(framed)) == inflated(png._compressed(framed, packed.SCALE))


def inflated(streams: list[bytes]) -> list[bytes]:
    """Whole streams, with nothing after them and a checksum that holds."""
    found = []
    for stream in streams:
        inflater = zlib.decompressobj()
        found.append(inflater.decompress(stream))
        assert inflater.eof
        assert inflater.unused_data == b""
    return found
