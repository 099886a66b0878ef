"""What each kind of error ends with on the command line: its code, its exit status, and words in both languages."""

import json
import re
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from vaxcert import wording
from vaxcert.errors import Reason
from vaxcert.files import Lock
from vaxcert.trust.lists.base import MAX_SIZE
from vaxcert.trust.synced.repository import MARK

NAME, BORN, PHONE = "Nguyễn Mẫu Thử", "1990-05-17", "0912345678"
HEAD = "full_name,date_of_birth,phone,district,product,dose,date,site\n"
ROW = f"{NAME},{BORN},{PHONE},Tam Đảo,EU/1/20/1528,1/2,2026-03-01,VP01\n"
DOSE = (
    "--authority", "Sở Y tế (TEST)", "--family-name", "Nguyễn", "--given-name", "Mẫu Thử", "--born", BORN,
    "--product", "EU/1/20/1528", "--date", "2026-06-01", "--dose", "2/2",
)  # fmt: skip
PERSONAL = ("Nguyễn", "NGUYEN", "Mẫu Thử", "MAU THU", BORN, PHONE, "HC1:")


class Desk:
    """A folder with a key and a table, and what is typed there."""

    def __init__(self, run: Any, folder: Path, environ: pytest.MonkeyPatch) -> None:
        self.run, self.folder, self.environ = run, folder, environ
        self.table = folder / "doses.csv"
        self.table.write_text(HEAD + ROW, "utf-8")

    def done(self, *arguments: object) -> Any:
        ran = self.run(*arguments)
        assert ran.status == 0, ran.err
        return ran

    def new_key(self, *options: object) -> Any:
        return self.run(
            "keys", "new", "keys", "--country", "VN", "--name", "Sample TEST", "--environment", "test", *options
        )

    def issue(self, *options: object) -> Any:
        return self.run("issue", "--key", "keys", *DOSE, *options)

    def publish(self) -> None:
        self.new_key()
        self.environ.setenv("VAXCERT_PUBLISHER_PASSPHRASE", "publisher's secret")
        self.environ.setenv("VAXCERT_ROOT_PASSPHRASE", "root's secret")
        self.done("trust", "publish", "published", "--new", "--environment", "test", "--add", "keys")

    def sync(self, source: object, *options: object) -> Any:
        return self.run("trust", "sync", source, "--into", "store", *options)

    def first_sync(self, source: object, *options: object) -> Any:
        return self.sync(source, "--root", "publisher/root.json", *options)

    def registry(self) -> None:
        self.done("registry", "init")
        self.done("registry", "import", self.table)

    def in_database(self, statement: str) -> None:
        with closing(sqlite3.connect("registry.db")) as database, database:
            database.execute(statement)


def columns_unclear(at: Desk) -> Any:
    at.table.write_text("a,b\n" + ROW, "utf-8")
    return at.run("batch", at.table, "--check")


def policy_unclear(at: Desk) -> Any:
    (at.folder / "gate.toml").write_text("doses = 2\n", "utf-8")
    at.new_key()
    return at.run("verify", "--trust", "keys", "--rules", at.folder / "gate.toml", "HC1:")


def dates_unclear(at: Desk) -> Any:
    at.table.write_text("Họ tên,Ngày sinh,Vắc xin,Mũi,Ngày tiêm\nĐỗ Giả Định,05/13/1990,Pfizer,1,01/06/2026\n", "utf-8")
    return at.run("batch", at.table, "--check", "--workers", "1")


def form_unknown(at: Desk) -> Any:
    return at.run("batch", at.table.rename("doses.doc"), "--check")


def row_invalid(at: Desk) -> Any:
    at.table.write_text("family_name,given_name,date_of_birth\nNguyễn,Mẫu Thử,1990-05-17\n", "utf-8")
    return at.run("demo", "--out", "demo", "--doses", at.table)


def component_missing(at: Desk) -> Any:
    at.new_key()
    at.environ.setitem(sys.modules, "cv2", None)
    return at.run("scan", "--trust", "keys", "--camera", "0")


def in_use(at: Desk) -> Any:
    (at.folder / "published" / "metadata").mkdir(parents=True)
    (at.folder / "store").mkdir()
    with Lock(at.folder / "store" / MARK):
        return at.sync("published")


def not_writable(at: Desk) -> Any:
    at.new_key()
    return at.issue("--log", at.folder)


