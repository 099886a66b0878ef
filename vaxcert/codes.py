"""Codes of the EU DCC (eHealth Network, "Value Sets for EU Digital COVID Certificates", version 1.14).

Which holder and which prophylaxis go with a product is in its annex A.
Names in English and Vietnamese. A code that is not here is shown as it is; it never makes a card wrong.
"""

from typing import NamedTuple

from vaxcert.wording.words import Words

COVID_19 = "840539006"
DETECTED = "260373001"
NOT_DETECTED = "260415000"

_MRNA = "1119349007"
_VECTOR = "29061000087103"
_INACTIVATED = "1157024006"
_SUBUNIT = "1162643001"
_ANY = "28531000087107"  # where annex A has no kind for the product


class Product(NamedTuple):
    """A vaccine (`mp`): its name, what it is (`vp`), and who may hold its authorisation (`ma`), usual one first.

    `series`: the doses of a first course as its label has it; None where there is none, or it is not known here.
    """

    name: str
    prophylaxis: str
    holders: tuple[str, ...]
    disease: str = COVID_19
    in_vietnam: bool = False
    series: int | None = None


# EU states use their own letters for Greece and the United Kingdom (Interinstitutional style guide, 7.1.1).
_COUNTRY_ALIASES = {"EL": "GR", "UK": "GB"}

DISEASES = {COVID_19: Words("COVID-19", "COVID-19")}

PROPHYLAXES = {
    _MRNA: Words("mRNA vaccine", "vắc xin mRNA"),
    "1119305005": Words("antigen vaccine", "vắc xin kháng nguyên"),
    _VECTOR: Words("viral vector vaccine", "vắc xin véc tơ vi rút"),
    _INACTIVATED: Words("inactivated virus vaccine", "vắc xin bất hoạt"),
    _SUBUNIT: Words("spike protein vaccine", "vắc xin protein gai tái tổ hợp"),
    "1187593009": Words("DNA vaccine", "vắc xin ADN"),
    _ANY: Words("COVID-19 vaccine", "vắc xin COVID-19"),
    "30141000087107": Words("virus-like particle vaccine", "vắc xin hạt giả vi rút"),
    "J07BX03": Words("COVID-19 vaccine", "vắc xin COVID-19"),
}
_DEPRECATED = frozenset(("J07BX03", "NVX-CoV2373", "Vidprevtyn", "VLA2001", "Inactivated-SARS-CoV-2-Vero-Cell"))

HOLDERS = {
    "Bharat-Biotech": "Bharat Biotech",
    "CIGB": "CIGB (Cuba)",
    "Chumakov-Federal-Scientific-Center": "Chumakov Center",
    "Finlay-Institute": "Finlay Institute",
    "Fiocruz": "Fiocruz",
    "Gamaleya-Research-Institute": "Gamaleya Institute",
    "Instituto-Butantan": "Instituto Butantan",
    "NVSI": "NVSI (China)",
    "ORG-100000788": "Sanofi Pasteur",
    "ORG-100001417": "Janssen-Cilag International",
    "ORG-100001699": "AstraZeneca AB",
    "ORG-100001981": "Serum Institute of India",
    "ORG-100006270": "CureVac",
    "ORG-100007893": "R-Pharm",
    "ORG-100008549": "Medicago",
    "ORG-100010771": "Sinopharm Weiqida Europe",
    "ORG-100013793": "CanSino Biologics",
    "ORG-100020693": "China Sinopharm International (Beijing)",
    "ORG-100023050": "Gulf Pharmaceutical Industries",
    "ORG-100024420": "Sinopharm Zhijun (Shenzhen)",
    "ORG-100026614": "Sinocelltech",
    "ORG-100030215": "BioNTech Manufacturing",
    "ORG-100031184": "Moderna Biotech Spain",
    "ORG-100032020": "Novavax CZ",
    "ORG-100033914": "Medigen Vaccine Biologics",
    "ORG-100036422": "Valneva",
    "Sinopharm-WIBP": "Sinopharm Wuhan",
    "Sinovac-Biotech": "Sinovac Biotech",
    "Vector-Institute": "Vector Institute",
    "Yisheng-Biopharma": "Yisheng Biopharma",
}

_SINOPHARM = ("ORG-100020693", "ORG-100010771", "ORG-100024420")

