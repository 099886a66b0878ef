"""A unit's table: looked at before anything is taken, decided about, taken over by a process of its own."""

import io
import json
import os
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest
from units import HEADINGS, row, several, table

from vaxcert.registry.care import history
from vaxcert.registry.states import RunKind


def test_a_table_is_only_looked_at_until_somebody_says_that_it_is_taken_over(reviewer: Any) -> None:
    rows = [*several(3), row(name="Lê Mẫu", born="31/02/1990")]
    path, page = reviewer.checked(table(rows))
    assert "3 rows can be taken over" in page
    assert "1 rows would be left out" in page
    assert "no such day, month or year of birth" in page
    assert "Nguyễn Mẫu" in page and "Họ và tên" in page
    assert history.newest(reviewer.house.registry, list(RunKind)) == []
    assert reviewer.post(f"{path}/take").status_code == 302
    page = reviewer.wait(path)
    assert "Taken over as run 1" in page
    one = reviewer.run(1)
    assert (one.source, one.actor, one.counts["new"], one.counts["rejected"]) == (
        "tram-mau.csv", "account:reviewer", 3, 1,
    )  # fmt: skip


def test_files_are_their_users_alone_and_nothing_of_people_is_left_once_taken_over(
    reviewer: Any, one_row: bytes
) -> None:
    path, _ = reviewer.checked(one_row)
    place = reviewer.files / path.rsplit("/", 1)[1]
    assert {stat.S_IMODE(one.stat().st_mode) for one in (place, reviewer.files)} == {0o700}
    assert {stat.S_IMODE(file.stat().st_mode) for file in place.iterdir()} == {0o600}
    assert "Mẫu" in (place / "table.csv").read_text("utf-8")
    assert "Mẫu Thử" not in (place / "state.json").read_text("utf-8")
    reviewer.post(f"{path}/take")
    reviewer.wait(path)
    assert sorted(file.name for file in place.iterdir()) == ["lock", "state.json"]
    assert not any("Mẫu Thử".encode() in file.read_bytes() for file in place.iterdir())


def test_a_table_is_deleted_when_its_sender_says_so_and_after_a_day(reviewer: Any, one_row: bytes) -> None:
    first, _ = reviewer.checked(one_row)
    reviewer.post(f"{first}/discard")
    assert list(reviewer.files.iterdir()) == []
    assert reviewer.get(first).status_code == 404
    second, _ = reviewer.checked(one_row)
    state = reviewer.files / second.rsplit("/", 1)[1] / "state.json"
    for age, left in ((86_300, 1), (86_500, 0)):
        old = state.stat().st_mtime - age if age == 86_300 else state.stat().st_mtime - 200
        os.utime(state, (old, old))
        reviewer.get("/intake")
        assert len(list(reviewer.files.iterdir())) == left


def test_a_table_is_shown_to_nobody_but_who_sent_it(reviewer: Any, visit: Any, one_row: bytes) -> None:
    from vaxcert.registry.accounts import keeping

    path, _ = reviewer.checked(one_row)
    keeping.create(
        reviewer.house.registry, "another", keeping.Wanted("Mẫu Khác", ["reviewer"]), actor="test",
        password="a long enough password",
    )  # fmt: skip
    other = visit("another", **reviewer.settings)
    for method, end in (("GET", ""), ("GET", "/state"), ("POST", "/take"), ("POST", "/discard"), ("POST", "/check")):
        answer = other.get(path + end) if method == "GET" else other.post(path + end)
        assert answer.status_code == 404
    assert "tram-mau" not in other.get("/intake").text
    assert reviewer.get(path).status_code == 200
    for token in ("x", "..", "0" * 32, "..%2f..%2fetc"):
        assert reviewer.get(f"/intake/{token}").status_code in (404, 405)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.pdf", b"%PDF-1.7", "not a table that can be read here"),
        ("noending", b"x", "not a table that can be read here"),
        ("a.csv", b"", "The file is empty"),
        ("", b"", "Choose a file first"),
    ],
)
def test_what_is_no_table_by_its_name_is_told_beside_the_field(
    reviewer: Any, name: str, content: bytes, words: str
) -> None:
    answer = reviewer.send(content, name)
    assert answer.status_code == 422
    assert words in answer.text
    assert not reviewer.files.exists() or list(reviewer.files.iterdir()) == []


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        book.writestr("xl/workbook.xml", "<workbook>" + " " * 300_000_000 + "</workbook>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.xlsx", bomb),
        ("not.xlsx", lambda: b"PK\x03\x04 and then nothing"),
        ("text.xls", lambda: b"no workbook at all"),
        ("not.ods", lambda: b"\x00" * 5_000),
        ("not.parquet", lambda: b"PAR1 no"),
        ("letter.csv", lambda: "Kính gửi Sở Y tế,\nchúng tôi xin báo cáo.\n".encode()),
        ("bytes.csv", lambda: bytes(range(256)) * 20),
        ("headings.csv", lambda: table([])),
    ],
)
def test_what_is_no_table_inside_is_refused_in_words_and_no_fault(reviewer: Any, name: str, content: Any) -> None:
    path, page = reviewer.checked(content(), name)
    assert reviewer.get(path).status_code == 200
    if name == "headings.csv":
        assert "No row can be taken over" in page
    else:
        assert "cannot be taken over like this" in page
        assert "fault of vaxcert" not in page
        assert str(reviewer.files) not in page
    # Nor does anything come of saying yes to it.
    answer = reviewer.post(f"{path}/take")
    assert answer.status_code in (302, 422)
    reviewer.wait(path)
    assert all(not run.counts.get("rows") for run in history.newest(reviewer.house.registry, list(RunKind)))