def picture_not_writable(at: Desk) -> Any:
    at.new_key()
    return at.issue("--out", "nowhere/code.png")


def passphrase_needed(at: Desk) -> Any:
    at.new_key()
    at.environ.delenv("VAXCERT_PASSPHRASE")
    return at.issue()


def passphrase_wrong(at: Desk) -> Any:
    at.new_key()
    at.environ.setenv("VAXCERT_PASSPHRASE", "somebody else's secret")
    return at.issue()


def passphrase_weak(at: Desk) -> Any:
    at.environ.setenv("VAXCERT_CSCA_PASSPHRASE", "signer's secret")
    return at.new_key()


def key_differs(at: Desk) -> Any:
    at.registry()
    at.done("registry", "--db", "sqlite:///other.db", "--key", "other.key", "init")
    return at.run("registry", "--key", "other.key", "runs")


def key_unfit(at: Desk) -> Any:
    at.new_key()
    return at.issue("--days", 30_000)


def signature_unasked(at: Desk) -> Any:
    (at.folder / "published" / "metadata").mkdir(parents=True)
    return at.sync("published")


def built_upon(at: Desk) -> Any:
    at.registry()
    at.done("registry", "correct", "dose", 1, "site=VP02", "--reason", "a slip")
    return at.run("registry", "undo", 1)


def too_large(at: Desk) -> Any:
    with (at.folder / "list.json").open("wb") as stream:
        stream.truncate(MAX_SIZE + 1)
    return at.run("trust", "show", "list.json")


def version_later(at: Desk) -> Any:
    at.registry()
    at.in_database("update alembic_version set version_num = '9999'")
    return at.run("registry", "runs")


def unfinished(at: Desk) -> Any:
    at.new_key()
    at.registry()
    at.in_database("update run set state = 'running'")
    return at.run("registry", "issue", "--signing-key", "keys", "--authority", "Sở Y tế (TEST)")


def environment_differs(at: Desk) -> Any:
    at.publish()
    return at.first_sync("published", "--environment", "production")


def private_key_present(at: Desk) -> Any:
    at.publish()
    return at.run("trust", "publish", "publisher")


def data_damaged(at: Desk) -> Any:
    at.table.write_text(HEAD + '"' + ROW, "utf-8")
    return at.run("batch", at.table, "--check")


def not_authentic(at: Desk) -> Any:
    at.publish()
    for path in (at.folder / "published" / "targets").glob("*.trust.json"):
        path.write_bytes(path.read_bytes().replace(b'"test"', b'"TEST"'))
    return at.first_sync("published")


def rolled_back(at: Desk) -> Any:
    at.publish()
    shutil.copytree("published", "before")
    at.done("trust", "publish", "published")
    assert at.first_sync("published").status == 0
    return at.sync("before")


def audit_log_changed(at: Desk) -> Any:
    at.registry()
    return at.run("registry", "audit", "--expect", "f" * 64)


def no_such_record(at: Desk) -> Any:
    at.registry()
    return at.run("registry", "rejects", 99)


ALIKE = "full_name,date_of_birth,phone,product,dose,date\n"


def one_by_one(at: Desk) -> Any:
    """Two of one telephone and birth date whose names differ in a tone."""
    rows = [
        f"{name},1990-05-17,0100000001,EU/1/20/1528,{dose}\n"
        for name, dose in (("Nguyễn Mẫu Thử", "1/2,2026-03-01"), ("Nguyễn Mẫu Thừ", "2/2,2026-04-01"))
    ]
    at.table.write_text(ALIKE + "".join(rows), "utf-8")
    at.registry()
    return at.run("registry", "decide", "--like", 1, "same")


def sample_not_answered(at: Desk) -> Any:
    """A dozen who left out a middle name once."""
    names = [(f"Quách Mẫu {letter}am", f"Quách {letter}am") for letter in "ABCDEGHKLMNT"]
    rows = [
        f"{name},19{60 + at}-05-17,01000000{at:02},EU/1/20/1528,{dose}\n"
        for at, pair in enumerate(names)
        for name, dose in zip(pair, ("1/2,2026-03-01", "2/2,2026-04-01"), strict=True)
    ]
    at.table.write_text(ALIKE + "".join(rows), "utf-8")
    at.registry()
    return at.run("registry", "decide", "--like", 1, "same")


