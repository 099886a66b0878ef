"""Vaccines of WHO's prequalification, by the ids that its certificates of vaccination (ICVP) have for them.

An id names its kind of vaccine, then the word Product and a hash of the row of WHO's list; so what it is against
follows from the id, also of one that was listed after this was written. Sources: SMART ICVP's value set
http://smart.who.int/icvp/ValueSet/ICVPProductIds, and WHO's list of prequalified vaccines for the names.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from vaxcert.codes.diseases import COVID_19, MEASLES, MENINGITIS, POLIO, YELLOW_FEVER
from vaxcert.wording.words import Words

SYSTEM = "http://smart.who.int/pcmt-vaxprequal/CodeSystem/PreQualProductIDs"
_ID = re.compile(r"([A-Z][A-Za-z0-9]{2,60})Product([0-9a-f]{32})", re.ASCII)


class ListedProduct(NamedTuple):
    """A kind of vaccine. `series`: the doses of a course; 0 where that is not one number."""

    name: Words
    disease: str
    series: int = 0


# By how an id begins, the longest first. Yellow fever: one dose for life (International Health Regulations, annex 7).
KINDS = (
    ("YellowFever", ListedProduct(Words("yellow fever vaccine", "vắc xin sốt vàng"), YELLOW_FEVER, 1)),
    ("PolioVaccineNovelOral", ListedProduct(Words("novel oral polio vaccine", "vắc xin bại liệt uống mới"), POLIO)),
    ("PolioVaccineInactivated", ListedProduct(Words("inactivated polio vaccine", "vắc xin bại liệt tiêm"), POLIO)),
    ("PolioVaccineOral", ListedProduct(Words("oral polio vaccine", "vắc xin bại liệt uống"), POLIO)),
    ("PolioOral", ListedProduct(Words("oral polio vaccine", "vắc xin bại liệt uống"), POLIO)),
    ("Polio", ListedProduct(Words("polio vaccine", "vắc xin bại liệt"), POLIO)),
    ("Measles", ListedProduct(Words("measles vaccine", "vắc xin sởi"), MEASLES)),
    ("Meningococcal", ListedProduct(Words("meningococcal vaccine", "vắc xin não mô cầu"), MENINGITIS)),
    ("Covid", ListedProduct(Words("COVID-19 vaccine", "vắc xin COVID-19"), COVID_19)),
    ("COVID", ListedProduct(Words("COVID-19 vaccine", "vắc xin COVID-19"), COVID_19)),
)
# What certificates are issued of: products by brand, so that people know what was injected. The ids of one product
# differ by the size of its vial.
BRANDS = {
    "YellowFeverProductd8a09f80301dc05e124f99ffe7711fc0": "Stamaril",
    "YellowFeverProductf82b015dfb3b1feeacd4c44d95b3b3ec": "Yellow fever, Institut Pasteur de Dakar",
    "YellowFeverProduct223330a7c15da86b21cc363f591de002": "Yellow fever, Institut Pasteur de Dakar",
    "YellowFeverProductffea8448252ee58b7a92add05f0c3431": "Yellow fever, Institut Pasteur de Dakar",
    "YellowFeverProductab01f006f8b24113f4a28cb50bfe6d9d": "Yellow fever, Bio-Manguinhos",
    "YellowFeverProduct5f0639d8e4d52afef089aa7148c5060c": "Yellow fever, Bio-Manguinhos",
    "YellowFeverProducte0534dbc71a6cc09f56dce25216c538c": "Yellow fever, Bio-Manguinhos",
    "YellowFeverProductd2c75a15ed309658b3968519ddb31690": "Yellow fever, Chumakov",
    "YellowFeverProduct771d1a5c0acaee3e2dc9d56af1aba49d": "Yellow fever, Chumakov",
    "YellowFeverProducte929626497bdbb71adbe925f0c09c79f": "Yellow fever, Chumakov",
    "YellowFeverProduct01a3b83cf13e87948437db11cf5c34eb": "SinSaVac",
    "PolioVaccineInactivatedIProduct532ef986c8042bbb15fee24056fdc4ed": "Imovax Polio",
    "PolioVaccineInactivatedIProduct81ee9ba77c4419bbfe44a27cfd10027e": "ShanIPV",
    "PolioVaccineInactivatedIProduct8b13b5fcf5e9268b345775be7c3f077c": "ShanIPV",
    "PolioVaccineInactivatedSProduct0854d534a200bbeffa8be0f57dad584a": "Eupolio",
    "PolioVaccineInactivatedSProduct031f63df3184acdf0cb82f90f316b6c3": "Eupolio",
    "PolioVaccineOralOPVBivalProduct16e883911ea0108b8213bc213c9972fe": "Biopolio B1/3",
    "PolioVaccineOralOPVBivalProduct10aa94cef126e62542c2c45dc3604c0b": "Polio bOPV 1&3, Bio Farma",
}


def kind(code: str) -> ListedProduct | None:
    """What a product's id says of it; None for what is no such id, or of a kind that is not known here."""
    found = _ID.fullmatch(code)
    if found is None:
        return None
    return next((known for begun, known in KINDS if found[1].startswith(begun)), None)


def is_id(code: str) -> bool:
    """Whether a code has the form of a product's id."""
    return _ID.fullmatch(code) is not None


def name(code: str, lang: str) -> str:
    """What a product is called: its brand, else its kind; "" where neither is known."""
    known = kind(code)
    return BRANDS.get(code) or ("" if known is None else known.name.of(lang))
