"""Pictures are decoded in a process that may die: it costs one picture, never the program."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from vaxcert import ImageError
from vaxcert.qr import read, write
from vaxcert.qr.isolated import IsolatedReader

PICTURE = write("HC1:ISOLATED").png()


@pytest.fixture
def reader() -> Iterator[IsolatedReader]:
    with IsolatedReader() as made:
        yield made


def test_it_reads_what_the_plain_reader_reads(reader: IsolatedReader, tmp_path: Path) -> None:
    (tmp_path / "card.png").write_bytes(PICTURE)
    for source in (PICTURE, tmp_path / "card.png", str(tmp_path / "card.png")):
        assert reader.read(source) == read(source)
    assert reader.read(picture_of(Image.new("L", (50, 50), 255))) == []


def picture_of(image: Image.Image) -> bytes:
    stream = BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def test_the_process_stays_for_the_next_picture(reader: IsolatedReader) -> None:
    reader.read(PICTURE)
    first = reader.pid
    reader.read(PICTURE)
    assert first is not None
    assert reader.pid == first


@pytest.mark.parametrize("content", [b"", b"nonsense", b"%PDF-1.7\nnonsense", PICTURE[:100]])
def test_a_bad_picture_is_an_error_and_no_loss(reader: IsolatedReader, content: bytes) -> None:
    with pytest.raises(ImageError):
        reader.read(content)
    pid = reader.pid
    assert reader.read(PICTURE)
    assert reader.pid == pid


def test_a_decoder_that_was_killed_in_mid_picture_costs_that_picture(tmp_path: Path) -> None:
    # A stand-in that takes a picture and dies as a decoder with a bad pointer would.
    command = (sys.executable, "-c", "import os, signal; os.read(0, 4); os.kill(os.getpid(), signal.SIGSEGV)")
    with IsolatedReader(command=command) as broken:
        for _ in range(2):
            with pytest.raises(ImageError, match="stopped"):
                broken.read(PICTURE)


def test_the_next_picture_after_a_kill_is_read(reader: IsolatedReader) -> None:
    for _ in range(3):
        assert reader.read(PICTURE)
        assert reader.pid is not None
        os.kill(reader.pid, signal.SIGKILL)
        # Until it is dead, and without taking that news from the reader.
        os.waitid(os.P_PID, reader.pid, os.WEXITED | os.WNOWAIT)
    assert reader.read(PICTURE)


def test_a_kill_during_a_picture_is_an_error_and_the_next_is_read(reader: IsolatedReader) -> None:
    large = picture_of(Image.effect_noise((5000, 5000), 90))[:9_900_000]
    reader.read(PICTURE)
    pid = reader.pid
    assert pid is not None
    threading.Timer(0.05, os.kill, (pid, signal.SIGKILL)).start()
    with pytest.raises(ImageError):
        reader.read(large)
    assert reader.read(PICTURE)


def test_a_decoder_that_hangs_is_ended_in_time() -> None:
    with IsolatedReader(time_limit=0.4, command=(sys.executable, "-c", "import time; time.sleep(60)")) as hanging:
        started = time.monotonic()
        with pytest.raises(ImageError, match=r"longer than 0\.4 seconds"):
            hanging.read(PICTURE)
        assert time.monotonic() - started < 5
        assert hanging.pid is None


def test_a_decoder_that_answers_nonsense_lengths_is_ended() -> None:
    command = (sys.executable, "-c", "import os; os.write(1, b'\\xff' * 4)")
    with IsolatedReader(command=command) as lying, pytest.raises(ImageError):
        lying.read(PICTURE)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux bounds address space")
def test_a_picture_that_wants_too_much_memory_costs_itself() -> None:
    white = Image.new("L", (6000, 6000), 255)
    white.paste(0, (100, 100, 200, 200))
    page = picture_of(white)
    with IsolatedReader(memory_limit=120_000_000) as small:
        with pytest.raises(ImageError):
            small.read(page)
        assert small.read(PICTURE)


def test_threads_may_share_it(reader: IsolatedReader) -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.extend(s.text for s in reader.read(PICTURE))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["HC1:ISOLATED"] * 8


def test_the_folder_that_it_runs_in_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "zxingcpp.py").write_text("raise SystemExit('imported from the folder of pictures')")
    monkeypatch.chdir(tmp_path)
    with IsolatedReader() as reader:
        assert reader.read(PICTURE)


def test_a_closed_reader_leaves_no_process(reader: IsolatedReader) -> None:
    reader.read(PICTURE)
    pid = reader.pid
    assert pid is not None
    reader.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
