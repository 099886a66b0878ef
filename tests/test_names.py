"""Names: as machines compare them, as they are issued, as they are shown."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaxcert import names

# Everything that Unicode has, lone surrogates too, and more of what names are made of.
ANY_TEXT = st.text() | st.text(alphabet=st.characters(), max_size=200)
LETTERS_AND_MARKS = st.text(alphabet="aAoOuUăâêôơưđĐÄÖÜåßŁØИиЁΟΥ -'<\u0300\u0301\u0308\u030a\u0323\u031b\u200d")

VIETNAMESE_VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Nguyễn", "NGUYEN"),
        ("Bảo Duy", "BAO<DUY"),
        ("Đặng", "DANG"),
        ("đỗ thị hồng nhung", "DO<THI<HONG<NHUNG"),
        ("Mẫu Thử", "MAU<THU"),
        ("Ưng Hoàng Phúc", "UNG<HOANG<PHUC"),
        ("Musterfrau-Gößinger", "MUSTERFRAU<GOESSINGER"),
        ("Jürgen", "JUERGEN"),
        ("ÄÖÜ äöü", "AEOEUE<AEOEUE"),
        ("GROẞE", "GROSSE"),
        ("Åse Ærø Øystein", "AASE<AEROE<OEYSTEIN"),
        ("Þórður Ðuro", "THORDUR<DURO"),
        ("Œuvre Ĳssel ĳ", "OEUVRE<IJSSEL<IJ"),
        ("Łukasz Żółć", "LUKASZ<ZOLC"),
        ("Núñez", "NUNEZ"),
        ("İstanbul ışık", "ISTANBUL<ISIK"),
        ("Ħal Ŋ Ŧ Ə", "HAL<N<T<E"),
        ("Ɓala Ɗan Ƙ Ɔ", "BALA<DAN<K<O"),
        ("Ｎｇｕｙｅｎ", "NGUYEN"),
        ("ﬁ Ⅱ", "FI<II"),
        ("Юлия Щёголева", "IULIIA<SHCHEGOLEVA"),
        ("Хрущёв Объедков Соловьёв", "KHRUSHCHEV<OBIEEDKOV<SOLOVEV"),
        ("Київ Ґалаґан Єва", "KIIV<GALAGAN<IEVA"),
        ("Παπαδόπουλος", "PAPADOPOULOS"),
        ("Χρήστος Ψυχή", "CHRISTOS<PSYCHI"),
        ("D'Arcy", "DARCY"),
        ("D’Arcy O´Neil ʻOkina", "DARCY<ONEIL<OKINA"),
        ("  a  -  b\t– c\u00a0d\n", "A<B<C<D"),
        ("-a-", "A"),
        ("J. R. (Bob), 3rd", "J<R<BOB<RD"),
        ("NGUYEN<VAN", "NGUYEN<VAN"),
        ("", ""),
        ("<<", ""),
        ("李明", ""),
        ("李 Ming", "MING"),
        ("=cmd()", "CMD"),
        ("<img onerror>", "IMG<ONERROR"),
        ("Ngu\u202eyen\u200b", "NGUYEN"),
        ("a\ud800b", "AB"),
    ],
)
def test_a_name_is_written_in_the_alphabet_of_machine_readable_documents(name: str, expected: str) -> None:
    assert names.transliterate(name) == expected


def test_every_vietnamese_vowel_with_every_tone_becomes_its_base_letter() -> None:
    for vowel in VIETNAMESE_VOWELS:
        base = unicodedata.normalize("NFD", vowel)[0].upper()
        for tone in TONES:
            for letter in (vowel + tone, (vowel + tone).upper()):
                assert names.transliterate(unicodedata.normalize("NFC", letter)) == base
                assert names.transliterate(unicodedata.normalize("NFD", letter)) == base


@pytest.mark.parametrize(
    ("letter", "expected"),
    [
        ("A\u0308", "AE"),
        ("a\u0308", "AE"),
        ("A\u0308\u0301", "A"),
        ("A\u0323\u0308", "A"),
        ("A\u0308\u0304", "A"),
        ("U\u0308\u0301", "U"),
        ("A\u030a", "AA"),
        ("A\u030a\u0301", "A"),
        ("\u212b", "AA"),
        ("E\u0308", "E"),
    ],
)
def test_only_a_lone_diaeresis_or_ring_adds_a_letter(letter: str, expected: str) -> None:
    assert names.transliterate(letter) == expected


def test_a_long_name_is_cut_at_its_end_and_never_ends_in_a_filler() -> None:
    assert names.transliterate("b" * 100) == "B" * 80
    assert names.transliterate("b" * 79 + " cd") == "B" * 79
    assert len(names.transliterate("Ö" * 80)) == 80


@given(ANY_TEXT | LETTERS_AND_MARKS)
def test_the_result_is_made_of_words_of_a_to_z_with_single_fillers_between(name: str) -> None:
    result = names.transliterate(name)
    assert len(result) <= names.MAX_LENGTH
    assert re.fullmatch(r"(?:[A-Z]+(?:<[A-Z]+)*)?", result)


@given(ANY_TEXT | LETTERS_AND_MARKS)
def test_composed_and_decomposed_spelling_are_transliterated_alike(name: str) -> None:
    composed, decomposed = unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name)
    assert names.transliterate(name) == names.transliterate(composed) == names.transliterate(decomposed)


@given(ANY_TEXT | LETTERS_AND_MARKS)
def test_what_is_transliterated_already_stays_as_it_is(name: str) -> None:
    once = names.transliterate(name)
    assert names.transliterate(once) == once


def test_the_table_holds_letters_and_no_names() -> None:
    names.transliterate("Nguyễn Thị Mẫu Một")
    names.transliterate("\U0001d400" * 20)
    assert all(len(letters) <= 4 for letters in names._TABLE.values())
    assert max(names._TABLE) < 0x2000


INVISIBLE = (
    "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    "\u200b\u200c\u200d\u2060\ufeff\u00ad\x00\x07\x1b\x7f\x9b"
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Nguye\u0302\u0303n", "Nguyễn"),
        ("  Bảo \t Duy\r\n", "Bảo Duy"),
        ("Bảo\u00a0\u3000Duy", "Bảo Duy"),
        ("Nguyễn", "Nguyễn"),
        ("a\u200b\u0308", "ä"),
        (" \u200b ", ""),
        ("", ""),
        ("O’Brien-Łęcki", "O’Brien-Łęcki"),
        ("a\ud800b", "a\ufffdb"),
    ],
)
def test_a_name_is_issued_composed_and_with_single_spaces(name: str, expected: str) -> None:
    assert names.normalise(name) == expected


# Letters, marks and code points to come for which fonts draw nothing.
UNSEEN = (
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180f\u2065\u2800\u3164\ufe00\ufe0f\uffa0\ufff0\U000e0000\U000e0100\U000e0fff"
)


@pytest.mark.parametrize("character", INVISIBLE + UNSEEN)
def test_no_invisible_character_is_issued_or_shown(character: str) -> None:
    assert names.normalise(f"Mẫu{character}Thử") == "MẫuThử"
    assert names.printable(f"Mẫu{character}Thử") == "MẫuThử"


@pytest.mark.parametrize("character", UNSEEN + "\u200b")
def test_letters_that_nobody_sees_are_no_name(character: str) -> None:
    assert names.normalise(character * 3) == ""
    assert names.normalise(f" {character} {character} ") == ""


@pytest.mark.parametrize("character", UNSEEN)
def test_what_is_taken_out_of_a_name_leaves_its_letters_composed(character: str) -> None:
    assert names.normalise(f"Nguye{character}\u0302\u0303n") == "Nguyễn"


def test_a_name_turned_round_by_a_bidi_control_is_shown_as_it_is_stored() -> None:
    """THREATS 27: U+202E would show a forger's name backwards, as somebody else's."""
    assert names.printable("Trần \u202eNAV\u202c") == "Trần NAV"


def test_a_terminal_escape_is_shown_as_harmless_text() -> None:
    assert names.printable("\x1b[2J\x1b]0;title\x07ok") == "[2J]0;titleok"


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029", "\t"])
def test_a_line_break_is_shown_as_one_space(line_break: str) -> None:
    assert names.printable(f"a{line_break}b") == "a b"


def test_letters_of_every_script_and_spaces_of_a_code_are_shown_untouched() -> None:
    for text in ("Nguyễn Thị", "Юлия", "李明", "محمد", "สมชาย", "HC1: A  B ", "<img onerror>", "=cmd()"):
        assert names.printable(text) == text


@given(ANY_TEXT)
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = names.normalise(text)
    assert names.normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    once.encode("utf-8")


@given(ANY_TEXT)
def test_making_printable_twice_changes_nothing_more(text: str) -> None:
    once = names.printable(text)
    assert names.printable(once) == once
    assert len(once.splitlines()) <= 1
    assert not {unicodedata.category(character) for character in once} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(ANY_TEXT)
def test_a_name_transliterates_alike_before_and_after_it_is_normalised(text: str) -> None:
    visible = "".join(
        c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs") and not names.UNSEEN.match(c)
    )
    assert names.transliterate(names.normalise(visible)) == names.transliterate(visible)
