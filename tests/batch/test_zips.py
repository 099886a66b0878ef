"""Archives written in bulk are archives that others read."""

import shutil
import struct
import subprocess
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaxcert.batch import zips

MOMENT = (2026, 6, 15, 9, 30, 10)
FILES = st.dictionaries(st.from_regex(r"[a-z]{1,8}\.png", fullmatch=True), st.binary(max_size=300), max_size=12)


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        for entry in archive.infolist():
            assert entry.date_time == MOMENT
            assert entry.external_attr >> 16 == 0o100600
        return {name: archive.read(name) for name in archive.namelist()}


@given(first=FILES, second=FILES, parts=st.lists(st.binary(max_size=50)))
def test_what_is_stored_streamed_and_appended_is_read_back(
    first: dict[str, bytes], second: dict[str, bytes], parts: list[bytes]
) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name, files in (("a", first), ("b", second)):
            with zips.Writer(folder / name, MOMENT) as archive:
                archive.store((f"{name}/{file}", content) for file, content in files.items())
                archive.store([("left.csv", b"x")])
        with zips.Writer(folder / "whole", MOMENT) as archive:
            archive.append(folder / "a", leave={"left.csv"})
            archive.append(folder / "b", leave={"left.csv"})
            archive.stream("manifest.csv", parts)
        expected = {f"a/{file}": content for file, content in first.items()}
        expected |= {f"b/{file}": content for file, content in second.items()}
        assert contents(folder / "whole") == expected | {"manifest.csv": b"".join(parts)}


def test_more_files_than_two_bytes_count_are_all_there(tmp_path: Path) -> None:
    with zips.Writer(tmp_path / "z", MOMENT) as archive:
        archive.store((f"{number}.png", b"x") for number in range(70_000))
    with zipfile.ZipFile(tmp_path / "z") as opened:
        assert len(opened.namelist()) == 70_000
        assert opened.read("69999.png") == b"x"


def test_files_beyond_four_gigabytes_are_found(tmp_path: Path) -> None:
    with zips.Writer(tmp_path / "z", MOMENT) as archive:
        archive._stream.seek(5 << 30)  # a hole, which takes no room on the disk
        archive.store([("far.png", b"x")])
        archive.stream("manifest.csv", [b"a", b"b"])
    with zipfile.ZipFile(tmp_path / "z") as opened:
        assert opened.testzip() is None
        assert opened.read("far.png") == b"x"
        assert opened.read("manifest.csv") == b"ab"
    (tmp_path / "z").unlink()


def test_a_size_beyond_four_bytes_stands_in_its_own_field() -> None:
    entry = zips._central(zips._Entry(b"a", (0, 0), 0, 5_000_000_000, 6_000_000_000))
    assert struct.unpack("<2H3Q", entry[47:]) == (1, 24, 5_000_000_000, 5_000_000_000, 6_000_000_000)


def test_other_programs_find_nothing_wrong(tmp_path: Path, missing: Callable[[str], None]) -> None:
    if shutil.which("unzip") is None:
        missing("unzip is not installed (apt-get install unzip)")
    with zips.Writer(tmp_path / "z.zip", MOMENT) as archive:
        archive.store((f"codes/{number}.png", b"x" * number) for number in range(70_000 // 100))
        archive.stream("manifest.csv", [b"a,b\r\n"])
    tested = subprocess.run(["unzip", "-tq", tmp_path / "z.zip"], capture_output=True, text=True)
    assert tested.returncode == 0, tested.stdout


def test_a_damaged_part_is_an_error(tmp_path: Path) -> None:
    with zips.Writer(tmp_path / "a", MOMENT) as archive:
        archive.store([("a.png", b"x" * 100)])
    (tmp_path / "a").write_bytes((tmp_path / "a").read_bytes()[:-30])
    with pytest.raises(OSError, match="damaged"), zips.Writer(tmp_path / "b", MOMENT) as whole:
        whole.append(tmp_path / "a")
