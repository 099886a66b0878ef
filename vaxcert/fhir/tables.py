"""Codes that FHIR resources of other systems carry, and what they are here.

Sources: HL7 FHIR R4 (http://hl7.org/fhir/R4/), identifiers of code systems; LOINC's list of SARS-CoV-2 tests
(https://loinc.org/sars-cov-2-and-covid-19/); SNOMED CT, qualifier values of results, as the profiles of SMART Health
Cards (Vaccination and Testing Implementation Guide, 1.0) name them; vaccines as `vaxcert.codes` has them.
"""

from __future__ import annotations

from typing import NamedTuple

from vaxcert import codes
from vaxcert.codes import cvx, diseases, prequal

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
# The EU's list of products has no address of FHIR's own; these two are what deployed systems write.
EU_PRODUCTS = (
    "https://ec.europa.eu/health/documents/community-register/html/",
    "http://ec.europa.eu/temp/medicinal-products",
)

_NUCLEIC, _ANTIGEN = "LP6464-4", "LP217198-3"
# Tests for SARS-CoV-2 by their kind, as the EU's list calls those.
TESTS: dict[str, str] = {
    **dict.fromkeys(
        (
            "94306-8", "94309-2", "94314-2", "94316-7", "94500-6", "94502-2", "94531-1", "94533-7", "94534-5",
            "94559-2", "94565-9", "94640-0", "94757-2", "94759-8", "94845-5", "95406-5", "95409-9", "95425-5",
            "95608-6", "95824-9", "96986-5", "97098-8", "98131-6", "98132-4", "98494-8",
        ),
        _NUCLEIC,
    ),
    **dict.fromkeys(("94558-4", "95209-3", "96119-3", "97097-0"), _ANTIGEN),
}  # fmt: skip
# Found, not found, and the words for it that laboratories use beside these two.
RESULTS = {
    "260373001": codes.DETECTED,
    "10828004": codes.DETECTED,
    "840533007": codes.DETECTED,
    "260415000": codes.NOT_DETECTED,
    "260385009": codes.NOT_DETECTED,
}


class CodedVaccine(NamedTuple):
    """What a code says of a vaccine. `product`: as `Dose.product` has it; `series`: 0 where it is not known."""

    product: str
    disease: str
    series: int


def vaccine(system: str, code: str) -> CodedVaccine | None:
    """What a coding of a vaccine says; None where its list is not read here."""
    if system == cvx.SYSTEM:
        known = cvx.VACCINES.get(code)
        if known is None:
            return CodedVaccine(codes.CVX + code, "", 0)
        return of_product(known.product) or CodedVaccine(codes.CVX + code, known.disease, known.series)
    if system == prequal.SYSTEM:
        return of_product(code)
    return of_product(code) if system in EU_PRODUCTS else None


def of_product(code: str) -> CodedVaccine | None:
    """What a product's code, of the EU's list or of WHO's, says; None for one that is not known."""
    if (known := codes.product(code)) is not None:
        return CodedVaccine(code, known.disease, known.series or 0)
    if (kind := prequal.kind(code)) is not None:
        return CodedVaccine(code, kind.disease, kind.series)
    return None


def test_disease(loinc: str) -> str:
    """What a test looks for; "" where that is not known."""
    return diseases.COVID_19 if loinc in TESTS else ""
