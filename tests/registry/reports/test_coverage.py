"""The generated province: matched, reported and counted against what is true of it; and what is hidden when published."""

import csv
import json
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import matplotlib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from vaxcert import ConfigurationError
from vaxcert.registry import Registry, groups, schema
from vaxcert.registry.care import reviewing
from vaxcert.registry.certificates import issuing
from vaxcert.registry.intake import importing, lists
from vaxcert.registry.reports import charts, findings, stock, tables
from vaxcert.registry.reports.coverage import HIDDEN, Cell, Coverage, coverage
from vaxcert.registry.reports.suppression import suppressed


def listed(registry: Registry) -> list[groups.Group]:
    with registry.reading() as connection:
        return groups.listed(connection)


def imported(place: Any, folder: Path) -> dict[tuple[str, int], int]:
    """All units; of each row the person it was taken to be of."""
    names = {}
    for path in sorted(folder.glob("unit-*.csv")):
        names[importing.run(place.registry, path, actor="clerk").run] = path.name
    with place.registry.reading() as connection:
        row, dose, owner = schema.source_row, schema.dose, schema.person
        of = func.coalesce(owner.c.merged_into, owner.c.id).label("person_id")
        query = select(row.c.run_id, row.c.line, of).join(dose, dose.c.id == row.c.dose_id)
        query = query.join(owner, owner.c.id == dose.c.person_id)
        return {(names[one.run_id], one.line): one.person_id for one in connection.execute(query)}


def true_of(folder: Path) -> dict[tuple[str, int], str]:
    with (folder / "truth.csv").open(encoding="utf-8") as stream:
        return {(row["file"], int(row["line"])): row["person"] for row in csv.DictReader(stream)}


def decided(place: Any, folder: Path) -> int:
    """Answer every question as somebody who knows the truth would; how many."""
    count = 0
    while True:
        found, truth = _people_of(place, folder), true_of(folder)
        of = defaultdict(set)
        for where, number in found.items():
            of[number].add(truth[where])
        questions = reviewing.questions(place.registry, first=10_000)
        if not questions:
            return count
        answers = []
        for question in questions:
            if question.kind == "person":
                same = bool(of[question.first.number] & of[question.second.number])
                answers.append((question.id, "same" if same else "different"))
            else:
                answers.append((question.id, "first"))
        reviewing.decide_all(place.registry, answers, actor="chief")
        count += len(answers)


def _people_of(place: Any, folder: Path) -> dict[tuple[str, int], int]:
    with place.registry.reading() as connection:
        run, row, dose, owner = schema.run, schema.source_row, schema.dose, schema.person
        query = (
            select(run.c.source, row.c.line, func.coalesce(owner.c.merged_into, owner.c.id).label("person_id"))
            .join(run, run.c.id == row.c.run_id)
            .join(dose, dose.c.id == row.c.dose_id)
            .join(owner, owner.c.id == dose.c.person_id)
        )
        return {(one.source, one.line): one.person_id for one in connection.execute(query)}


