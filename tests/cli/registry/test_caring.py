"""`vaxcert registry doctor` and `sums`, as whoever answers for a registry meets them."""

import shutil
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def office(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert run("registry", "init").status == 0
    return lambda *arguments: run("registry", *arguments)


def test_the_doctor_says_what_to_do_in_both_languages_until_all_is_well(office: Any, tmp_path: Path) -> None:
    first = office("doctor", "--lang", "en")
    assert first.status == 1
    assert "[to do] Copy of the registry's key: never shown" in first.out
    assert "[good] End of the signing key: nothing was signed yet" in first.out
    assert "→ Cho chạy registry sums mỗi đêm." in office("doctor", "--lang", "vi").out
    shutil.copy("registry.key", "copy.key")
    assert office("export", "all.zip").status == 0
    assert office("--db", "sqlite:///trial.db", "init").status == 0
    assert office("--db", "sqlite:///trial.db", "restore", "all.zip").status == 0
    head = office("audit").out.split()[-1]
    assert office("audit", "--expect", head).status == 0
    assert office("sums").status == 0
    last = office("doctor", "--lang", "en", "--key-copy", "copy.key", "--restored", "sqlite:///trial.db")
    assert (last.status, last.out.count("[good]"), last.out.count("→")) == (0, 11, 0)


def test_sums_that_were_wrong_are_to_do_until_they_were_right_again(office: Any, tmp_path: Path) -> None:
    import sqlite3

    with sqlite3.connect("registry.db") as database:
        database.execute("INSERT INTO tally VALUES ('district', 'Tam Đảo', '', '', '', 5, 5, 5)")
    database.close()
    assert "1 sums were not right" in office("sums", "--lang", "en").out
    told = office("doctor", "--lang", "en").out
    assert "[to do] Sums counted anew: 1 were not right when last counted" in told
    assert "→ Numbers that were read before that day" in told
    assert "1 số sai ở lần đếm gần nhất" in office("doctor", "--lang", "vi").out
    assert office("sums").status == 0
    assert "[good] Sums counted anew" in office("doctor", "--lang", "en").out


def test_a_key_that_is_no_copy_is_refused(office: Any) -> None:
    assert office("doctor", "--key-copy", "registry.key").status == 2


def test_communes_are_counted_within_their_district(office: Any, tmp_path: Path) -> None:
    (tmp_path / "unit.csv").write_text(
        "full_name,date_of_birth,phone,district,commune,product,dose,date\n"
        "Nguyễn Mẫu Thử,1990-05-17,0912345678,Tam Đảo,Xã Đạo Trù,EU/1/20/1528,1/2,2026-03-01\n"
        "Trần Ví Dụ,1991-05-17,0912345679,Tam Đảo,đạo trù,EU/1/20/1528,1/2,2026-03-01\n",
        "utf-8",
    )
    assert office("import", "unit.csv").status == 0
    told = office("coverage", "--by", "district", "--by", "commune").out
    assert "Tam Đảo,Xã Đạo Trù,2,0,2,," in told or "Tam Đảo,đạo trù,2,0,2,," in told
    assert "EU/1/20/1528,2,0,0,0,0,2,0" in office("due").out
    hidden = office("coverage", "--by", "commune", "--publish").out
    assert "Đạo Trù" not in hidden
