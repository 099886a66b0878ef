"""A session's sheet through the pages: handed out, filled in, taken over once, and what is wrong with a row is told."""

import io
from typing import Any

import pytest


def test_a_sheet_is_handed_out_filled_in_and_taken_over_once(desk: Any, at: Any) -> None:
    import openpyxl

    from vaxcert.registry.desk import sessions

    person = desk.person("Lê Mẫu Giấy", "17/05/1990")
    sessions.expect(desk.registry, desk.session, [person], actor="chief")
    one = at()
    answer = one.get(f"/desk/sessions/{desk.session}/sheet")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=session-{desk.session}.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    sheet = book.worksheets[0]
    names = [cell.value for cell in sheet[1]]
    row = {name: at for at, name in enumerate(names, 1)}
    assert sheet.cell(2, row["Họ và tên"]).value == "Lê Mẫu Giấy"
    sheet.cell(2, row["Đã tiêm (x)"]).value = "x"
    sheet.cell(3, row["Đã tiêm (x)"]).value = "x"
    sheet.cell(3, row["Họ và tên"]).value = "Phạm Mẫu Dòng"
    sheet.cell(3, row["Ngày sinh"]).value = "31/02/1990"
    filled = io.BytesIO()
    book.save(filled)

    def send() -> Any:
        return one.post(f"/desk/sessions/{desk.session}/sheet", {"file": (io.BytesIO(filled.getvalue()), "s.xlsx")})

    page = send()
    assert page.status_code == 200
    assert "doses of people on record: 1" in page.text and "not taken: 1" in page.text
    assert "These rows were not taken" in page.text and "no such day" in page.text
    assert "taken before: 1" in send().text
    assert [number for number, _, _ in desk.doses(person)] == [1, 2]
    # It was in a folder of its own that went with the request.
    assert not list(desk.house.folder.glob("**/*.xlsx"))


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04 nearly"])
def test_what_is_no_sheet_is_said_and_nothing_happens(desk: Any, at: Any, content: bytes) -> None:
    one = at()
    answer = one.post(f"/desk/sessions/{desk.session}/sheet", {"file": (io.BytesIO(content), "Nguyễn Mẫu Thử.xlsx")})
    assert answer.status_code == 422
    assert 'id="file-wrong"' in answer.text
    assert "Nguyễn" not in answer.text


def test_no_file_and_one_that_is_too_large_are_said(desk: Any, at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from portal_app.desk import sheet

    # No larger than what is kept in memory of a request: the room that there is for a file, and none for a form.
    monkeypatch.setattr(sheet, "_MOST", 300_000)
    one = at()
    path = f"/desk/sessions/{desk.session}/sheet"
    assert "Choose the file first" in one.post(path).text
    assert one.post(path, {"file": (io.BytesIO(b"0" * 350_000), "s.xlsx")}).status_code == 413
    assert one.post(path, {"file": (io.BytesIO(b"0" * 250_000), "s.xlsx")}).status_code == 422
    assert one.post("/desk/find", {"full_name": "x" * 250_000}).status_code == 413


def test_a_clerk_gets_the_sheet_and_takes_none_over(desk: Any, at: Any) -> None:
    clerk = at("clerk")
    assert clerk.get(f"/desk/sessions/{desk.session}/sheet").status_code == 200
    assert clerk.post(f"/desk/sessions/{desk.session}/sheet").status_code == 403
