"""What cannot be somebody's name: letters that were lost or misread on their way, and texts that only one font shows.

A name is called damaged only where it is known what happened to it: the text that it was can be told, or a letter is
gone. Letters of any language, and signs that stand in names, are no damage.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from vaxcert.errors import Reason
from vaxcert.names.fonts import FONTS, Font, convert, is_western
from vaxcert.names.syllables import is_syllable

# Nearly all names are of these letters, which nothing of the below can be about.
_HARMLESS = re.compile("[A-Za-zĂăĐđĨĩŨũƠơƯư\u1ea0-\u1ef9 .'’-]*")
_LETTERS = re.compile("[A-Za-zÀ-ÖØ-öø-ſƠơƯư\u1ea0-\u1ef9 .,'’-]*")
_PARTS = re.compile(r"[ .,'’/-]+")
# U+FFFD is what decoders put for what they cannot read, "?" what encoders put for what they cannot write.
_LOST = re.compile("[?\ufffd]")
_C1 = re.compile("[\x80-\x9f]")
# The first bytes of UTF-8 with the right number of further ones, as the Western code page or the Vietnamese one shows
# them. In Vietnamese text three of four begin with E1 BA or E1 BB.
_FURTHER = "[\x80-\xbf€‚ƒ„…†‡ˆ‰‹‘“”•–—˜™›šŠžŽœŒŸ]"
_MISREAD = re.compile(rf"á[º»]|[ÃĂÄÅÆ](?!’[A-Z]){_FURTHER}|[Â-ô]{_FURTHER}{{1,3}}|[^\W\d_]*[a-zà-ÿ][ÃĂ](?= |$)")
_BETWEEN_CAPITALS = {"’"}
# Signs that nobody's name has within a word, beside those that stand for a letter in a font. ASCII ones count between
# two letters alone: at the edge of a word they are a clerk's.
_FOREIGN = re.compile(r"(?<=[^\W\d_])[@#$%&*+=|\\<>\[\]{}^_!;:\"]+(?=[^\W\d_])")
# What DIN 91379 has in names beside letters (non-letters N1), and what stands for it on other keyboards.
_IN_NAMES = frozenset(" ',-.`~¨´·ʹʺʻʼʾʿˈˌ‐‑–‘’‡/()\"“”ªº")
# Telling on its own, since so many Vietnamese bear them and nobody else.
_FAMILIES = frozenset(
    ("nguyễn", "trần", "lê", "phạm", "huỳnh", "vũ", "võ", "đặng", "bùi", "đỗ", "hồ", "ngô", "dương", "lý", "đào",
     "đoàn", "trương", "trịnh", "lương", "phùng")
)  # fmt: skip


class Damage(NamedTuple):
    """What happened to a name. `said`: which font, or which sign is none of a name's."""

    reason: Reason
    said: tuple[tuple[str, str], ...] = ()


class FontsSeen(NamedTuple):
    """Over many names: how many have letters beyond A–Z, and how many of these only a font explains."""

    names: int
    tcvn3: int
    vni: int

    def __add__(self, other: tuple[int, ...]) -> FontsSeen:  # type: ignore[override]
        return FontsSeen(*(one + more for one, more in zip(self, other, strict=True)))

    @property
    def font(self) -> Font | None:
        """The font that most of the names were typed for, or None."""
        font: Font = "tcvn3" if self.tcvn3 >= self.vni else "vni"
        return font if 2 * max(self.tcvn3, self.vni) > self.names else None


def damage(name: str) -> Damage | None:
    """What happened to a name, or None where nothing did that could be told. Never raises."""
    if all(map(_is_sound, name.split(" "))):
        return None
    if _LOST.search(name):
        return Damage(Reason.LETTERS_LOST)
    if any(_is_letter(found[0]) for found in _MISREAD.finditer(name)):
        return Damage(Reason.NAME_MISREAD)
    words = [word for word in _words(name) if not word.isascii()]
    odd = [word for word in words if not is_syllable(word)]
    for font in FONTS if odd else ():
        if _is_of(words, odd, font):
            return Damage(Reason.LEGACY_FONT, (("font", _SHOWN[font]),))
    if _C1.search(name):
        return Damage(Reason.NAME_MISREAD)
    if sign := _foreign(name):
        return Damage(Reason.SIGN_IN_NAME, (("sign", shown(sign)),))
    return None


# Words of names are few, and come again and again; a word alone is nobody's name.
@lru_cache(maxsize=4_096)
def _is_sound(word: str) -> bool:
    """Whether nothing happened to a word, whatever stands beside it."""
    if _HARMLESS.fullmatch(word):
        return True
    if not _LETTERS.fullmatch(word) or any(_is_letter(found[0]) for found in _MISREAD.finditer(word)):
        return False
    return all(part.isascii() or is_syllable(part) for part in _words(word))


