"""Vaccines as the United States, and with them SMART Health Cards, call them (CVX, by CDC's IIS Support Branch).

Source: CDC, "IIS: Current HL7 Standard Code Set, CVX", https://www2a.cdc.gov/vaccines/iis/iisstandards/vaccines.asp?rpt=cvx,
and "COVID-19 Vaccine Related Codes" for what the products are called. Codes that are not here are shown as they are.
"""

from __future__ import annotations

from typing import NamedTuple

from vaxcert.codes.diseases import COVID_19, FLU, HEPATITIS_A, HEPATITIS_B, MEASLES, MENINGITIS, POLIO, YELLOW_FEVER
from vaxcert.wording.words import Words

SYSTEM = "http://hl7.org/fhir/sid/cvx"


class Vaccine(NamedTuple):
    """A vaccine of another list. `product`: the EU's code for it, "" where it has none; `series`: 0 for not known."""

    name: Words
    disease: str = COVID_19
    product: str = ""
    series: int = 0


_COMIRNATY, _SPIKEVAX = "EU/1/20/1528", "EU/1/20/1507"
_COVID = Words("COVID-19 vaccine", "vắc xin COVID-19")


def _products(*rows: tuple[str, str]) -> dict[str, Vaccine]:
    return {code: Vaccine(_COVID, product=product) for codes, product in rows for code in codes.split()}


def _named(disease: str, en: str, vi: str, codes: str, series: int = 0) -> dict[str, Vaccine]:
    return {code: Vaccine(Words(en, vi), disease, series=series) for code in codes.split()}


VACCINES: dict[str, Vaccine] = {
    # Of one product all strengths and, but for the first two, all variants share a code of the EU.
    **_products(
        ("208 217 218 219 300 301 302 308 309 310 520", _COMIRNATY),
        ("207 221 227 228 229 230 311 312 519", _SPIKEVAX),
        ("210", "EU/1/21/1529"),
        ("211 313", "EU/1/21/1618"),
        ("212", "EU/1/20/1525"),
        ("502", "Covaxin"),
        ("503", "CoviVac"),
        ("504", "Sputnik-Light"),
        ("505", "Sputnik-V"),
        ("506", "Convidecia"),
        ("509", "EpiVacCorona"),
        ("510", "BBIBP-CorV"),
        ("511", "CoronaVac"),
        ("512", "Covifenz"),
        ("515", "MVC-COV1901"),
    ),
    **_named(COVID_19, "COVID-19 vaccine", "vắc xin COVID-19", "213 500"),
    **_named(COVID_19, "COVID-19 vaccine (Sanofi, GSK)", "vắc xin COVID-19 (Sanofi, GSK)", "225 226"),
    **_named(COVID_19, "QazVac", "QazVac", "501"),
    **_named(COVID_19, "Zifivax", "Zifivax", "513"),
    **_named(COVID_19, "ZyCoV-D", "ZyCoV-D", "514"),
    **_named(COVID_19, "KCONVAC", "KCONVAC", "516"),
    **_named(COVID_19, "Corbevax", "Corbevax", "517"),
    **_named(YELLOW_FEVER, "yellow fever vaccine", "vắc xin sốt vàng", "37 183 184", 1),
    **_named(POLIO, "oral polio vaccine", "vắc xin bại liệt uống", "02 178 179 182"),
    **_named(POLIO, "inactivated polio vaccine", "vắc xin bại liệt tiêm", "10 89"),
    **_named(MEASLES, "measles, mumps and rubella vaccine", "vắc xin sởi, quai bị, rubella", "03", 2),
    **_named(MEASLES, "measles vaccine", "vắc xin sởi", "05"),
    **_named(MEASLES, "measles and rubella vaccine", "vắc xin sởi, rubella", "04"),
    **_named(MEASLES, "measles, mumps, rubella, varicella vaccine", "vắc xin sởi, quai bị, rubella, thủy đậu", "94", 2),
    **_named(HEPATITIS_A, "hepatitis A vaccine", "vắc xin viêm gan A", "31 52 83 84 85"),
    **_named(HEPATITIS_B, "hepatitis B vaccine", "vắc xin viêm gan B", "08 42 43 44 45 189 220"),
    **_named(MENINGITIS, "meningococcal vaccine", "vắc xin não mô cầu", "32 108 114 136 147 162 163 164 203"),
    **_named(FLU, "influenza vaccine", "vắc xin cúm", "88 135 140 141 144 149 150 151 153 155 158 161 166 168 171"),
    **_named(FLU, "influenza vaccine", "vắc xin cúm", "185 186 197 205"),
    **_named("", "tetanus, diphtheria and pertussis vaccine", "vắc xin bạch hầu, ho gà, uốn ván", "20 106 107 115"),
    **_named("", "tetanus and diphtheria vaccine", "vắc xin uốn ván, bạch hầu", "09 28 113 138 139 196"),
    **_named("", "varicella vaccine", "vắc xin thủy đậu", "21", 2),
    **_named("", "zoster vaccine", "vắc xin zona", "121 187 188"),
    **_named("", "HPV vaccine", "vắc xin HPV", "62 118 137 165"),
    **_named("", "pneumococcal vaccine", "vắc xin phế cầu", "33 100 109 133 152 215 216"),
    **_named("", "rabies vaccine", "vắc xin dại", "18 40 90 175 176"),
    **_named("", "typhoid vaccine", "vắc xin thương hàn", "25 41 91 101 190"),
    **_named("", "Japanese encephalitis vaccine", "vắc xin viêm não Nhật Bản", "39 129 134"),
    **_named("", "BCG vaccine", "vắc xin BCG", "19"),
    **_named("", "cholera vaccine", "vắc xin tả", "26 172 173 174"),
}  # fmt: skip

# By the EU's code, how a new certificate calls its vaccine: the adult strength, which the EU's codes do not tell.
WRITTEN = {
    _COMIRNATY: "208",
    _SPIKEVAX: "207",
    "EU/1/21/1529": "210",
    "Covishield": "210",
    "EU/1/21/1618": "211",
    "Covovax": "211",
    "EU/1/20/1525": "212",
    "Covaxin": "502",
    "CoviVac": "503",
    "Sputnik-Light": "504",
    "Sputnik-V": "505",
    "Convidecia": "506",
    "EpiVacCorona": "509",
    "BBIBP-CorV": "510",
    "CoronaVac": "511",
    "Covifenz": "512",
    "MVC-COV1901": "515",
}
