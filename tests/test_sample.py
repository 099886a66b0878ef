"""The sample table: reproducible, plausible, and about nobody."""

import csv
import subprocess
import sys
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from vaxcert import Dose, Person, codes, uvci

EXAMPLES = Path(__file__).parents[1] / "examples"
DISTRICTS = {
    "Vĩnh Yên", "Phúc Yên", "Lập Thạch", "Tam Dương", "Tam Đảo", "Bình Xuyên", "Yên Lạc", "Vĩnh Tường",
    "Sông Lô",
}  # fmt: skip
MARKERS = {
    "mẫu thử", "ví dụ", "giả định", "thí nghiệm", "thử nghiệm", "minh họa", "hư cấu", "tưởng tượng",
    "bịa đặt", "không thật",
}  # fmt: skip
NUMBER_WORDS = {
    "không", "một", "mốt", "hai", "ba", "bốn", "năm", "lăm", "sáu", "bảy", "tám", "chín", "mười",
    "mươi", "trăm", "linh", "nghìn",
}  # fmt: skip


def run(*options: str) -> bytes:
    command = [sys.executable, str(EXAMPLES / "make_sample.py"), *options]
    return subprocess.run(command, check=True, capture_output=True).stdout


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(data.decode("utf-8").splitlines()))


@pytest.fixture(scope="module")
def data() -> bytes:
    return (EXAMPLES / "doses.csv").read_bytes()


@pytest.fixture(scope="module")
def rows(data: bytes) -> list[dict[str, str]]:
    return table(data)


def who(row: dict[str, str]) -> tuple[str, str, str]:
    return row["family_name"], row["given_name"], row["date_of_birth"]


def test_the_script_makes_the_committed_file_byte_for_byte(data: bytes) -> None:
    assert run() == data


def test_the_file_is_plain_utf_8_in_nfc_with_the_promised_columns(data: bytes) -> None:
    text = data.decode("utf-8")
    assert not text.startswith("\ufeff")
    assert "\r" not in text
    assert unicodedata.is_normalized("NFC", text)
    assert text.splitlines()[0] == (
        "family_name,given_name,date_of_birth,product,dose_number,doses_in_series,"
        "date,site,lot,district,priority_group,phone"
    )


def test_there_are_200_doses_with_all_eight_vaccines_of_vietnam(rows: list[dict[str, str]]) -> None:
    assert len(rows) == 200
    products = {row["product"] for row in rows}
    assert len(products) == 8
    for product in products:
        known = codes.product(product)
        assert known is not None
        assert known.in_vietnam


def test_every_row_says_that_it_is_a_sample(rows: list[dict[str, str]]) -> None:
    for row in rows:
        _, first, second, *number = row["given_name"].lower().split(" ")
        assert f"{first} {second}" in MARKERS
        assert number
        assert NUMBER_WORDS.issuperset(number)
        assert row["phone"].startswith("000 000 ")


def test_the_names_hold_every_vietnamese_letter_with_every_tone(rows: list[dict[str, str]]) -> None:
    seen = set("".join(row["family_name"] + row["given_name"] for row in rows))
    tones = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
    vowels = {unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in tones}
    assert {letter.lower() for letter in seen} >= vowels | set("bcdđghklmnpqrstvx")
    assert {"Đ", "đ"} <= seen


def test_every_row_can_be_issued(rows: list[dict[str, str]]) -> None:
    for row in rows:
        person = Person(
            family_name=row["family_name"],
            given_name=row["given_name"],
            date_of_birth=row["date_of_birth"],
        )
        dose = Dose(
            product=row["product"],
            number=int(row["dose_number"]),
            series=int(row["doses_in_series"]),
            date=date.fromisoformat(row["date"]),
        )
        assert person.family_name == row["family_name"]
        assert person.given_name_transliterated.replace("<", "").isalpha()
        assert dose.disease == codes.COVID_19
        assert dose.holder
        uvci.check_site(row["site"])


def test_dates_places_and_groups_are_plausible(rows: list[dict[str, str]]) -> None:
    assert {row["district"] for row in rows} == DISTRICTS
    for row in rows:
        assert "2026-01-01" <= row["date"] <= "2026-09-30"
        assert row["priority_group"] in "123456789"
        given = date.fromisoformat(row["date"])
        assert int(row["date_of_birth"][:4]) <= given.year - 12
        if len(row["date_of_birth"]) == 10:
            born = date.fromisoformat(row["date_of_birth"])
            assert (given.year - born.year, given.month, given.day) >= (12, born.month, born.day) or (
                given.year - born.year > 12
            )


def test_one_site_lies_in_one_district(rows: list[dict[str, str]]) -> None:
    assert len({(row["site"], row["district"]) for row in rows}) == len({row["site"] for row in rows}) == 12


def test_there_are_children_boosters_and_incomplete_birth_dates(rows: list[dict[str, str]]) -> None:
    assert {len(row["date_of_birth"]) for row in rows} == {4, 7, 10}
    assert any(row["date_of_birth"] >= "2010" for row in rows)
    doses = {(row["dose_number"], row["doses_in_series"]) for row in rows}
    assert doses >= {("1", "1"), ("1", "2"), ("2", "2"), ("3", "3"), ("3", "2"), ("2", "1")}


@pytest.mark.parametrize("options", [(), ("--seed", "7", "--count", "3000")])
def test_nobody_has_a_dose_twice_or_before_the_one_that_it_follows(options: tuple[str, ...]) -> None:
    given: dict[tuple[str, str, str], list[str]] = {}
    for row in table(run(*options)):
        dates = given.setdefault(who(row), [])
        assert int(row["dose_number"]) == len(dates) + 1
        assert not dates or dates[-1] < row["date"]
        dates.append(row["date"])


def test_seed_and_count_are_obeyed(data: bytes) -> None:
    other = run("--seed", "2", "--count", "50")
    assert len(table(other)) == 50
    assert not data.startswith(other[:500])
    assert run("--seed", "2", "--count", "50") == other
    assert table(run("--count", "0")) == []
