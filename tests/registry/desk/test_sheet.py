"""A session's sheet is filled in without a network and taken over once, row by row, however often it is given."""

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vaxcert import ConfigurationError
from vaxcert.names import plain
from vaxcert.registry import audit
from vaxcert.registry.care import reviewing
from vaxcert.registry.desk import entering, sessions, sheet
from vaxcert.tables.headings import meaning
from vaxcert.tables.writing import xlsx
from vaxcert.wording.desk import SHEET

FIELDS = list(SHEET)


@pytest.fixture
def paper(desk: Any) -> Any:
    """A sheet with two who are expected, and what is done with it by hand."""

    class Paper:
        path: Path = desk.place.folder / "sheet.xlsx"

        def __init__(self) -> None:
            rows = [{"lot": "L0"}, {"full_name": "Trần Ví Dụ", "phone": "2", "lot": "L0", "date_of_birth": "1980"}]
            desk.place.take(*rows)
            self.people = [one.person_id for one in desk.place.people()]
            sessions.expect(desk.registry, desk.session, self.people, actor="clerk")
            sheet.write(desk.registry, desk.session, self.path, actor="nurse", spare=2)

        def rows(self) -> list[dict[str, str]]:
            from vaxcert.tables.books import workbooks

            (piece,) = workbooks.pieces(self.path, workbooks.sheets(self.path, 20)[0].name, 100, 1)
            return [
                dict(zip(FIELDS, [*cells, *[""] * (len(FIELDS) - len(cells))], strict=True))
                for _, cells in piece.rows()
            ]

        def filled(self, *rows: dict[str, str]) -> Path:
            """The sheet with what was written into its rows."""
            path = desk.place.folder / "filled.xlsx"
            lines = [old | new for old, new in zip(self.rows(), rows, strict=False)]
            xlsx.write(path, [words.vi for words in SHEET.values()], [list(line.values()) for line in lines])
            return path

        def take(self, *rows: dict[str, str]) -> Any:
            return sheet.take(desk.registry, self.filled(*rows), desk.session, actor="nurse")

    return Paper()


WALK_IN = {
    "given": "x",
    "full_name": "Phạm Không Hẹn",
    "date_of_birth": "03/02/1970",
    "number": "1",
    "district": "Tam Đảo",
}


def test_a_sheet_has_who_is_expected_and_rows_for_others_and_no_number_of_anybody(desk: Any, paper: Any) -> None:
    first, second, *spare = paper.rows()
    assert [first[name] for name in ("full_name", "date_of_birth", "product", "number", "site", "lot")] == [
        "Nguyễn Mẫu Thử", "17/05/1990", "Comirnaty", "2", "VP01", "L1",
    ]  # fmt: skip
    assert second["date_of_birth"] == "1980" and [row["full_name"] for row in spare] == ["", ""]
    assert not any(row["phone"] or row["national_id"] for row in (first, second, *spare))
    assert len({row["request_id"] for row in (first, second, *spare)}) == 4
    assert stat.S_IMODE(paper.path.stat().st_mode) == 0o600
    assert all(
        meaning(words.vi, {}).field == field for field, words in SHEET.items() if field not in ("request_id", "given")
    )


def test_a_filled_in_sheet_is_taken_over_once_however_often_it_is_given(desk: Any, paper: Any) -> None:
    rows = ({"given": "x"}, {}, WALK_IN, {})
    assert paper.take(*rows).counts == {"matched": 1, "new": 1, "not_given": 2}
    state = desk.place.state()
    assert paper.take(*rows).counts == {"again": 2, "not_given": 2}
    assert desk.place.state() == state and desk.left() == 1
    assert [len(one.counted) for one in desk.place.people()] == [2, 1, 1] and reviewing.waiting(desk.registry) == 0
    assert audit.entries(desk.registry)[-1].details["counts"] == {"again": 2, "not_given": 2}
    # Who is expected is known under the same id at a desk.
    sessions.close(desk.registry, desk.session, actor="nurse")
    assert paper.take({}, {"given": "x", "number": "2"}, {}, {}).counts == {"matched": 1, "not_given": 3}


def test_rows_that_make_no_sense_are_given_back_with_the_reason(desk: Any, paper: Any) -> None:
    first, _, third, _ = paper.rows()
    report = paper.take(
        {"given": "x", "full_name": "Phạm Không Hẹn"},
        {"given": "x", "date": "01/01/2026"},
        WALK_IN | {"request_id": ""},
        WALK_IN | {"date_of_birth": "31/02/1970"},
    )
    assert report.counts == {"rejected": 4}
    told = [[(one.field, str(one.reason)) for one in row.problems] for row in report.rejects]
    assert told == [
        [("request", "somebody_else")], [("date", "not_of_the_session")], [("request", "missing")],
        [("date_of_birth", "not_a_birth_date")],
    ]  # fmt: skip
    assert report.rejects[3].place == "5" and report.columns[0] == "Mã dòng"
    for request in ("99-" + first["request_id"].partition("-")[2], f"{desk.session}-zz"):
        assert paper.take({}, {}, WALK_IN | {"request_id": request}).counts["rejected"] == 1
    # A row copied for another person, its id with it.
    copied = {"request_id": third["request_id"], "full_name": "Lê Thử Nghiệm"}
    report = paper.take({}, {}, WALK_IN, WALK_IN | copied)
    assert report.counts == {"new": 1, "not_given": 2, "rejected": 1}
    assert [str(one.reason) for one in report.rejects[0].problems] == ["somebody_else"]


def test_what_was_given_is_taken_over_though_the_stock_is_used_up_by_then(desk: Any, paper: Any) -> None:
    for number in range(3):
        desk.record(desk.profile(f"Lê Thử {'ABC'[number]}", f"198{number}-01-02"))
    assert paper.take({"given": "x"}, {}, {}, {}).counts["matched"] == 1
    assert desk.left() == -1


def test_what_was_taken_back_at_the_desk_is_not_brought_back_by_a_sheet(desk: Any, paper: Any) -> None:
    paper.take({"given": "x"}, {}, {}, {})
    entry = next(one.dose_id for one in sessions.people(desk.registry, desk.session, actor="n") if one.dose_id)
    entering.undo(desk.registry, entry, actor="nurse")
    report = paper.take({"given": "x"}, {}, {}, {})
    assert [str(one.reason) for row in report.rejects for one in row.problems] == ["taken_back"]


def test_a_sheet_is_a_workbook_of_an_open_session(
    desk: Any, paper: Any, refused: Callable[[Callable[[], Any]], tuple[str, str]]
) -> None:
    with pytest.raises(ConfigurationError):
        sheet.write(desk.registry, desk.session, paper.path.with_suffix(".csv"), actor="nurse")
    sessions.close(desk.registry, desk.session, actor="nurse")
    assert refused(lambda: sheet.write(desk.registry, desk.session, paper.path, actor="nurse")) == (
        "session", "session_closed",
    )  # fmt: skip
    other = desk.place.table({}, name="unit.csv")
    with pytest.raises(ConfigurationError):
        sheet.take(desk.registry, other, desk.session, actor="nurse")
    assert plain("Mã dòng") == "ma dong"
