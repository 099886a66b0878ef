"""People and doses as values."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaxcert import Dose, InputError, Person
from vaxcert.model import earliest_birth


def test_names_are_composed_and_transliterated() -> None:
    decomposed = Person(family_name="Nguye\u0302\u0303n", given_name=" Bảo  Duy ")
    assert decomposed.family_name == "Nguyễn"
    assert (decomposed.family_name_transliterated, decomposed.given_name_transliterated) == (
        "NGUYEN",
        "BAO<DUY",
    )


def test_a_transliteration_that_is_given_is_kept() -> None:
    assert Person(family_name="Müller", family_name_transliterated="MULLER").family_name_transliterated == "MULLER"


@pytest.mark.parametrize(
    "born", ["", "1990", "1990-05", "1990-05-17", "1900", "2099-12-31", "2024-02-29", "1815-08-24"]
)
def test_birth_dates_of_each_precision_are_taken(born: str) -> None:
    assert Person(family_name="A", date_of_birth=born).date_of_birth == born


@pytest.mark.parametrize(
    "born",
    [
        "1990-",
        "1990-13",
        "1990-00",
        "2023-02-29",
        "1990-05-17T00",
        "90",
        "x",
        "１９９０",
        "1990-05-17\n",
    ],
)
def test_other_birth_dates_are_refused_without_repeating_them(born: str) -> None:
    with pytest.raises(InputError) as refused:
        Person(family_name="A", date_of_birth=born)
    assert refused.value.field == "date_of_birth"
    assert born not in str(refused.value) or born in ("90", "x")


@given(st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)), st.sampled_from([4, 7, 10]))
def test_the_earliest_day_of_a_partial_date_is_its_first(day: dt.date, precision: int) -> None:
    earliest = earliest_birth(day.isoformat()[:precision])
    assert earliest <= day
    assert earliest.isoformat()[:precision] == day.isoformat()[:precision]
    assert earliest.isoformat()[precision:] == "-01-01"[len("-01-01") - (10 - precision) :]


def test_a_known_product_brings_its_disease_prophylaxis_and_holder() -> None:
    dose = Dose(product="EU/1/20/1528", number=1, series=2, date=dt.date(2026, 1, 1))
    assert (dose.disease, dose.prophylaxis, dose.holder) == ("840539006", "1119349007", "ORG-100030215")
    own = Dose(product="EU/1/20/1528", number=1, series=2, date=dt.date(2026, 1, 1), holder="ORG-X")
    assert (own.disease, own.holder) == ("840539006", "ORG-X")


def test_an_unknown_product_brings_nothing() -> None:
    dose = Dose(product="Unheard-of", number=1, series=2, date=dt.date(2026, 1, 1))
    assert (dose.disease, dose.prophylaxis, dose.holder) == ("", "", "")


def test_values_are_frozen_and_equal_by_content() -> None:
    assert Person(family_name="A") == Person(family_name="A")
    with pytest.raises(AttributeError):
        Person(family_name="A").family_name = "B"  # type: ignore[misc]
