"""Small tables of the field, and what is right for each: taken whole, rejected for the true reason, or refused."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from vaxcert import ConfigurationError
from vaxcert.registry.database import Registry
from vaxcert.registry.intake import importing
from vaxcert.registry.records import people, rejected
from vaxcert.registry.records.everybody import everybody
from vaxcert.registry.records.now import numbers
from vaxcert.tables.values.reading import AS_IT_STANDS, Reading

AT = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
ONE = "Nguyễn|Mẫu Thử Một|1990-05-17"
DOSE = "1/2 EU/1/20/1528 2026-06-01"
CARD, PHONE = "099000000001", "0100000001"
NUMBERED = (ONE, CARD, PHONE, DOSE)
TABLE = "Nguyễn|Mẫu Thử|1990-05-17"
AZ, VERO, MODERNA, PFIZER = "EU/1/21/1529", "BBIBP-CorV", "EU/1/20/1507", "EU/1/20/1528"


class Right(msgspec.Struct, frozen=True):
    """What is right of a file: `taken`, of each dose whose it is, identity number, telephone and dose, "*" for what the
    file makes up anew in each row; `rejected`: reasons by line; `refused`: what the refusal says; `unread`: headings.
    """

    taken: list[tuple[str, str, str, str]] = []
    rejected: dict[int, str] = {}
    refused: str = ""
    unread: tuple[str, ...] = ()
    reading: Reading = AS_IT_STANDS


def each(count: int, *, of: str = ONE, dose: str = DOSE, phone: str = PHONE) -> list[tuple[str, str, str, str]]:
    return [(of, "*", phone, dose)] * count


def products(*codes: str, of: str = ONE, phone: str = PHONE) -> list[tuple[str, str, str, str]]:
    return [(of, "*" if phone else "", phone, f"1/2 {code} 2026-06-01") for code in codes]


TITLES = ("01_title_lines.csv", "02_title_merged.xlsx", "04_datecells.xlsx", "20_two_names.csv", "21_ho_dem_ten.csv",
          "36_sep_line.csv", "37_two_sheets.csv", "50_old.xls", "51_odf.ods", "60_id_heading_unknown.csv", "68_ph.csv",
          "73_b.csv", "78_v.csv", "84_d.csv", "86_d.csv", "00_good.csv")  # fmt: skip
BORN = ("1990-05-17", "1990-05-17", "1990-05-17", "1990-05-17", "1990-05-17", "1990-05-17", "1990", "1990", "1990-06-05",
        "1990-05-17", "1990", "1990-01-01")  # fmt: skip
UNITS = {name: Right([NUMBERED]) for name in TITLES} | {
    "10_birth_mdy.csv": Right(refused="the day first, line 2 one with the month first"),
    "11_dose.csv": Right(
        each(6) + each(1, dose="3/2 EU/1/20/1528 2026-06-01") + each(1) + each(1, dose="2/2 EU/1/20/1528 2026-06-01")
        + each(1), {8: "booster_without_number", 10: "booster_without_number"},
    ),
    "12_product.csv": Right(
        products(AZ, AZ, AZ, VERO, VERO, *[MODERNA] * 3, *[PFIZER] * 3, "Abdala", *["Hayat-Vax"] * 3, *["Sputnik-V"] * 3,
                 "EU/1/20/1525", PFIZER, AZ, AZ), {24: "product_unknown"},
    ),
    "14_phone.csv": Right([*each(8), (ONE, "*", "", DOSE)]),
    "15_id.csv": Right(
        # An old card's number beside a new one's is no other person's; who states none may be of either of two.
        [NUMBERED, (ONE, "", PHONE, DOSE), (ONE, "B1234567", PHONE, DOSE)], {10: "digits_lost"},
    ),
    "17_day.csv": Right(refused="line 4 one with the month first"),
    "18_name.csv": Right(
        [("NGUYỄN|MẪU THỬ MỘT|1990-05-17", "*", PHONE, DOSE), *each(2), ("Một||1990-05-17", "*", PHONE, DOSE),
         ("Nguyễn||1990-05-17", "*", PHONE, DOSE)],
        {5: "more_than_a_name", 7: "legacy_font", 8: "legacy_font", 10: "more_than_a_name", 11: "more_than_a_name"},
    ),
    "23_wide.csv": Right(
        [(ONE, CARD, PHONE, f"1/2 {AZ} 2026-06-01"), (ONE, CARD, PHONE, f"2/2 {PFIZER} 2026-09-01")], unread=("STT",),
    ),
    "25_series_missing.csv": Right([NUMBERED, (ONE, CARD, PHONE, "2/2 EU/1/20/1528 2026-06-01")]),
    "26_portal.csv": Right(
        [(ONE, CARD, PHONE, f"1/2 {AZ} 2026-06-01")],
        unread=("STT", "Đơn vị công tác", "Tỉnh/Thành phố", "Phản ứng sau tiêm"),
    ),
    "30_tcvn3_all.csv": Right(refused="typed for a TCVN3 font"),
    "33_semicolon_quotes.csv": Right([('Nguyễn|"Mẫu; Thử" Một|1990-05-17', CARD, PHONE, DOSE)]),
    "39_year_col.csv": Right([("Nguyễn|Mẫu Thử Một|1950", CARD, PHONE, DOSE)]),
    "41_empty_phone_zero.csv": Right([(ONE, "", "", DOSE)]),
    "42_dup_head.csv": Right([NUMBERED], unread=("Ghi chú",)),
    "90_us_file.csv": Right(refused="give --dates mdy"),
}  # fmt: skip
# What was refused, once somebody says how it is meant.
SAID = {
    "10_birth_mdy.csv": Right(
        [(f"Nguyễn|Mẫu Thử Một|{born}", "*", PHONE, DOSE) for born in BORN[2:]], {2: "month_first", 3: "month_first"},
        reading=Reading(dates="dmy"),
    ),
    "17_day.csv": Right(each(8), {4: "month_first"}, reading=Reading(dates="dmy")),
    "30_tcvn3_all.csv": Right([NUMBERED], unread=("Nhúm ưu tiên",), reading=Reading(legacy_font="tcvn3")),
    "90_us_file.csv": Right(
        [(ONE, CARD, PHONE, "1/2 EU/1/20/1528 2026-01-06"), ("Trần|Ví Dụ Hai|1985-05-06", "099000000002", "0100000002", "1/2 EU/1/20/1528 2026-06-07"),
         ("Lê|Giả Định Ba|1970-12-25", "099000000003", "0100000003", "1/2 EU/1/20/1528 2026-06-30")],
        reading=Reading(dates="mdy"),
    ),
}  # fmt: skip
SECOND = ("Trần|Mẫu Hai|1991-06-18", "", "", "2/2 EU/1/20/1528 2026-06-02")
TWO = [(TABLE, "", "", DOSE), SECOND]
TABLES = {
    "table-damaged-names.csv": Right(
        [(TABLE, "", "", DOSE)],
        {3: "legacy_font", 4: "legacy_font", 5: "letters_lost", 6: "letters_lost", 7: "name_misread"},
    ),
    "table-tcvn3-bytes.csv": Right(rejected={2: "legacy_font"}),
    "table-nbsp-in-full-name.csv": Right(TWO),
    "table-utc-instants.csv": Right(TWO),
    "table-cr-only.csv": Right(TWO),
    "book-cover-sheet-first.xlsx": Right([(TABLE, "", "", DOSE)]),
    "table-sep-line.csv": Right(TWO),
    "table-floats.csv": Right([(TABLE, "", "", DOSE), ("Trần|Mẫu Hai|1991", "", "", DOSE)]),
    "table-day-with-time.csv": Right([(TABLE, "", "", DOSE)] * 7),
    "table-dose-turned-into-date.csv": Right(rejected={2: "dose_became_date", 3: "dose_became_date"}),
    "book-dose-turned-into-date.xlsx": Right(rejected={2: "dose_became_date"}),
    "table-rows-of-spaces.csv": Right(TWO),
    "table-vaccine-names.csv": Right(
        products(PFIZER, AZ, MODERNA, VERO, PFIZER, AZ, VERO, "Sputnik-V", MODERNA, MODERNA, of=TABLE, phone=""),
    ),
    "table-one-name-with-placeholder.csv": Right([("Suharto||1990-05-17", "", "", DOSE)] * 4),
    "book-far-cell.xlsx": Right(refused="the cell XFD1048576"),
}  # fmt: skip


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with Registry.create(f"sqlite:///{tmp_path / 'r.db'}", tmp_path / "r.key", clock=lambda: AT) as made:
        yield made


def told(registry: Registry) -> Iterator[tuple[str, str, str, str]]:
    with registry.reading() as connection:
        for one in everybody(connection):
            phone, identity = numbers(registry, one.profile)
            person = one.profile.person
            whose = f"{person.family_name}|{person.given_name}|{person.date_of_birth}"
            for given in one.doses:
                dose = given.dose
                yield whose, identity, phone, f"{dose.number}/{dose.series} {dose.product} {dose.date}"


def judged(registry: Registry, path: Path, right: Right) -> None:
    def run() -> Any:
        return importing.run(registry, path, actor="clerk", reading=right.reading)

    if right.refused:
        with pytest.raises(ConfigurationError, match=right.refused):
            run()
        return
    report = run()
    found = list(told(registry))
    assert [(*one[:1], "*" if wanted[1] == "*" and one[1] else one[1], *one[2:])
            for one, wanted in zip(found, right.taken, strict=True)] == right.taken  # fmt: skip
    with registry.reading() as connection:
        assert {line: str(problem.reason) for line, problem in rejected.problems(connection, 1)} == right.rejected
    assert [column.partition(" ")[2] for column in report.understood["unread"]] == list(right.unread)


def test_every_unit_of_the_folder_is_in_the_table(cases: Path) -> None:
    assert {path.name for path in (cases / "units").iterdir()} == set(UNITS)


@pytest.mark.parametrize("name", UNITS)
def test_a_units_export_is_taken_rejected_or_refused_as_is_right(registry: Registry, cases: Path, name: str) -> None:
    judged(registry, cases / "units" / name, UNITS[name])


@pytest.mark.parametrize("name", SAID)
def test_what_was_refused_is_taken_once_it_is_said_how_it_is_meant(registry: Registry, cases: Path, name: str) -> None:
    judged(registry, cases / "units" / name, SAID[name])


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_taken_rejected_or_refused_as_is_right(registry: Registry, cases: Path, name: str) -> None:
    judged(registry, cases / name, TABLES[name])


def test_a_portals_further_columns_are_kept(registry: Registry, cases: Path) -> None:
    importing.run(registry, cases / "units" / "26_portal.csv", actor="clerk")
    with registry.reading() as connection:
        (one,) = everybody(connection)
    kept: Callable[[str], str] = people.told(one.profile, registry.secrets).__getitem__
    assert [kept(field) for field in ("sex", "occupation", "insurance_number", "commune", "address")] == [
        "male", "Y tế", "DN4010000000001", "Tích Sơn", "Tổ 1",
    ]  # fmt: skip
