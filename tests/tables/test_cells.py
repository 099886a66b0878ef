"""The door for cells: what is left of a text, whatever program wrote it."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vaxcert.tables.cells import clean


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Trần Mẫu", "Trần Mẫu"),
        ("  Trần \u00a0\u3000 Mẫu\t", "Trần Mẫu"),
        ("Trần\r\nMẫu\nThử", "Trần Mẫu Thử"),
        ("Trần\u2028Mẫu\u0085Thử\x0b\x1fHai", "Trần Mẫu Thử Hai"),
        (unicodedata.normalize("NFD", "Trần Mẫu"), "Trần Mẫu"),
        ("\ufeffTrần\u200b Mẫ\u00adu\u200d", "Trần Mẫu"),
        ("\u202eTrần\u2066 Mẫu\u3164\ufe0f", "Trần Mẫu"),
        ("Tr\x00ần", "Trần"),
        ("Trầ\x91n", "Trầ\x91n"),
        ("Trầ\ufffdn?", "Trầ\ufffdn?"),
        ("Trầ\ud800n", "Trầ\ufffdn"),
        ("a\u0323\u034f\u0302", "ậ"),
        ("'=H'Hen", "'=H'Hen"),
        (" \t\u00a0\u200b", ""),
        ("", ""),
    ],
)
def test_a_cell_is_read_without_what_nobody_sees_and_with_single_blanks(written: str, read: str) -> None:
    assert clean(written) == read


@given(st.text())
@example("\u1161\u3164\u11a8")
@example("\ud800 \u2000")
def test_cleaning_is_done_once_and_for_all_and_leaves_only_single_blanks_and_what_is_seen(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned == unicodedata.normalize("NFC", cleaned)
    assert cleaned.split() == [word for word in cleaned.split(" ") if word]
    assert not cleaned.startswith(" ") and not cleaned.endswith(" ") and "  " not in cleaned
    assert not any(unicodedata.category(character) in ("Cf", "Cs") for character in cleaned)
