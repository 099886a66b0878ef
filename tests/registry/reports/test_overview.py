"""What a manager reads at a glance is what the full counts say, of everywhere or of one district."""

from typing import Any

from vaxcert.registry.intake import lists
from vaxcert.registry.reports import due, stock
from vaxcert.registry.reports.coverage import coverage
from vaxcert.registry.reports.kept import Area
from vaxcert.registry.reports.overview import TABLES, overview


def filled(place: Any) -> None:
    for kind, text in (
        ("sites", "site,name,district\nVP01,Trạm Mẫu,Tam Đảo\nVP02,Trạm Khác,Yên Lạc\n"),
        ("deliveries", "site,lot,product,doses,received_on\nVP01,L1,EU/1/20/1528,100,2026-02-01\n"
                       "VP02,L1,EU/1/20/1528,50,2026-02-01\n"),
    ):  # fmt: skip
        (place.folder / f"{kind}.csv").write_text(text, "utf-8")
        lists.load(place.registry, kind, place.folder / f"{kind}.csv", actor="clerk")
    place.take({}, {"full_name": "Trần Ví Dụ", "date": "2026-13-01"})
    place.take({"full_name": "Lê Ví Dụ", "district": "Yên Lạc", "site": "VP02", "phone": "2"})


def test_an_overview_is_what_the_full_counts_say(place: Any) -> None:
    filled(place)
    told = overview(place.registry)
    assert told.tables == {name: coverage(place.registry, by) for name, by in TABLES.items()}
    assert told.due == due.due(due.courses(place.registry), place.registry.today())
    assert sum(one.left for one in told.supplies) == sum(one.left for one in stock.stock(place.registry)) == 148
    assert [unit.site for unit in told.units] == ["VP01", "VP02"]
    assert [one.rows for one in told.not_taken] == [1]
    assert (told.as_of, told.changed) == (place.registry.now(), place.registry.now())


def test_an_overview_of_a_district_is_of_its_people_and_its_sites_alone(place: Any) -> None:
    filled(place)
    told = overview(place.registry, of=Area("H. Yên Lạc"))
    assert {name: table.total.people for name, table in told.tables.items()} == dict.fromkeys(TABLES, 1)
    assert [one.people for one in told.due] == [1]
    assert [one.site for one in told.supplies] == [unit.site for unit in told.units] == ["VP02"]
    assert (told.not_taken, told.waiting) == ([], [])
