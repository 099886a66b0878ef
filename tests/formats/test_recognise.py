"""What is this code? Told by its shape, and never called a forgery."""

import unicodedata
from typing import Any

import pytest
from foreign_codes import BASE45, OTHERS, SYSTEMS
from hypothesis import example, given
from hypothesis import strategies as st

from vaxcert import Reason, Verdict, Verifier
from vaxcert.formats import foreign
from vaxcert.formats.hcert import PREFIX
from vaxcert.wording import kinds

READ = {"smart_health_card", "nz_covid_pass", "vds_nc"}
CASES = [
    (kind, reason, text)
    for table, reason in ((SYSTEMS, "format_unsupported"), (OTHERS, "not_a_certificate"))
    for kind, texts in table.items()
    for text in texts
]


@pytest.mark.parametrize(("kind", "reason", "text"), CASES, ids=[f"{kind} {text[:12]!r}" for kind, _, text in CASES])
@pytest.mark.parametrize("around", ["{}", "{}\r\n", "]Q1{}"])
def test_a_code_that_is_none_of_ours_is_named_and_left_undetermined(
    verifier: Verifier, kind: str, reason: str, text: str, around: str
) -> None:
    verdict = verifier.verify(around.format(text))
    assert (verdict.status, verdict.reason, verdict.recognised) == ("undetermined", reason, kind)
    assert verdict.to_dict()["recognised"] == kind
    assert (str(verdict.checks[0].stage), str(verdict.checks[0].outcome)) == ("format", "unknown")
    assert {str(check.outcome) for check in verdict.checks[1:]} == {"skipped"}


def test_every_shape_has_words_in_both_languages_and_every_word_a_shape() -> None:
    tables = (foreign._SYSTEMS, foreign._OBJECTS, foreign._UNSIGNED, foreign._OTHERS)
    shapes = {shape.kind for table in tables for shape in table}
    assert shapes | {"who_ddcc", "who_icvp"} == set(kinds.KINDS)
    assert all(kinds.name(kind, lang) for kind in shapes for lang in ("vi", "en"))
    # What the library reads itself is told by these names in a page alone.
    assert {kind for kind, _, _ in CASES} == shapes - READ


@pytest.mark.parametrize(
    "text", ["", "hello", "Nguyễn Mẫu", BASE45, "{}", '{"a": 1}', "12345", "1990-05-17", "ABC.DEF"]
)
def test_what_no_shape_fits_is_of_no_known_kind(verifier: Verifier, text: str) -> None:
    verdict = verifier.verify(text)
    assert (verdict.status, verdict.reason, verdict.recognised) == ("undetermined", "format_unknown", None)


def test_what_begins_like_one_of_ours_and_is_broken_stays_refused(verifier: Verifier, text: str) -> None:
    for broken in ("HC1:", "HC1:x", text[:-1], text[:200], text.replace("A", "a", 1), "HC1:https://x.example"):
        assert verifier.verify(broken).status == "refused", broken


@given(st.text(max_size=200))
def test_any_text_is_looked_at_without_an_exception(text: str) -> None:
    found = foreign.look(text)
    assert found is None or (found.kind in kinds.KINDS and found.reason in Reason)


@given(st.text(alphabet="0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", max_size=300))
@example("//")
def test_nothing_after_our_prefix_makes_it_another_systems(rest: str) -> None:
    assert foreign.look(PREFIX + rest) is None


