"""Pictures that should not be: a clear message, exit status 4, bounded memory, and the scanner goes on."""

import json
import os
import signal
import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from vaxcert.qr import write
from vaxcert.qr.isolated import IsolatedReader


def huge_png(_: Path) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(10_000)))
        + chunk(b"IEND", b"")
    )


def truncated_jpeg(_: Path) -> bytes:
    stream = BytesIO()
    Image.effect_noise((600, 400), 50).save(stream, "JPEG")
    return stream.getvalue()[:2000]


def long_pdf(_: Path) -> bytes:
    stream = BytesIO()
    blank = Image.new("1", (10, 10), 1)
    blank.save(stream, "PDF", save_all=True, append_images=[blank] * 199)
    return stream.getvalue()


def without_a_code(_: Path) -> bytes:
    stream = BytesIO()
    Image.new("L", (400, 300), 255).save(stream, "PNG")
    return stream.getvalue()


HOSTILE = {
    "huge.png": (huge_png, "more than 40000000 pixels"),
    "cut.jpg": (truncated_jpeg, "not a readable"),
    "eps.png": (lambda _: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a readable"),
    "long.pdf": (long_pdf, "200 pages"),
    "blank.png": (without_a_code, "no code found"),
    "large.png": (lambda _: bytes(10_000_001), "more than 10000000 bytes"),
    "empty.webp": (lambda _: b"", "not a readable"),
}


@pytest.mark.parametrize("command", ["verify", "scan"])
@pytest.mark.parametrize("name", HOSTILE)
def test_each_is_refused_with_its_own_words(run: Any, keys: Path, tmp_path: Path, command: str, name: str) -> None:
    make, says = HOSTILE[name]
    (tmp_path / name).write_bytes(make(tmp_path))
    ran = run(command, "--trust", keys, tmp_path / name)
    assert ran.status == 4
    assert says in ran.out
    assert "Traceback" not in ran.out + ran.err


def test_among_them_a_good_card_is_still_read(run: Any, keys: Path, card: str, tmp_path: Path) -> None:
    for name, (make, _) in HOSTILE.items():
        (tmp_path / name).write_bytes(make(tmp_path))
    write(card).save(tmp_path / "zz-good.png")
    folder = tmp_path / "photos"
    folder.mkdir()
    for path in list(tmp_path.glob("*.*")):
        path.rename(folder / path.name)
    ran = run("scan", "--trust", keys, "--json", folder)
    statuses = [json.loads(line)["status"] for line in ran.out.splitlines()]
    assert statuses == ["unreadable"] * len(HOSTILE) + ["accepted"]


def test_a_decoder_killed_in_mid_picture_does_not_end_the_scan(
    run: Any, keys: Path, card: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        write(card).save(tmp_path / f"{number}.png", scale=2 + number)
    exchange = IsolatedReader._exchange
    seen = []

    def killing(self: IsolatedReader, child: Any, content: bytes, *rest: Any) -> Any:
        seen.append(content)
        if len(seen) == 2:
            os.kill(child.pid, signal.SIGKILL)
            child.wait()
        return exchange(self, child, content, *rest)

    monkeypatch.setattr(IsolatedReader, "_exchange", killing)
    # The same card throughout: only what is not repeated is printed, so the count tells.
    ran = run("scan", "--trust", keys, "--json", tmp_path)
    found = [json.loads(line) for line in ran.out.splitlines()]
    assert [(line["source"], line["status"]) for line in found] == [("0.png", "accepted"), ("1.png", "unreadable")]
    assert "the decoder stopped" in found[1]["detail"]
    assert len(seen) == 4
