"""Names that lost letters, or were misread, on their way; and names of the world that were not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaxcert import InputError, Person
from vaxcert.errors import Reason
from vaxcert.issue import faults
from vaxcert.names import transliterate, unwritable
from vaxcert.names.damage import Damage, damage, fonts_seen
from vaxcert.names.fonts import FONTS, convert
from vaxcert.names.syllables import is_syllable
from vaxcert.wording.rows import phrase

# What names are made of, and how two fonts showed them without Unicode.
TCVN3 = {
    "Trần Thị Hà": "TrÇn ThÞ Hµ", "Phạm Thủy": "Ph¹m Thñy", "Lê Văn Bình": "Lª V¨n B×nh", "Đặng Hữu Phúc": "§Æng H÷u Phóc",
    "Trương Sơn": "Tr\xad¬ng S¬n", "Đỗ Mỹ Tiến": "§ç Mü TiÕn", "Nguyễn Mẫu Ví Dụ": "NguyÔn MÉu VÝ Dô",
}  # fmt: skip
VNI = {
    "Trần Thị Hà": "Traàn Thò Haø", "Phạm Thủy": "Phaïm Thuûy", "Lê Văn Bình": "Leâ Vaên Bình", "Đặng Hữu Phúc": "Ñaëng Höõu Phuùc",
    "Trương Sơn": "Tröông Sôn", "Đỗ Mỹ Tiến": "Ñoã Myõ Tieán", "NGUYỄN ẢNH": "NGUYEÃN AÛNH",
}  # fmt: skip


@pytest.mark.parametrize(("name", "typed"), TCVN3.items())
def test_a_tcvn3_text_becomes_what_its_font_showed_and_is_no_name_before(name: str, typed: str) -> None:
    assert convert(typed, "tcvn3") == name
    assert damage(typed) == Damage(Reason.LEGACY_FONT, (("font", "TCVN3"),))
    assert damage(typed.replace("\xad", "")) is not None


@pytest.mark.parametrize(("name", "typed"), VNI.items())
def test_a_vni_text_becomes_what_its_font_showed_and_is_no_name_before(name: str, typed: str) -> None:
    assert convert(typed, "vni") == name
    assert damage(typed) == Damage(Reason.LEGACY_FONT, (("font", "VNI"),))


@pytest.mark.parametrize("font", FONTS)
def test_what_is_unicode_or_plain_already_is_not_converted(font: str) -> None:
    for text in ("Nguyễn Mẫu Thử", "Comirnaty", "Đặng", "Łęcki", ""):
        assert convert(text, font) == text  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["Trần Thị Hà", "Đỗ Mỹ Tiến", "Ngô Đức Hậu", "Lê Ước"])
@pytest.mark.parametrize("page", ["cp1252", "cp1258", "latin-1"])
def test_utf_8_that_was_read_in_another_code_page_is_no_name(name: str, page: str) -> None:
    signs = (bytes([code]) for code in name.encode())
    misread = "".join(
        one.decode(page) if page == "latin-1" or one.decode(page, "ignore") else one.decode("latin-1") for one in signs
    )
    found = damage(misread)
    assert found is not None and found.reason is Reason.NAME_MISREAD


@pytest.mark.parametrize("name", ["Tr?n Th?", "Tr\ufffdn", "?", "L\ufffd", "Nguyễn ?nh"])
def test_a_name_that_lost_letters_is_told_as_that(name: str) -> None:
    assert damage(name) == Damage(Reason.LETTERS_LOST)


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("L§ng", "§ (U+00A7)"),
        ("M@u", "@ (U+0040)"),
        ("Ba½", "½ (U+00BD)"),
        ("M<u", "< (U+003C)"),
        ("Th±", "± (U+00B1)"),
    ],
)
def test_a_sign_that_stands_in_no_name_is_named(name: str, sign: str) -> None:
    assert damage(name) == Damage(Reason.SIGN_IN_NAME, (("sign", sign),))


@pytest.mark.parametrize(
    "name",
    ["H'Hen Niê", "K'Brôi", "Y Moan Êban", "Gal·la", "O’Brien", "d'Arc", "Łęcki-Wójcik", "Loïc Naïm", "João", "Anaïs", "Saül",
     "MacÉtienne", "Þórður Ægisdóttir", "Søren Ångström", "Đặng Hoàng Doãn", "Quý Hoá Toàn", "Юлия", "李明", "สมชาย", "Oʻzbek",
     "Ramón y Cajal", "J. R. (Bob), 3rd", "Müller-Lüdenscheidt", "Muñoz", "Zoé", "François", "Mª José", "Nguyễn ánh"],
)  # fmt: skip
def test_names_of_the_world_are_no_damage(name: str) -> None:
    assert damage(name) is None


# DIN 91379, normative letters: by their ranges, those with a mark of their own, and the non-letters of names (N1).
RANGES = [
    (0x41, 0x5A), (0x61, 0x7A), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x148), (0x14A, 0x17E), (0x187, 0x188), (0x18F, 0x18F),
    (0x197, 0x197), (0x1A0, 0x1A1), (0x1AF, 0x1B0), (0x1B7, 0x1B7), (0x1CD, 0x1DC), (0x1DE, 0x1DF), (0x1E2, 0x1F0),
    (0x1F4, 0x1F5), (0x1F8, 0x1FF), (0x212, 0x213), (0x218, 0x21B), (0x21E, 0x21F), (0x227, 0x233), (0x259, 0x259),
    (0x268, 0x268), (0x292, 0x292), (0x1E02, 0x1E03), (0x1E06, 0x1E07), (0x1E0A, 0x1E11), (0x1E17, 0x1E17),
    (0x1E1C, 0x1E2B), (0x1E2F, 0x1E37), (0x1E3A, 0x1E3B), (0x1E3E, 0x1E63), (0x1E6A, 0x1E6F), (0x1E80, 0x1E87),
    (0x1E8C, 0x1E97), (0x1E9E, 0x1E9E), (0x1EA0, 0x1EF9),
]  # fmt: skip
MARKED = ["A\u030b", "C\u0300", "C\u0306", "D\u0302", "F\u0300", "H\u0331", "K\u0304", "L\u0302", "M\u0302", "N\u0304", "P\u0300",
          "R\u0306", "S\u0300", "T\u0300", "Z\u0300", "j\u030c", "k\u0326", "l\u0325", "m\u0325", "r\u0325", "c\u0328\u0306"]  # fmt: skip
BESIDE_LETTERS = " ',-.`~¨´·ʹʺʾʿˈˌ’‡"


@pytest.mark.parametrize("around", ["{}", "{}ra", "Mar{}ka", "Kr{}"])
def test_every_character_of_names_in_europe_passes(around: str) -> None:
    letters = [chr(code) for first, last in RANGES for code in range(first, last + 1)]
    damaged = [one for one in (*letters, *MARKED, *BESIDE_LETTERS) if damage(around.format(one)) is not None]
    assert not damaged


def test_over_a_table_the_share_of_names_tells_the_font() -> None:
    assert fonts_seen(TCVN3.values()).font == "tcvn3"
    assert fonts_seen(VNI.values()).font == "vni"
    assert fonts_seen([*TCVN3, "Loïc", "Müller", "An"]).font is None
    half = fonts_seen(TCVN3.values()) + fonts_seen(TCVN3)
    assert (half.names, half.tcvn3) == (2 * len(TCVN3), len(TCVN3))


@pytest.mark.parametrize("word", ["nguyễn", "Hoàng", "NGHIÊNG", "quý", "uyên", "ước", "gì"])
def test_syllables_of_vietnamese_are_known(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["Müller", "Mắ", "bac", "hotel", "thạáp", "strong", "", "Zoë"])
def test_what_vietnamese_does_not_have_is_no_syllable(word: str) -> None:
    assert not is_syllable(word)


@pytest.mark.parametrize(
    ("name", "letter"), [("李 Ming", "李 (U+674E)"), ("Anna ใจ", "ใ (U+0E43)"), ("김", "김 (U+AE40)")]
)
def test_a_letter_that_a_to_z_has_not_is_named_and_never_dropped(name: str, letter: str) -> None:
    problem = next(iter(faults(Person(family_name=name, date_of_birth="1990"), None, today=None)))  # type: ignore[arg-type]
    assert problem.reason is Reason.NO_TRANSLITERATION and problem.said == (("letter", letter),)
    assert letter in phrase(problem).vi
    given = Person(family_name=name, family_name_transliterated="LI", date_of_birth="1990")
    assert not list(faults(given, None, today=None))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["-", ".", "---", "12"])
def test_what_has_no_letter_is_nobodys_name(name: str) -> None:
    found = list(faults(Person(family_name=name, date_of_birth="1990"), None, today=None))  # type: ignore[arg-type]
    assert [problem.reason for problem in found] == [Reason.NO_LETTERS]


@given(st.text(max_size=40))
def test_any_text_is_damaged_or_not_and_nothing_else(text: str) -> None:
    found = damage(text)
    assert found is None or isinstance(InputError("family_name", found.reason, **dict(found.said)), InputError)
    for font in FONTS:
        assert convert(convert(text, font), font) is not None
    assert bool(unwritable(text)) <= (len(transliterate(text)) < 80)
