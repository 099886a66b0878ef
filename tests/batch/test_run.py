"""Runs: every good row exactly once, however often they are stopped."""

import csv
import io
import json
import os
import signal
import stat
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from vaxcert import ConfigurationError, IssueLog, TrustStore, Verifier, batch
from vaxcert.batch import Order, archive, block, engine, worker
from vaxcert.qr import read
from vaxcert.tables.table import Part

Orders = Callable[..., Order]
Tables = Callable[..., Path]


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vaxcert.batch.runner.BLOCK", 10)


def manifest(out: Path) -> list[dict[str, str]]:
    with zipfile.ZipFile(out) as opened:
        assert opened.testzip() is None
        return list(csv.DictReader(io.StringIO(opened.read("manifest.csv").decode("utf-8-sig"))))


def test_each_code_in_the_archive_is_accepted_and_says_its_manifests_text(
    order: Orders, table: Tables, key_folder: Path
) -> None:
    given = order(table(good=25))
    report = batch.run(given)
    assert (report.rows, report.issued, report.rejected, report.rejects) == (25, 25, 0, None)
    verifier = Verifier(TrustStore.load(key_folder))
    rows = manifest(given.out)
    assert [int(row["row"]) for row in rows] == list(range(2, 27))
    assert len({row["certificate_id"] for row in rows}) == 25
    with zipfile.ZipFile(given.out) as opened:
        for row in rows:
            (symbol,) = read(opened.read(row["file"]))
            assert symbol.text == row["text"]
            verdict = verifier.verify(symbol.text)
            assert verdict.require().certificate_id == row["certificate_id"]


def test_bad_rows_are_named_beside_the_archive_and_the_good_ones_issued(order: Orders, table: Tables) -> None:
    bad = (
        "Trần Mẫu;31/02/1990;Comirnaty;1/2;01/06/2026;VP01",
        "Lê Mẫu;1990;Comirnaty;1/2;01/06/2126;VP01",
        "NGUYEN MAU THU A;1990-05-17;Comirnaty;1/2;02/06/2026;VP02",
        "Lê Mẫu;1990;Thuốc lạ;1/2;01/06/2026;VP01",
    )
    given = order(table(*bad, good=12))
    report = batch.run(given)
    assert (report.rows, report.issued, report.rejected) == (16, 12, 4)
    assert report.rejects is not None
    assert stat.S_IMODE(report.rejects.stat().st_mode) == 0o600
    rejects = list(csv.DictReader(io.StringIO(report.rejects.read_text("utf-8-sig"))))
    assert [(row["line"], row["field"]) for row in rejects] == [
        ("14", "date_of_birth"), ("15", "date"), ("17", "product"), ("16", "row")
    ]  # fmt: skip
    assert rejects[3]["reason_en"] == "row: the same dose as in row 2"
    assert rejects[3]["reason_vi"] == "dòng: trùng với mũi tiêm ở dòng 2"
    assert rejects[0]["Họ và tên"] == "Trần Mẫu"
    assert len(manifest(given.out)) == 12


def test_a_formula_in_a_name_is_not_one_in_the_table_of_rejects(order: Orders, table: Tables) -> None:
    given = order(table("=HYPERLINK(0);1890;Comirnaty;1/2;01/06/2026;VP01", good=1))
    report = batch.run(given)
    assert report.rejects is not None
    (row,) = csv.DictReader(io.StringIO(report.rejects.read_text("utf-8-sig")))
    assert row["Họ và tên"] == "'=HYPERLINK(0)"
    again = batch.open_table(report.rejects)
    assert again.values(next(iter(again)))["full_name"] == "=HYPERLINK(0)"


def test_checking_signs_and_writes_nothing(order: Orders, table: Tables, tmp_path: Path) -> None:
    from datetime import date

    path = table("x;1990;y;z;w;v", good=3)
    before = sorted(tmp_path.iterdir())
    report = batch.check(batch.open_table(path), today=date(2026, 6, 15))
    assert (report.rows, report.rejected) == (4, 1)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.usefixtures("small_blocks")
