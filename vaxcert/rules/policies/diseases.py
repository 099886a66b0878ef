"""Diseases by name, each with the codes that cards have for it.

SNOMED CT (EU DCC value sets; WHO's DDCC) and ICD-11 MMS (WHO's digital ICVP).
"""

from __future__ import annotations

import re

from vaxcert.names import plain
from vaxcert.wording.words import Words

_CODES: dict[str, tuple[str, ...]] = {
    "covid 19": ("840539006", "RA01"),
    "yellow fever": ("16541001", "1D47"),
    "polio": ("398102009", "1C81"),
    "meningococcal disease": ("23511006", "1C1C"),
    "measles": ("14189004", "1F03"),
}
NAMES = {
    "covid 19": Words("COVID-19", "COVID-19"),
    "yellow fever": Words("yellow fever", "sốt vàng"),
    "polio": Words("polio", "bại liệt"),
    "meningococcal disease": Words("meningococcal disease", "não mô cầu"),
    "measles": Words("measles", "sởi"),
}
_BY_NAME = {plain(word): _CODES[name] for name, words in NAMES.items() for word in words}
_CODE = re.compile(r"[0-9]{6,18}|[0-9A-Z]{4}(?:\.[0-9A-Z]{1,2})?", re.ASCII)


def codes_of(disease: str) -> frozenset[str]:
    """The codes of a disease that is given by name in either language, or by one of its codes.

    Raises `ValueError` for what is neither.
    """
    if known := _BY_NAME.get(plain(disease)):
        return frozenset(known)
    for codes in _CODES.values():
        if disease in codes:
            return frozenset(codes)
    if _CODE.fullmatch(disease) is None:
        raise ValueError(f"neither a code nor one of {', '.join(words.en for words in NAMES.values())}")
    return frozenset((disease,))


def name_of(disease: str) -> Words:
    """The name of a disease that is given as `codes_of` has it, else the code itself."""
    wanted = codes_of(disease)
    known = next((words for name, words in NAMES.items() if codes_of(name) & wanted), None)
    return known or Words(disease, disease)
