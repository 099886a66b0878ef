"""Certificate ids and their check character."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaxcert import InputError, uvci

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/:"


def slow_luhn(text: str) -> str:
    """Luhn mod N as textbooks have it, one character at a time."""
    total, factor = 0, 2
    for character in reversed(text):
        addend = factor * ALPHABET.index(character)
        factor = 3 - factor
        total += addend // 38 + addend % 38
    return ALPHABET[(38 - total % 38) % 38]


@given(st.text(alphabet=ALPHABET, max_size=80))
def test_the_check_character_is_luhns(text: str) -> None:
    assert uvci.check_character(text) == slow_luhn(text)


@given(st.text(alphabet=ALPHABET, min_size=1, max_size=60), st.integers(0, 59), st.sampled_from(ALPHABET))
def test_any_single_wrong_character_is_noticed(text: str, place: int, other: str) -> None:
    place %= len(text)
    if text[place] != other:
        assert uvci.check_character(text[:place] + other + text[place + 1 :]) != uvci.check_character(text)


@pytest.mark.parametrize("text", ["a", "URN:UVCI:01:vn", "Đ", "A B", "#"])
def test_characters_that_it_does_not_cover_are_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        uvci.check_character(text)


def test_an_id_is_made_of_country_site_and_randomness() -> None:
    assert uvci.make("VN", "VP01", bytes) == "URN:UVCI:01:VN:VP01/AAAAAAAAAAAAAAAA#" + slow_luhn(
        "URN:UVCI:01:VN:VP01/AAAAAAAAAAAAAAAA"
    )
    assert uvci.make("VN", "", bytes).startswith("URN:UVCI:01:VN:AAAAAAAAAAAAAAAA#")
    assert len(uvci.make("VN", "S" * 16, bytes)) <= uvci.MAX_LENGTH


@pytest.mark.parametrize(
    ("certificate_id", "site"),
    [
        ("URN:UVCI:01:VN:VP01/AAAA#B", "VP01"),
        ("URN:UVCI:01:VN:AAAA#B", ""),
        ("01:VN:VP01/AAAA", "VP01"),
        ("URN:UVCI:01:VN:VP01/SUB/AAAA#B", "VP01"),
        ("", ""),
        ("something else", ""),
    ],
)
def test_the_site_can_be_read_from_an_id(certificate_id: str, site: str) -> None:
    assert uvci.site_of(certificate_id) == site


@pytest.mark.parametrize(
    ("certificate_id", "country"),
    [
        ("URN:UVCI:01:VN:VP01/Q5W7ZK3NHB2XA6DJ#4", "VN"),
        ("URN:UVCI:01:VN:RKX3Y6V7JHO7EYQB#:", "VN"),
        ("01:FR:W7V2BE46QSBJ#L", "FR"),
        ("something else", ""),
        ("", ""),
    ],
)
def test_the_country_can_be_read_from_an_id(certificate_id: str, country: str) -> None:
    assert uvci.country_of(certificate_id) == country


@pytest.mark.parametrize("site", ["", "vp01", "VP 1", "VP/1", "VP:1", "Đ1", "A" * 17, "A\n"])
def test_a_site_is_capital_letters_and_digits(site: str) -> None:
    with pytest.raises(InputError):
        uvci.check_site(site)


@pytest.mark.parametrize("check", ["/", ":", "A"])
def test_a_check_character_is_no_part_of_the_site(check: str) -> None:
    """One id in 38 ends in a slash, and one in a colon."""
    assert uvci.site_of(f"URN:UVCI:01:VN:RKX3Y6V7JHO7EYQB#{check}") == ""
    assert uvci.site_of(f"URN:UVCI:01:VN:VP01/RKX3Y6V7JHO7EYQB#{check}") == "VP01"


GOOD = "URN:UVCI:01:VN:VP01/Q5W7ZK3NHB2XA6DJ#4"


@pytest.mark.parametrize(
    ("certificate_id", "problem"),
    [
        (GOOD, ""),
        (GOOD[:-1] + "R", "its check character is wrong"),
        (GOOD.replace("Q5", "5Q"), "its check character is wrong"),
        (GOOD[:-2], "not of the form"),
        (GOOD.lower(), "not of the form"),
        (GOOD[9:], "not of the form"),
        (GOOD.replace("VN", "V1"), "not of the form"),
        ("V-119-2021-03-01", "not of the form"),
    ],
)
def test_what_is_wrong_with_an_id_is_said(certificate_id: str, problem: str) -> None:
    said = uvci.problem(certificate_id)
    assert said.startswith(problem) and bool(said) == bool(problem)


@given(st.text(max_size=80))
def test_an_id_is_among_its_spellings_and_they_all_mean_the_same(certificate_id: str) -> None:
    assert certificate_id in uvci.spellings(certificate_id)
    assert len(uvci.spellings(certificate_id)) <= 10


@given(st.text(alphabet=ALPHABET + " #", max_size=60))
def test_all_spellings_of_an_id_are_one_id(certificate_id: str) -> None:
    assert {uvci.canonical(one) for one in uvci.spellings("URN:UVCI:" + certificate_id)} == {
        uvci.canonical("URN:UVCI:" + certificate_id)
    } or certificate_id.replace(" ", "").startswith("URN:UVCI:")
