"""Doses and vaccines as people say them, and what is not to be guessed of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaxcert import InputError, codes
from vaxcert.errors import Reason
from vaxcert.tables.values.doses import number_and_series
from vaxcert.tables.values.products import product
from vaxcert.tables.values.reading import Reading
from vaxcert.wording.rows import phrase

COMIRNATY, ABDALA = "EU/1/20/1528", "Abdala"


@pytest.mark.parametrize(
    ("text", "number"),
    [("2", 2), ("2.0", 2), ("Mũi 2", 2), ("MŨI THỨ 2", 2), ("mũi số 2", 2), ("m2", 2), ("M 2", 2), ("Mũi thứ hai", 2),
     ("Mũi tiêm thứ nhất", 1), ("Liều 2", 2), ("lần 2", 2), ("Dose 2", 2), ("2nd dose", 2), ("second", 2), ("II", 2), ("mũi ba", 3),
     ("Mũi 3 (nhắc lại)", 3), ("mũi 3 - bổ sung", 3), ("nhắc lại (mũi 4)", 4), ("Mũi: 2", 2),
     ("M.2", 2), ("(2)", 2), ("Mũi 2.", 2), ("Mũi đầu", 1), ("Mũi đầu tiên", 1), ("Mũi cơ bản 2", 2), ("Cơ bản mũi 2", 2),
     ("Mũi 2 (cơ bản)", 2), ("Primary dose 2", 2), ("Tiêm mũi 2", 2), ("Đã tiêm mũi 2", 2), ("Mũi 3 – nhắc lại 1", 3), ("Nhắc lại (M3)", 3)],
)  # fmt: skip
def test_a_dose_is_told_by_its_number_and_its_series_by_the_product(text: str, number: int) -> None:
    assert number_and_series(text, "", COMIRNATY, Reading()) == (number, 2)
    assert number_and_series(text, "", ABDALA, Reading()) == (number, 3)
    assert number_and_series(text, "3 mũi", COMIRNATY, Reading()) == (number, 3)


@pytest.mark.parametrize("text", ["2/3", "2 / 3", "2-3", "mũi 2/3", "2 trên 3", "dose 2 of 3", "Mũi 2/3 mũi"])
def test_a_dose_of_how_many_is_read_in_each_writing(text: str) -> None:
    assert number_and_series(text, "", COMIRNATY, Reading(series=2)) == (2, 3)


def test_a_series_that_nothing_tells_is_the_one_that_was_given_for_the_table() -> None:
    assert number_and_series("1", "", "R-COVI", Reading(series=2)) == (1, 2)
    with pytest.raises(InputError) as caught:
        number_and_series("1", "", "R-COVI", Reading())
    assert caught.value.field == "series" and caught.value.reason is Reason.MISSING


@pytest.mark.parametrize(
    "text",
    [
        "01/02/2025",
        "2025-02-01",
        "2025-02-01 00:00:00",
        "1-Feb",
        "02-Jan",
        "Feb-01",
        "1-thg2",
        "45689",
        "45689.0",
        "1/2/25",
    ],
)
def test_a_dose_that_a_spreadsheet_made_a_date_of_is_told_as_that(text: str) -> None:
    with pytest.raises(InputError) as caught:
        number_and_series(text, "", COMIRNATY, Reading())
    assert caught.value.reason is Reason.DOSE_BECAME_DATE
    assert "Excel" in phrase(caught.value.problem).vi


@pytest.mark.parametrize(
    "text", ["nhắc lại", "Mũi nhắc lại", "bổ sung", "mũi nhắc lần 1", "NL1", "booster", "tăng cường"]
)
def test_a_booster_without_its_number_is_not_guessed(text: str) -> None:
    with pytest.raises(InputError) as caught:
        number_and_series(text, "2", COMIRNATY, Reading())
    assert caught.value.reason is Reason.BOOSTER_WITHOUT_NUMBER


@pytest.mark.parametrize("text", ["0", "10", "x", "một hai", "1/0", "-1", "1.5", "½"])
def test_what_is_no_number_of_a_dose_is_rejected(text: str) -> None:
    with pytest.raises(InputError) as caught:
        number_and_series(text, "", COMIRNATY, Reading())
    assert caught.value.reason is Reason.NOT_A_NUMBER


@pytest.mark.parametrize(
    ("text", "code"),
    [("AstraZeneca", "EU/1/21/1529"), ("ASTRA ZENECA", "EU/1/21/1529"), ("AZ", "EU/1/21/1529"), ("AZD1222", "EU/1/21/1529"),
     ("Vắc xin Vaxzevria (AstraZeneca)", "EU/1/21/1529"), ("COVISHIELD - AstraZeneca", "Covishield"), ("vaccine Pfizer", "EU/1/20/1528"),
     ("Pfizer/BioNTech", "EU/1/20/1528"), ("Comirnaty-Pfizer 0,3ml", "EU/1/20/1528"), ("BNT162b2", "EU/1/20/1528"),
     ("COVID-19 Vaccine (Moderna)", "EU/1/20/1507"), ("Spikevax mũi 1", "EU/1/20/1507"), ("Vero-Cell", "BBIBP-CorV"),
     ("Vero Cell Inactivated", "BBIBP-CorV"), ("Sinopharm", "BBIBP-CorV"), ("Vắc xin Vero Cell của hãng Sinopharm", "BBIBP-CorV"),
     ("Vero Cell (Sinovac)", "CoronaVac"), ("SPUTNIK", "Sputnik-V"), ("Sputnik-V", "Sputnik-V"), ("Sputnik light", "Sputnik-Light"),
     ("Gam-COVID-Vac", "Sputnik-V"), ("Janssen", "EU/1/20/1525"), ("Johnson & Johnson", "EU/1/20/1525"), ("Hayat - Vax", "Hayat-Vax"),
     ("Hayat-Vax (Sinopharm)", "Hayat-Vax"), ("abdala", "Abdala"), ("Covaxin", "Covaxin"), ("Sinovac", "CoronaVac"),
     ("Novavax", "EU/1/21/1618"), ("eu/1/20/1528", "EU/1/20/1528"), ("Vaxzevria", "EU/1/21/1529"),
     ("Pfizer (Mỹ)", COMIRNATY), ("Comirnaty - Pfizer (Bỉ)", COMIRNATY), ("Pfizer, Inc.", COMIRNATY), ("Pfizer nắp tím", COMIRNATY),
     ("Pfizer (5 - 11 tuổi)", COMIRNATY), ("Comirnaty Pfizer/BNT", COMIRNATY), ("Moderna nửa liều", "EU/1/20/1507"),
     ("AstraZeneca AB (Anh)", "EU/1/21/1529"), ("Sinopharm (Trung Quốc)", "BBIBP-CorV"), ("Sinopharm BIBP Bắc Kinh", "BBIBP-CorV"),
     ("Hayat-Vax (UAE)", "Hayat-Vax"), ("Abdala (Cuba)", "Abdala"), ("Covaxin (Ấn Độ)", "Covaxin"), ("Sputnik V (Nga)", "Sputnik-V")],
)  # fmt: skip
def test_a_vaccine_is_known_by_what_people_call_it(text: str, code: str) -> None:
    assert product(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "không phải Pfizer",
        "Pfizer Moderna",
        "vắc xin",
        "COVID-19",
        "mũi 1",
        "Nanocovax",
        "-",
        "Covishield Pfizer",
        "Verorab",
        "Sputnik V/Light",
        "Nga",
        "Mỹ",
        "Pfizer, AZ",
    ],
)
def test_a_vaccine_that_is_not_known_is_told_as_that_and_never_guessed(text: str) -> None:
    with pytest.raises(InputError) as caught:
        product(text)
    assert phrase(caught.value.problem).en.startswith("product: not known")


@pytest.mark.parametrize("code", codes.PRODUCTS)
def test_every_code_and_every_name_of_the_code_list_is_known(code: str) -> None:
    assert product(code) == product(code.lower()) == code
    assert product(codes.PRODUCTS[code].name) == code


@given(st.text(max_size=30) | st.text("mũiMlần/0123456789 -.()nhắc", max_size=16))
def test_any_text_is_a_dose_and_a_vaccine_or_a_typed_error(text: str) -> None:
    for read in (product, lambda text: number_and_series(text, text, COMIRNATY, Reading())):
        try:
            read(text)
        except InputError as error:
            assert error.field in ("product", "number", "series")
