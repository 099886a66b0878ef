"""`vaxcert scan`: a day at a gate, in small."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaxcert import Verifier
from vaxcert.cli.scanning.gate import Gate
from vaxcert.formats.lines import Assembler


def lines(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines() if line.strip()]


def test_a_hand_scanners_lines_are_answered_one_by_one(run: Any, keys: Path, card: str) -> None:
    from vaxcert.cli.demo import tamper

    ran = run("scan", "--trust", keys, "--json", stdin=f"{card}\r\n{tamper(card)}\t\n\n{card}\n")
    assert [line["status"] for line in lines(ran.out)] == ["accepted", "refused"]
    assert ran.status == 0
    assert "2 scanned: 1 accepted, 1 refused, 0 undetermined" in ran.err


def test_the_verdict_is_large_coloured_and_says_it_in_words(run: Any, keys: Path, card: str) -> None:
    out = run("scan", "--trust", keys, "--lang", "en", stdin=card + "\n").out
    assert "✔  GENUINE CERTIFICATE   · TEST ·" in out
    assert "Nguyễn Mẫu Thử" in out
    assert "#1" in out
    vietnamese = run("scan", "--trust", keys, "--lang", "vi", stdin=card + "\n").out
    assert "CHỨNG NHẬN THẬT" in vietnamese


@pytest.mark.parametrize("size", [60, 100, 253])
def test_a_code_that_is_broken_over_lines_is_put_together(run: Any, keys: Path, card: str, size: int) -> None:
    pieces = [card[at : at + size] for at in range(0, len(card), size)]
    ran = run("scan", "--trust", keys, "--json", stdin="\r\n".join([*pieces, ""]))
    assert [line["status"] for line in lines(ran.out)] == ["accepted"]


def test_a_broken_code_does_not_swallow_the_next(run: Any, keys: Path, card: str) -> None:
    ran = run("scan", "--trust", keys, "--json", stdin=f"{card[:200]}\n{card}\n")
    assert [line["status"] for line in lines(ran.out)] == ["refused", "accepted"]


MANGLED = [
    str.lower,
    str.swapcase,
    lambda t: t.replace(":", "Ö"),
    lambda t: t.replace("A", "Â").replace("E", "Ê"),
    lambda t: "HC1;" + t[4:],
]


@pytest.mark.parametrize("mangle", MANGLED)
def test_a_wrong_keyboard_layout_is_said_with_what_to_do(run: Any, keys: Path, card: str, mangle: Any) -> None:
    ran = run("scan", "--trust", keys, "--lang", "en", stdin=mangle(card) + "\n")
    assert "SCANNER MUST BE SET RIGHT" in ran.out
    assert "Telex" in ran.out
    assert "Nguy" not in ran.out
    assert (
        lines(run("scan", "--trust", keys, "--json", stdin=mangle(card) + "\n").out)[0]["reason"] == "keyboard_layout"
    )


@pytest.mark.parametrize("text", ["HC1:ABC", "hello", "", "shc:/5676", "http://example.invalid", "LT1:ABC"])
def test_other_texts_are_no_layout_fault(verifier: Verifier, text: str) -> None:
    assert verifier.verify(text).reason != "keyboard_layout"


@given(st.binary(min_size=1, max_size=300), st.integers(1, 80), st.binary(max_size=50))
def test_any_division_into_lines_is_undone(content: bytes, size: int, other: bytes) -> None:
    from vaxcert.wire import base45, deflate

    texts = ["HC1:" + base45.encode(deflate.deflate(data)) for data in (content, other)]
    assembler = Assembler()
    found = []
    for text in texts:
        pieces = [text[at : at + size] for at in range(0, len(text), size)] if size > 4 else [text]
        # A piece of spaces alone cannot be told from an empty line; no scanner breaks there.
        pieces = pieces if all(piece.strip() for piece in pieces) else [text]
        for piece in pieces:
            found += assembler.feed(piece + "\r\n")
    found += assembler.flush()
    assert found == texts


def test_pictures_folders_and_pdfs_are_read(run: Any, keys: Path, card: str, tmp_path: Path) -> None:
    from PIL import Image

    from vaxcert.qr import write

    folder = tmp_path / "photos"
    folder.mkdir()
    write(card).save(folder / "1.png")
    Image.open(folder / "1.png").convert("RGB").save(folder / "2.webp")
    Image.new("L", (50, 50), 255).save(folder / "3.png")
    (folder / "4.jpg").write_bytes(b"nonsense")
    (folder / "notes.txt").write_text("no picture")
    ran = run("scan", "--trust", keys, "--json", folder)
    assert [(line["source"], line["status"]) for line in lines(ran.out)] == [
        ("1.png", "accepted"), ("3.png", "unreadable"), ("4.jpg", "unreadable"),
    ]  # fmt: skip
    assert ran.status == 4
    assert run("scan", "--trust", keys, folder / "1.png").status == 0
    assert run("scan", "--trust", keys, tmp_path / "missing.png").status == 4


def test_a_watched_folder_is_read_as_it_fills(keys: Path, card: str, tmp_path: Path) -> None:
    from vaxcert.qr import write

    command = [sys.executable, "-P", "-m", "vaxcert", "scan", "--trust", str(keys), "--json", "--watch", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ | {"PYTHONUNBUFFERED": "1"}) as process:
        assert process.stdout is not None
        time.sleep(1)
        write(card).save(tmp_path / "late.png")
        assert json.loads(process.stdout.readline())["source"] == "late.png"
        (tmp_path / "half.jpg").write_bytes(b"\xff\xd8\xff")
        assert json.loads(process.stdout.readline())["status"] == "unreadable"
        process.terminate()


def test_a_beep_follows_the_verdict_and_never_goes_before(run: Any, keys: Path, card: str) -> None:
    out = run("scan", "--trust", keys, "--beep", stdin=card + "\n").out
    assert out.count("\a") == 1
    assert out.index("\a") > out.index("2/2")
    assert "\a" not in run("scan", "--trust", keys, stdin=card + "\n").out


def test_a_kiosk_clears_the_screen_before_the_next(run: Any, keys: Path, card: str) -> None:
    out = run("scan", "--trust", keys, "--kiosk", "5", stdin=card + "\n").out
    assert out.startswith("\x1b[2J\x1b[3J\x1b[H")


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_same_code_is_not_repeated_within_ten_seconds(verifier: Verifier, text: str) -> None:
    clock = Clock()
    gate = Gate(same_person_within=0, clock=clock)
    verdict = verifier.verify(text)
    assert not gate.see(text, verdict).repeated
    clock.now += 9.9
    assert gate.see(text, verdict).repeated
    clock.now += 10
    assert not gate.see(text, verdict).repeated
    assert gate.counts == {"accepted": 2}


def test_the_same_person_with_another_code_is_pointed_out(verifier: Verifier, forge: Any) -> None:
    clock = Clock()
    gate = Gate(same_person_within=60, clock=clock)
    cards = [forge.card(forge.dcc(v=[forge.vaccination(ci=f"URN:UVCI:01:VN:{n}")])) for n in range(3)]
    assert not gate.see(cards[0], verifier.verify(cards[0])).same_person
    assert gate.see(cards[1], verifier.verify(cards[1])).same_person
    clock.now += 61
    assert not gate.see(cards[2], verifier.verify(cards[2])).same_person


def test_a_gate_remembers_no_name_and_no_text(verifier: Verifier, text: str) -> None:
    gate = Gate(same_person_within=60, clock=Clock())
    gate.see(text, verifier.verify(text))
    kept = repr(vars(gate))
    for secret in ("Nguy", "NGUYEN", "1990", "HC1:", "UVCI"):
        assert secret not in kept


def test_a_camera_without_opencv_or_device_is_a_clear_error(run: Any, keys: Path) -> None:
    ran = run("scan", "--trust", keys, "--camera", "99")
    # 2 without OpenCV, 66 where there is no such camera.
    assert ran.status in (2, 66)
    assert "camera" in ran.err


@pytest.mark.slow
def test_a_thousand_codes_keep_up_with_the_fastest_hand(run: Any, keys: Path, forge: Any) -> None:
    """Fed at once they must take less than the 200 seconds in which a hand at five a second would type them."""
    cards = [forge.card(forge.dcc(v=[forge.vaccination(ci=f"URN:UVCI:01:VN:{n}")])) for n in range(1000)]
    started = time.monotonic()
    ran = run("scan", "--trust", keys, "--json", stdin="\r\n".join([*cards, ""]))
    assert time.monotonic() - started < 100
    assert len(lines(ran.out)) == 1000


def test_a_scan_that_runs_all_day_follows_a_sync(
    run: Any, keys: Path, card: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VAXCERT_PUBLISHER_PASSPHRASE", "publisher's secret")
    monkeypatch.setenv("VAXCERT_ROOT_PASSPHRASE", "root's secret")
    assert run("trust", "publish", "out", "--new", "--environment", "test", "--add", keys).status == 0
    assert run("trust", "sync", "out", "--into", "store", "--root", "publisher/root.json").status == 0

    import vaxcert.cli.scanning.sources as sources

    def scans(*_: Any) -> Any:
        yield sources.Scan(card)
        assert run("revoke", "--log", keys / "issued.jsonl").status == 0
        assert run("trust", "publish", "out").status == 0
        assert run("trust", "sync", "out", "--into", "store").status == 0
        yield sources.Scan(card)

    monkeypatch.setattr(sys.modules["vaxcert.cli.scan"], "_scans", scans)
    # What the commands in between say has been read by then: the last verdict is what is left.
    ran = run("scan", "--trust", "store", "--json")
    assert '"reason": "revoked"' in ran.out
    assert "2 scanned: 1 accepted, 1 refused" in ran.err


@pytest.mark.parametrize(("hours", "reason"), [(2, "clock_rolled_back"), (-24 * 60, "clock_suspect")])
def test_a_clock_that_the_list_contradicts_is_said_with_both_times(
    run: Any, keys: Path, card: str, tmp_path: Path, hours: int, reason: str
) -> None:
    from datetime import UTC, datetime, timedelta

    from vaxcert import SigningKey
    from vaxcert.trust.publishing.publisher import Publisher
    from vaxcert.trust.synced.sync import sync

    then = datetime.now(UTC) + timedelta(hours=hours)
    publisher = Publisher.create(
        tmp_path / "workspace", environment="test", passphrase="publisher's secret", root_passphrase="root's secret",
        clock=lambda: then,
    )  # fmt: skip
    publisher.add(SigningKey.load(keys, password="signer's secret").certificate)
    publisher.publish(tmp_path / "out", passphrase="publisher's secret")
    root = (tmp_path / "workspace" / "root.json").read_bytes()
    sync(tmp_path / "out", tmp_path / "store", root=root, now=then)
    published = f"{then:%Y-%m-%d %H:%M} UTC"
    english = run("scan", "--trust", tmp_path / "store", "--lang", "en", stdin=card + "\n").out
    assert "THE CLOCK OF THIS DEVICE MUST BE SET" in english
    assert f"Clock wrong: this device shows {datetime.now(UTC):%Y-%m-%d}" in english
    assert f"the list is from {published}. ({reason})" in english
    vietnamese = run("scan", "--trust", tmp_path / "store", "--lang", "vi", stdin=card + "\n").out
    assert "Sai giờ: thiết bị này chỉ" in vietnamese
    assert f"danh sách công bố lúc {published}" in vietnamese
    assert run("verify", "--trust", tmp_path / "store", card).status == 3
    shown = run("trust", "show", tmp_path / "store")
    assert (shown.status, "THE CLOCK" in shown.out) == (3, True)