# What the keys of a US keyboard give elsewhere, without Shift and with it, in the order of the rows.
US = "`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./", '~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:"ZXCVBNM<>?'
LAYOUTS = {
    "German": ("^1234567890ß´qwertzuiopü+#asdfghjklöäyxcvbnm,.-", "°!\"§$%&/()=?`QWERTZUIOPÜ*'ASDFGHJKLÖÄYXCVBNM;:_"),
    "French": ("²&é\"'(-è_çà)=azertyuiop^$*qsdfghjklmùwxcvbn,;:!", "~1234567890°+AZERTYUIOP¨£µQSDFGHJKLM%WXCVBN?./§"),
    "Spanish": ("º1234567890'¡qwertyuiop`+çasdfghjklñ´zxcvbnm,.-", 'ª!"·$%&/()=?¿QWERTYUIOP^*ÇASDFGHJKLÑ¨ZXCVBNM;:_'),
    "Russian": ("ё1234567890-=йцукенгшщзхъ\\фывапролджэячсмитьбю.", 'Ё!"№;%:?*()_+ЙЦУКЕНГШЩЗХЪ/ФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,'),
    "Greek": ("`1234567890-=;ςερτυθιοπ[]\\ασδφγηξκλ΄'ζχψωβνμ,./", '~!@#$%^&*()_+:΅ΕΡΤΥΘΙΟΠ{}|ΑΣΔΦΓΗΞΚΛ¨"ΖΧΨΩΒΝΜ<>?'),
    "Dvorak": ("`1234567890[]',.pyfgcrl/=\\aoeuidhtns-;qjkxbmwvz", '~!@#$%^&*(){}"<>PYFGCRL?+|AOEUIDHTNS_:QJKXBMWVZ'),
    "Czech": (";+ěščřžýáíé=´qwertzuiopú)¨asdfghjklů§yxcvbnm,.-", "°1234567890%ˇQWERTZUIOP/('ASDFGHJKL\"!YXCVBNM?:_"),
    "Vietnamese": (
        "`ăâêô\u0300\u0309\u0303\u0301\u0323đ-₫qwertyuiopươ\\asdfghjkl;'zxcvbnm,./",
        '~!@#$%^&*()_+QWERTYUIOPƯƠ|ASDFGHJKL:"ZXCVBNM<>?',
    ),
    "Turkish": ('"1234567890*-qwertyuıopğü,asdfghjklşizxcvbnmöç.', "é!'^+%&/()=?_QWERTYUIOPĞÜ;ASDFGHJKLŞİZXCVBNMÖÇ:"),
    "Lithuanian": (
        "`ąčęėįšųū90-žqwertyuiop[]\\asdfghjkl;'zxcvbnm,./",
        '~ĄČĘĖĮŠŲŪ()_ŽQWERTYUIOP{}|ASDFGHJKL:"ZXCVBNM<>?',
    ),
    "Swedish": ("§1234567890+´qwertyuiopå¨'asdfghjklöäzxcvbnm,.-", '½!"#¤%&/()=?`QWERTYUIOPÅ^*ASDFGHJKLÖÄZXCVBNM;:_'),
    "Thai": ("_ๅ/-ภถุึคตจขชๆไำพะัีรนยบลฃฟหกดเ้่าสวงผปแอิืทมใฝ", '%+๑๒๓๔ู฿๕๖๗๘๙๐"ฎฑธํ๊ณฯญฐ,ฅฤฆฏโฌ็๋ษศซ.()ฉฮฺ์?ฒฬฦ'),
}


def on_keyboard(text: str, layout: tuple[str, str]) -> str:
    keys = dict(zip(US[0] + US[1], layout[0] + layout[1], strict=True))
    return unicodedata.normalize("NFC", "".join(keys.get(character, character) for character in text))


def telex(text: str) -> str:
    for keys, letter in ("AA", "Â"), ("AW", "Ă"), ("EE", "Ê"), ("OO", "Ô"), ("OW", "Ơ"), ("UW", "Ư"), ("DD", "Đ"):
        text = text.replace(keys, letter)
    for keys, letter in ("AS", "Á"), ("AF", "À"), ("ES", "É"), ("OJ", "Ọ"), ("UR", "Ủ"), ("IX", "Ĩ"), ("W", "Ư"):
        text = text.replace(keys, letter)
    return text


def vni(text: str) -> str:
    for vowel in "AEIOUY":
        for digit, tone in zip("12345", "\u0301\u0300\u0309\u0303\u0323", strict=True):
            text = text.replace(vowel + digit, unicodedata.normalize("NFC", vowel + tone))
    return text.replace("A6", "Â").replace("O7", "Ơ").replace("D9", "Đ")


def scanned(text: str, way: str) -> str:
    if way in LAYOUTS:
        return on_keyboard(text, LAYOUTS[way])
    others = {"Telex": telex, "VNI": vni, "caps lock": str.swapcase, "no Shift": lambda t: t.replace(":", ";")}
    if way == "caps lock, German":
        return on_keyboard(text, LAYOUTS["German"]).swapcase()
    return others[way](text)


WAYS = [*LAYOUTS, "Telex", "VNI", "caps lock", "no Shift", "caps lock, German"]


def changed(text: str, typed: str) -> int:
    """How many letters stand in what was typed that are not in the text."""
    return sum(not letter.isspace() and letter not in text for letter in typed)


def said(verdict: Verdict) -> tuple[str, str | None]:
    return str(verdict.status), verdict.reason and str(verdict.reason)


@pytest.mark.parametrize("way", WAYS)
def test_a_scanner_with_another_layout_is_told_as_that_and_accuses_nobody(
    verifier: Verifier, forge: Any, way: str
) -> None:
    # What a typing aid makes letters of is chance: one card in a hundred has less than three such places.
    cards = ((text, scanned(text, way)) for text in (forge.card() for _ in range(50)))
    text, typed = next((text, typed) for text, typed in cards if changed(text, typed) > 2 or way == "no Shift")
    assert typed != text
    for around in ("{}", "{}\r\n", "\x02{}\x03"):
        assert said(verifier.verify(around.format(typed))) == ("undetermined", "keyboard_layout")


@pytest.mark.parametrize("letter", "éĂа\u0301")
def test_a_single_strange_letter_is_damage_and_no_layout(verifier: Verifier, text: str, letter: str) -> None:
    assert said(verifier.verify(text[:60] + letter + text[61:])) == ("refused", "base45_invalid")
