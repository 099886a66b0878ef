"""The strict profile of CBOR."""

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaxcert.errors import EnvelopeError
from vaxcert.wire import cbor

keys = st.one_of(st.integers(-(2**63), 2**63), st.text(max_size=8))
items = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**64), 2**64 - 1),
        st.text(max_size=20),
        st.binary(max_size=20),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=4)),
    max_leaves=12,
)


@given(items)
def test_what_is_encoded_is_decoded_again(item: object) -> None:
    assert cbor.loads(cbor.dumps(item)) == item


@given(items)
def test_indefinite_lengths_are_read(item: object) -> None:
    assert cbor.loads(cbor2.dumps(item, indefinite_containers=True)) == item


@given(st.binary(max_size=120))
def test_no_bytes_raise_anything_but_the_typed_error(data: bytes) -> None:
    try:
        cbor.loads(data)
    except EnvelopeError as error:
        assert error.reason == "cbor_invalid"


@given(items, st.binary(min_size=1, max_size=40))
def test_bytes_behind_the_item_are_refused(item: object, tail: bytes) -> None:
    with pytest.raises(EnvelopeError):
        cbor.loads(cbor.dumps(item) + tail)


# Any item at all, of which the profile takes some and refuses others: with every kind of key, tag and simple value.
anything = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.floats(),
        st.integers(-(2**64), 2**64 - 1),
        st.text(max_size=8),
        st.binary(max_size=8),
        st.sampled_from((cbor2.CBORSimpleValue(1), cbor2.undefined)),
    ).map(cbor2.dumps),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: bytes((0x80 + len(parts),)) + b"".join(parts)),
        st.lists(st.tuples(inner, inner), max_size=3).map(
            lambda pairs: bytes((0xA0 + len(pairs),)) + b"".join(key + value for key, value in pairs)
        ),
        st.tuples(st.sampled_from((b"\xc0", b"\xc1", b"\xc2", b"\xd2", b"\xd8\x23", b"\xd8\x3d")), inner).map(b"".join),
    ),
    max_leaves=8,
)


def is_read(data: bytes) -> bool:
    try:
        cbor.loads(data)
    except EnvelopeError:
        return False
    return True


@given(anything, anything)
def test_whether_an_item_is_read_depends_on_nothing_that_stands_beside_it(one: bytes, other: bytes) -> None:
    both = is_read(one) and is_read(other)
    assert is_read(b"\x82" + one + other) == both
    assert is_read(b"\xa2\x01" + one + b"\x02" + other) == both
    assert is_read(b"\x9f" + other + one + b"\xff") == both


@given(anything, st.sampled_from([b"\xf4", b"\xf6", b"\xf9\x3c\x00", b"\x80", b"\xa0"]))
def test_an_array_or_a_map_or_a_tag_is_no_map_key_wherever_it_stands(one: bytes, beside: bytes) -> None:
    if one[0] >> 5 in (4, 5) or one[0] in (0xD2, 0xD8):
        for data in (b"\xa1" + one + b"\x01", b"\x81\xa1" + one + b"\x01", b"\x82\xa1" + one + b"\x01" + beside):
            assert not is_read(data)


@given(items)
def test_every_truncation_is_refused(item: object) -> None:
    data = cbor.dumps(item)
    for size in range(len(data)):
        with pytest.raises(EnvelopeError):
            cbor.loads(data[:size])


def test_depth_up_to_the_bound_is_read_and_one_more_refused() -> None:
    assert cbor.loads(b"\x81" * cbor.MAX_DEPTH + b"\x01") is not None
    with pytest.raises(EnvelopeError):
        cbor.loads(b"\x81" * (cbor.MAX_DEPTH + 1) + b"\x01")


@pytest.mark.parametrize("prefix", [b"\x81", b"\xa1\x01", b"\xd2", b"\x9f", b"\xd8\x3d"])
def test_ten_thousand_levels_are_refused_without_harm(prefix: bytes) -> None:
    with pytest.raises(EnvelopeError):
        cbor.loads(prefix * 10_000 + b"\x01")


def test_only_four_tags_pass() -> None:
    passed = []
    for tag in [*range(70_000), 2**32 - 1, 2**64 - 1]:
        try:
            cbor.loads(cbor2.dumps(cbor2.CBORTag(tag, 1780000000 if tag == 1 else "2026-06-01T00:00:00Z")))
        except EnvelopeError:
            continue
        passed.append(tag)
    assert passed == [0, 1, 18, 61]


def test_dates_under_tags_stay_as_they_were_written() -> None:
    assert cbor.loads(bytes.fromhex("c0") + cbor2.dumps("2021-05-06T07:08:09Z")) == "2021-05-06T07:08:09Z"
    assert cbor.loads(bytes.fromhex("c1fb41d452d9e2000000")) == 1363896200.0


