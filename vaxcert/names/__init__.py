"""Names of people: as they are issued, as machines compare them, and as they may be shown.

Names are personal data: nothing here keeps one. The table that grows below holds letters only.
"""

import re
import unicodedata

# DCC schema 1.3.0: `fn`, `fnt`, `gn` and `gnt` hold at most 80 characters.
MAX_LENGTH = 80

# Letters that stand for more than a base letter, or have none (ICAO Doc 9303, part 3, section 6, table A).
# Letters with a stroke, hook or bar follow from their Unicode names, accented ones from their decomposition.
_LATIN = {"Æ": "AE", "Œ": "OE", "Ø": "OE", "Þ": "TH", "Ð": "D", "ẞ": "SS", "Ŋ": "N", "ĸ": "K", "Ə": "E"}
_AFRICAN = dict(zip("ƆƐƎƔƖƩƱƷ", "OEEGISUZ", strict=True))

# The same section, table B, where several languages share a letter: as in Russian. Ё, Ї, Й and Ў decompose.
_CYRILLIC = dict(zip("АБВГДЕЗИКЛМНОПРСТУФЫЭҐІЈЋЂ", "ABVGDEZIKLMNOPRSTUFYEGIJCD", strict=True)) | {
    "Ж": "ZH", "Х": "KH", "Ц": "TS", "Ч": "CH", "Ш": "SH", "Щ": "SHCH", "Ъ": "IE", "Ю": "IU", "Я": "IA",
    "Є": "IE", "Ѕ": "DZ", "Љ": "LJ", "Њ": "NJ", "Џ": "DZ", "Ѣ": "IE", "Ѫ": "U", "Ѳ": "F", "Ѵ": "Y",
    "Ә": "A", "Ғ": "G", "Қ": "K", "Ң": "N", "Ө": "O", "Ү": "U", "Ұ": "U", "Һ": "H",
}  # fmt: skip

# Doc 9303 has no Greek; this is ELOT 743, as Greek passports have it, but for its digraphs other than ΟΥ.
_UPSILON = "\x01"  # OU or Y: that depends on the letter before
_GREEK = dict(zip("ΑΒΓΔΕΖΗΙΚΛΜΝΞΟΠΡΣΤΦΩ", "AVGDEZIIKLMNXOPRSTFO", strict=True)) | {
    "Θ": "TH", "Χ": "CH", "Ψ": "PS", "Υ": _UPSILON,
}  # fmt: skip

_LETTERS = _LATIN | _AFRICAN | _CYRILLIC | _GREEK

# Letters that a mark changes (table A), but only where it is their one mark: Ấ and Ǟ are A.
_MARKED = {
    "A\u0308": "AE", "O\u0308": "OE", "U\u0308": "UE", "A\u030a": "AA", "Υ\u0308": "Y", "Υ\u0308\u0301": "Y",
}  # fmt: skip
_MARK = "\x02"  # a mark that did not melt into its letter
_MARKED_AGAIN = re.compile("[ÄÖÜÅäöüå](?=[\u0300-\u036f])")

_WITH = re.compile("LATIN CAPITAL LETTER ([A-Z]) WITH ")
_SEPARATORS = {"Zs", "Zl", "Zp", "Pd"}

_REMOVED = {"Cc", "Cf"}
# What fonts draw nothing for although it counts as letter, mark or unassigned: Default_Ignorable_Code_Point (Unicode
# 17.0, DerivedCoreProperties.txt) without category Cf, which Python tells by itself, and the braille pattern blank.
UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8"
    "\U000e0000-\U000e0fff]"
)

_WORDS = re.compile("[a-z0-9]+")
# Nearly all names: letters that A–Z has something for.
_WRITABLE = re.compile("[ -~À-ſƠơƯưẠ-ỹ]*")


