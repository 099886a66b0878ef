"""`vaxcert registry` at a busy desk: what goes wrong is said, nothing is lost by a slip, and answers are the clerk's own."""

import csv
import getpass
import json
import os
import pwd
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

HEAD = ("full_name", "date_of_birth", "phone", "district", "product", "dose", "date", "site")
# What Python takes for a login where it is set.
LOGIN = ("LOGNAME", "USER", "LNAME", "USERNAME")
ROW = ("Nguyễn Mẫu Thử", "1990-05-17", "0912345678", "Tam Đảo", "EU/1/20/1528", "1/2", "2026-03-01", "VP01")


def table(path: Path, *rows: dict[str, str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(HEAD)
        for row in rows:
            out.writerow([row.get(name, value) for name, value in zip(HEAD, ROW, strict=True)])
    return path


@pytest.fixture
def ran(tmp_path: Path) -> Callable[..., Any]:
    """Runs `vaxcert registry` in a folder with a registry in it."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("VAXCERT_")}
    environ |= {
        "VAXCERT_PASSPHRASE": "secret of the key",
        "VAXCERT_CSCA_PASSPHRASE": "secret of the root",
        "LC_ALL": "C.UTF-8",
    }

    def run(*arguments: str, group: str = "registry", given: str = "", named: str = "") -> Any:
        command = [sys.executable, "-m", "vaxcert", *([group] if group else []), *arguments]
        return subprocess.run(
            command,
            cwd=tmp_path,
            env=environ | dict.fromkeys(LOGIN if named else (), named),
            capture_output=True,
            encoding="utf-8",
            input=given,
            check=False,
        )

    assert run("init").returncode == 0
    return run


@pytest.fixture
def keys(ran: Callable[..., Any]) -> tuple[str, ...]:
    assert ran("new", "keys", "--country", "VN", "--name", "Mau", "--environment", "test", group="keys").returncode == 0
    return ("--signing-key", "keys", "--authority", "Sở Y tế Mẫu")


def test_40_no_output_takes_the_place_of_the_registry_or_its_key(ran: Any, keys: Any, tmp_path: Path) -> None:
    table(tmp_path / "unit.csv", {})
    ran("import", "unit.csv")
    before = {name: (tmp_path / name).read_bytes() for name in ("registry.db", "registry.key")}
    (tmp_path / "link.csv").symlink_to("registry.db")
    for name in ("registry.db", "./registry.key", "registry.db-wal", "registry.db.lock", "link.csv"):
        for command in (("export", name), ("certificates", name), ("coverage", "--out", name), ("coverage", "--chart", name),
                        ("issue", *keys, "--out", name), ("issue", *keys, "--log", name)):  # fmt: skip
            done = ran(*command)
            assert (done.returncode, "the registry itself, or its key" in done.stderr) == (2, True), (
                command,
                done.stderr,
            )
    assert {name: (tmp_path / name).read_bytes() for name in before} == before
    assert ran("export", "backup.zip").returncode == 0
    again = ran("export", "backup.zip")
    assert (again.returncode, "such a file already" in again.stderr) == (2, True)


def test_a_page_for_a_holder_of_a_trial_certificate_says_that_it_is_worth_nothing(
    ran: Any, keys: Any, tmp_path: Path
) -> None:
    import pypdfium2

    table(tmp_path / "unit.csv", {})
    ran("import", "unit.csv")
    assert ran("issue", *keys).returncode == 0
    found = ran(
        "find", "--name", "nguyen mau thu", "--born", "17/05/1990", "--phone", "+84 912 345 678", "--out", "page.pdf"
    )
    assert found.returncode == 0, found.stderr
    page = pypdfium2.PdfDocument(tmp_path / "page.pdf")
    text = page[0].get_textpage().get_text_range()
    page.close()
    assert "TEST" in text
    assert "Sở Y tế Mẫu" in text
    assert (tmp_path / "page.pdf").stat().st_mode & 0o077 == 0


def test_one_bad_table_does_not_stop_the_others_and_is_named(ran: Any, tmp_path: Path) -> None:
    folder = tmp_path / "units"
    folder.mkdir()
    table(folder / "b.csv", {})
    (folder / "a.csv").write_text("x,y\n1,2\n")
    (folder / "~$c.xlsx").write_bytes(b"Excel's lock")
    table(tmp_path / "after.csv", {"full_name": "Trần Ví Dụ", "phone": "0987654321"})
    done = ran("import", "units", "after.csv")
    assert done.returncode == 2
    assert "a.csv: nothing was taken over: " in done.stderr
    assert "1 of the tables" in done.stderr
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == ["b.csv", "after.csv"]


@pytest.mark.slow
def test_an_import_that_was_stopped_is_seen_and_nobody_gets_a_certificate_of_half_of_it(
    ran: Any, keys: Any, tmp_path: Path
) -> None:
    rows = [
        {"date_of_birth": f"{1930 + n % 90}-{1 + n // 90 % 12:02}-{1 + n // 1080 % 28:02}", "phone": f"09{n:08}"}
        for n in range(3_000)
    ]
    table(tmp_path / "unit.csv", *rows)
    process = subprocess.Popen(
        [sys.executable, "-m", "vaxcert", "registry", "import", "unit.csv"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        # A shell has what it runs in the background ignore this signal, and whatever that starts too.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    # Looked at from here: by the time that a command has started, an import may have ended.
    with closing(sqlite3.connect(tmp_path / "registry.db")) as beside:
        while not beside.execute("SELECT count(*) FROM source_row").fetchone()[0]:
            assert process.poll() is None
            time.sleep(0.01)
    process.send_signal(signal.SIGSTOP)
    assert "running" in ran("runs").stdout
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGCONT)
    _, said = process.communicate()
    assert process.returncode == 130, said
    assert "stopped half-way. Give the same file again" in said
    assert " stopped  import" in ran("runs").stdout
    refused = ran("issue", *keys)
    assert (refused.returncode, "import 1 of unit.csv was stopped" in refused.stderr) == (2, True)
    again = ran("import", "unit.csv")
    assert "3000 rows" in again.stdout
    assert "3000 certificates" in ran("issue", *keys).stdout


def test_a_wrong_import_is_withdrawn_once_certificates_came_of_it(ran: Any, keys: Any, tmp_path: Path) -> None:
    table(tmp_path / "right.csv", {})
    table(
        tmp_path / "wrong.csv",
        {"dose": "2/2", "date": "2026-04-01"},
        {"full_name": "Trần Ví Dụ", "phone": "0987654321"},
    )
    ran("import", "right.csv", "wrong.csv")
    ran("issue", *keys)
    refused = ran("undo", "2")
    assert (refused.returncode, "a certificate builds upon it" in refused.stderr) == (2, True)
    assert "reason" in ran("undo", "2", "--withdraw").stderr
    assert "withdrawn, as run 4" in ran("undo", "2", "--withdraw", "--reason", "another district's").stdout
    report = ran("issue", *keys).stdout
    assert "1 certificates (1 corrected)" in report
    assert "2 revoked" in report
    assert len(ran("revocations").stdout.split()) == 2
    # It is a run of its own, and can be taken back itself only before certificates come of it.
    assert "no import" in ran("undo", "4", "--withdraw", "--reason", "x").stderr


def test_a_deletion_shows_whom_and_keeps_the_ids_to_revoke(ran: Any, keys: Any, tmp_path: Path) -> None:
    table(tmp_path / "unit.csv", {})
    ran("import", "unit.csv")
    ran("issue", *keys)
    assert "needs its --reason" in ran("person", "1", "--delete").stderr
    assert "there is none" in ran("person", "7", "--delete", "--reason", "asked").stderr
    kept = ran("person", "1", "--delete", "--reason", "asked", given="n\n")
    assert "Nguyễn Mẫu Thử | 1990-05-17" in kept.stdout
    assert "1 found." in ran("search", "--phone", "0912345678").stderr
    gone = ran("person", "1", "--delete", "--reason", "asked", given="y\n")
    assert gone.returncode == 0
    assert ran("revocations", "--deleted").stdout == gone.stdout.splitlines()[-1] + "\n"
    again = ran("import", "unit.csv")
    assert "1 deleted" in again.stdout
    assert "0 found." in ran("search", "--phone", "0912345678").stderr


def test_questions_are_answered_in_either_language_and_from_a_windows_file(ran: Any, tmp_path: Path) -> None:
    table(tmp_path / "unit.csv", {}, {"phone": "0987654321"}, {"full_name": "Nguyễn Mẫu Thừ"})
    ran("import", "unit.csv")
    asked = ran("review").stdout
    assert "1=same (giống)   1=different (khác)" in asked
    assert "khớp họ tên và ngày sinh; hai số điện thoại khác nhau; khớp huyện" in asked
    (tmp_path / "answers.txt").write_text("\ufeff1=Giống\r\n2=khác\r\n2=different\r\n", "utf-8", newline="")
    assert "2 decided" in ran("decide", "--from", "answers.txt").stdout
    log = ran("audit", "--show", "9").stdout
    assert f"{getpass.getuser()}  review" in log
    named = ran("--actor", "BS. An", "audit", "--show", "1")
    assert named.returncode == 0
    ran("--actor", "BS. An", "search", "--phone", "0912345678")
    assert f"BS. An ({getpass.getuser()})  search" in ran("audit", "--show", "1").stdout


def test_the_hash_on_paper_may_be_shorter_and_in_capitals(ran: Any, tmp_path: Path) -> None:
    (tmp_path / "targets.csv").write_text("district,priority_group,people\nVĩnh Yên,,3\n", "utf-8")
    ran("load", "targets", "targets.csv")
    count, last = ran("audit").stdout.split()[0], ran("audit").stdout.split()[-1]
    assert (count, len(last), last[:8] != "0" * 8) == ("1", 64, True)
    for expect, status in (
        ("", 0),
        (last, 0),
        (last[:16].upper(), 0),
        (last[:8], 2),
        ("f" * 16, 65),
        ("not a hash", 2),
    ):
        assert ran("audit", "--expect", expect).returncode == status, expect


def test_districts_are_one_however_they_are_spelt_and_unknown_ones_are_reported(ran: Any, tmp_path: Path) -> None:
    people = ("An", "Bình", "Cường", "Dung", "Đạt")
    spelt = ("Vĩnh Yên", "TP. Vĩnh Yên", "vinh yen", "Thành phố Vĩnh Yên", "$\\frac{x$")
    table(tmp_path / "unit.csv", *({"full_name": f"Lê Mẫu {name}", "phone": f"09123456{n}0", "district": district}
                                   for n, (name, district) in enumerate(zip(people, spelt, strict=True))))  # fmt: skip
    (tmp_path / "targets.csv").write_text("district,priority_group,people\nVĩnh Yên,,3\nYên Lạc,,5\n", "utf-8")
    ran("load", "targets", "targets.csv")
    ran("import", "unit.csv")
    counted = ran("coverage", "--chart", "chart.png", "--out", "table.csv")
    assert counted.returncode == 0, counted.stderr
    assert (tmp_path / "table.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert (tmp_path / "table.csv").read_text("utf-8-sig").splitlines() == [
        "district,people,complete,doses,target,gap", "$\\frac{x$,1,0,1,,", "Vĩnh Yên,4,0,4,3,0", "Yên Lạc,0,0,0,5,5",
        "*,5,0,5,8,5",
    ]  # fmt: skip
    checked = ran("check")
    assert "unknown_district,5,5,VP01,$\\frac{x$" in checked.stdout
    assert ran("check", "--kind", "no such kind").returncode == 2
    told = json.loads(ran("coverage", "--json", "--as-of", "01/03/2026").stdout)
    assert (told["as_of"], told["total"]["people"]) == ("2026-03-01", 5)


def test_what_staff_correct_has_to_make_sense(ran: Any, tmp_path: Path) -> None:
    table(tmp_path / "unit.csv", {})
    ran("import", "unit.csv")
    for changes, says in (
        (("person", "1", "phone=abc"), "phone: says no number"), (("person", "1", "date_of_birth=2026-03-02"), "after a dose"),
        (("person", "1", "date_of_birth=17/05/1990"), "it is so already"), (("dose", "1", "date=01/03/2026"), "it is so already"),
        (("person", "1", "given_name"), "not FIELD=VALUE"), (("dose", "1", "date=yesterday"), "date: not DD/MM/YYYY"),
    ):  # fmt: skip
        done = ran("correct", *changes, "--reason", "seen")
        assert (done.returncode, says in done.stderr) == (2, True), (changes, done.stderr)
    assert ran("correct", "person", "1", "date_of_birth=18/05/1990", "--reason", "seen").returncode == 0
    assert ran("correct", "dose", "1", "date=02/03/2026", "--reason", "seen").returncode == 0
    assert (
        "1990-05-18 | Tam Đảo | 0912345678 | 1/2 EU/1/20/1528 2026-03-02"
        in ran("search", "--phone", "0912345678").stdout
    )


def test_what_is_not_installed_is_named_and_help_needs_nothing(tmp_path: Path) -> None:
    blocked = "import importlib.util as u, sys; u.find_spec = lambda name: None; from vaxcert.cli import main; main(sys.argv[1:])"

    def run(*arguments: str) -> Any:
        command = [sys.executable, "-c", blocked, "registry", *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)

    for command in (("runs",), ("audit",), ("coverage",), ("review",), ("search", "--phone", "1")):
        done = run(*command)
        assert (done.returncode, "of vaxcert[registry], which is not installed" in done.stderr) == (2, True), (
            done.stderr
        )
        assert run(*command, "--help").returncode == 0


def test_the_kinds_of_findings_are_those_that_can_be_asked_for() -> None:
    from vaxcert.cli import cli
    from vaxcert.wording.reports import FINDINGS

    check: Any = cli.commands["registry"]
    (kind,) = (option for option in check.commands["check"].params if option.name == "kind")
    assert tuple(kind.type.choices) == tuple(name for name in FINDINGS if name != "no_dose_that_counts")


def test_a_report_is_a_table_that_no_spreadsheet_runs(ran: Any, tmp_path: Path) -> None:
    with (tmp_path / "unit.csv").open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        out.writerow([*HEAD, "lot"])
        out.writerow([*ROW, '=HYPERLINK("x"),y'])
    (tmp_path / "deliveries.csv").write_text(
        "site;lot;product;doses;received_on\nVP01;L1;Comirnaty;5;01/02/2026\n", "utf-8"
    )
    assert ran("load", "deliveries", "deliveries.csv").returncode == 0
    assert ran("import", "unit.csv").returncode == 0
    for command in (("check",), ("check", "--stock")):
        rows = list(csv.reader(ran(*command).stdout.splitlines()))
        assert len({len(row) for row in rows}) == 1
        assert '\'=HYPERLINK("x"),y' in {cell for row in rows for cell in row}


def test_tables_to_be_published_are_written_together(ran: Any, tmp_path: Path) -> None:
    table(tmp_path / "unit.csv", *({"full_name": f"Lê Mẫu {name}", "phone": f"09123456{n}0"}
                                   for n, name in enumerate(("An", "Bình", "Cường"))))  # fmt: skip
    ran("import", "unit.csv")
    told = ran("publish", "out", "--table", "age", "--table", "district,age")
    assert told.returncode == 0, told.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["age.csv", "district-age.csv"]
    assert (tmp_path / "out" / "district-age.csv").read_text("utf-8-sig").splitlines() == [
        "district,age,people,complete,doses,target,gap", "other / khác,30–39,x,0,x,,", "*,*,x,0,x,,",
    ]  # fmt: skip
    refused = ran("publish", "out", "--table", "shoe")
    assert (refused.returncode, "shoe: not one of" in refused.stderr) == (2, True)
    nowhere = ran("publish", "unit.csv/out", "--table", "age")
    assert (nowhere.returncode, "unit.csv/out: Not a directory (not_found)" in nowhere.stderr) == (66, True)


def test_whom_it_is_about_comes_from_a_file_or_standard_input_and_stands_in_no_message(
    ran: Any, tmp_path: Path
) -> None:
    table(tmp_path / "unit.csv", {"phone": "0912345678"})
    ran("import", "unit.csv")
    (tmp_path / "who.txt").write_text("\ufeffname=nguyen mau thu\nborn=17/05/1990\nphone=0912345678\n", "utf-8")
    assert "1 found." in ran("search", "--from", "who.txt").stderr
    assert "1 found." in ran("search", "--from", "-", given="phone=0912345678\n").stderr
    odd = ran("search", "--from", "-", given="Nguyễn Mẫu Thử\n")
    assert (odd.returncode, "Nguyễn" in odd.stderr) == (2, False)
    assert "line 1" in odd.stderr
    (tmp_path / "changes.txt").write_text("district=Yên Lạc\n", "utf-8")
    assert ran("correct", "person", "1", "--from", "changes.txt", "--reason", "seen").returncode == 0
    assert "Yên Lạc" in ran("search", "--from", "who.txt").stdout
    assert ran("correct", "person", "1", "--reason", "seen").returncode == 2


def test_the_login_is_that_of_the_process_whatever_the_environment_says(ran: Any, tmp_path: Path) -> None:
    table(tmp_path / "unit.csv", {})
    assert ran("import", "unit.csv", named="nobody-else").returncode == 0
    told = ran("audit", "--show", "1").stdout
    assert pwd.getpwuid(os.getuid()).pw_name in told
    assert "nobody-else" not in told


@pytest.mark.parametrize("name", ["page.pdf", "code.png", "code.svg", "card.txt"])
def test_a_holders_certificate_replaces_a_wider_file_by_one_for_its_owner_alone(
    ran: Any, keys: Any, tmp_path: Path, name: str
) -> None:
    table(tmp_path / "unit.csv", {})
    ran("import", "unit.csv")
    assert ran("issue", *keys).returncode == 0
    (tmp_path / name).write_text("of before")
    (tmp_path / name).chmod(0o644)
    found = ran("find", "--from", "-", "--out", name, given="name=nguyen mau thu\nborn=17/05/1990\nphone=0912345678\n")
    assert found.returncode == 0, found.stderr
    assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / name).read_bytes() != b"of before"
