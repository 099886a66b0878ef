"""COSE_Sign1: the two headers stay apart, and only one shape is read."""

from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaxcert.errors import EnvelopeError
from vaxcert.wire import Algorithm, cbor, cose


@given(
    st.binary(max_size=3000),
    st.binary(min_size=1, max_size=32),
    st.binary(max_size=600),
    st.sampled_from(Algorithm),
)
def test_what_is_encoded_is_decoded_again(payload: bytes, kid: bytes, signature: bytes, algorithm: Algorithm) -> None:
    protected = cose.protected_header(algorithm, kid)
    sealed = cose.decode(b"".join(cose.encode(protected, payload, signature)))
    assert (sealed.payload, sealed.kid, sealed.signature) == (payload, kid, signature)
    assert (sealed.alg, sealed.alg_unprotected) == (algorithm, None)
    assert sealed.signing_input == cose.signing_input(protected, payload)


@given(st.binary(max_size=70_000), st.binary(max_size=300))
def test_the_signed_structure_is_that_of_the_rfc(payload: bytes, protected: bytes) -> None:
    if protected != b"\xa0":
        expected = cbor2.dumps(["Signature1", protected, b"", payload])
        if len(payload) < 1 << 16:
            assert cose.signing_input(protected, payload) == expected


def test_an_empty_header_is_signed_as_an_empty_string() -> None:
    assert cose.signing_input(b"\xa0", b"x") == cbor2.dumps(["Signature1", b"", b"", b"x"])


PROTECTED = cbor2.dumps({1: -7, 4: b"12345678"})
PARTS = [PROTECTED, {}, b"payload", b"s" * 64]


@pytest.mark.parametrize("tags", [(), (18,), (61, 18), (61,), (18, 18)])
def test_tagged_untagged_and_doubly_tagged_messages_are_the_same(tags: tuple[int, ...]) -> None:
    message: Any = PARTS
    for tag in reversed(tags):
        message = cbor2.CBORTag(tag, message)
    sealed = cose.decode(cbor2.dumps(message))
    assert (sealed.kid, sealed.payload, sealed.signature) == (b"12345678", b"payload", b"s" * 64)


@pytest.mark.parametrize(
    ("signed", "unsigned", "kid", "alg", "alg_unprotected"),
    [
        ({1: -7, 4: b"A"}, {}, b"A", "ES256", None),
        ({1: -37}, {4: b"B"}, b"B", "PS256", None),
        ({1: -7, 4: b"A"}, {4: b"B"}, b"A", "ES256", None),
        ({4: b"A"}, {1: -7}, b"A", None, "ES256"),
        ({1: -37, 4: b"A"}, {1: -7}, b"A", "PS256", "ES256"),
        ({}, {1: -7, 4: b"B"}, b"B", None, "ES256"),
        ({1: -7}, {}, None, "ES256", None),
        ({1: -8, 4: b"A"}, {}, b"A", "COSE -8", None),
        ({1: 5, 4: b"A"}, {}, b"A", "COSE 5", None),
        ({1: "ES256", 4: b"A"}, {}, b"A", "COSE algorithm that is no integer", None),
        ({1: True, 4: b"A"}, {}, b"A", "COSE algorithm that is no integer", None),
    ],
)
def test_the_headers_are_read_apart(
    signed: dict[int, Any], unsigned: dict[int, Any], kid: bytes, alg: str, alg_unprotected: str
) -> None:
    sealed = cose.decode(cbor2.dumps([cbor2.dumps(signed), unsigned, b"", b""]))
    assert (sealed.kid, sealed.alg, sealed.alg_unprotected) == (kid, alg, alg_unprotected)


@pytest.mark.parametrize(
    "message",
    [
        [],
        PARTS[:3],
        [*PARTS, b""],
        {0: PARTS},
        b"",
        1,
        None,
        [{1: -7}, {}, b"", b""],
        [PROTECTED, [], b"", b""],
        [PROTECTED, None, b"", b""],
        [PROTECTED, {}, None, b""],
        [PROTECTED, {}, "payload", b""],
        [PROTECTED, {}, b"", None],
        [cbor2.dumps([1, -7]), {}, b"", b""],
        [cbor2.dumps({1: -7, 4: "12345678"}), {}, b"", b""],
        [cbor2.dumps({1: -7}), {4: 12345678}, b"", b""],
        [cbor2.dumps({1: -7, 2: [4], 4: b"A"}), {}, b"", b""],
        [PROTECTED, {2: [4]}, b"", b""],
    ],
)
def test_any_other_shape_is_refused(message: Any) -> None:
    with pytest.raises(EnvelopeError) as refused:
        cose.decode(cbor2.dumps(message))
    assert refused.value.reason == "cose_invalid"


@pytest.mark.parametrize("protected", [b"\x01\x02", b"\xa1\x01", PROTECTED + b"\0", b"\xa2\x01\x26\x01\x26"])
def test_a_signed_header_that_is_not_one_good_map_is_refused(protected: bytes) -> None:
    with pytest.raises(EnvelopeError):
        cose.decode(cbor2.dumps([protected, {}, b"", b""]))


@pytest.mark.parametrize("tag", [98, 17, 16, 97, 96, 1000])
def test_a_message_under_another_tag_is_refused(tag: int) -> None:
    with pytest.raises(EnvelopeError):
        cose.decode(cbor2.dumps(cbor2.CBORTag(tag, PARTS)))


@pytest.mark.parametrize("size", [0, 23, 24, 255, 256, 65_535])
def test_lengths_are_written_in_their_shortest_form(size: int) -> None:
    assert cose.head(2, size) + bytes(size) == cbor.dumps(bytes(size))


@given(
    st.binary(max_size=60),
    st.binary(max_size=300),
    st.binary(max_size=80),
    st.sampled_from([b"\xd2", b"", b"\xd8\x12", b"\xd8\x3d\xd2"]),
    st.sampled_from([b"\xa0", b"\xbf\xff", b"\xa1\x04\x41A"]),
    st.sampled_from([(), (3, 1), (2, 40), (5, 1)]),
)
def test_the_usual_shape_read_by_hand_is_what_the_general_decoder_reads(
    kid: bytes, payload: bytes, signature: bytes, tag: bytes, unprotected: bytes, damage: tuple[int, ...]
) -> None:
    protected = cbor2.dumps({1: -7, 4: kid})
    message = bytearray(
        tag + b"\x84" + cbor2.dumps(protected) + unprotected + cbor2.dumps(payload) + cbor2.dumps(signature)
    )
    if damage:
        message[damage[0]] ^= damage[1]
    usual = cose._usual(bytes(message))
    if tag == b"\xd2" and unprotected == b"\xa0" and not damage:
        assert usual == (protected, payload, signature)
    if usual is not None:
        decoded = cbor.loads(bytes(message)).value
        assert (decoded[0], decoded[2], decoded[3]) == usual
        assert not decoded[1]


def test_the_repr_of_a_message_does_not_show_its_content() -> None:
    sealed = cose.decode(cbor2.dumps([PROTECTED, {}, b"secret", b""]))
    assert "secret" not in repr(sealed)
