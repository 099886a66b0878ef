"""What a run leaves: archives of pictures with their manifest, ZIP or Parquet, packed from blocks, and read back."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from vaxcert import files
from vaxcert.batch import block, columns, naming, zips
from vaxcert.batch.runfile import moment_of, names_of
from vaxcert.errors import ConfigurationError, ImageError, Problem, Reason
from vaxcert.qr.opening import MAX_BYTES
from vaxcert.tables.delimited import lines
from vaxcert.tables.parts import line_and_dose

_PICTURES = (".png", ".jpg", ".jpeg", ".webp")
_EXTRAS = frozenset((block.MANIFEST, block.LOG, block.SHEETS, block.LACKING, block.FAILED))


def names(out: Path, shards: int) -> list[Path]:
    """The archives of a run. Raises `ConfigurationError` for a kind that there is not."""
    if out.suffix not in _PACKERS:
        raise ConfigurationError(f"{out}: neither .zip nor .parquet", Reason.FORM_UNKNOWN)
    if shards == 1:
        return [out]
    return [out.with_name(f"{out.stem}-{number:05d}-of-{shards:05d}{out.suffix}") for number in range(1, shards + 1)]


def stands(folder: Path, out: Path) -> bool:
    """Whether this run has packed an archive already; one that stands without that is somebody else's.

    Raises `ConfigurationError` for that.
    """
    if not out.exists():
        return False
    if not _mark(folder, out).exists():
        raise ConfigurationError(
            f"{out} is there already: a second run would issue everything twice", Reason.ALREADY_THERE
        )
    return True


def pack(folder: Path, numbers: Sequence[int], out: Path) -> int:
    """Pack blocks into one archive at `out`, whole or not at all; return how many. Raises `ConfigurationError`."""
    if stands(folder, out):
        return len(numbers)
    with files.writing(out), files.aside(out, mode=files.PRIVATE) as beside:
        _PACKERS[out.suffix](folder, numbers, beside)
        _mark(folder, out).touch()
    return len(numbers)


def _zip(folder: Path, numbers: Sequence[int], out: Path) -> None:
    with zips.Writer(out, moment_of(folder).timetuple()[:6]) as whole:
        for number in numbers:
            whole.append(block.path_of(folder, number), leave=_EXTRAS)
        whole.stream(block.MANIFEST, _manifest(folder, numbers))


def _manifest(folder: Path, numbers: Sequence[int]) -> Iterator[bytes]:
    # With a mark, so that spreadsheets take it for UTF-8.
    yield b"\xef\xbb\xbf" + lines(naming.columns(names_of(folder))).encode()
    for number in numbers:
        yield block.held(folder, number, block.MANIFEST)


_PACKERS: dict[str, Callable[[Path, Sequence[int], Path], None]] = {".zip": _zip, ".parquet": columns.write}


def _mark(folder: Path, out: Path) -> Path:
    return folder / f"packed.{out.name}"


def collect_sheets(folder: Path, numbers: Sequence[int], target: Path) -> Path:
    """Put the blocks' PDFs into a folder beside the archive, named by their order."""
    with files.writing(target):
        target.mkdir(mode=0o700, exist_ok=True)
        for number in numbers:
            try:
                content = block.held(folder, number, block.SHEETS)
            except OSError:
                continue  # a block of which no row was good
            files.write_whole(target / f"sheets-{number + 1:05d}.pdf", (content,), mode=files.PRIVATE)
    return target


def lacking(folder: Path, numbers: Sequence[int], place: Callable[[int], str]) -> tuple[tuple[str, Problem], ...]:
    """What of which rows the blocks' PDFs lack, in the rows' order. `place`: of a line, for people."""
    told = {key: wrong for number in numbers for key, wrong in block.lacking(folder, number).items()}
    return tuple((place(line_and_dose(key)[0]), problem) for key in sorted(told) for problem in told[key])


def pictures(path: Path) -> tuple[int, Iterator[tuple[str, bytes]]]:
    """How many pictures an archive holds, and their names and bytes. Raises `ImageError` for what is no archive."""
    if path.suffix.lower() == ".parquet":
        return columns.pictures(path)
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise ImageError(f"not a readable ZIP archive ({type(error).__name__})") from None
    entries = [entry for entry in archive.infolist() if entry.filename.lower().endswith(_PICTURES)]
    return len(entries), _contents(archive, entries)


def _contents(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Iterator[tuple[str, bytes]]:
    with archive:
        for entry in entries:
            content = b""
            if entry.file_size <= MAX_BYTES:
                try:
                    content = archive.read(entry)
                # All that a damaged archive makes `zipfile` raise, a wish for a password included.
                except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError):
                    content = b""  # not a picture, and the reader says so
            yield entry.filename, content