def test_errors_of_formulas_are_told_of_the_rows_that_have_them(reviewer: Any) -> None:
    path, page = reviewer.checked(table([row(), row(name="#REF!", phone="0912345679"), row(date="#N/A", phone="22")]))
    assert "1 rows can be taken over" in page
    assert "an error of a spreadsheet" in page
    assert path


def test_dates_that_contradict_each_other_stop_it_until_somebody_says_which_come_first(reviewer: Any) -> None:
    rows = [row(date="13/06/2021"), row(date="06/14/2021", phone="0912345679", name="Trần Ví Dụ")]
    path, page = reviewer.checked(table(rows))
    assert "Choose which is meant" in page
    assert "Take over" not in page
    assert reviewer.post(f"{path}/take").status_code == 422
    assert reviewer.post(f"{path}/check", {"dates": "dmy"}).status_code == 302
    page = reviewer.wait(path)
    assert "Take over 1 rows" in page
    assert '<option value="dmy" selected>' in page
    reviewer.post(f"{path}/take")
    reviewer.wait(path)
    assert reviewer.run(1).counts["rejected"] == 1


def test_a_column_that_looks_like_numbers_of_people_needs_a_yes_or_a_meaning(reviewer: Any) -> None:
    headings = (*HEADINGS, "Mã riêng")
    rows = [(*one, f"00109000000{i}") for i, one in enumerate(several(4))]
    path, page = reviewer.checked(table(rows, headings))
    assert "Looks like identity or telephone numbers" in page
    answer = reviewer.post(f"{path}/take")
    assert answer.status_code == 422
    assert "Say yes to each column" in answer.text
    assert reviewer.post(f"{path}/take", {"leave_out": "Mã riêng"}).status_code == 302
    reviewer.wait(path)
    assert reviewer.run(1).counts["new"] == 4
    # Or it is said what it is: here the identity number, once the heading that had it is left out.
    other = ("Họ và tên", "Ngày sinh", "Mã riêng", *HEADINGS[3:])
    path, page = reviewer.checked(table([row(id="001090000077", name="Vũ Nháp", phone="")], other))
    assert "Looks like" in page
    reviewer.post(f"{path}/check", {"column": "Mã riêng", "field": "national_id"})
    page = reviewer.wait(path)
    assert "Looks like" not in page
    reviewer.post(f"{path}/take")
    reviewer.wait(path)
    from vaxcert.registry.care import searching

    found = searching.search(reviewer.house.registry, national_id="001090000077", actor="test")
    assert [one.side.name for one in found] == ["Vũ Nháp"]


def test_a_file_that_says_what_texts_mean_is_taken_and_kept_until_it_is_forgotten(reviewer: Any) -> None:
    path, page = reviewer.checked(table([row(product="Thuốc nhà mình")]))
    assert "No row can be taken over" in page
    assert "--values" not in page and "What texts mean" in page
    answer = reviewer.post(f"{path}/check", {"values": (io.BytesIO(b"[1]"), "v.json")})
    assert answer.status_code == 422 and "not such a file" in answer.text
    meaning = json.dumps({"product": {"Thuốc nhà mình": "EU/1/20/1528"}}).encode()
    reviewer.post(f"{path}/check", {"values": (io.BytesIO(meaning), "v.json")})
    assert "1 rows can be taken over" in reviewer.wait(path)
    reviewer.post(f"{path}/check", {"no_values": "1"})
    assert "No row can be taken over" in reviewer.wait(path)


def test_a_table_with_two_sheets_says_which_there_are(reviewer: Any, tmp_path: Path) -> None:
    path, page = reviewer.checked(two_sheets(tmp_path / "two.xlsx"), "two.xlsx")
    assert "cannot be taken over like this" in page
    assert '<option value="Tháng 5">' in page and '<option value="Tháng 6">' in page
    reviewer.post(f"{path}/check", {"sheet": "Tháng 6"})
    page = reviewer.wait(path)
    assert "1 rows can be taken over" in page
    assert "Trần Ví Dụ" in page


def two_sheets(path: Path) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "Tháng 5"
    for sheet, one in ((book.active, row()), (book.create_sheet("Tháng 6"), row(name="Trần Ví Dụ", phone="22"))):
        sheet.append(HEADINGS)
        sheet.append(one)
    book.save(path)
    return path.read_bytes()


def test_a_larger_file_than_may_be_is_told_in_words_and_others_forms_stay_small(reviewer: Any, visit: Any) -> None:
    from portal_app.intake import uploading

    answer = reviewer.send(b"x" * (uploading.MOST_TABLE + 2 * uploading.MEGABYTE))
    assert answer.status_code == 413
    assert "more than 64 MB" in answer.text
    assert reviewer.post("/questions/1", {"answer": "x" * 300_000}).status_code == 413
    # Who may not send tables has no large body read either.
    clerk = visit("clerk", **reviewer.settings)
    answer = clerk.post("/intake", {"table": (io.BytesIO(b"x" * 300_000), "a.csv")})
    assert answer.status_code == 403


def test_nobody_fills_the_disk_by_mistake(reviewer: Any, monkeypatch: Any, one_row: bytes) -> None:
    from portal_app.intake import waiting

    monkeypatch.setattr(waiting, "MOST", 2)
    for _ in range(2):
        reviewer.checked(one_row)
    answer = reviewer.send(one_row)
    assert answer.status_code == 422
    assert "Too many of your tables" in answer.text


def test_a_files_name_is_kept_without_numbers_and_shown_as_text_alone(reviewer: Any) -> None:
    name = "..\\..\\CCCD 001090000001 <script>alert(1)</script>\u202e.csv"
    path, page = reviewer.checked(table([row()]), name)
    assert "001090000001" not in page
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert [file.name for file in (reviewer.files / path.rsplit("/", 1)[1]).glob("table*")] == ["table.csv"]
