"""`vaxcert registry review` and `decide`: what a clerk has to see, and questions of one kind answered at once."""

import csv
import re
from pathlib import Path
from typing import Any

import pytest

HEAD = ("full_name", "date_of_birth", "phone", "district", "product", "dose", "date", "site")
ROW = ("Nguyễn Mẫu Thử", "1990-05-17", "0100000099", "Tam Đảo", "EU/1/20/1528", "1/2", "2026-03-01", "VP01")


@pytest.fixture
def ran(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs `vaxcert registry` in a folder with a registry in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert run("registry", "init").status == 0
    return lambda *arguments: run("registry", *arguments)


def table(path: Path, *rows: dict[str, str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(HEAD)
        for row in rows:
            out.writerow([row.get(name, value) for name, value in zip(HEAD, ROW, strict=True)])


@pytest.fixture
def alike(ran: Any, tmp_path: Path) -> Any:
    """A registry with 24 questions of one kind: a middle name is missing, the telephone agrees."""
    rows = []
    for number in range(24):
        told = {"phone": f"01000000{number:02}", "date_of_birth": f"19{60 + number}-05-17"}
        given = f"{'ABCDEĐGHIKLM'[number % 12]}{'ao'[number // 12]}m"
        rows.append(told | {"full_name": f"Quách Mẫu {given}"})
        rows.append(told | {"full_name": f"Quách {given}", "dose": "2/2", "date": "2026-04-01"})
    table(tmp_path / "unit.csv", *rows)
    assert ran("import", "unit.csv").status == 0
    return ran


def test_a_group_is_answered_at_once_only_after_its_sample_and_undone_as_one_run(alike: Any, tmp_path: Path) -> None:
    told = alike("review", "--groups").out
    assert "a middle name is missing; telephone agrees" in told and "thiếu một chữ đệm" in told
    found = re.search(r"24 questions like it; of its sample 10 are open. Then: decide --like (\d+)", told)
    assert found
    number = found[1]
    refused = alike("decide", "--like", number, "same")
    assert refused.status == 2 and "of the sample 10 are open" in refused.err
    sample = alike("review", "--like", number).out
    numbers = re.findall(r"(\d+)=same \(giống\)", sample)
    assert len(numbers) == 10
    (tmp_path / "answers.txt").write_text("".join(f"{one}=giống\n" for one in numbers), "utf-8")
    assert "10 decided, as run 2" in alike("decide", "--from", "answers.txt").out
    left = re.search(r"decide --like (\d+)", alike("review", "--groups").out)
    assert left
    assert alike("decide", "--like", left[1], "different").status == 2
    assert "14 decided, as run 3; 0 stay open" in alike("decide", "--like", left[1], "giống").out
    assert "0 questions are open" in alike("review").out
    assert alike("undo", "3").status == 0
    assert "14 questions are open" in alike("review").out


def test_both_sides_are_shown_with_what_differs_what_weighs_how_much_and_where_it_comes_from(
    ran: Any, tmp_path: Path
) -> None:
    table(tmp_path / "unit.csv", {"full_name": "Quách Văn Mẫu"}, {"full_name": "Quách Mẫu", "dose": "2/2"})
    ran("import", "unit.csv")
    told = ran("review").out
    assert "Quách [Văn] Mẫu" in told and "≠ Quách Mẫu" in told
    assert "thiếu một chữ đệm +9" in told and "khớp số điện thoại +8" in told
    assert "● ·  1/2 EU/1/20/1528" in told and "unit.csv:2" in told and "unit.csv:3" in told
    for arguments in (("--like", "1"), ("--like", "1", "1=same"), ("--like", "1", "same", "different")):
        assert ran("decide", *arguments).status == 2
    assert ran("decide", "--like", "99", "same").status == 66