@pytest.mark.one_database
@pytest.mark.slow
def test_a_province_is_matched_and_counted_as_it_truly_is(
    place: Any, province: Any, issuer: Any, key: Any, tmp_path: Path
) -> None:
    place.now = place.now.replace(month=11)
    folder = province(0.05)
    found, truth = imported(place, folder), true_of(folder)
    assert found.keys() == truth.keys()
    pairs = [
        Counter(values)
        for values in ((found[w] for w in truth), (truth[w] for w in truth), ((found[w], truth[w]) for w in truth))
    ]
    made, true, both = (sum(number * (number - 1) // 2 for number in one.values()) for one in pairs)
    precision, recall = both / made, both / true
    assert precision >= 0.999, precision
    assert recall >= 0.95, recall
    # What the matching did not dare is asked, so that nobody stays two.
    decided(place, folder)
    with (folder / "people.csv").open(encoding="utf-8") as stream:
        people = list(csv.DictReader(stream))
    for column, by in (("district", "district"), ("group", "priority_group")):
        expected = Counter(row[column] for row in people)
        doses = Counter()
        for row in people:
            doses[row[column]] += len(row["doses"])
        counted = {cell.key[0]: (cell.people, cell.doses) for cell in coverage(place.registry, (by,)).cells}
        assert counted == {name: (number, doses[name]) for name, number in expected.items()}
    whole = coverage(place.registry, ("dose",))
    assert whole.total.people == len(people) == 3_700
    assert whole.total.doses == sum(len(row["doses"]) for row in people) == 4_250
    assert [cell.people for cell in whole.cells] == [sum(dose in row["doses"] for row in people) for dose in "12"]
    missing = [one for one in findings.findings(place.registry) if one.kind == "earlier_dose_missing"]
    assert len(missing) == 20
    report = issuing.run(place.registry, issuer, actor="chief")
    assert report.issued == {"new": 3_680}
    assert report.kept_back == {"earlier_dose_missing": 20}
    # Deliveries and targets, and the gap that is left.
    assert lists.load(place.registry, "targets", folder / "targets.csv", actor="chief").rows == 9
    lists.load(place.registry, "deliveries", folder / "deliveries.csv", actor="chief")
    assert all(one.left >= 0 for one in stock.stock(place.registry))
    first = coverage(place.registry).cells[0]
    assert first.gap == (first.target or 0) - first.people > 0


def test_days_ages_sites_and_two_dimensions_at_once(place: Any) -> None:
    place.take(
        {}, {"dose": "2/2", "date": "2026-04-01", "site": "VP02"},
        {"full_name": "Trần Ví Dụ", "phone": "2", "date_of_birth": "2010", "district": ""},
        {"full_name": "Lê Hư Cấu", "phone": "3", "date_of_birth": "1945-06-16", "product": "Abdala", "dose": "1/3"},
    )  # fmt: skip
    found = coverage(place.registry, ("age",))
    assert {cell.key[0]: cell.people for cell in found.cells} == {"12–17": 1, "30–39": 1, "80+": 1}
    assert {cell.key[0]: (cell.people, cell.complete, cell.doses) for cell in coverage(place.registry, ("site",)).cells} == {
        "VP01": (3, 0, 3), "VP02": (1, 1, 1),
    }  # fmt: skip
    assert coverage(place.registry, ("day",), as_of=date(2026, 3, 31)).total == Cell((), 3, 0, 3)
    both = coverage(place.registry, ("district", "dose"))
    assert [(cell.key, cell.people) for cell in both.cells] == [
        (("?", "1"), 1),
        (("Tam Đảo", "1"), 2),
        (("Tam Đảo", "2"), 1),
    ]
    assert both.total == Cell((), 3, 1, 4)
    with pytest.raises(ConfigurationError, match="shoe"):
        coverage(place.registry, ("shoe",))


def test_what_is_not_whole_is_reported(place: Any) -> None:
    place.take(
        {"full_name": "Lê Một", "phone": "1", "dose": "2/2"},
        {"full_name": "Lê Hai", "phone": "2", "dose": "1/2"},
        {"full_name": "Lê Hai", "phone": "2", "dose": "2/2", "date": "2026-02-01", "product": "EU/1/20/1507", "lot": "L2"},
        {"full_name": "Lê Hai", "phone": "2", "dose": "3/3", "date": "2026-06-01", "product": "Abdala", "lot": "L7"},
    )  # fmt: skip
    path = place.folder / "deliveries.csv"
    path.write_text(
        "site,lot,product,doses,received_on\nVP01,L1,EU/1/20/1528,1,2026-01-01\nVP01,L2,Abdala,10,2026-01-01\n"
    )
    assert lists.load(place.registry, "deliveries", path, actor="chief").rows == 2
    assert lists.load(place.registry, "deliveries", path, actor="chief").rows == 2
    found = Counter((one.kind, one.told) for one in findings.findings(place.registry))
    assert found == {
        ("earlier_dose_missing", "dose 2 without dose 1"): 1,
        ("dates_out_of_order", "dose 2 is not later than dose 1"): 1,
        ("products_differ", "EU/1/20/1528, then EU/1/20/1507"): 1,
        ("another_products_lot", "L2 is of Abdala"): 1,
        ("unknown_lot", "L7"): 1,
    }
    assert [(one.lot, one.received, one.given, one.left) for one in stock.stock(place.registry)] == [
        ("L1", 1, 2, -1), ("L2", 10, 1, 9), ("L7", 0, 1, -1),
    ]  # fmt: skip
    for text, says in (
        ("site,lot\nA,B\n", "no column product"), ("site,lot,product,doses,received_on\nVP01,L1,x,many,2026-01-01\n", "row 2"),
        ("site,lot,product,doses,received_on\nVP01,L1,x,5,2026-02-31\n", "row 2: date: not DD/MM/YYYY"),
        ("site;lot;product;doses;received_on\nVP01;;x;5;01/02/2026\n", "row 2: lot: missing"),
        (f"site,lot,product,doses,received_on\nVP01,{'L' * 41},x,5,01/02/2026\n", "row 2: lot: longer than 40"),
    ):  # fmt: skip
        path.write_text(text)
        with pytest.raises(ConfigurationError, match=says):
            lists.load(place.registry, "deliveries", path, actor="chief")


# People, of whom so many are complete, with so many doses beyond their first.
counted = st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40)).map(
    lambda three: (three[0], min(three[0], three[1]), three[0] + (three[2] if three[0] else 0))
)
tabled = st.dictionaries(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), counted, min_size=1, max_size=9)


