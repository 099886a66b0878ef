"""Identity and telephone numbers: as units write them, as they are compared, and as they are kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaxcert import ConfigurationError
from vaxcert.registry.secrets import Secrets, national_id, phone


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("001 090 000 001", "001090000001"), ("1090000001", "001090000001"), ("01090000001", "001090000001"),
        ("012345678", "012345678"), ("12345678", "012345678"), ("b1234567", "B1234567"), ("B-123.4567", "B1234567"),
        ("0", ""), ("000000000", ""), ("111111111", ""), ("XXXXXXXXX", ""), ("không có", ""), ("", ""), ("7", ""), ("đang làm lại 2026", ""), ("AB 123456", "AB123456"),
    ],
)  # fmt: skip
def test_an_identity_number_is_the_same_however_it_is_written(written: str, compared: str) -> None:
    assert national_id(written) == compared


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("0912 345 678", "0912345678"), ("+84 912 345 678", "0912345678"), ("0084912345678", "0912345678"),
        ("84912345678", "0912345678"), ("+84 (0) 912.345.678", "0912345678"), ("912345678", "0912345678"),
        ("0841234567", "0841234567"), ("841234567", "0841234567"), ("+1 415 555 0100", "014155550100"),
        ("0", ""), ("0000000000", ""), ("999999999", ""), ("unknown", ""), ("", ""), ("+", ""),
    ],
)  # fmt: skip
def test_a_telephone_number_is_the_same_however_it_is_written(written: str, compared: str) -> None:
    assert phone(written) == compared


@given(st.text(max_size=30))
def test_what_is_compared_is_compared_the_same_when_it_comes_again(text: str) -> None:
    assert phone(phone(text)) == phone(text)
    assert national_id(national_id(text)) == national_id(text)


@given(st.text(max_size=30), st.sampled_from(["phone", "national id", "certificate"]))
def test_what_is_kept_opens_with_its_key_and_as_its_kind_alone(text: str, kind: str) -> None:
    one, other = Secrets(b"1" * 32), Secrets(b"2" * 32)
    text = text.encode("utf-8", "replace").decode()
    kept = one.encrypt(kind, text)
    assert one.decrypt(kind, kept) == text
    assert one.encrypt(kind, text) != kept
    assert one.hash(kind, text) != other.hash(kind, text)
    for keeper, as_what, data in ((other, kind, kept), (one, "x", kept), (one, kind, kept[:-1]), (one, kind, b"")):
        with pytest.raises(ConfigurationError, match="cannot be decrypted"):
            keeper.decrypt(as_what, data)
