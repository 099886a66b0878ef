"""Codes that people copy from paper: what they get wrong is told from a wrong code, what cannot matter is forgiven."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaxcert import InputError, typed

SIGNS = st.text(typed.ALPHABET, min_size=typed.RANDOM, max_size=typed.RANDOM)


def whole(signs: str) -> str:
    (found,) = [signs + last for last in typed.ALPHABET if readable(signs + last)]
    return found


def readable(text: str) -> bool:
    try:
        return bool(typed.read(text))
    except InputError:
        return False


def test_a_code_has_more_than_fifty_random_bits_and_no_two_are_the_same() -> None:
    assert math.log2(len(typed.ALPHABET)) * typed.RANDOM >= 50
    made = {typed.new() for _ in range(2_000)}
    assert len(made) == 2_000
    assert {sign for code in made for sign in code[: typed.RANDOM]} == set(typed.ALPHABET)
    assert all(typed.read(typed.shown(code)) == code for code in made)


def test_it_is_printed_in_groups_of_four() -> None:
    assert typed.shown("7K2M9QXA04TB") == "7K2M-9QXA-04TB"


@given(SIGNS)
def test_case_blanks_dashes_and_signs_that_look_alike_are_forgiven(signs: str) -> None:
    code = whole(signs)
    written = typed.shown(code).replace("0", "o").replace("1", "l").lower().replace("-", " \N{EN DASH} ")
    assert typed.read(f"  {written}\n") == code
    assert typed.read(code.replace("1", "I").replace("0", "O")) == code
    # As a Vietnamese or Japanese keyboard may write them: full width.
    assert typed.read("".join(chr(ord(sign) + 0xFEE0) for sign in code)) == code


@given(SIGNS, st.integers(0, typed.LENGTH - 1), st.sampled_from(typed.ALPHABET))
def test_one_wrong_sign_is_always_found(signs: str, place: int, other: str) -> None:
    code = whole(signs)
    wrong = code[:place] + other + code[place + 1 :]
    assert readable(wrong) == (wrong == code)


@given(SIGNS, st.integers(0, typed.LENGTH - 1), st.integers(0, typed.LENGTH - 1))
def test_two_signs_that_changed_places_are_always_found(signs: str, one: int, two: int) -> None:
    code = list(whole(signs))
    changed = list(code)
    changed[one], changed[two] = code[two], code[one]
    assert readable("".join(changed)) == (changed == code)


@given(st.text(max_size=200))
def test_whatever_is_typed_is_a_code_or_an_input_error(text: str) -> None:
    assert readable(text) in (True, False)


@pytest.mark.parametrize(("text", "reason"), [("", "missing"), (" - ", "missing"), ("7K2M", "not_valid"), ("U" * 12, "not_valid")])  # fmt: skip
def test_what_is_no_code_says_what_is_wrong_with_its_field(text: str, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        typed.read(text, "ticket")
    assert (caught.value.field, caught.value.reason) == ("ticket", reason)
