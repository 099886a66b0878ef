"""Diseases beyond the EU's list, in SNOMED CT as that list is, and what other code lists call them.

Sources: SNOMED CT International; ICD-11 MMS (WHO, version 2024-01); WHO's value sets of DDCC and of the digital ICVP.
"""

from __future__ import annotations

from vaxcert.wording.words import Words

COVID_19 = "840539006"
YELLOW_FEVER = "16541001"
POLIO = "398102009"
MEASLES = "14189004"
MENINGITIS = "23511006"
HEPATITIS_A = "40468003"
HEPATITIS_B = "66071002"
FLU = "6142004"

NAMES = {
    YELLOW_FEVER: Words("yellow fever", "sốt vàng"),
    POLIO: Words("polio", "bại liệt"),
    MEASLES: Words("measles", "sởi"),
    MENINGITIS: Words("meningococcal disease", "não mô cầu"),
    HEPATITIS_A: Words("hepatitis A", "viêm gan A"),
    HEPATITIS_B: Words("hepatitis B", "viêm gan B"),
    FLU: Words("influenza", "cúm"),
}

# Codes of ICD-11; what stands behind their point only tells more of the same disease.
OF_ICD11 = {"RA01": COVID_19, "1D47": YELLOW_FEVER, "1C81": POLIO, "1F03": MEASLES, "1C1C": MENINGITIS}
TO_ICD11 = {snomed: icd for icd, snomed in OF_ICD11.items()}


def of_code(code: str) -> str:
    """The SNOMED code of a disease, whichever of these lists its code is of; another code as it stands."""
    return OF_ICD11.get(code.partition(".")[0], code)