def fonts_seen(names: Iterable[str]) -> FontsSeen:
    """Count over a whole table what speaks for a font: also words that in a single name could be another language's."""
    total = FontsSeen(0, 0, 0)
    for name in names:
        words = _words(name)
        if any(not word.isascii() for word in words):
            total += (1, *(any(_speaks_for(word, font) for word in words) for font in FONTS))
    return total


def shown(sign: str) -> str:
    """A sign as a message names it, also where a screen has nothing to show for it."""
    return f"{sign} (U+{ord(sign):04X})" if sign.isprintable() else f"U+{ord(sign):04X}"


_SHOWN = {"tcvn3": "TCVN3", "vni": "VNI"}


def _words(name: str) -> list[str]:
    return _PARTS.split(name)


def _is_letter(misread: str) -> bool:
    """Whether what could be UTF-8 in another code page is a letter, or the beginning of Vietnam's."""
    if misread in ("áº", "á»"):
        return True
    if misread[-1] in "ÃĂ":
        # The second byte of "à" is a no-break space, which became a blank.
        return is_syllable(misread[:-1] + "à")
    if len(misread) == 2 and misread[1] in _BETWEEN_CAPITALS and misread[0] not in "ÃÄÅÆ":
        return False
    for page in ("cp1252", "latin-1", "cp1258"):
        try:
            found = b"".join(_byte(sign, page) for sign in misread).decode()
        except UnicodeError:
            continue
        if all(unicodedata.category(letter)[0] in "LM" for letter in found) and not found.isascii():
            return True
    return False


def _byte(sign: str, page: str) -> bytes:
    # A byte that the page has no sign for comes through as a control.
    return sign.encode("latin-1") if "\x80" <= sign <= "\x9f" else sign.encode(page)


def _is_of(words: list[str], odd: list[str], font: Font) -> bool:
    """Whether a font explains all words with letters beyond A–Z, and nothing else those that are `odd`."""
    telling = [word for word in odd if _speaks_for(word, font)]
    if not telling or not all(is_syllable(convert(western(word), font)) for word in words):
        return False
    # "ï" alone is French as well.
    clear = [word for word in telling if font != "vni" or not word.replace("ï", "").isascii()]
    return len(clear) > 1 or any(_is_telling(word, font) for word in telling)


def _speaks_for(word: str, font: Font) -> bool:
    """Whether a word is no Vietnamese as it stands, and is when it is read by the font."""
    return not word.isascii() and not is_syllable(word) and is_syllable(_read(word, font))


def _read(word: str, font: Font) -> str:
    read = convert(western(word), font)
    return "" if read.isascii() else read


_SMALL_THEN_CAPITAL = re.compile("[a-zà-ÿ][À-Þ]")


def _is_telling(word: str, font: Font) -> bool:
    """Whether one word is enough: a sign or a capital within it, a vowel with two marks, a frequent family name."""
    read = _read(word, font).lower()
    if read in _FAMILIES:
        return True
    if font == "tcvn3":
        # One sign by itself is no word.
        signs = any(not sign.isascii() and unicodedata.category(sign)[0] in "SPN" for sign in word)
        return len(word) > 1 and (signs or _SMALL_THEN_CAPITAL.search(word) is not None)
    return any(len(unicodedata.normalize("NFD", letter)) > 2 for letter in read)


def western(text: str) -> str:
    """A text as Windows' Western code page shows its bytes, where the Vietnamese page (1258) was taken for it."""
    if is_western(text):
        return text
    signs = []
    for letter in unicodedata.normalize("NFC", text):
        try:
            signs.append(_parted(letter).encode("cp1258").decode("latin-1"))
        except UnicodeError:
            return text
    return "".join(signs)


def _parted(letter: str) -> str:
    """A letter as code page 1258 has it: with its circumflex, breve or horn, and the tone after it."""
    parts = unicodedata.normalize("NFD", letter)
    tones = "".join(mark for mark in parts if mark in "\u0300\u0301\u0303\u0309\u0323")
    try:
        letter.encode("cp1258")
    except UnicodeError:
        return unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in tones)) + tones
    return letter


def _foreign(name: str) -> str:
    """The first sign within a word that no name has, or ""."""
    if found := _FOREIGN.search(name):
        return found[0][0]
    for at, sign in enumerate(name):
        if sign.isascii() or sign in _IN_NAMES or unicodedata.category(sign)[0] not in "SPN":
            continue
        if not sign.isdecimal() and (name[at - 1 : at].isalpha() or name[at + 1 : at + 2].isalpha()):
            return sign
    return ""