def by_rules(numbers: dict[tuple[str, str], tuple[int, int, int]]) -> Coverage:
    cells = [Cell(key, *three) for key, three in sorted(numbers.items())]
    total = Cell((), *(sum(three[place] for three in numbers.values()) for place in range(3)))
    return suppressed(Coverage(("district", "dose"), date(2026, 6, 1), cells, total))


@given(tabled)
def test_no_hidden_number_follows_from_a_sum(numbers: dict[tuple[str, str], tuple[int, int, int]]) -> None:
    found = by_rules(numbers)
    for place, name in enumerate(("people", "complete", "doses")):
        true = {key: three[place] for key, three in numbers.items()}
        hidden = {cell.key for cell in found.cells if getattr(cell, name) == HIDDEN}
        assert all(key in hidden for key, number in true.items() if 0 < number < 10)
        assert not any(true[key] == 0 for key in hidden)
        assert all(getattr(cell, name) in (HIDDEN, true[cell.key]) for cell in found.cells)
        lines = [
            list(true),
            *([key for key in true if key[0] == one] for one in "abc"),
            *([key for key in true if key[1] == one] for one in "xyz"),
        ]
        for line in lines:
            gone = [key for key in line if key in hidden]
            shown = [key for key in line if key not in hidden and true[key]]
            # One alone, or several of a small sum, would be found by subtraction; unless there is nothing else to hide.
            assert not gone or not shown or (len(gone) > 1 and sum(true[key] for key in gone) >= 10)


@given(tabled)
def test_no_small_number_follows_from_two_that_are_shown(numbers: dict[tuple[str, str], tuple[int, int, int]]) -> None:
    found = by_rules(numbers)
    for cell in (*found.cells, found.total):
        people, complete, doses = cell.people, cell.complete, cell.doses
        if HIDDEN not in (people, complete):
            assert not 0 < people - complete < 10  # those who began and did not end
        if HIDDEN not in (people, doses):
            assert not 0 < doses - people < 10  # later doses
        if people == HIDDEN:  # of a campaign with one dose each they are the same number
            assert complete in (HIDDEN, 0)
            assert doses == HIDDEN


def test_a_table_of_few_people_tells_no_number_of_them(place: Any) -> None:
    place.take({}, {"full_name": "Trần Ví Dụ", "phone": "2", "district": "Yên Lạc"})
    assert tables.as_csv(suppressed(coverage(place.registry))).splitlines()[1:] == [
        "Tam Đảo,x,0,x,,", "Yên Lạc,x,0,x,,", "*,x,0,x,,",
    ]  # fmt: skip