@pytest.mark.parametrize(
    ("hexadecimal", "what"),
    [
        ("a2 01 02 01 03", "the same integer twice"),
        ("a2 61 61 01 61 61 02", "the same text twice"),
        ("bf 01 02 01 03 ff", "the same key twice, indefinite length"),
        ("a1 61 78 a2 01 02 01 03", "the same key twice, inside"),
        ("a2 01 02 18 01 03", "the same integer in two lengths"),
        ("a2 01 02 f5 03", "1 and true"),
        ("a1 f5 02", "true as key"),
        ("a1 f6 02", "null as key"),
        ("a1 e1 02", "simple(1) as key"),
        ("a1 f93c00 02", "1.0 as key"),
        ("a1 f97e00 02", "NaN as key"),
        ("a1 61 78 a2 f97e00 01 f97e00 02", "NaN twice, inside"),
        ("a1 61 78 a1 fb7ff8000000000000 01", "NaN as key, inside"),
        ("a1 80 02", "an array as key"),
        ("81 a1 80 02", "an array as key, inside"),
        ("82 a1 80 02 f4", "an array as key, inside, and false beside it"),
        ("81 a1 81 01 02", "an array of one as key, inside"),
        ("81 a1 a0 02", "a map as key, inside"),
        ("a1 01 a1 a1 01 02 03", "a map as key, further inside"),
        ("d2 81 a1 80 02", "an array as key, under a tag"),
        ("81 a1 d2 01 02", "a tag as key, inside"),
        ("81 bf 9f ff 02 ff", "an array as key, indefinite lengths"),
        ("d8 1c 81 d8 1d 00", "a list that holds itself (tags 28 and 29)"),
        ("d8 23 63 28 61 2b", "a regular expression (tag 35)"),
        ("c2 49 010000000000000000", "a big number (tag 2)"),
        ("c4 82 1a 7fffffff 01", "a decimal fraction (tag 4)"),
        ("c5 82 1a 7fffffff 01", "a big float (tag 5)"),
        ("d8 1e 82 01 00", "a rational number over zero (tag 30)"),
        ("d9 0102 81 01", "a set (tag 258)"),
        ("d9 d9f7 01", "self-described CBOR (tag 55799)"),
        ("c0 01", "a number under the tag for date texts"),
        ("c1 61 31", "a text under the tag for date numbers"),
        ("f6 c0", "null and a tag behind it"),
        ("f6 c1", "null and another tag behind it"),
        ("ff", "a break alone"),
        ("81 ff", "a break in an array of one"),
        ("1c", "a reserved length"),
        ("5f 61 61 ff", "a text in a byte string"),
        ("61 ff", "a text that is no UTF-8"),
        ("9b ffffffffffffffff", "an array of 2**64 items"),
        ("5b 7fffffffffffffff", "a byte string of 2**63 bytes"),
        ("bb ffffffffffffffff", "a map of 2**64 pairs"),
        ("a1 01", "a map without its value"),
        ("bf 01 ff", "an odd indefinite map"),
    ],
)
def test_what_could_be_read_in_two_ways_or_do_harm_is_refused(hexadecimal: str, what: str) -> None:
    with pytest.raises(EnvelopeError) as refused:
        cbor.loads(bytes.fromhex(hexadecimal))
    assert refused.value.reason == "cbor_invalid", what


# RFC 8949, appendix F: one of each kind of what is not well-formed
@pytest.mark.parametrize(
    "hexadecimal",
    [
        "18",
        "19",
        "1a",
        "1b",
        "1901",
        "1a0102",
        "1b01020304050607",
        "38",
        "58",
        "78",
        "98",
        "9a01ff00",
        "b8",
        "d8",
        "f8",
        "f900",
        "fa0000",
        "fb000000",
        "41",
        "61",
        "5affffffff00",
        "5bffffffffffffffff010203",
        "7affffffff00",
        "7b7fffffffffffffff010203",
        "81",
        "818181818181818181",
        "8200",
        "a1",
        "a20102",
        "a100",
        "a2000000",
        "c0",
        "5f4100",
        "7f6100",
        "9f",
        "9f0102",
        "bf",
        "bf01020102",
        "819f",
        "9f8000",
        "9f9f9f9f9fffffffff",
        "9f819f819f9fffffff",
        "1c",
        "1d",
        "1e",
        "3c",
        "3d",
        "3e",
        "5c",
        "5d",
        "5e",
        "7c",
        "7d",
        "7e",
        "9c",
        "9d",
        "9e",
        "bc",
        "bd",
        "be",
        "dc",
        "dd",
        "de",
        "fc",
        "fd",
        "fe",
        "f800",
        "f801",
        "f818",
        "f81f",
        "5f00ff",
        "5f21ff",
        "5f6100ff",
        "5f80ff",
        "5fa0ff",
        "5fc000ff",
        "5fe0ff",
        "7f4100ff",
        "5f5f4100ffff",
        "7f7f6100ffff",
        "ff",
        "81ff",
        "8200ff",
        "a1ff",
        "a1ff00",
        "a100ff",
        "a20000ff",
        "9f81ff",
        "9f829f819f9fffffffff",
        "bf00ff",
        "bf000000ff",
        "1f",
        "3f",
        "df",
    ],
)
def test_nothing_of_the_rfcs_list_of_ill_formed_items_is_read(hexadecimal: str) -> None:
    with pytest.raises(EnvelopeError):
        cbor.loads(bytes.fromhex(hexadecimal))
