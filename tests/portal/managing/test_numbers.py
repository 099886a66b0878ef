"""The manager's page says what the command line and a count of everybody say, and nobody's name."""

import re
from datetime import timedelta
from typing import Any

import pytest
from counted import as_rows, counted, fill, rows_of

from vaxcert.registry.reports import due, quality, stock
from vaxcert.registry.reports.coverage import coverage
from vaxcert.registry.reports.overview import TABLES

HEADINGS = {"People": 1, "Complete": 2, "Doses": 3, "Target": 4, "Still to reach": 5}
NAMES = {
    "EU/1/20/1528": "Comirnaty",
    "EU/1/20/1507": "Spikevax",
    "BBIBP-CorV": "Vero Cell (Sinopharm)",
    "?": "not known",
}


def number(told: str) -> str:
    return "" if told == "–" else told.replace(",", "")


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_a_file_that_equals_the_command_lines_and_the_page(
    filled: Any, visit: Any, command: Any, name: str
) -> None:
    manager, out = visit("manager"), filled.folder / "told.csv"
    arguments = [part for dimension in TABLES[name] for part in ("--by", dimension)]
    command("coverage", *arguments, "--out", str(out))
    answer = manager.get(f"/numbers/{name}.csv")
    assert answer.data == out.read_bytes()
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}-2026-06-15.csv"'
    truth = coverage(filled.registry, TABLES[name])
    rows = as_rows(answer)
    assert [row[-5:-2] for row in rows[1:-1]] == [[str(n) for n in cell[1:4]] for cell in truth.cells]
    if name == "commune":
        return  # of everywhere, a file alone
    cells, total = rows[1:-1], rows[-1]
    page = counted(manager.get("/numbers").text, name)
    if name == "day":
        shown = {f"{row[0][8:]}/{row[0][5:7]}/{row[0][:4]}": row for row in cells if row[0] >= "2026-06-02"}
        assert set(shown) == {day for day, told in page.items() if told["Doses"] != "0"}
        assert next(iter(page)) == "15/06/2026" and len(page) == 14
    else:
        shown = {NAMES.get(row[0], row[0]): row for row in cells} | {"All": total}
        shown = {next((label for label in page if label.startswith(f"{key}.")), key): row for key, row in shown.items()}
        assert set(shown) == set(page)
    for label, row in shown.items():
        for column, at in HEADINGS.items():
            if column in page[label]:
                assert number(page[label][column]) == row[len(TABLES[name]) - 1 + at], (label, column)


def test_who_is_to_come_and_what_is_left_equal_the_command_line_and_a_count_of_everybody(
    filled: Any, visit: Any, command: Any
) -> None:
    manager, registry = visit("manager"), filled.registry
    for name, arguments in (("due", ["due"]), ("supply", ["check", "--supply"])):
        told = command(*arguments)
        assert manager.get(f"/numbers/{name}.csv").data.decode("utf-8-sig").replace("\r\n", "\n") == told, name
    truth = due.due(due.courses(registry), registry.today())
    assert [row[:2] for row in as_rows(manager.get("/numbers/due.csv"))[1:]] == [
        [o.product, str(o.dose)] for o in truth
    ]
    page = manager.get("/numbers").text
    told = counted(page, "due")
    for one in truth:
        row = told[f"{NAMES[one.product]}, dose {one.dose}"]
        assert [row[name] for name in ("Now", "Late by up to 8 weeks", "Late by more than 8 weeks", "Not yet")] == [
            str(n) for n in (one.now, one.late, one.long_late, one.later)
        ]  # fmt: skip
    assert told["Vero Cell (Sinopharm), dose 2"]["Days after the dose before"] == "21\u2060–\u206028"
    assert "WHO SAGE, interim recommendations, 2021-05-07" in page
    left = {(one.site, one.lot): one.left for one in stock.stock(registry)}
    told = counted(page, "supply")
    assert told["VP01 Trạm Y tế Mẫu Một: Comirnaty"] == {
        "State": "more given than received: check", "Doses left": str(left["VP01", "L1"]), "Given in 14 days": "1", "Lasts (days)": "–",
    }  # fmt: skip
    assert told["VP02 Trạm Y tế Mẫu Hai: Spikevax"]["Doses left"] == str(left["VP02", "L3"]) == "12"
    assert told["VP02 Trạm Y tế Mẫu Hai: Vero Cell (Sinopharm)"]["State"] == "enough"


def test_data_quality_is_told_without_the_files_name(filled: Any, visit: Any) -> None:
    filled.now += timedelta(days=8)
    manager = visit("manager")
    page = manager.get("/numbers").text
    truth = {one.site: one for one in quality.units(filled.registry)}
    assert set(truth) == {"VP01", "VP02"}
    told = counted(page, "units")
    assert [told[f"{site} {truth[site].name}"]["Last file, days ago"] for site in truth] == ["8", "8"]
    assert {row["State"] for row in told.values()} == {"nothing new"}
    assert rows_of(page, "not_taken")[1][1:] == ["15/06/2026 16:30", "1", "VP01, VP02"]
    assert as_rows(manager.get("/numbers/not_taken.csv"))[1][1:] == ["2026-06-15 16:30", "1", "VP01 VP02"]
    assert as_rows(manager.get("/numbers/waiting.csv")) == [["kind", "questions", "oldest", "days"]]
    assert "Units of which nothing came for more than 7 days: 2" in page
    for text in (page, *(manager.get(f"/numbers/{name}.csv").text for name in (*TABLES, "units", "not_taken"))):
        assert "Tệp" not in text and "Ví Dụ" not in text and "Mẫu Thử" not in text and "1990-05-17" not in text


