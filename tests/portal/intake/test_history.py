"""Runs: what came of each, rows given back to be mended, and what is taken back."""

import csv
import io
from typing import Any

from units import row, several, table

from vaxcert.registry.care import reviewing

BAD = row(name="Trần Ví Dụ", born="31/02/1990", phone="0911111111")


def test_runs_are_listed_with_who_what_and_counts_and_one_shows_how_it_was_understood(reviewer: Any) -> None:
    number = reviewer.take(table([*several(3), BAD]))
    page = reviewer.get("/runs").text
    assert "tram-mau.csv" in page and "reviewer" in page and "3 new" in page and "1 rejected" in page
    page = reviewer.get(f"/runs/{number}").text
    assert "A Họ và tên → full_name" in page
    assert "1 × date_of_birth: no such day, month or year of birth" in page
    assert reviewer.get("/runs/99").status_code == 404


def test_older_runs_follow_page_by_page(reviewer: Any, monkeypatch: Any) -> None:
    from portal_app.intake import history

    monkeypatch.setattr(history, "_AT_ONCE", 2)
    for one in several(3):
        reviewer.take(table([one]))
    page = reviewer.get("/runs").text
    assert '/runs/3"' in page and '/runs/2"' in page and '/runs/1"' not in page
    assert "before=2" in page
    assert '/runs/1"' in reviewer.get("/runs?before=2").text


def test_rows_that_were_not_taken_come_back_as_a_file_and_mended_go_in_each_once(reviewer: Any) -> None:
    number = reviewer.take(table([*several(2), BAD]))
    answer = reviewer.get(f"/runs/{number}/rejects?form=csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="run-1-rejects.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    told = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert told[1][:2] == ["Trần Ví Dụ", "31/02/1990"]
    told[1][1] = "28/02/1990"
    mended = reviewer.take(table(told[1:], told[0]), "mended.csv")
    assert reviewer.run(mended).counts["new"] == 1
    again = reviewer.take(table(told[1:], told[0]), "mended again.csv")
    assert reviewer.run(again).counts["again"] == 1
    workbook = reviewer.get(f"/runs/{number}/rejects")
    assert workbook.data.startswith(b"PK")
    assert "rejects" in reviewer.house.actions()
    # Nothing of it stays on the disk.
    assert not list(reviewer.files.rglob("rejects*"))
    assert reviewer.get(f"/runs/{number}/rejects?form=exe").status_code == 404
    assert reviewer.get(f"/runs/{mended}/rejects").status_code == 404


def test_rows_of_others_are_not_given_to_a_reviewer_of_an_area(reviewer: Any, visit: Any) -> None:
    from vaxcert.registry.accounts import keeping

    number = reviewer.take(table([BAD]))
    keeping.create(
        reviewer.house.registry, "district", keeping.Wanted("Mẫu Huyện", ["reviewer"], area="Yên Lạc"), actor="test",
        password="a long enough password",
    )  # fmt: skip
    other = visit("district", **reviewer.settings)
    assert other.get(f"/runs/{number}").status_code == 200
    assert "Download as" not in other.get(f"/runs/{number}").text
    assert other.get(f"/runs/{number}/rejects").status_code == 403


def test_a_run_is_taken_back_once_somebody_says_yes(reviewer: Any) -> None:
    number = reviewer.take(table(several(3)))
    page = reviewer.get(f"/runs/{number}/undo").text
    assert "Yes, take it back" in page
    assert reviewer.run(number).state == "done"
    assert reviewer.post(f"/runs/{number}/undo").status_code == 302
    assert reviewer.run(number).state == "undone"
    assert "taken back" in reviewer.get(f"/runs/{number}").text
    assert reviewer.post(f"/runs/{number}/undo").status_code == 404
    assert reviewer.get(f"/runs/{number}/undo").status_code == 404


def test_what_builds_upon_a_run_is_told_plainly_and_it_is_withdrawn_instead(reviewer: Any) -> None:
    registry = reviewer.house.registry
    first = reviewer.take(table([row()]))
    second = reviewer.take(table([row(phone="0987654321", dose="2/2", date="01/07/2021")]))
    (question,) = reviewer_questions(registry)
    run = reviewing.decide_all(registry, [(question, "same")], actor="chief")
    answer = reviewer.post(f"/runs/{first}/undo")
    assert answer.status_code == 422
    assert "cannot be taken back yet" in answer.text
    assert f"/runs/{second}" in answer.text
    assert f"/runs/{run}" in reviewer.get(f"/runs/{second}/undo").text
    assert reviewer.run(first).state == "done"
    answer = reviewer.post(f"/runs/{first}/withdraw", {"reason": ""})
    assert answer.status_code == 422 and "reason: missing" in answer.text
    answer = reviewer.post(f"/runs/{first}/withdraw", {"reason": "wrong file"})
    assert answer.status_code == 302
    made = int(answer.headers["Location"].rsplit("/", 1)[1])
    assert (reviewer.run(made).kind, reviewer.run(made).counts) == ("correction", {"doses": 1})
    assert second != first


def reviewer_questions(registry: Any) -> list[int]:
    return [one.id for one in reviewing.questions(registry)]


def test_an_issuing_run_is_no_run_that_is_taken_back(reviewer: Any, key: Any) -> None:
    from datetime import timedelta

    from vaxcert import Issuer
    from vaxcert.registry.certificates import issuing

    house = reviewer.house
    first = reviewer.take(table([row()]))
    issuer = Issuer(key, country="VN", authority="TEST", valid_for=timedelta(days=365), clock=lambda: house.now)
    issued = issuing.run(house.registry, issuer, actor="chief").run
    assert "Take this run back" not in reviewer.get(f"/runs/{issued}").text
    assert reviewer.post(f"/runs/{issued}/undo").status_code == 404
    page = reviewer.get(f"/runs/{first}/undo").text
    assert "a certificate was issued from it" in page
