"""What a manager reads at a glance is what the full counts say, of everywhere or of one district."""

from datetime import timedelta
from typing import Any

import pytest

from vaxcert.errors import NotFoundError
from vaxcert.registry.intake import lists
from vaxcert.registry.reports import due, stock
from vaxcert.registry.reports.coverage import coverage
from vaxcert.registry.reports.glance import glance
from vaxcert.registry.reports.kept import EVERYWHERE, Area, area
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


def test_an_area_is_a_district_that_is_written_so_in_a_list_or_of_somebody(place: Any) -> None:
    filled(place)
    assert area(place.registry, "Tam Đảo") == Area("Tam Đảo")
    for other in ("", "H. Tam Đảo", "Sông Lô", "?", "x" * 10_000):
        with pytest.raises(NotFoundError):
            area(place.registry, other)


def test_what_is_read_first_is_what_the_tables_say(place: Any) -> None:
    filled(place)
    (place.folder / "t.csv").write_text("district,priority_group,people\nTam Đảo,,1\nYên Lạc,,10\n", "utf-8")
    lists.load(place.registry, "targets", place.folder / "t.csv", actor="clerk")
    place.take({"full_name": "Phạm Ví Dụ", "phone": "3"}, {"full_name": "Đỗ Ví Dụ", "phone": "4", "date": "2026-06-15"},
               {"full_name": "Ngô Ví Dụ", "phone": "5", "date": "2026-06-09"},
               {"full_name": "Vũ Ví Dụ", "phone": "6", "date": "2026-06-08"})  # fmt: skip
    told = glance(overview(place.registry))
    # Five people of Tam Đảo do more than its target of one, and nothing for Yên Lạc's.
    assert (told.people, told.complete, told.doses, told.target, told.reached) == (6, 0, 6, 11, 2)
    assert (told.lately, told.before) == (2, 1)
    assert (told.now, told.late, told.long_late) == (0, 0, 3)
    assert (told.short, told.silent, told.questions, told.rows) == (0, 0, 0, 1)
    place.now += timedelta(days=30)
    told = glance(overview(place.registry))
    assert (told.lately, told.before, told.silent) == (0, 0, 2)


def test_a_target_of_groups_counts_where_there_is_none_of_districts(place: Any) -> None:
    place.take({})
    told = glance(overview(place.registry))
    assert (told.target, told.reached) == (None, 0)
    (place.folder / "t.csv").write_text("district,priority_group,people\n,1,10\n,2,20\n", "utf-8")
    lists.load(place.registry, "targets", place.folder / "t.csv", actor="clerk")
    told = glance(overview(place.registry))
    assert (told.target, told.reached) == (30, 1)
    # They are of all, so of one district nothing follows.
    assert glance(overview(place.registry, of=Area("Tam Đảo"))).target is None


def test_an_empty_registry_is_counted(place: Any) -> None:
    told = overview(place.registry)
    assert told.of == EVERYWHERE and told.changed is None and told.proof is None and not told.sums.well
    assert set(glance(told)) == {0, None}