def test_what_is_read_first_is_of_the_target_the_week_and_who_is_to_come(filled: Any, visit: Any) -> None:
    page = visit("manager").get("/numbers").text
    tiles = re.findall(r"<dt>([^<]+)</dt><dd><strong>([^<]+)</strong> ([^<]+)</dd>", page)
    assert tiles == [
        ("People with a dose", "6", "35.7% of the target of 14; 9 still to reach"),
        ("People who are complete", "2", "33.3% of those with a dose"),
        ("Doses in the last 7 days", "3", "the 7 days before: 0; in all: 7"),
        ("People to come now", "1", "0 of them late"),
    ]
    vi = visit("manager", language="vi").get("/numbers").text
    assert "đạt 35,7% chỉ tiêu 14; còn 9 người" in vi
    assert "As of 15/06/2026 16:30." in page and "Last import or change: 15/06/2026 16:30." in page
    assert re.findall(r'<li><a href="#(\w+)">[^<]+: ', page) == ["supply", "not_taken"]


def test_a_district_is_counted_by_itself_and_by_its_communes(filled: Any, visit: Any) -> None:
    manager = visit("manager")
    page = manager.get("/numbers").text
    link = re.search(r'href="(/numbers\?district=[^"]+)"><bdi>Tam Đảo<', page)
    assert link is not None
    of_it = manager.get(link[1]).text
    assert "Numbers: Tam Đảo" in of_it
    assert counted(of_it, "commune")["Xã Đạo Trù"] == counted(of_it, "commune")["All"]
    assert counted(of_it, "commune")["All"]["People"] == counted(page, "district")["Tam Đảo"]["People"] == "2"
    communes = [row for row in as_rows(manager.get("/numbers/commune.csv")) if row[0] == "Tam Đảo"]
    assert [row[1:5] for row in communes] == [["Xã Đạo Trù", "2", "1", "3"]]
    # What is of somewhere else is not in it.
    assert "Yên Lạc" not in of_it and "VP02" not in of_it and "Spikevax" not in of_it
    file = as_rows(manager.get(f"{link[1]}".replace("/numbers?", "/numbers/age.csv?")))
    assert [row[:2] for row in file[1:]] == [["30–39", "1"], ["65–79", "1"], ["*", "2"]]
    # Nobody without a district is a place.
    assert 'district=?"' not in page and "<bdi>not known</bdi>" in page


def test_numbers_of_thousands_are_grouped_as_each_language_does(house: Any, visit: Any) -> None:
    fill(house, [], {"targets": "district,priority_group,people\nTam Đảo,,74000\n"})
    assert "74,000" in visit("manager").get("/numbers").text
    assert "74.000" in visit("manager", language="vi").get("/numbers").text


@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_empty_registry_reads_sensibly(house: Any, visit: Any, language: str) -> None:
    manager = visit("manager", language=language)
    page = manager.get("/numbers")
    assert page.status_code == 200
    for words in {
        "en": ("Nothing was recorded yet.", "No target was set.", "Nobody was vaccinated yet.", "Nobody is to come.",
               "No delivery is on record.", "0.0% of those with a dose", "Sums counted anew: never"),
        "vi": ("Chưa có dữ liệu nào được ghi.", "Chưa đặt chỉ tiêu.", "Chưa có ai được tiêm.", "Số tổng hợp được đếm lại: chưa lần nào"),
    }[language]:  # fmt: skip
        assert words in page.text, words
    assert "<svg" not in page.text
    for name in (*TABLES, "due", "supply", "units", "not_taken", "waiting"):
        answer = manager.get(f"/numbers/{name}.csv")
        assert answer.status_code == 200 and as_rows(answer)


def test_the_page_says_whether_the_sums_were_proven_and_what_to_do(filled: Any, visit: Any) -> None:
    from sqlalchemy import update

    from vaxcert.registry import schema
    from vaxcert.registry.reports import doctor

    def proof() -> str:
        found = re.search(r'<section id="proof".*?</section>', manager.get("/numbers").text, re.DOTALL)
        assert found is not None
        return found[0]

    manager = visit("manager")
    assert "Have registry sums run every night." in proof()
    doctor.recount(filled.registry, actor="night")
    assert "Counted anew from all records on 15/06/2026 16:30: every number was the same." in proof()
    assert 'class="wrong"' not in proof() and "#proof" not in manager.get("/numbers").text
    with filled.registry.writing() as connection:
        connection.execute(update(schema.tally).where(schema.tally.c.facet == "district").values(people=50))
    doctor.recount(filled.registry, actor="night")
    assert "were not right when last counted" in proof() and "Run registry sums again" in proof()
    assert "Some of these numbers were wrong" in manager.get("/numbers").text
    filled.now += timedelta(days=3)
    doctor.recount(filled.registry, actor="night")
    assert 'class="wrong"' not in proof()
    filled.now += timedelta(days=3)
    assert "Numbers were not counted anew in the last two days" in manager.get("/numbers").text
