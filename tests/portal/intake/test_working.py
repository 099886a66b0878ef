"""Long work: seen from a page, left and come back to, killed, and gone on with; one import after the other."""

import os
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from units import several, table

from vaxcert.registry import Registry, runs
from vaxcert.registry.intake import importing
from vaxcert.registry.transfer import fingerprint


def workers(reviewer: Any) -> list[int]:
    """The processes that are at work on this reviewer's tables."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdecimal():
            try:
                told = (process / "cmdline").read_bytes()
            except OSError:
                continue
            if b"portal_app.intake.worker" in told and str(reviewer.files).encode() in told:
                found.append(int(process.name))
    return found


def state_of(reviewer: Any, path: str) -> Any:
    return reviewer.get(f"{path}/state").get_json()


def until(what: Any, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end
        time.sleep(0.01)


def people(registry: Registry) -> Any:
    """What the registry holds of people and doses, but for random nonces and times."""
    from vaxcert.registry.records.everybody import everybody

    with registry.reading() as connection:
        return [
            (one.profile.person, one.profile.district, [(given.dose, given.state) for given in one.doses])
            for one in everybody(connection)
        ]


def test_a_page_tells_how_far_it_is_without_a_script_too(reviewer: Any) -> None:
    path = reviewer.sent(table(several(3_000)))
    page = reviewer.get(path).text
    assert "being checked" in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert "<progress" in page
    reviewer.wait(path)
    reviewer.post(f"{path}/take")
    seen = set()
    until(lambda: seen.add(state_of(reviewer, path)["words"]) or not state_of(reviewer, path)["running"])
    assert any("of 3,000 rows taken over" in words for words in seen)
    assert reviewer.run(1).counts["rows"] == 3_000


def test_a_killed_import_is_told_as_stopped_goes_on_and_ends_as_if_it_had_not_been(
    reviewer: Any, tmp_path: Path
) -> None:
    content = table(several(6_000))
    path, _ = reviewer.checked(content)
    killed = 0
    for _ in range(3):
        before = state_of(reviewer, path)["done"]
        reviewer.post(f"{path}/take")
        until(lambda before=before: (now := state_of(reviewer, path))["done"] > before or not now["running"])
        for process in workers(reviewer):
            os.kill(process, signal.SIGKILL)
            killed += 1
        until(lambda: not state_of(reviewer, path)["running"])
        page = reviewer.get(path).text
        if "Taken over" in page:
            break
        assert "It was stopped half-way" in page
        assert "stopped half-way" in reviewer.get("/intake").text
        assert "stopped half-way" in reviewer.get("/runs/1").text
    assert killed
    reviewer.post(f"{path}/take")
    assert "Taken over as run 1" in reviewer.wait(path)
    alone = tmp_path / "alone.csv"
    alone.write_bytes(content)
    with Registry.create(f"sqlite:///{tmp_path / 'other.db'}", tmp_path / "registry.key") as other:
        report = importing.run(other, alone, actor="test")
        assert people(other) == people(reviewer.house.registry)
    assert {**report.counts, "rows": 6_000, "passed_over": 0} == reviewer.run(1).counts


def test_a_killed_check_may_be_started_again(reviewer: Any) -> None:
    path = reviewer.sent(table(several(5_000)))
    until(lambda: workers(reviewer))
    for process in workers(reviewer):
        os.kill(process, signal.SIGKILL)
    until(lambda: not state_of(reviewer, path)["running"])
    assert "The check was stopped" in reviewer.get(path).text
    reviewer.post(f"{path}/check")
    assert "5000 rows can be taken over" in reviewer.wait(path)


def test_work_goes_on_when_the_web_process_is_killed(reviewer: Any, tmp_path: Path) -> None:
    path, _ = reviewer.checked(table(several(3_000)))
    token = path.rsplit("/", 1)[1]
    script = (
        "import os, sys\nfrom portal_app.config import PortalSettings\nfrom portal_app.intake.waiting import *\n"
        "from pathlib import Path\n"
        f"s = PortalSettings(db={reviewer.settings['db']!r}, key=Path({str(reviewer.settings['key'])!r}), "
        f"files=Path({str(reviewer.files)!r}))\n"
        f"w = WaitingTables(s)\nw.start(read(s.folder / {token!r}), UploadStage.TAKE)\nos.kill(os.getpid(), 9)\n"
    )
    import sys

    done = subprocess.run([sys.executable, "-c", script], check=False)
    assert done.returncode == -signal.SIGKILL
    assert state_of(reviewer, path)["running"]
    assert "Taken over as run 1" in reviewer.wait(path)
    assert reviewer.run(1).counts["new"] == 3_000


def test_two_who_say_take_over_at_once_have_it_taken_over_once(reviewer: Any) -> None:
    path, _ = reviewer.checked(table(several(2_000)))
    for _ in range(3):
        assert reviewer.post(f"{path}/take").status_code == 302
    assert len(workers(reviewer)) <= 1
    reviewer.wait(path)
    found = runs.listed(reviewer.house.registry)
    assert [(one.kind, one.counts["rows"]) for one in found] == [("import", 2_000)]


def test_while_another_import_goes_on_this_one_waits_and_says_so(reviewer: Any, one_row: bytes) -> None:
    path, _ = reviewer.checked(one_row)
    free, held = threading.Event(), threading.Event()

    def hold() -> None:
        with reviewer.house.registry.long_work():
            held.set()
            free.wait(60)

    other = threading.Thread(target=hold)
    other.start()
    try:
        assert held.wait(10)
        reviewer.post(f"{path}/take")
        until(lambda: "Another import is under way" in state_of(reviewer, path)["words"])
        assert "Another import is under way" in reviewer.get(path).text
        # Nobody throws a table away that somebody is at work on.
        reviewer.post(f"{path}/discard")
        assert reviewer.get(path).status_code == 200
    finally:
        free.set()
        other.join()
    assert "Taken over as run 1" in reviewer.wait(path)


def test_a_registry_that_cannot_be_opened_is_told_and_the_table_stays(
    reviewer: Any, one_row: bytes, tmp_path: Path
) -> None:
    path, _ = reviewer.checked(one_row)
    key = tmp_path / "registry.key"
    kept = key.read_bytes()
    key.unlink()
    reviewer.post(f"{path}/take")
    page = reviewer.wait(path)
    assert "cannot be taken over like this" in page
    key.write_bytes(kept)
    key.chmod(0o600)
    reviewer.post(f"{path}/check")
    assert "Take over 1 rows" in reviewer.wait(path)


@pytest.mark.parametrize("content", [b"{", b"{}", b""])
def test_a_state_that_the_disk_lost_is_no_table_any_more(reviewer: Any, one_row: bytes, content: bytes) -> None:
    path, _ = reviewer.checked(one_row)
    (reviewer.files / path.rsplit("/", 1)[1] / "state.json").write_bytes(content)
    assert reviewer.get(path).status_code == 404
    assert reviewer.get("/intake").status_code == 200


def test_the_registry_is_as_after_the_command_line(reviewer: Any, tmp_path: Path) -> None:
    content = table(several(40))
    number = reviewer.take(content)
    assert number == 1
    file = tmp_path / "again.csv"
    file.write_bytes(content)
    before = fingerprint(reviewer.house.registry)["dose_version"]
    report = importing.run(reviewer.house.registry, file, actor="test")
    assert report.counts == {"again": 40, "rejected": 0}
    assert fingerprint(reviewer.house.registry)["dose_version"] == before
