"""Names out of the columns that tables have for them, and what else is said of a person: sex, group."""

from __future__ import annotations

import re
from collections.abc import Mapping

from vaxcert.errors import InputError, Reason
from vaxcert.names import has_letters
from vaxcert.names.damage import damage
from vaxcert.tables.cells import clean
from vaxcert.tables.values.folding import folded

# What a clerk writes beside a name: the number of a row, whose child it is, a remark.
_MORE = re.compile(
    r"^\d+ *[.)/:-]|[(\[{][^)\]}]*[)\]}]?$|[,;] *(?:nam|nữ|nu|con|mẹ|me|bố|bo|male|female|\d+)\b|\d{4,}", re.IGNORECASE
)

# Words of letters that most names are made of, for which nothing else has to be asked.
_EVERYDAY = re.compile("[A-Za-zÀ-ÖØ-öø-ſƠơƯưẠ-ỹ]+(?: [A-Za-zÀ-ÖØ-öø-ſƠơƯưẠ-ỹ]+)*")
_WORDS = re.compile(r"(?:[^\W\d_]+ ?)*")

_SEXES = {
    "male": ["nam", "trai", "male", "m", "man", "boy", "1"],
    "female": ["nu", "gai", "female", "f", "woman", "girl", "0", "2"],
}  # fmt: skip


# The fields that a name comes from.
NAMES = ("full_name", "family_name", "family_middle_name", "middle_name", "given_name")


def names(values: Mapping[str, str]) -> tuple[str, str]:
    """Family and given name of a row. Raises `InputError` for what cannot be a name, with what happened to it.

    In `full_name`, and in `family_middle_name` before the given one, the family name is the first word, as Vietnamese
    write it. What has no letters, such as "-" for a name that somebody does not have, is none.
    """
    whole_name = values.get("full_name", "")
    if _EVERYDAY.fullmatch(whole_name) and "family_name" not in values and damage(whole_name) is None:
        family_name, _, rest = whole_name.partition(" ")
        return family_name, rest
    values = {field: clean(values[field]) for field in NAMES if values.get(field)}
    for field, text in values.items():
        _check(_SHOWN_AS.get(field, field), text)
    family = _worded(values, "family_name")
    given = [*_worded(values, "middle_name"), *_worded(values, "given_name")]
    if family:
        return " ".join(family), " ".join(given)
    whole = _worded(values, "full_name") or [*_worded(values, "family_middle_name"), *given]
    if not whole:
        raise InputError("family_name", Reason.NO_LETTERS if any(values.values()) else Reason.MISSING)
    return whole[0], " ".join(whole[1:])


# Fields that parts of a name come from, as the field that people know.
_SHOWN_AS = {"full_name": "family_name", "family_middle_name": "family_name", "middle_name": "given_name"}


def _worded(values: Mapping[str, str], field: str) -> list[str]:
    text = values.get(field, "")
    if _WORDS.fullmatch(text):
        return text.split()
    return [word for word in text.split() if has_letters(word) or word[0].isdecimal()]


def _check(field: str, text: str) -> None:
    if found := damage(text):
        raise InputError(field, found.reason, **dict(found.said))
    if not _WORDS.fullmatch(text) and _MORE.search(text):
        raise InputError(field, Reason.MORE_THAN_A_NAME)


def sex(text: str) -> str:
    """ "male" or "female", or "" where nothing is said. Raises `InputError` for another text."""
    text = folded(text).removesuffix(".0")
    if text in ("", "-", "."):
        return ""
    for meant, texts in _SEXES.items():
        if text in texts:
            return meant
    raise InputError("sex", Reason.NOT_ONE_OF, allowed="nam, nữ, male, female")


def priority_group(text: str, known: Mapping[str, str]) -> tuple[str, str]:
    """A group's code, and the text where it is none of the codes or names in `known` (folded name or code → code).

    An unknown group is for somebody to ask about, and no reason to lose a dose.
    """
    code = known.get(folded(text)) or known.get(re.sub(r"^(?:nhom|group|doi tuong)\s*", "", folded(text)), "")
    return (code, "") if code else ("", text)


def site(text: str, known: Mapping[str, str]) -> str:
    """A site's code, given by it or by its name; `known`: folded name → code. Another text stays as it is."""
    return known.get(folded(text), text)
