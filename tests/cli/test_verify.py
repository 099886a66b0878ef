"""`vaxcert verify`: what it takes, what it says, and how it ends."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from vaxcert import SigningKey

LATER = ("--at", "2099-01-01T00:00:00Z")


def forged(card: str) -> str:
    from vaxcert.cli.demo import tamper

    return tamper(card)


@pytest.fixture
def other_keys(run: Any, tmp_path: Path) -> Path:
    folder = tmp_path / "other"
    run("keys", "new", folder, "--country", "LA", "--name", "Another TEST", "--environment", "test")
    return folder


def test_the_exit_status_tells_the_verdict(run: Any, keys: Path, other_keys: Path, card: str) -> None:
    assert run("verify", "--trust", keys, card).status == 0
    assert run("verify", "--trust", keys, forged(card)).status == 1
    assert run("verify", "--trust", keys, card, *LATER).status == 1
    assert run("verify", "--trust", other_keys, card).status == 3
    assert run("verify", "--trust", keys, "HC1:").status == 1
    assert run("verify", "--trust", keys, "no such file").status == 4


@pytest.mark.parametrize(
    ("kinds", "status"),
    [("good good", 0), ("good bad", 1), ("missing bad good", 1), ("missing good", 4), ("bad missing", 1)],
)
def test_of_many_cards_the_worst_decides(run: Any, keys: Path, card: str, kinds: str, status: int) -> None:
    cards = {"good": card, "bad": forged(card), "missing": "no such file"}
    assert run("verify", "--trust", keys, *(cards[kind] for kind in kinds.split())).status == status


def test_refused_goes_over_undetermined_and_that_over_unreadable(
    run: Any, keys: Path, other_keys: Path, card: str
) -> None:
    assert run("verify", "--trust", other_keys, card, "no such file").status == 3
    assert run("verify", "--trust", other_keys, card, "HC1:00").status == 1


def test_what_staff_see_comes_in_two_languages(run: Any, keys: Path, card: str) -> None:
    english = run("verify", "--trust", keys, "--lang", "en", card).out
    assert "✔ Genuine certificate  [TEST]" in english
    assert "Nguyễn Mẫu Thử" in english
    assert "2/2" in english
    vietnamese = run("verify", "--trust", keys, "--lang", "vi", card).out
    assert "Họ và tên" in vietnamese
    assert "[TEST]" in vietnamese
    refused = run("verify", "--trust", keys, "--lang", "vi", forged(card)).out
    assert "signature_invalid" in refused
    assert "Nguyễn" not in refused


def test_json_is_one_object_a_line(run: Any, keys: Path, card: str) -> None:
    ran = run("verify", "--trust", keys, "--json", card, forged(card), "no such file")
    lines = [json.loads(line) for line in ran.out.splitlines()]
    assert [line["status"] for line in lines] == ["accepted", "refused", "unreadable"]
    assert lines[0]["certificate"]["person"]["family_name"] == "Nguyễn"
    assert lines[1]["certificate"] is None


def test_files_and_standard_input_hold_one_code_a_line(run: Any, keys: Path, card: str, tmp_path: Path) -> None:
    for ending in ("\n", "\r\n", "\n\n"):
        lines = ending.join([card, forged(card), card])
        (tmp_path / "codes.txt").write_text("\ufeff" + lines, "utf-8", newline="")
        for ran in (
            run("verify", "--trust", keys, tmp_path / "codes.txt"),
            run("verify", "--trust", keys, "-", stdin=lines),
        ):
            assert ran.status == 1
            assert "3 codes: 2 accepted, 1 refused" in ran.out


def test_lines_are_answered_as_they_come(keys: Path, card: str) -> None:
    command = [sys.executable, "-P", "-m", "vaxcert", "verify", "--trust", str(keys), "--json", "-"]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for _ in range(3):
            process.stdin.write(card.encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["status"] == "accepted"
        process.stdin.close()
    assert process.returncode == 0


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"\xff\xfe\x00", b"x" * 1_000_001],
    ids=["empty", "blank", "not text", "endless line"],
)
def test_what_holds_no_code_is_unreadable(run: Any, keys: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "odd.txt").write_bytes(content)
    assert run("verify", "--trust", keys, tmp_path / "odd.txt").status == 4
    assert run("verify", "--trust", keys, "-", stdin=content).status == 4


def test_pictures_are_read(run: Any, keys: Path, card: str, tmp_path: Path) -> None:
    from vaxcert.qr import write

    write(card).save(tmp_path / "card.png")
    assert run("verify", "--trust", keys, tmp_path / "card.png").status == 0
    (tmp_path / "broken.png").write_bytes((tmp_path / "card.png").read_bytes()[:300])
    assert run("verify", "--trust", keys, tmp_path / "broken.png").status == 4
    (tmp_path / "fake.png").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n")
    assert run("verify", "--trust", keys, tmp_path / "fake.png").status == 4


def test_a_picture_that_gives_nothing_is_told_of_with_what_to_do(run: Any, keys: Path, tmp_path: Path) -> None:
    from PIL import Image

    Image.new("L", (300, 300), 20).save(tmp_path / "dark.png")
    (tmp_path / "IMG_1.HEIC").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(40))
    for command in ("verify", "scan"):
        ran = run(command, "--trust", keys, tmp_path / "dark.png")
        assert "turn on a light" in ran.out + ran.err
        ran = run(command, "--trust", keys, tmp_path / "IMG_1.HEIC")
        assert "HEIC picture" in ran.out + ran.err
        assert "JPEG" in ran.out + ran.err


def test_an_argument_that_is_neither_is_not_repeated(run: Any, keys: Path) -> None:
    ran = run("verify", "--trust", keys, "--lang", "en", "NGUYEN<<MAU<THU")
    assert ran.status == 4
    assert "file that exists" in ran.out


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--at", "2026-06-01T00:00:00", "HC1:"),
        ("--at", "yesterday", "HC1:"),
        ("--environment", "staging", "HC1:"),
        ("--unknown", "HC1:"),
    ],
)
def test_wrong_usage_ends_with_2(run: Any, keys: Path, arguments: tuple[str, ...]) -> None:
    assert run("verify", "--trust", keys, *arguments).status == 2


def test_without_keys_nothing_is_verified(run: Any, tmp_path: Path, card: str) -> None:
    assert run("verify", card).status == 2
    assert run("verify", "--trust", tmp_path / "missing", card).status == 66
    (tmp_path / "empty").mkdir()
    assert run("verify", "--trust", tmp_path / "empty", card).status == 2


def test_a_production_store_refuses_to_be_made_of_test_keys(run: Any, keys: Path, card: str) -> None:
    ran = run("verify", "--trust", keys, "--environment", "production", card)
    assert ran.status == 2
    assert "environment_differs" in ran.err


def test_keys_that_are_left_out_are_said(run: Any, keys: Path, card: str) -> None:
    (keys / "odd.crt").write_bytes(b"not a certificate")
    ran = run("verify", "--trust", keys, card)
    assert ran.status == 0
    assert "left out: odd.crt: certificate_invalid" in ran.err


def test_a_fault_of_ours_ends_with_70_and_tells_nothing_of_the_card(
    run: Any, keys: Path, card: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vaxcert.trust import TrustStore

    def fail(*_: Any) -> None:
        raise RuntimeError(card)

    monkeypatch.setattr(TrustStore, "open", fail)
    ran = run("verify", "--trust", keys, card)
    assert ran.status == 70
    assert "RuntimeError" in ran.err
    assert "HC1:" not in ran.err


def test_a_reader_that_leaves_early_is_no_fault(keys: Path, card: str, tmp_path: Path) -> None:
    (tmp_path / "many.txt").write_text("\n".join([card] * 2000))
    command = f"{sys.executable} -P -m vaxcert verify --trust {keys} {tmp_path / 'many.txt'} | head -1"
    ran = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert "Genuine" in ran.stdout or "Chứng nhận" in ran.stdout
    assert "Traceback" not in ran.stderr
    assert "Fault" not in ran.stderr


def test_a_key_that_is_nobodys_is_undetermined(run: Any, keys: Path, tmp_path: Path, forge: Any) -> None:
    stranger = type(forge)(SigningKey.generate("VN"))
    assert run("verify", "--trust", keys, stranger.card()).status == 3