def test_tables_and_charts_say_what_is_hidden_and_what_is_to_be_reached(place: Any) -> None:
    rows = [{"full_name": f"Lê Mẫu Thử {name}", "phone": str(number), "district": "Sông Lô" if number < 3 else "Tam Đảo"}
            for number, name in enumerate(("An", "Bình", "Cường", "Dung", "Em", "Giang", "Hạnh", "Khánh", "Lan", "Minh", "Nga", "Oanh", "Phúc", "Quý"))]  # fmt: skip
    place.take(*rows)
    path = place.folder / "targets.csv"
    path.write_text("district,priority_group,people\nSông Lô,,5\nTam Đảo,,20\nYên Lạc,,7\n", "utf-8")
    lists.load(place.registry, "targets", path, actor="chief")
    found = coverage(place.registry)
    assert tables.as_csv(found).splitlines() == [
        "district,people,complete,doses,target,gap", "Sông Lô,3,0,3,5,2", "Tam Đảo,11,0,11,20,9", "Yên Lạc,0,0,0,7,7",
        "*,14,0,14,32,18",
    ]  # fmt: skip
    public = suppressed(found)
    assert tables.as_csv(public).splitlines()[1:3] == ["Sông Lô,x,0,x,5,", "Tam Đảo,x,0,x,20,"]
    told = json.loads(tables.as_json(public))
    assert told["cells"][0] == {
        "district": "Sông Lô", "people": None, "complete": 0, "doses": None, "target": 5, "gap": None,
        "hidden": ["people", "doses"],
    }  # fmt: skip
    for name in ("chart.svg", "chart.png"):
        charts.draw(found, place.folder / name)
    drawn = (place.folder / "chart.svg").read_text()
    assert "<svg" in drawn
    again = place.folder / "again.svg"
    charts.draw(found, again)
    charts.draw(coverage(place.registry, ("day",)), place.folder / "days.png", lang="en")
    few = Coverage(
        ("day",),
        date(2026, 6, 1),
        [Cell(("2026-03-01",), 3, 0, 3), Cell(("2026-03-02",), 30, 0, 30)],
        Cell((), 33, 0, 33),
    )
    with matplotlib.rc_context({"svg.fonttype": "none"}):
        charts.draw(suppressed(few), again, lang="vi")
        assert "2 ngày: không công bố" in again.read_text()
        charts.draw(public, again, lang="en")
        assert again.read_text().count("not published") == 2
        charts.draw(found, again, lang="vi", names=charts.names(place.registry, "district"))
        assert "14 / 32 (44%)" in again.read_text()
    for dimension, key, says in (
        ("priority_group", "1", "1. Tuyến đầu"),
        ("product", "EU/1/20/1528", "Comirnaty"),
        ("dose", "2", "Mũi 2"),
        ("site", "VP01", "VP01 Trạm Mẫu"),
    ):
        path.write_text("site,name,district\nVP01,Trạm Mẫu,Tam Đảo\n", "utf-8")
        lists.load(place.registry, "sites", path, actor="chief")
        assert charts.names(place.registry, dimension)[key].startswith(says)
    many = [Cell((str(number),), 20, 0, 20) for number in range(500)]
    with pytest.raises(ConfigurationError, match="500 bars are too many"):
        charts.draw(Coverage(("site",), date(2026, 6, 1), many, Cell((), 1, 0, 1)), again)
    with pytest.raises(ConfigurationError, match=r"\.svg or \.png"):
        charts.draw(found, place.folder / "chart.gif")
    with pytest.raises(ConfigurationError, match="one dimension"):
        charts.draw(coverage(place.registry, ("district", "dose")), again)


def test_a_name_that_is_too_long_is_refused_and_not_cut_short(place: Any) -> None:
    for kind, text, says in (
        ("sites", f"site,name,district\nVP01,{'x' * 201},A\n", "name: longer than 200"),
        ("sites", f"site,name,district\nVP01,x,{'A' * 81}\n", "district: longer than 80"),
        ("targets", f"district,priority_group,people\n{'A' * 81},,5\n", "district: longer than 80"),
        ("targets", "district,priority_group,people\nA,123456789,5\n", "priority_group: longer than 8"),
    ):
        path = place.folder / "long.csv"
        path.write_text(text, "utf-8")
        with pytest.raises(ConfigurationError, match=f"row 2: {says}"):
            lists.load(place.registry, kind, path, actor="chief")


def test_groups_are_a_table_that_a_site_may_change(place: Any) -> None:
    assert [one.code for one in listed(place.registry)] == list("123456789")
    lists.change_groups(
        place.registry, [groups.Group("A", "Một", "One"), groups.Group("B", "Hai", "Two")], actor="chief"
    )
    assert listed(place.registry) == [groups.Group("A", "Một", "One"), groups.Group("B", "Hai", "Two")]
    path = place.folder / "groups.csv"
    path.write_text("code,name_vi,name_en\nA,Một,One\nB,Hai,Two\n", "utf-8")
    assert lists.read_groups(path) == listed(place.registry)
    for wrong in (
        "code,name_vi,name_en\n",
        "code,name_vi,name_en\nA,x,x\nA,y,y\n",
        "a,b\n1,2\n",
        "code,name_vi,name_en\n123456789,x,x\n",
    ):
        path.write_text(wrong, "utf-8")
        with pytest.raises(ConfigurationError, match=r"groups\.csv"):
            lists.read_groups(path)
    # A group of before is what the row calls it, and no reason to lose the dose.
    assert place.take({"priority_group": "1"}, {"priority_group": "B"}).counts == {"known": 1, "new": 1, "rejected": 0}
    (one,) = place.people()
    assert (one.profile.priority_group, one.profile.group_told) == ("B", "1")
