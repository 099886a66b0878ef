"""Dask: a scheduler and workers that are processes of their own, one of which is killed."""

import contextlib
import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from vaxcert import ConfigurationError, IssueLog, TrustStore, Verifier, batch
from vaxcert.batch import Order

Orders = Callable[..., Order]
Tables = Callable[..., Path]

pytestmark = [
    # Dask's own, about its own.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

PASSPHRASE = "mau-thu-mau-thu"
WORKER = ["-m", "distributed.cli.dask_worker", "--no-nanny", "--nthreads", "1", "--no-dashboard"]


@pytest.fixture
def dask(missing: Callable[[str], None]) -> None:
    if find_spec("distributed") is None:
        missing("Dask is not installed (pip install 'vaxcert[dask]')")


@pytest.fixture
def scheduler(dask: None, tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Its address, and two workers that have what the client does not: the passphrase."""
    place = tmp_path / "cluster"
    place.mkdir()
    environment = {name: value for name, value in os.environ.items() if name != "VAXCERT_PASSPHRASE"}
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": (place / "log").open("wb"), "cwd": place}
    command = ["-m", "distributed.cli.dask_scheduler", "--port", "0", "--host", "127.0.0.1", "--no-dashboard"]
    processes = [
        subprocess.Popen([sys.executable, *command, "--scheduler-file", "s.json"], env=environment, **quiet)  # type: ignore[call-overload]
    ]
    try:
        deadline = time.monotonic() + 60
        address = ""
        while not address and time.monotonic() < deadline:
            time.sleep(0.05)
            with contextlib.suppress(OSError, ValueError):
                address = json.loads((place / "s.json").read_text())["address"]
        for _ in range(2):
            worker = [sys.executable, *WORKER, address]
            processes.append(
                subprocess.Popen(worker, env=environment | {"VAXCERT_PASSPHRASE": PASSPHRASE}, **quiet)  # type: ignore[call-overload]
            )
        distributed: Any = import_module("distributed")
        with distributed.Client(address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
        yield address, processes[1:]
    finally:
        for process in processes:
            process.kill()
            process.wait()


def manifest(paths: tuple[Path, ...]) -> list[dict[str, str]]:
    rows = []
    for path in paths:
        with zipfile.ZipFile(path) as opened:
            assert opened.testzip() is None
            rows += list(csv.DictReader(io.StringIO(opened.read("manifest.csv").decode("utf-8-sig"))))
    return rows


def test_a_worker_killed_in_the_middle_costs_no_card_and_makes_none_twice(
    scheduler: tuple[str, list[subprocess.Popen[bytes]]],
    order: Orders,
    table: Tables,
    tmp_path: Path,
    key_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address, workers = scheduler
    monkeypatch.setattr("vaxcert.batch.runner.BLOCK", 100)
    log = tmp_path / "issued.jsonl"
    given = order(
        table("Lê Mẫu;1890;Comirnaty;1/2;01/06/2026;VP01", good=3_000),
        password=None, engine="dask", scheduler=address, shards=2, log=log,
    )  # fmt: skip
    killed: list[int] = []

    def kill_one(part: str, done: int, total: int) -> None:
        if part == "sign" and not killed:
            killed.append(workers[0].pid)
            workers[0].send_signal(signal.SIGKILL)

    report = batch.run(given, progress=kill_one)
    assert killed
    assert (report.issued, report.rejected) == (3_000, 1)
    rows = manifest(report.outputs)
    assert [int(row["row"]) for row in rows] == list(range(2, 3_002))
    assert len({row["certificate_id"] for row in rows}) == 3_000
    assert sorted(entry.certificate_id for entry in IssueLog(log)) == sorted(row["certificate_id"] for row in rows)
    verifier = Verifier(TrustStore.load(key_folder))
    assert all(verifier.verify(row["text"]) for row in rows[::100])
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "certificates-00001-of-00002.zip", "certificates-00002-of-00002.zip", "certificates.rejects.csv", "cluster",
        "doses.csv", "issued.jsonl",
    ]  # fmt: skip


def test_a_run_that_is_stopped_goes_on_where_the_cluster_left_off(
    scheduler: tuple[str, list[subprocess.Popen[bytes]]], order: Orders, table: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, _ = scheduler
    monkeypatch.setattr("vaxcert.batch.runner.BLOCK", 50)
    given = order(table(good=1_000), password=None, engine="dask", scheduler=address)

    def interrupt(part: str, done: int, total: int) -> None:
        if part == "sign" and done >= 200:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        batch.run(given, progress=interrupt)
    assert not given.out.exists()
    report = batch.run(given)
    assert report.resumed >= 200
    assert [int(row["row"]) for row in manifest(report.outputs)] == list(range(2, 1_002))


@pytest.mark.usefixtures("dask")
def test_a_cluster_of_this_machine_makes_what_processes_make(
    order: Orders, table: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE + "\n")
    given = order(table(good=30), password=None, passphrase_file=secret, engine="dask", workers=1, sheets="cards")
    report = batch.run(given)
    assert [int(row["row"]) for row in manifest(report.outputs)] == list(range(2, 32))
    assert report.sheets is not None
    assert not [path for path in tmp_path.iterdir() if "dask" in path.name]


def test_no_passphrase_goes_through_a_scheduler(order: Orders, table: Tables) -> None:
    with pytest.raises(ConfigurationError, match="not sent to a cluster"):
        batch.run(order(table(good=1), engine="dask"))


def test_no_row_goes_through_a_scheduler(
    scheduler: tuple[str, list[subprocess.Popen[bytes]]], order: Orders, table: Tables
) -> None:
    path = table(good=2)
    path.write_text(path.read_text("utf-8"), "utf-16")
    with pytest.raises(ConfigurationError, match="rows are not sent"):
        batch.run(order(path, password=None, engine="dask", scheduler=scheduler[0]))


def test_what_travels_holds_no_row_and_no_passphrase(order: Orders, table: Tables) -> None:
    """The jobs themselves, as they are pickled."""
    import pickle
    from datetime import date

    from vaxcert.batch.order import KeySource

    (part,) = batch.open_table(table(good=2)).parts()
    sent = pickle.dumps((part, date(2026, 6, 1), None))
    assert "Nguyễn".encode() not in sent
    assert b"17/05/1990" not in sent
    assert PASSPHRASE not in repr(KeySource(Path("dsc.key"), PASSPHRASE, None))


@pytest.mark.usefixtures("dask")
def test_a_scheduler_that_is_not_there_is_a_clear_error(
    order: Orders, table: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vaxcert.batch.cluster._CONNECT", "1s")
    with pytest.raises(ConfigurationError, match="no Dask scheduler"):
        batch.run(order(table(good=1), password=None, engine="dask", scheduler="tcp://127.0.0.1:9"))