PRODUCTS = {
    "EU/1/20/1528": Product("Comirnaty", _MRNA, ("ORG-100030215",), in_vietnam=True, series=2),
    "EU/1/20/1507": Product("Spikevax", _MRNA, ("ORG-100031184",), in_vietnam=True, series=2),
    "EU/1/21/1529": Product("Vaxzevria", _VECTOR, ("ORG-100001699",), in_vietnam=True, series=2),
    "EU/1/20/1525": Product("Jcovden (Janssen)", _VECTOR, ("ORG-100001417",), in_vietnam=True, series=1),
    "Sputnik-V": Product("Sputnik V", _VECTOR, ("Gamaleya-Research-Institute",), in_vietnam=True, series=2),
    "BBIBP-CorV": Product("Vero Cell (Sinopharm)", _INACTIVATED, _SINOPHARM, in_vietnam=True, series=2),
    "Hayat-Vax": Product("Hayat-Vax", _INACTIVATED, ("ORG-100023050", *_SINOPHARM), in_vietnam=True, series=2),
    "Abdala": Product("Abdala", _ANY, ("CIGB",), in_vietnam=True, series=3),
    "EU/1/21/1580": Product("VidPrevtyn Beta", _ANY, ("ORG-100000788",)),
    "EU/1/21/1618": Product("Nuvaxovid", _SUBUNIT, ("ORG-100032020",), series=2),
    "EU/1/21/1624": Product("COVID-19 Vaccine Valneva", _ANY, ("ORG-100036422",), series=2),
    "AZD2816": Product("AZD2816", _VECTOR, ("ORG-100001699",)),
    "CVnCoV": Product("CVnCoV", _MRNA, ("ORG-100006270",)),
    "Convidecia": Product("Convidecia", _VECTOR, ("ORG-100013793",), series=1),
    "CoronaVac": Product("CoronaVac", _INACTIVATED, ("Sinovac-Biotech",), series=2),
    "Covaxin": Product("Covaxin", _INACTIVATED, ("Bharat-Biotech",), series=2),
    "CoviVac": Product("CoviVac", _INACTIVATED, ("Chumakov-Federal-Scientific-Center",)),
    "Covid-19-adsorvida-inativada": Product(
        "Vacina adsorvida covid-19 (inativada)", _INACTIVATED, ("Instituto-Butantan",)
    ),
    "Covid-19-recombinant": Product("Covid-19 (recombinant)", _VECTOR, ("Fiocruz",)),
    "Covifenz": Product("Covifenz", _ANY, ("ORG-100008549",)),
    "Covishield": Product("Covishield", _VECTOR, ("ORG-100001981",), series=2),
    "Covovax": Product("Covovax", _SUBUNIT, ("ORG-100001981",), series=2),
    "EpiVacCorona": Product("EpiVacCorona", _SUBUNIT, ("Vector-Institute",)),
    "EpiVacCorona-N": Product("EpiVacCorona-N", _SUBUNIT, ("Vector-Institute",)),
    "Inactivated-SARS-CoV-2-Vero-Cell": Product(
        "Inactivated SARS-CoV-2 (Vero Cell)",
        _INACTIVATED,
        ("ORG-100010771", "Sinopharm-WIBP", "ORG-100024420"),
        series=2,
    ),
    "MVC-COV1901": Product("MVC COVID-19 vaccine", _SUBUNIT, ("ORG-100033914",)),
    "NVSI-06-08": Product("NVSI-06-08", _ANY, ("NVSI",)),
    "NVX-CoV2373": Product("NVX-CoV2373", _SUBUNIT, ("ORG-100032020",), series=2),
    "R-COVI": Product("R-COVI", _VECTOR, ("ORG-100007893",)),
    "SCTV01C": Product("SCTV01C", _ANY, ("ORG-100026614",)),
    "Soberana-02": Product("Soberana 02", _ANY, ("Finlay-Institute",)),
    "Soberana-Plus": Product("Soberana Plus", _ANY, ("Finlay-Institute",)),
    "Sputnik-Light": Product("Sputnik Light", _VECTOR, ("Gamaleya-Research-Institute",), series=1),
    "Sputnik-M": Product("Sputnik M", _VECTOR, ("Gamaleya-Research-Institute",)),
    "VLA2001": Product("VLA2001", _ANY, ("ORG-100036422",)),
    "Vidprevtyn": Product("Vidprevtyn", _ANY, ("ORG-100000788",)),
    "WIBP-CorV": Product("WIBP-CorV", _INACTIVATED, ("Sinopharm-WIBP",), series=2),
    "YS-SC2-010": Product("YS-SC2-010", _ANY, ("Yisheng-Biopharma",)),
}

_WHO = 'WHO, "Status of COVID-19 vaccines within EUL/PQ evaluation process", 2021-03-17'
_SAGE = "WHO SAGE, interim recommendations, {}"