def test_a_stopped_run_goes_on_and_ends_with_every_row_once(
    order: Orders, table: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = order(table(good=45))
    made = worker.BlockMaker.sign

    def stop_at_three(self: worker.BlockMaker, part: Part, doubles: frozenset[int]) -> int:
        if part.number == 3:
            raise KeyboardInterrupt
        return made(self, part, doubles)

    monkeypatch.setattr(worker.BlockMaker, "sign", stop_at_three)
    with pytest.raises(KeyboardInterrupt):
        batch.run(given)
    assert not given.out.exists()
    folder = given.out.with_name(".certificates.zip.run")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    before = {path.name: path.read_bytes() for path in folder.glob("*.zip")}
    assert len(before) == 3
    monkeypatch.setattr(worker.BlockMaker, "sign", made)
    report = batch.run(given)
    assert report.resumed == 30
    rows = manifest(given.out)
    assert [int(row["row"]) for row in rows] == list(range(2, 47))
    assert not folder.exists()
    with zipfile.ZipFile(io.BytesIO(before["00000001.zip"])) as kept, zipfile.ZipFile(given.out) as whole:
        for name in [name for name in kept.namelist() if name.startswith("codes/")]:
            assert whole.read(name) == kept.read(name)


@pytest.mark.usefixtures("small_blocks")
def test_a_block_that_is_made_again_keeps_its_ids(
    order: Orders, table: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "issued.jsonl"
    given = order(table(good=20), log=log)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setitem(archive._PACKERS, ".zip", full)
        with pytest.raises(ConfigurationError, match="No space"):
            batch.run(given)
    block.path_of(given.out.with_name(".certificates.zip.run"), 1).unlink()
    batch.run(given)
    logged = [entry.certificate_id for entry in IssueLog(log)]
    assert logged == [row["certificate_id"] for row in manifest(given.out)]
    assert len(set(logged)) == 20


@pytest.mark.parametrize("what", ["table", "authority", "level"])
def test_a_stopped_run_is_not_gone_on_with_for_anything_else(
    order: Orders, table: Tables, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    def stop(self: worker.BlockMaker, part: Part, doubles: frozenset[int]) -> int:
        raise KeyboardInterrupt

    made = worker.BlockMaker.sign
    monkeypatch.setattr(worker.BlockMaker, "sign", stop)
    with pytest.raises(KeyboardInterrupt):
        batch.run(order(table(good=5)))
    monkeypatch.setattr(worker.BlockMaker, "sign", made)
    changes = {"table": {}, "authority": {"authority": "Sở khác"}, "level": {"level": "M"}}[what]
    other = order(table(good=6 if what == "table" else 5), **changes)
    with pytest.raises(ConfigurationError, match=f"with another {what}"):
        batch.run(other)


def test_an_archive_that_is_there_is_never_issued_again(order: Orders, table: Tables) -> None:
    given = order(table(good=2))
    batch.run(given)
    before = given.out.read_bytes()
    with pytest.raises(ConfigurationError, match="twice"):
        batch.run(given)
    assert given.out.read_bytes() == before


def test_two_runs_of_one_archive_do_not_meet(order: Orders, table: Tables) -> None:
    from datetime import UTC, datetime

    from vaxcert.batch.runfile import RunFile

    given = order(table(good=2))
    begun = RunFile(given.out, {}, now=datetime.now(UTC))
    with pytest.raises(ConfigurationError, match="another run is at work"):
        batch.run(given)
    begun.remove()


@pytest.mark.usefixtures("small_blocks")
def test_processes_make_what_one_makes_and_a_killed_one_costs_no_card(order: Orders, table: Tables) -> None:
    given = order(table(good=200), workers=2)
    killed: list[int] = []

    def kill_one(part: str, done: int, total: int) -> None:
        if part == "sign" and not killed:
            children = [
                int(pid) for pid in Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
            ]
            workers = [pid for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
            killed.append(workers[0])
            os.kill(workers[0], signal.SIGKILL)

    if not Path("/proc").exists():
        pytest.skip("no /proc to find a worker in")
    report = batch.run(given, progress=kill_one)
    assert killed
    assert report.issued == 200
    rows = manifest(given.out)
    assert sorted(int(row["row"]) for row in rows) == list(range(2, 202))
    assert len({row["certificate_id"] for row in rows}) == 200


def _dies(_: int) -> int:
    os._exit(1)


def test_workers_that_die_again_and_again_end_the_run() -> None:
    with engine.Local(2) as pool, pytest.raises(ConfigurationError, match="again and again"):
        list(pool.over(_dies, [(1,)]))


def test_a_run_that_is_killed_goes_on_by_the_same_command(table: Tables, tmp_path: Path, key_folder: Path) -> None:
    path = table(good=6_000)
    command = [
        sys.executable, "-m", "vaxcert", "batch", str(path), "--key", str(key_folder), "--authority", "Mẫu",
        "--out", str(tmp_path / "certificates.zip"), "--workers", "2", "--log", str(tmp_path / "log.jsonl"),
    ]  # fmt: skip
    environment = os.environ | {"VAXCERT_PASSPHRASE": "mau-thu-mau-thu"}
    folder = tmp_path / ".certificates.zip.run"
    first = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + 60
    while not list(folder.glob("0*.zip")) and time.monotonic() < deadline and first.poll() is None:
        time.sleep(0.02)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    assert not (tmp_path / "certificates.zip").exists()
    again = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert again.returncode == 0, again.stderr
    assert "from the stopped run" in again.stdout
    rows = manifest(tmp_path / "certificates.zip")
    assert sorted(int(row["row"]) for row in rows) == list(range(2, 6_002))


@pytest.mark.parametrize("damage", ["{", "[]", '{"pins": {}}'])
def test_a_damaged_run_file_is_an_error_that_says_what_to_do(order: Orders, table: Tables, damage: str) -> None:
    given = order(table(good=1))
    folder = given.out.with_name(".certificates.zip.run")
    folder.mkdir()
    (folder / "run.json").write_text(damage)
    with pytest.raises(ConfigurationError):
        batch.run(given)
    assert not given.out.exists()


def test_a_folder_that_cannot_be_written_is_a_clear_error(order: Orders, table: Tables, tmp_path: Path) -> None:
    given = order(table(good=1), out=tmp_path / "nowhere" / "certificates.zip")
    with pytest.raises(ConfigurationError, match="No such file"):
        batch.run(given)


def test_no_secret_and_no_name_is_left_beside_the_archive(order: Orders, table: Tables, tmp_path: Path) -> None:
    given = order(table(good=3))
    batch.run(given)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["certificates.zip", "doses.csv"]


def test_the_command_checks_issues_and_verifies(
    table: Tables, tmp_path: Path, key_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    from vaxcert.cli import cli

    monkeypatch.setenv("VAXCERT_PASSPHRASE", "mau-thu-mau-thu")
    path, out = table("x;1990;y;z;w;v", good=4), tmp_path / "c.zip"
    checked = CliRunner().invoke(cli, ["batch", str(path), "--check", "--workers", "1"])
    assert checked.exit_code == 1
    assert "5 rows: 4 good, 1 rejected" in checked.output
    common = ["--key", str(key_folder), "--authority", "Mẫu", "--out", str(out), "--workers", "1"]
    made = CliRunner().invoke(cli, ["batch", str(path), *common, "--log", str(tmp_path / "log")])
    assert made.exit_code == 1
    assert "4 certificates" in made.output
    verified = CliRunner().invoke(cli, ["verify", str(out), "--trust", str(key_folder), "--json"])
    assert verified.exit_code == 0
    lines = [json.loads(line) for line in verified.stdout.splitlines()]
    assert [line["status"] for line in lines] == ["accepted"] * 4
    assert len({line["source"] for line in lines}) == 4


def test_an_archive_with_a_forged_and_an_empty_picture_is_not_all_accepted(
    order: Orders, table: Tables, key_folder: Path, tmp_path: Path
) -> None:
    from click.testing import CliRunner

    from vaxcert.cli import cli
    from vaxcert.qr import write

    given = order(table(good=2))
    batch.run(given)
    text = manifest(given.out)[0]["text"]
    with zipfile.ZipFile(given.out, "a") as opened:
        opened.writestr("forged.png", write(text[:-4] + "0000").png())
        opened.writestr("empty.png", b"")
    verified = CliRunner().invoke(cli, ["verify", str(given.out), "--trust", str(key_folder)])
    assert verified.exit_code in (1, 4)
    assert "forged.png" in verified.output
    assert "empty.png" in verified.output
    assert "4 codes: 2 accepted" in verified.output


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no archive at all"])
def test_what_is_no_archive_is_unreadable(tmp_path: Path, key_folder: Path, content: bytes) -> None:
    from click.testing import CliRunner

    from vaxcert.cli import cli

    (tmp_path / "x.zip").write_bytes(content)
    assert CliRunner().invoke(cli, ["verify", str(tmp_path / "x.zip"), "--trust", str(key_folder)]).exit_code == 4


def test_the_example_makes_a_table_of_any_size_that_is_all_good(tmp_path: Path) -> None:
    from datetime import date

    script = Path(__file__).parents[2] / "examples" / "make_doses.py"
    made = subprocess.run([sys.executable, str(script), "3000"], capture_output=True, check=True)
    (tmp_path / "doses.csv").write_bytes(made.stdout)
    report = batch.check(batch.open_table(tmp_path / "doses.csv"), today=date(2026, 11, 23))
    assert (report.rows, report.rejected) == (3_000, 0)
