"""Vietnamese as two fonts had it before Unicode: the letters of their signs (TCVN 5712:1993, VSCII-3; VNI-Win).

Such a text is in Windows' Western code page, and only its font showed Vietnamese. In another font "Nguyễn" is "NguyÔn",
or "Nguyeãn".
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

Font = Literal["tcvn3", "vni"]
FONTS: tuple[Font, ...] = ("tcvn3", "vni")

# TCVN3: a letter a sign; vowels in the order à ả ã á ạ, as the table has them. Capitals with a tone are set in another
# font ("vnTimeH") from the signs of the small ones.
_TCVN3 = dict(
    zip("¡¢£¤¥¦§¨©ª«¬\xad®", "ĂÂÊÔƠƯĐăâêôơưđ", strict=True)
) | dict(
    zip(
        "µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)  # fmt: skip

# VNI: a vowel and a sign after it, or one sign alone.
_ALONE = dict(zip("ñíìæóòôöî", "đíìỉĩịơưỵ", strict=True))
_TONES = dict(zip("ùøûõï", "\u0301\u0300\u0309\u0303\u0323", strict=True))
_ROUND = dict(zip("âáàåãä", ("", *_TONES.values()), strict=True))  # the same tones over â, ê, ô
_SHORT = dict(zip("êéèúüë", ("", *_TONES.values()), strict=True))  # and over ă


def _vni() -> dict[str, str]:
    pairs: dict[str, str] = {}
    for base, vowel in zip("aeiouyôö", "aeiouyơư", strict=True):
        pairs |= {base + sign: vowel + tone for sign, tone in _TONES.items()}
    for base, vowel in zip("aeo", "âêô", strict=True):
        pairs |= {base + sign: vowel + tone for sign, tone in _ROUND.items()}
    pairs |= {"a" + sign: "ă" + tone for sign, tone in _SHORT.items()}
    pairs = {pair: unicodedata.normalize("NFC", letter) for pair, letter in pairs.items()}
    return _ALONE | pairs


_VNI = _vni()
_VNI_SIGNS = re.compile("[aeouyôö][ùøûõïâáàåãäêéèúüë]|[ñíìæóòôöî]", re.IGNORECASE)

# How the bytes 80 to 9F look, where the Western code page was not taken for Latin-1.
_FROM_1252 = {
    ord(bytes([code]).decode("cp1252")): code
    for code in range(0x80, 0xA0)
    if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}


def convert(text: str, font: Font) -> str:
    """A text that was typed for a font, as Unicode has it (NFC). A text that is Unicode already stays as it is.

    Soft hyphens count: in TCVN3 one is "ư", so this comes before anything is taken out of the text.
    """
    if text.isascii() or not is_western(text):
        return text
    if font == "tcvn3":
        return unicodedata.normalize("NFC", "".join(_TCVN3.get(sign, sign) for sign in text))
    return unicodedata.normalize("NFC", _VNI_SIGNS.sub(_letter, text))


def is_western(text: str) -> bool:
    """Whether a text has signs of Windows' Western code page alone, as every text for one of these fonts has."""
    return all(sign <= "\xff" or ord(sign) in _FROM_1252 for sign in text)


def _letter(found: re.Match[str]) -> str:
    signs = found[0]
    letter = _VNI.get(signs.lower(), "")
    if not letter:
        # Two letters that only happen to stand side by side; the second may begin a pair of its own, or be one alone.
        return "".join(_capital(one, _VNI.get(one.lower(), one.lower())) for one in signs)
    return _capital(signs[0], letter)


def _capital(like: str, letter: str) -> str:
    return letter.upper() if like.isupper() else letter
