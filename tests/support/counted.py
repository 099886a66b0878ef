"""Something to count, and what a page of counts says."""

import csv
import io
import re
from html import unescape
from typing import Any

PEOPLE = "full_name,date_of_birth,phone,district,commune,priority_group,product,dose,date,site,lot"
LISTS = {
    "deliveries": "site,lot,product,doses,received_on\nVP01,L1,EU/1/20/1528,3,2026-02-01\nVP02,L2,BBIBP-CorV,500,2026-02-01\n"
                  "VP02,L3,EU/1/20/1507,14,2026-02-01\n",
    "targets": "district,priority_group,people\nTam Đảo,,10\nYên Lạc,,4\n",
}  # fmt: skip
# Two spellings of a district and of a commune, somebody of nowhere, a child, and a row that is not taken.
ROWS = [
    "Nguyễn Mẫu Thử,1990-05-17,0100000001,Tam Đảo,Xã Đạo Trù,1,EU/1/20/1528,1/2,2026-03-01,VP01,L1",
    "Nguyễn Mẫu Thử,1990-05-17,0100000001,Tam Đảo,Xã Đạo Trù,1,EU/1/20/1528,2/2,2026-03-29,VP01,L1",
    "Trần Ví Dụ,1951-01-02,0100000002,H. Tam Đảo,đạo trù,2,EU/1/20/1528,1/2,2026-05-30,VP01,L1",
    "Lê Ví Dụ,2013-01-02,0100000003,Yên Lạc,Xã Mẫu,4,BBIBP-CorV,1/2,2026-06-14,VP02,L2",
    "Phạm Ví Dụ,1980-12-24,0100000004,,,9,EU/1/20/1528,1/1,2026-06-10,VP01,L1",
    "Đỗ Ví Dụ,1985-12-24,0100000005,Yên Lạc,Xã Mẫu,,EU/1/20/1507,1/2,2026-05-18,VP02,L3",
    "Vũ Ví Dụ,1985-12-25,0100000006,Yên Lạc,Xã Mẫu,9,EU/1/20/1507,1/2,2026-06-13,VP02,L3",
    "Bùi Ví Dụ,1985-12-25,0100000007,Yên Lạc,Xã Mẫu,9,EU/1/20/1528,1/2,2026-13-13,VP02,L1",
]


def fill(house: Any, rows: list[str] = ROWS, lists: dict[str, str] = LISTS) -> None:
    """Take over a unit's table and lists."""
    from vaxcert.registry.intake import importing
    from vaxcert.registry.intake import lists as module

    for kind, text in lists.items():
        (house.folder / f"{kind}.csv").write_text(text, "utf-8")
        module.load(house.registry, kind, house.folder / f"{kind}.csv", actor="test")
    unit = house.folder / f"Nguyễn Văn Tệp {len(list(house.folder.glob('*Tệp*')))}.csv"
    unit.write_text("\n".join((PEOPLE, *rows)) + "\n", "utf-8")
    importing.run(house.registry, unit, actor="test")


def rows_of(page: str, name: str) -> list[list[str]]:
    """The rows of a table on the page, folded ones and the total too, as texts."""
    section = re.search(rf'<section id="{name}".*?</section>', page, re.DOTALL)
    assert section is not None, name
    found = []
    for row in re.findall(r"<tr[^>]*>(.*?)</tr>", section[0], re.DOTALL):
        cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        found.append([unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in cells])
    return found


def counted(page: str, name: str) -> dict[str, dict[str, str]]:
    """A table's rows by their labels, each by its headings."""
    heading, *rows = rows_of(page, name)
    return {row[0]: dict(zip(heading[1:], row[1:], strict=True)) for row in rows if row != heading}


def as_rows(answer: Any) -> list[list[str]]:
    """A file of the page, as Python reads it."""
    text = answer.data.decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