# Days from one dose of a first course to the next: the least, the most that is recommended, and who says so.
_INTERVALS = {
    "EU/1/20/1528": (21, 28, _WHO),
    "EU/1/20/1507": (28, 42, _WHO),
    "EU/1/21/1529": (28, 84, _WHO),
    "Covishield": (28, 84, _WHO),
    "BBIBP-CorV": (21, 28, _SAGE.format("2021-05-07")),
    "CoronaVac": (14, 28, _SAGE.format("2021-06-01")),
    "Covaxin": (28, 28, _SAGE.format("2021-11-03")),
    "EU/1/21/1618": (21, 28, _SAGE.format("2021-12-20")),
    "NVX-CoV2373": (21, 28, _SAGE.format("2021-12-20")),
}

# The least age in months, of all strengths that share a code: EMA's extensions of indication of October 2022
# (Comirnaty, Spikevax) and June 2022 (Nuvaxovid); else the first age indications in BMJ Global Health 2022;7:e008315,
# table 1, which are those of WHO's recommendations of 2021 too. For others no source was found: they have none.
_LEAST_AGES = {
    "EU/1/20/1528": 6,
    "EU/1/20/1507": 6,
    "EU/1/21/1618": 12 * 12,
    "NVX-CoV2373": 12 * 12,
    "EU/1/21/1529": 18 * 12,
    "Covishield": 18 * 12,
    "EU/1/20/1525": 18 * 12,
    "Sputnik-V": 18 * 12,
    "Sputnik-Light": 18 * 12,
    "BBIBP-CorV": 18 * 12,
    "CoronaVac": 18 * 12,
    "Covaxin": 18 * 12,
}

TEST_TYPES = {
    "LP6464-4": Words("PCR (nucleic acid test)", "xét nghiệm PCR"),
    "LP217198-3": Words("rapid antigen test", "xét nghiệm nhanh kháng nguyên"),
}

TEST_RESULTS = {
    NOT_DETECTED: Words("not detected", "âm tính"),
    DETECTED: Words("detected", "dương tính"),
}


def country_codes(code: str) -> frozenset[str]:
    """All codes of the country that a code names, in capital letters, and that code as it stands."""
    known = _COUNTRY_ALIASES.get(code.upper(), code.upper())
    return frozenset((code, known, *(alias for alias, country in _COUNTRY_ALIASES.items() if country == known)))


def codes_of_countries(*countries: str | None) -> frozenset[str]:
    """All codes of several countries, of those that are named at all."""
    return frozenset(code for named in countries if named for code in country_codes(named))


def country(code: str) -> str:
    """The one code (ISO 3166 alpha-2) for a country, whichever code names it."""
    return _COUNTRY_ALIASES.get(code.upper(), code.upper())


def product(code: str) -> Product | None:
    """What is known of a product code, or None."""
    return PRODUCTS.get(code)


def intervals(product_code: str, number: int) -> tuple[int, int] | None:
    """The earliest and the usual days after the dose before for dose `number` of a first course.

    "Usual" is the end of what is recommended. None where it is not known here, and for boosters.
    """
    known = PRODUCTS.get(product_code)
    if known is None or known.series is None or not 2 <= number <= known.series:
        return None
    found = _INTERVALS.get(product_code)
    return None if found is None else found[:2]


def interval_source(product_code: str) -> str:
    """Where the days between a product's doses are from, as one cites it; "" where none are known here."""
    found = _INTERVALS.get(product_code)
    return "" if found is None else found[2]


def least_age(product_code: str) -> int | None:
    """The age in months from which on a product may be given; None where it is not known here."""
    return _LEAST_AGES.get(product_code)


def holder_matches(product_code: str, holder_code: str) -> bool | None:
    """Whether the holder is one of the product's; None where either code is unknown."""
    known = PRODUCTS.get(product_code)
    if known is None or holder_code not in HOLDERS:
        return None
    return holder_code in known.holders


def is_deprecated(code: str) -> bool:
    """Whether a prophylaxis or product code has been replaced and no longer goes into new certificates."""
    return code in _DEPRECATED


def name(kind: str, code: str, lang: str = "en") -> str:
    """The name of a code, or the code itself where it is unknown.

    `kind`: disease, prophylaxis, product, holder, test_type or test_result. `lang`: "en" or "vi".
    """
    if kind == "product":
        known = PRODUCTS.get(code)
        return code if known is None else known.name
    if kind == "holder":
        return HOLDERS.get(code, code)
    found = _NAMED[kind].get(code)
    return code if found is None else found.of(lang)


_NAMED: dict[str, dict[str, Words]] = {
    "disease": DISEASES,
    "prophylaxis": PROPHYLAXES,
    "test_type": TEST_TYPES,
    "test_result": TEST_RESULTS,
}