def not_training(at: Desk) -> Any:
    at.registry()
    at.done("registry", "export", "all.zip")
    return at.run("registry", "training-reset", "all.zip")


def unreachable(at: Desk) -> Any:
    at.publish()
    return at.first_sync("http://127.0.0.1:1/")


def with_rule(**fields: object) -> Callable[[Desk], Any]:
    """Try a rule that has these fields in place of good ones."""

    def provoke(at: Desk) -> Any:
        rule = RULE | fields
        (at.folder / "rules.json").write_text(json.dumps(rule), "utf-8")
        return at.run("rules", "try", "HC1:", "--rules", at.folder / "rules.json")

    return provoke


RULE: dict[str, object] = {
    "Identifier": "GR-VN-0001", "Type": "Acceptance", "Country": "VN", "Version": "1.0.0", "SchemaVersion": "1.0.0",
    "Engine": "CERTLOGIC", "EngineVersion": "1.0.0", "CertificateType": "General", "Description": [],
    "ValidFrom": "2026-01-01T00:00:00Z", "ValidTo": "2030-01-01T00:00:00Z", "AffectedFields": [], "Logic": True,
}  # fmt: skip
DEEP: Any = True
for _ in range(100):
    DEEP = {"!": [DEEP]}


PROVOKED: list[tuple[Reason, int, Callable[[Desk], Any]]] = [
    (Reason.SETTING_INVALID, 2, lambda at: at.run("registry", "--db", "sqlite:///:memory:", "init")),
    (Reason.FORM_UNKNOWN, 2, form_unknown),
    (Reason.COLUMNS_UNCLEAR, 2, columns_unclear),
    (Reason.POLICY_UNCLEAR, 2, policy_unclear),
    (Reason.DATES_UNCLEAR, 2, dates_unclear),
    (Reason.ROW_INVALID, 2, row_invalid),
    (Reason.COMPONENT_MISSING, 2, component_missing),
    (Reason.ALREADY_THERE, 2, lambda at: at.run("demo", "--out", at.folder)),
    (
        Reason.OUTPUT_NEEDED,
        2,
        lambda at: at.run("batch", at.table, "--authority", "x", "--key", "x", "--out", at.table),
    ),
    (Reason.IN_USE, 2, in_use),
    (Reason.NOT_READABLE, 2, lambda at: at.run("batch", at.table, "--check", "--map", at.folder)),
    (Reason.NOT_WRITABLE, 2, not_writable),
    (Reason.NOT_WRITABLE, 4, picture_not_writable),
    (Reason.PASSPHRASE_NEEDED, 2, passphrase_needed),
    (Reason.PASSPHRASE_WRONG, 2, passphrase_wrong),
    (Reason.PASSPHRASE_WEAK, 2, passphrase_weak),
    (Reason.KEY_DIFFERS, 2, key_differs),
    (Reason.KEY_UNFIT, 2, key_unfit),
    (Reason.SIGNATURE_UNASKED, 2, signature_unasked),
    (Reason.BUILT_UPON, 2, built_upon),
    (Reason.TOO_LARGE, 2, too_large),
    (Reason.VERSION_LATER, 2, version_later),
    (Reason.UNFINISHED, 2, unfinished),
    (Reason.NOTHING_USABLE, 2, lambda at: at.run("keys", "show", at.folder)),
    (Reason.ENVIRONMENT_DIFFERS, 2, environment_differs),
    (Reason.PRIVATE_KEY_PRESENT, 2, private_key_present),
    (Reason.RULE_INVALID, 2, with_rule(Logic=None)),
    (Reason.RULE_OPERATOR_UNKNOWN, 2, with_rule(Logic={"or": [1, 2]})),
    (Reason.RULE_TOO_DEEP, 2, with_rule(Logic=DEEP)),
    (Reason.RULE_TOO_LARGE, 2, with_rule(Logic={"in": ["x", ["x"] * 20_001]})),
    (Reason.RULE_SCHEMA_UNSUPPORTED, 2, with_rule(SchemaVersion="2.0.0")),
    (Reason.RULE_ENGINE_UNSUPPORTED, 2, with_rule(EngineVersion="9.0.0")),
    (Reason.DATA_DAMAGED, 65, data_damaged),
    (Reason.NOT_AUTHENTIC, 65, not_authentic),
    (Reason.ROLLED_BACK, 65, rolled_back),
    (Reason.AUDIT_LOG_CHANGED, 65, audit_log_changed),
    (Reason.NOT_FOUND, 66, lambda at: at.run("batch", "nowhere.csv", "--check")),
    (Reason.NO_SUCH_RECORD, 66, no_such_record),
    (Reason.UNREACHABLE, 69, unreachable),
    (Reason.ONE_BY_ONE, 2, one_by_one),
    (Reason.SAMPLE_NOT_ANSWERED, 2, sample_not_answered),
    (Reason.NOT_TRAINING, 2, not_training),
    (Reason.SIGNER_AWAY, 69, lambda at: at.run("signer", "waiting", "--socket", at.folder / "none.sock")),
]
# Those that no command line brings about, and why.
UNPROVOKED = {
    Reason.CHANGED_MEANWHILE: "a file would have to change at a moment that nobody can choose",
    Reason.WORKERS_LOST: "something else would have to end the processes again and again",
    Reason.TRUST_LIST_STALE: "a publication lasts for days; tests/trust/synced lets time pass",
    Reason.TEXT_TOO_LONG: "the longest certificate that can be issued fits a symbol",
    Reason.PICTURE_TYPE_UNSUPPORTED: "a picture of another type is told of as a card is, without an error",
    Reason.ACCOUNT_NOT_ALLOWED: "the signer's; tests/signer and tests/registry/accounts have one running",
    Reason.PEER_NOT_ALLOWED: "the signer's; tests/signer asks it as another user",
    Reason.LIMIT_REACHED: "the signer's; tests/signer/test_limits.py",
    Reason.OWN_REQUEST: "the signer's; tests/signer/test_limits.py",
    Reason.REQUEST_DIFFERS: "a program's over HTTP; tests/portal/api",
    Reason.LAST_ADMINISTRATOR: "the portal's alone; tests/registry/accounts",
    Reason.IMAGE_UNREADABLE: "a picture that is no certificate's is told of as a card is, without an error",
}


