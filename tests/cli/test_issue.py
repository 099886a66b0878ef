"""`vaxcert issue`."""

import json
from pathlib import Path
from typing import Any

import pytest

from vaxcert import IssueLog

RECORD: dict[str, Any] = {
    "family_name": "Nguyễn",
    "given_name": "Mẫu Thử",
    "date_of_birth": "1990-05-17",
    "product": "EU/1/20/1528",
    "date": "2026-06-01",
    "number": 2,
    "series": 2,
}
AUTHORITY = ("--authority", "Sở Y tế (TEST)")


def test_a_record_on_standard_input_becomes_a_text_that_verifies(run: Any, keys: Path) -> None:
    ran = run("issue", "--key", keys, *AUTHORITY, "--record", "-", stdin=json.dumps(RECORD))
    assert ran.status == 0
    assert ran.out.startswith("HC1:")
    assert run("verify", "--trust", keys, ran.out.strip()).status == 0


@pytest.mark.parametrize(("name", "begins"), [("c.png", b"\x89PNG"), ("c.svg", b"<svg"), ("c.txt", b"HC1:")])
def test_the_code_is_written_in_the_form_that_the_name_asks(
    run: Any, keys: Path, tmp_path: Path, name: str, begins: bytes
) -> None:
    ran = run(
        "issue",
        "--key",
        keys,
        *AUTHORITY,
        "--record",
        "-",
        "--out",
        tmp_path / name,
        stdin=json.dumps(RECORD),
    )
    assert ran.status == 0
    assert ran.out == ""
    assert (tmp_path / name).read_bytes().startswith(begins)
    if name != "c.svg":
        assert run("verify", "--trust", keys, tmp_path / name).status == 0


def test_every_issue_is_logged_beside_the_key_or_where_asked(run: Any, keys: Path, tmp_path: Path) -> None:
    for log in ((), ("--log", tmp_path / "own.jsonl")):
        options = ("--operator", "desk 3", "--site", "VP01", *log)
        assert run("issue", "--key", keys, *AUTHORITY, "--record", "-", *options, stdin=json.dumps(RECORD)).status == 0
    for path in (keys / "issued.jsonl", tmp_path / "own.jsonl"):
        (entry,) = IssueLog(path)
        assert entry.operator == "desk 3"
        assert entry.source_sha256 is not None
        assert "Nguy" not in path.read_text("utf-8")


def test_a_drawing_for_the_terminal_can_be_asked_for(run: Any, keys: Path) -> None:
    ran = run("issue", "--key", keys, *AUTHORITY, "--record", "-", "--qr", stdin=json.dumps(RECORD))
    assert "▀" in ran.out
    assert ran.out.count("\n") > 30


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"family_name": ""}, "family_name"),
        ({"date": "1/6/2026"}, "date"),
        ({"date": "2999-01-01"}, "date"),
        ({"number": 0}, "number"),
        ({"number": None}, "number"),
        ({"date_of_birth": "17.5.1990"}, "date_of_birth"),
        ({"given_name": 5}, "given_name"),
        ({"favourite_colour": "blue"}, "record"),
        ({"product": "Unheard-of"}, "disease"),
        ({"site": "vp"}, "site"),
    ],
)
def test_what_makes_no_sense_is_refused_by_field_and_not_repeated(
    run: Any, keys: Path, change: dict[str, Any], field: str
) -> None:
    ran = run("issue", "--key", keys, *AUTHORITY, "--record", "-", stdin=json.dumps(RECORD | change))
    assert ran.status == 2
    assert f"Error: {field}: " in ran.err
    assert ran.out == ""
    assert "Nguy" not in ran.err
    assert not (keys / "issued.jsonl").exists()


@pytest.mark.parametrize("stdin", ["", "{", "[]", "3", b"\xff\xfe"])
def test_a_record_that_is_no_object_is_refused(run: Any, keys: Path, stdin: str | bytes) -> None:
    ran = run("issue", "--key", keys, *AUTHORITY, "--record", "-", stdin=stdin)
    assert ran.status == 2


def test_options_go_over_the_record(run: Any, keys: Path) -> None:
    ran = run("issue", "--key", keys, *AUTHORITY, "--record", "-", "--dose", "3/2", stdin=json.dumps(RECORD))
    shown = run("verify", "--trust", keys, "--json", ran.out.strip())
    assert json.loads(shown.out)["certificate"]["entries"][0]["number"] == 3


@pytest.mark.parametrize(
    "options", [("--dose", "2"), ("--dose", "a/b"), ("--out", "c.gif"), ("--days", "0"), ("--level", "X")]
)
def test_wrong_options_are_usage_errors(run: Any, keys: Path, options: tuple[str, ...]) -> None:
    assert run("issue", "--key", keys, *AUTHORITY, "--record", "-", *options, stdin=json.dumps(RECORD)).status == 2


def test_a_wrong_passphrase_is_said(run: Any, keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAXCERT_PASSPHRASE", "another")
    ran = run("issue", "--key", keys, *AUTHORITY, "--record", "-", stdin=json.dumps(RECORD))
    assert ran.status == 2
    assert "wrong passphrase" in ran.err


def test_a_key_with_less_than_the_validity_left_refuses(run: Any, keys: Path) -> None:
    ran = run("issue", "--key", keys, *AUTHORITY, "--record", "-", "--days", "731", stdin=json.dumps(RECORD))
    assert ran.status == 2
    assert "the key ends on" in ran.err