def transliterate(name: str) -> str:
    """The name in A–Z and `<`, at most 80 characters (ICAO Doc 9303, part 3, section 6).

    Spaces and hyphens become one `<`; apostrophes, other punctuation, digits and letters of scripts other
    than Latin, Cyrillic and Greek are left out, so "" is possible. Never raises.
    """
    text = unicodedata.normalize("NFC", name).translate(_TABLE)
    if _MARK in text or _UPSILON in text:
        text = _carefully(name)
    if "<<" in text or text[:1] == "<":
        text = "<".join(filter(None, text.split("<")))
    return text[:MAX_LENGTH].rstrip("<")


def unwritable(name: str) -> str:
    """The first letter that `transliterate` leaves out since A–Z has nothing for it, or ""."""
    if _WRITABLE.fullmatch(name):
        return ""
    return next((one for one in name if one.isalpha() and not one.translate(_TABLE)), "")


def has_letters(name: str) -> bool:
    """Whether a text has a letter of any script: without one it is nobody's name."""
    return any(map(str.isalpha, name))


def normalise(name: str) -> str:
    """The name as it is issued: NFC, single spaces and none outside, nothing invisible; "" where nothing is left.

    Controls, bidirectional controls and zero-width characters go (Unicode categories Cc and Cf), and so do letters
    and marks that nobody sees, such as Hangul fillers and variation selectors. Surrogates, which no UTF-8 can carry,
    become U+FFFD.
    """
    name = _seen(name)
    if "  " in name or name[:1] == " " or name[-1:] == " ":
        name = " ".join(name.split())
    return unicodedata.normalize("NFC", name)


def printable(text: str) -> str:
    """Untrusted text as it may be shown on a screen or page: NFC, one line, nothing invisible that acts.

    Every line break or other white space becomes a space; controls (terminal escapes among them),
    bidirectional controls, zero-width characters and letters that nobody sees go. HTML is not escaped here.
    """
    text = _seen(text.replace("\r\n", "\n"))
    return unicodedata.normalize("NFC", text)


def plain(text: str) -> str:
    """What is left of a text without case, tones, accents and punctuation: "Ngày sinh (*)" → "ngay sinh".

    To compare by, and never to show.
    """
    letters = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(_WORDS.findall(bare.lower()))


def _seen(text: str) -> str:
    if not text.isprintable():
        text = "".join(map(_space_or_visible, text))
    return text if text.isascii() else UNSEEN.sub("", text)


def _space_or_visible(character: str) -> str:
    if character.isspace():
        return " "
    category = unicodedata.category(character)
    if category == "Cs":
        return "\ufffd"
    return "" if category in _REMOVED else character


class _Table(dict[int, str]):
    """A table for `str.translate` that works out a letter when it first meets it."""

    def __missing__(self, code: int) -> str:
        letters = _transliterate_one(chr(code))
        # All alphabets of the tables lie below. Without a bound, odd enough names would fill the memory.
        if code < 0x2000:
            self[code] = letters
        return letters


_TABLE = _Table()


def _transliterate_one(character: str) -> str:
    category = unicodedata.category(character)
    if category in _SEPARATORS or character.isspace() or character == "<":
        return "<"
    if category[0] == "M":
        return _MARK
    if category[0] != "L" and category != "Nl":
        return ""
    capital = unicodedata.normalize("NFD", character.upper())
    if capital in _MARKED:
        return _MARKED[capital]
    return "".join(map(_letter, unicodedata.normalize("NFKD", capital).upper()))


def _letter(capital: str) -> str:
    if "A" <= capital <= "Z":
        return capital
    if capital in _LETTERS:
        return _LETTERS[capital]
    known = _WITH.match(unicodedata.name(capital, ""))
    return known[1] if known else ""


def _carefully(name: str) -> str:
    """The transliteration of a name in which a letter depends on what stands next to it."""
    text = unicodedata.normalize("NFC", name)
    text = _MARKED_AGAIN.sub(lambda found: unicodedata.normalize("NFD", found[0])[0], text)
    text = text.translate(_TABLE).replace(_MARK, "")
    return text.replace("O" + _UPSILON, "OU").replace(_UPSILON, "Y")