def test_every_code_that_a_command_can_end_with_is_provoked_or_it_is_said_why_not() -> None:
    assert {reason for reason, _, _ in PROVOKED}.isdisjoint(UNPROVOKED)
    table = (Path(__file__).parents[2] / "docs" / "reasons.md").read_text("utf-8")
    assert set(re.findall(r"^\| `(\w+)` \| [^|]*\(\d+\)", table, re.MULTILINE)) == {
        *(reason for reason, _, _ in PROVOKED),
        *UNPROVOKED,
    }


@pytest.mark.parametrize(
    ("reason", "status", "provoke"), PROVOKED, ids=[f"{reason}-{status}" for reason, status, _ in PROVOKED]
)
def test_an_error_ends_with_its_status_and_says_its_code_in_two_languages_and_nothing_of_a_person(
    run: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    reason: Reason,
    status: int,
    provoke: Callable[[Desk], Any],
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = provoke(Desk(run, tmp_path, monkeypatch))
    assert ran.status == status, ran.err
    english, vietnamese = ran.err.splitlines()[-2:]
    assert english.startswith("Unreadable: " if status == 4 else "Error: ")
    assert english.endswith(f" ({reason})")
    assert vietnamese == f"Lỗi: {wording.say(reason, 'vi')}"
    for one in PERSONAL:
        assert one not in ran.err


def test_a_value_that_cannot_be_issued_is_told_by_its_field_in_two_languages(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    at = Desk(run, tmp_path, monkeypatch)
    at.new_key()
    ran = at.issue("--born", "1990-17-05")
    assert ran.status == 2
    assert ran.err.splitlines()[-2:] == [
        "Error: date_of_birth: no such day, month or year of birth (not_a_birth_date)",
        "Lỗi: ngày sinh: không phải ngày, tháng hoặc năm sinh hợp lệ",
    ]
    assert "1990" not in ran.err


@pytest.mark.parametrize("command", [("keys", "show"), ("trust", "show"), ("registry", "import"), ("registry", "restore"),
                                     ("issue", "--key", "keys", "--authority", "A", "--record"), ("demo", "--doses")])  # fmt: skip
def test_a_named_file_that_is_not_there_ends_with_66_whichever_command_it_is_named_to(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run(*command, "nowhere.csv")
    assert (ran.status, ran.err.splitlines()[0]) == (66, "Error: nowhere.csv: No such file or directory (not_found)")
