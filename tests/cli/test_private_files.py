"""Files that commands write about people are for their owner alone, whatever the umask and whatever stood there."""

import os
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def wide(path: Path) -> Path:
    """A file that everybody reads and writes."""
    path.write_bytes(b"before")
    path.chmod(0o666)
    return path


@pytest.mark.parametrize("stands", [False, True])
@pytest.mark.parametrize("suffix", ["png", "svg", "txt", "pdf"])
def test_a_certificate_that_is_issued_into_a_file_is_its_owners(
    run: Any, keys: Path, tmp_path: Path, suffix: str, stands: bool
) -> None:
    out = tmp_path / f"card.{suffix}"
    if stands:
        wide(out)
    ran = run(
        "issue", "--key", keys, "--authority", "TEST", "--family-name", "Nguyễn", "--born", "1990", "--dose", "1/1",
        "--product", "EU/1/20/1528", "--date", "2026-06-01", "--out", out, "--log", tmp_path / "log.jsonl",
    )  # fmt: skip
    assert ran.status == 0, ran.err
    assert mode(out) == mode(tmp_path / "log.jsonl") == 0o600
    assert out.read_bytes() != b"before"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".card")]


@pytest.mark.parametrize("suffix", ["zip", "parquet"])
def test_whatever_a_batch_leaves_is_its_owners(run: Any, keys: Path, table: Any, tmp_path: Path, suffix: str) -> None:
    (tmp_path / "out").mkdir()
    sheets = tmp_path / "out" / "c.sheets"
    sheets.mkdir()
    wide(sheets / "sheets-00001.pdf")
    wide(tmp_path / "out" / "c.rejects.csv")
    ran = run(
        "batch", table("x;1990;y;z;w;v", good=3), "--key", keys, "--authority", "TEST", "--workers", "1", "--shards",
        "2", "--out", tmp_path / "out" / f"c.{suffix}", "--sheets", "a4", "--log", tmp_path / "out" / "log.jsonl",
    )  # fmt: skip
    assert ran.status == 1, ran.err
    left = sorted(path for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert [path.name for path in left] == [
        f"c-00001-of-00002.{suffix}", f"c-00002-of-00002.{suffix}", "c.rejects.csv", "sheets-00001.pdf", "log.jsonl",
    ]  # fmt: skip
    assert {path.name: oct(mode(path)) for path in left} == {path.name: "0o600" for path in left}
    assert all(path.read_bytes() != b"before" for path in left)
    if suffix == "zip":
        with zipfile.ZipFile(left[0]) as made:
            assert {entry.external_attr >> 16 for entry in made.infolist()} == {0o100600}


def test_what_the_demo_makes_of_people_is_its_owners(run: Any, tmp_path: Path) -> None:
    table = tmp_path / "doses.csv"
    table.write_text(
        "family_name,given_name,date_of_birth,product,dose_number,doses_in_series,date,site,lot\n"
        "Nguyễn,Mẫu Thử,1990-05-17,EU/1/20/1528,1,2,2026-05-01,VP01,A1\n",
        "utf-8",
    )
    assert run("demo", "--out", tmp_path / "demo", "--doses", table).status == 0
    made = [*(tmp_path / "demo").rglob("*.png"), tmp_path / "demo" / "issued.jsonl"]
    assert len(made) == 4
    assert {mode(path) for path in made} == {0o600}


def test_a_certificate_that_cannot_be_written_leaves_what_stood_there(run: Any, keys: Path, tmp_path: Path) -> None:
    out = tmp_path / "card.txt"
    out.mkdir()
    ran = run(
        "issue", "--key", keys, "--authority", "TEST", "--family-name", "Nguyễn", "--born", "1990", "--dose", "1/1",
        "--product", "EU/1/20/1528", "--date", "2026-06-01", "--out", out,
    )  # fmt: skip
    assert ran.status == 2
    assert "card.txt" in ran.err
    assert [path.name for path in tmp_path.iterdir() if "card" in path.name] == ["card.txt"]
