"""The code lists of the EU DCC."""

import pytest

from vaxcert import codes

IN_VIETNAM = {
    "EU/1/21/1529": "ORG-100001699",  # Vaxzevria
    "Sputnik-V": "Gamaleya-Research-Institute",
    "BBIBP-CorV": "ORG-100020693",  # Vero Cell
    "EU/1/20/1528": "ORG-100030215",  # Comirnaty
    "EU/1/20/1507": "ORG-100031184",  # Spikevax
    "EU/1/20/1525": "ORG-100001417",  # Jcovden
    "Hayat-Vax": "ORG-100023050",
    "Abdala": "CIGB",
}
LANGUAGES = ("en", "vi")


def test_the_eight_vaccines_of_vietnam_are_known_each_with_its_usual_holder() -> None:
    assert {code: known.holders[0] for code, known in codes.PRODUCTS.items() if known.in_vietnam} == IN_VIETNAM


def test_the_lists_are_as_long_as_those_of_the_eu() -> None:
    assert len(codes.PRODUCTS) == 38
    assert len(codes.HOLDERS) == 30
    assert len(codes.PROPHYLAXES) == 9
    assert set(codes.DISEASES) == {"840539006"}
    assert set(codes.TEST_TYPES) == {"LP6464-4", "LP217198-3"}
    assert set(codes.TEST_RESULTS) == {"260373001", "260415000"}


@pytest.mark.parametrize("code", codes.PRODUCTS)
def test_a_product_leads_to_codes_that_are_known_and_may_be_issued(code: str) -> None:
    known = codes.product(code)
    assert known is not None
    assert known.disease == codes.COVID_19
    assert known.prophylaxis in codes.PROPHYLAXES
    assert not codes.is_deprecated(known.prophylaxis)
    assert known.holders
    assert codes.HOLDERS.keys() >= set(known.holders)
    assert all(codes.holder_matches(code, holder) is True for holder in known.holders)


@pytest.mark.parametrize("code", ["NVX-CoV2373", "Vidprevtyn", "VLA2001", "Inactivated-SARS-CoV-2-Vero-Cell"])
def test_a_product_code_that_was_replaced_is_deprecated_but_still_known(code: str) -> None:
    assert codes.is_deprecated(code)
    assert codes.product(code) is not None


def test_every_holder_has_a_product() -> None:
    assert {holder for known in codes.PRODUCTS.values() for holder in known.holders} == set(codes.HOLDERS)


@pytest.mark.parametrize(
    ("product", "holder", "expected"),
    [
        ("EU/1/20/1528", "ORG-100030215", True),
        ("EU/1/20/1507", "ORG-100031184", True),
        ("BBIBP-CorV", "ORG-100020693", True),
        ("EU/1/21/1529", "ORG-100030215", False),
        ("EU/1/20/1507", "Bharat-Biotech", False),
        ("EU/1/20/1528", "ORG-1000030215", None),
        ("no such product", "ORG-100030215", None),
        ("", "", None),
    ],
)
def test_a_holder_matches_or_not_and_with_an_unknown_code_nobody_can_tell(
    product: str, holder: str, expected: bool | None
) -> None:
    assert codes.holder_matches(product, holder) is expected


def test_the_old_code_for_any_vaccine_is_deprecated_and_its_successors_are_not() -> None:
    assert codes.is_deprecated("J07BX03")
    for code in ("1119349007", "1119305005", "28531000087107", "no such code", ""):
        assert not codes.is_deprecated(code)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", ["disease", "prophylaxis", "product", "holder", "test_type", "test_result"])
def test_an_unknown_code_is_its_own_name(kind: str, lang: str) -> None:
    assert codes.name(kind, "no such code", lang) == "no such code"


@pytest.mark.parametrize(
    ("kind", "known"),
    [
        ("disease", codes.DISEASES),
        ("prophylaxis", codes.PROPHYLAXES),
        ("product", codes.PRODUCTS),
        ("holder", codes.HOLDERS),
        ("test_type", codes.TEST_TYPES),
        ("test_result", codes.TEST_RESULTS),
    ],
)
def test_every_known_code_has_a_name_in_both_languages(kind: str, known: dict[str, object]) -> None:
    for code in known:
        for lang in LANGUAGES:
            assert codes.name(kind, code, lang).strip()


def test_kinds_of_vaccine_and_of_test_and_results_are_named_in_vietnamese() -> None:
    for kind, known in (
        ("prophylaxis", codes.PROPHYLAXES),
        ("test_type", codes.TEST_TYPES),
        ("test_result", codes.TEST_RESULTS),
    ):
        for code in known:
            assert codes.name(kind, code, "vi") != codes.name(kind, code, "en")


def test_a_language_that_is_not_there_is_answered_in_english() -> None:
    assert codes.name("test_result", codes.DETECTED, "fr") == codes.name("test_result", codes.DETECTED, "en")


def test_a_positive_and_a_negative_result_are_not_taken_for_each_other() -> None:
    assert codes.DETECTED == "260373001"
    assert codes.NOT_DETECTED == "260415000"
    assert "not" not in codes.name("test_result", codes.DETECTED, "en").lower()
    assert "not" in codes.name("test_result", codes.NOT_DETECTED, "en").lower()


def test_intervals_are_of_a_first_course_and_of_products_that_are_known() -> None:
    assert codes.intervals("EU/1/20/1528", 2) == (21, 28)
    for unknown in (("EU/1/20/1528", 1), ("EU/1/20/1528", 3), ("EU/1/20/1525", 2), ("Abdala", 2), ("?", 2)):
        assert codes.intervals(*unknown) is None


def test_every_interval_says_whose_it_is() -> None:
    sources = {name: codes.interval_source(name) for name in codes.PRODUCTS}
    assert all(bool(sources[name]) == bool(codes.intervals(name, 2)) for name in sources)
    assert sources["BBIBP-CorV"].endswith("2021-05-07") and sources["Abdala"] == ""
