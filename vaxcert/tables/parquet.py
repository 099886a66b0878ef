"""Parquet: its rows as a CSV would have them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from vaxcert.errors import ConfigurationError, DamagedError, Reason
from vaxcert.extras import missing
from vaxcert.tables.cells import text_of
from vaxcert.tables.delimited import Cells

# A row group is read whole for each slice of it, so there are never more slices than this.
_MOST_SLICES = 50


class Slice(NamedTuple):
    """Rows of one row group of a Parquet file, from `start` within it on; `first`: the line of the first."""

    path: Path
    group: int
    start: int
    first: int
    lines: int

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Yield each row's line and cells."""
        with _parquet(self.path) as file:
            try:
                part = file.read_row_group(self.group).slice(self.start, self.lines)
            except (OSError, _arrow_error()) as error:
                raise _unreadable(self.path, error) from None
        cells = zip(*(column.to_pylist() for column in part.columns), strict=True)
        for line, row in enumerate(cells, self.first):
            yield line, tuple(map(text_of, row))


def columns(path: Path) -> Cells:
    """The names of a Parquet file's columns."""
    with _parquet(path) as file:
        return tuple(file.schema_arrow.names)


def pieces(path: Path, size: int) -> Iterator[Slice]:
    """The rows of a Parquet file, at least `size` at a time where a row group has them."""
    with _parquet(path) as file:
        counts = [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)]
    first = 2
    for group, count in enumerate(counts):
        step = max(size, -(-count // _MOST_SLICES))
        for start in range(0, count, step):
            lines = min(step, count - start)
            yield Slice(path, group, start, first, lines)
            first += lines


def _parquet(path: Path) -> Any:
    try:
        from pyarrow import parquet
    except ImportError:
        raise ConfigurationError(missing("Parquet needs pyarrow", "batch"), Reason.COMPONENT_MISSING) from None
    try:
        return parquet.ParquetFile(path)
    except FileNotFoundError:
        raise
    except (OSError, _arrow_error()) as error:
        raise _unreadable(path, error) from None


def _arrow_error() -> type[Exception]:
    import pyarrow

    error: type[Exception] = pyarrow.ArrowException
    return error


def _unreadable(path: Path, error: Exception) -> ConfigurationError:
    return DamagedError(f"{path}: not a readable Parquet table ({type(error).__name__})")
