"""`vaxcert registry` at a desk: sessions, a dose recorded once somebody has looked, taken back; a day on paper."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

CARD = "001090000001||Nguyễn Mẫu Thử|17051990|Nam|Xã Ví Dụ|01072021"


@pytest.fixture
def desk(run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Runs `vaxcert registry` in a folder with a registry, a site and a lot of five doses."""
    monkeypatch.chdir(tmp_path)
    for name in ("VAXCERT_DB", "VAXCERT_REGISTRY_KEY", "VAXCERT_ACTOR"):
        monkeypatch.delenv(name, raising=False)

    def ran(*arguments: str, given: str = "") -> Any:
        return run("registry", *arguments, stdin=given)

    (tmp_path / "sites.csv").write_text("site,name,district\nVP01,Trạm,Tam Đảo\n", "utf-8")
    stock = "site,lot,product,doses,received_on\nVP01,L1,EU/1/20/1528,5,2026-01-01\n"
    (tmp_path / "stock.csv").write_text(stock, "utf-8")
    for step in (("init",), ("load", "sites", "sites.csv"), ("load", "deliveries", "stock.csv")):
        assert ran(*step).status == 0
    assert "5 left" in ran("sessions", "open", "VP01").out
    assert ran("sessions", "open", "VP01", "L1").out == "Session 1 is open.\n"
    return ran


def test_a_dose_is_recorded_from_a_scanned_card_once_and_taken_back(desk: Callable[..., Any]) -> None:
    identity = "8c1f7a3e-3f0c-4b58-9d0a-5a7d3d3b6e11"
    record = ("record", "--session", "1", "--id", identity, "--from", "-")
    first = desk(*record, given=f"card={CARD}\ndistrict=Tam Đảo\n")
    assert (first.status, first.out) == (0, "Dose 1 of person 1: new\n"), first.err
    # Who it surely is by then is shown, and the next dose is too early.
    early = desk("record", "--session", "1", "--from", "-", given=f"card={CARD}\n")
    assert early.status == 1 and "quá sớm" in early.err and "surely" in early.out
    told = desk("record", "--session", "1", "--person", "1", "--reason", "a trip abroad")
    assert "Dose 2 of person 1: matched" in told.out
    assert "2 given, 1 of 1 came" in desk("sessions").out
    assert desk("unrecord", "2").out == "Dose 2 is taken back (run 2).\n"
    assert "1 given" in desk("sessions", "--site", "VP01").out
    assert desk("event", "1", "--kind", "fever", "--details", "-", given="38,5").status == 0
    assert "fever / sốt  38,5" in desk("event", "1").out
    assert desk("unrecord", "1").status == 2


def test_who_could_be_somebody_on_record_is_saved_once_it_is_said_who_it_is(desk: Callable[..., Any]) -> None:
    said = "full_name={}\ndate_of_birth=17/05/1990\nphone=0912345678\n"
    record = ("record", "--session", "1", "--from", "-")
    assert desk(*record, given=said.format("Nguyễn Mẫu Thử")).status == 0
    unsure = desk(*record, given=said.format("Nguyễn Mẫu Thừ"))
    assert unsure.status == 1 and "--person" in unsure.err and "khớp số điện thoại" in unsure.out
    other = desk(*record, "--person", "0", given=said.format("Nguyễn Mẫu Thừ"))
    assert other.status == 0 and "of person 2: new" in other.out, other.err
    assert "0 questions are open" in desk("review").out
    assert desk("sessions", "people", "1").out.count("done, dose") == 2


def test_what_makes_no_sense_is_refused_with_its_field_and_without_anybodys_name(desk: Callable[..., Any]) -> None:
    record = ("record", "--session", "1", "--from", "-")
    wrong = desk(*record, given="full_name=Nguyễn Mẫu Thử\ndate_of_birth=31/02/1990\n")
    assert wrong.status == 2 and "not_a_birth_date" in wrong.err and "Nguyễn" not in wrong.err
    assert desk(*record, given="card=HC1:ABC\n").status == 2
    assert desk("record", "--session", "1").status == 2
    assert desk("record", "--session", "9", "--person", "1").status == 66
    assert desk("unrecord", "1", "--withdraw").status == 2
    assert desk("sessions", "open", "VP01", "L9").status == 2


def test_a_session_on_paper_is_written_filled_in_and_taken_over_once(desk: Callable[..., Any], tmp_path: Path) -> None:
    from vaxcert.tables.books import workbooks
    from vaxcert.tables.writing import xlsx
    from vaxcert.wording.desk import SHEET

    (tmp_path / "unit.csv").write_text(
        "full_name,date_of_birth,product,dose,date,site\nNguyễn Mẫu Thử,1990-05-17,EU/1/20/1528,1/2,2026-01-01,VP01\n",
        "utf-8",
    )
    assert desk("import", "unit.csv").status == 0
    assert desk("sessions", "expect", "1", "1").out == "1 added.\n"
    assert desk("sessions", "check-in", "1", "1").status == 0
    assert desk("sheet", "1").status == 2
    path = tmp_path / "sheet.xlsx"
    assert desk("sheet", "1", "--out", "sheet.xlsx", "--spare", "1").out == "1 people and 1 more rows in sheet.xlsx\n"
    (piece,) = workbooks.pieces(path, workbooks.sheets(path, 20)[0].name, 100, 1)
    lines = [[*cells, *[""] * (len(SHEET) - len(cells))] for _, cells in piece.rows()]
    for line in lines:
        line[1] = "x"
    xlsx.write(path, [words.vi for words in SHEET.values()], lines)
    taken = desk("sheet", "1", "--take", "sheet.xlsx", "--rejects", "mend.xlsx", "--lang", "vi")
    assert taken.status == 1 and taken.out.startswith("1 matched, 1 rejected\n"), taken.err
    assert (tmp_path / "mend.xlsx").exists() and "3: " in taken.err
    assert desk("sheet", "1", "--take", "sheet.xlsx").out.startswith("1 again, 1 rejected\n")
    assert desk("sessions", "close", "1").status == 0
    tomorrow = (datetime.now(UTC).astimezone(timezone(timedelta(hours=7))) + timedelta(days=1)).date()
    assert desk("sessions", "open", "VP01", "L1", "--day", tomorrow.isoformat()).status == 0
    assert "closed" in desk("sessions").out and desk("sessions", "--day", tomorrow.isoformat()).out.count("\n") == 1
