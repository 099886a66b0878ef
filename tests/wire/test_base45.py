"""RFC 9285, read strictly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaxcert.errors import EncodingError
from vaxcert.wire import base45


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"AB", "BB8"),
        (b"Hello!!", "%69 VD92EX0"),
        (b"base-45", "UJCLQE7W581"),
        (b"ietf!", "QED8WEX0"),
    ],
)
def test_the_examples_of_the_rfc_hold_both_ways(data: bytes, text: str) -> None:
    assert base45.encode(data) == text
    assert base45.decode(text) == data


@given(st.binary(max_size=3000))
def test_what_is_encoded_is_decoded_again(data: bytes) -> None:
    assert base45.decode(base45.encode(data)) == data


def test_every_pair_of_bytes_survives() -> None:
    everything = b"".join(number.to_bytes(2, "big") for number in range(1 << 16))
    assert base45.decode(base45.encode(everything)) == everything


def test_every_single_last_byte_survives() -> None:
    for byte in range(256):
        assert base45.decode(base45.encode(bytes((byte,)))) == bytes((byte,))


@pytest.mark.parametrize(
    "text",
    [
        "GGW",
        ":::",
        "000V5",
        "000::",
        "0",
        "0000",
        "ab",
        "aBC",
        "00é",
        "0\x00",
        "00\n",
        "０00",
        "00_",
        "ZZZ",
        "::",
    ],
    ids=ascii,
)
def test_what_is_not_base45_is_refused(text: str) -> None:
    with pytest.raises(EncodingError) as refused:
        base45.decode(text)
    assert refused.value.reason == "base45_invalid"


@given(st.text(alphabet=base45.ALPHABET.decode(), max_size=60))
def test_a_text_either_decodes_to_what_encodes_to_it_or_is_refused(text: str) -> None:
    try:
        data = base45.decode(text)
    except EncodingError:
        return
    assert base45.encode(data) == text


@given(st.text(max_size=40))
def test_no_text_raises_anything_but_the_typed_error(text: str) -> None:
    try:
        base45.decode(text)
    except EncodingError as error:
        assert error.stage == "encoding"
