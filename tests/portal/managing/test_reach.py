"""Of what each account is told, and what names that somebody typed do on a page and in a file."""

from typing import Any
from urllib.parse import quote

import pytest
from counted import PEOPLE, as_rows, counted, fill

HOSTILE = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "=HYPERLINK(\"http://x\")", "+84", "-1", "@SUM(A1)",
    "../../etc", "a/b?c=d&e#f", "ភូមិ", "عبد", "王小明", "Xã\u202eoãĐ", "Đ" * 80,
)  # fmt: skip
FILES = (
    "district",
    "commune",
    "priority_group",
    "age",
    "product",
    "day",
    "due",
    "supply",
    "units",
    "not_taken",
    "waiting",
)


def test_an_account_of_an_area_is_told_of_that_alone(filled: Any, account: Any, visit: Any) -> None:
    one = account("vung", "manager", area="Yên Lạc")
    page = one.get("/numbers").text
    assert "Numbers: Yên Lạc" in page and "Tam Đảo" not in page and "VP01" not in page
    assert page.split("<main")[1] == one.get("/numbers?district=Yên Lạc").text.split("<main")[1]
    whole = visit("manager").get("/numbers").text
    assert counted(page, "commune")["All"]["People"] == counted(whole, "district")["Yên Lạc"]["People"] == "3"
    for wanted in ("Tam Đảo", "H. Yên Lạc", "Nowhere", "?"):
        assert one.get(f"/numbers?district={quote(wanted)}").status_code == 403
        for name in FILES:
            assert one.get(f"/numbers/{name}.csv?district={quote(wanted)}").status_code == 403
    for name in FILES:
        assert "Tam Đảo" not in one.get(f"/numbers/{name}.csv").text
        assert "VP01" not in one.get(f"/numbers/{name}.csv").text
    # There is no way from here to everywhere.
    assert 'href="/numbers"' not in page.split("<main")[1]


def test_an_account_of_a_site_is_told_of_its_district_and_of_nothing_where_it_has_none(
    filled: Any, account: Any
) -> None:
    from sqlalchemy import update

    from vaxcert.registry import schema

    one = account("tram", "manager", site="VP01")
    page = one.get("/numbers").text
    assert "Numbers: Tam Đảo" in page and "Yên Lạc" not in page
    assert one.get("/numbers?district=Yên Lạc").status_code == 403
    with filled.registry.writing() as connection:
        connection.execute(update(schema.site).where(schema.site.c.code == "VP01").values(district=""))
    assert one.get("/numbers").status_code == one.get("/numbers/age.csv").status_code == 403


def test_a_district_that_is_not_there_is_not_found(filled: Any, visit: Any) -> None:
    manager = visit("manager")
    for wanted in ("Nowhere", "?", "Tam", "x" * 5_000, "%00", "' OR 1=1 --"):
        assert manager.get(f"/numbers?district={quote(wanted)}").status_code == 404
    assert manager.get("/numbers?district=").status_code == 200
    assert manager.get("/numbers/people.csv").status_code == 404


def test_whoever_counts_reaches_nobody_and_others_reach_no_counts(filled: Any, account: Any, visit: Any) -> None:
    page = visit("manager").get("/numbers").text
    links = {part.split('"')[0] for part in page.split('href="')[1:]}
    reached = {link.split("?")[0] for link in links if not link.startswith(("#", "/static"))}
    assert reached == {"/", "/own", "/numbers", *(f"/numbers/{name}.csv" for name in FILES if name != "waiting")}
    for login in ("clerk", "vaccinator", "reviewer", "administrator"):
        one = visit(login)
        assert one.get("/numbers").status_code == one.get("/numbers/age.csv").status_code == 403
        assert 'href="/numbers"' not in one.get("/").text
    # Of two roles, whoever also reviews is told of their own area.
    both = account("hai", "manager", "reviewer", area="Yên Lạc")
    assert both.get("/numbers").status_code == 200 and both.get("/numbers?district=Tam Đảo").status_code == 403


def test_names_that_somebody_typed_are_text_on_the_page_and_in_a_spreadsheet(house: Any, visit: Any) -> None:
    from vaxcert.registry.accounts import places

    rows = [
        ",".join((f"Nguyễn Mẫu {'ABCDEFGHIKLMNO'[n]}", "1990-05-17", f"01000001{n:02}", _cell(name), _cell(name), "1",
                  "EU/1/20/1528", "1/2", "2026-06-01", "VP01", ""))
        for n, name in enumerate(HOSTILE)
    ]  # fmt: skip
    fill(house, rows, {})
    for number, name in enumerate(HOSTILE[:4]):
        site = places.Site(f"XX{number:02}", name, name)
        places.put_site(house.registry, site, actor="test", new=True)
    manager = visit("manager")
    page = manager.get("/numbers").text
    assert "<script>alert" not in page and "<img" not in page and "{{ 7*7 }}" in page
    assert "\u202e" not in page
    told = as_rows(manager.get("/numbers/district.csv"))
    for cells in (told, as_rows(manager.get("/numbers/commune.csv")), as_rows(manager.get("/numbers/units.csv"))):
        assert not [cell for row in cells for cell in row if cell[:1] in ("=", "+", "-", "@", "\t")]
    assert len(told) >= len(HOSTILE)
    # Each district leads to itself, whatever is in its name.
    links = [part.split('"')[0].replace("&amp;", "&") for part in page.split('href="')[1:] if "numbers?" in part[:12]]
    assert len(links) >= len(HOSTILE) - 2
    for link in links:
        of_it = manager.get(link)
        assert of_it.status_code == 200, link
        assert "<script>alert" not in of_it.text and "<img" not in of_it.text
        assert int(counted(of_it.text, "commune").get("All", {"People": "0"})["People"]) <= 2


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_read_by_python_with_as_many_cells_in_each_row(filled: Any, visit: Any, name: str) -> None:
    rows = as_rows(visit("manager").get(f"/numbers/{name}.csv"))
    assert len({len(row) for row in rows}) == 1
    assert PEOPLE not in rows[0]
