"""Manifest and pictures as one Parquet table: the manifest's columns, and last `image`."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from vaxcert.batch import block, naming
from vaxcert.batch.runfile import names_of
from vaxcert.errors import ConfigurationError, ImageError, Reason
from vaxcert.extras import missing

_READ_AT_ONCE = 1_000


def write(folder: Path, numbers: Sequence[int], out: Path) -> None:
    """Write blocks as a Parquet table, a row group each."""
    import pyarrow as pa
    from pyarrow import parquet

    kinds = {"row": pa.int64(), "expires_at": pa.timestamp("s", tz="UTC"), "image": pa.binary()}
    headings = (*naming.columns(names_of(folder)), "image")
    schema = pa.schema([(heading, kinds.get(heading, pa.string())) for heading in headings])
    # Signatures and pictures are as good as random, or small already: packing them again finds nothing.
    packed = {name: "NONE" if name in ("text", "image") else "ZSTD" for name in schema.names}
    with (
        out.open("wb") as stream,
        parquet.ParquetWriter(stream, schema, compression=packed, use_dictionary=False) as writer,
    ):
        for number in numbers:
            if values := _values(folder, number):
                writer.write_table(pa.table(values, schema=schema))


def _values(folder: Path, number: int) -> list[list[Any]]:
    """The values of a block's columns, or none where it has no rows."""
    manifest = io.StringIO(block.held(folder, number, block.MANIFEST).decode(), newline="")
    rows = list(csv.reader(manifest))
    if not rows:
        return []
    lines, ids, until, files, *texts = zip(*rows, strict=True)
    with zipfile.ZipFile(block.path_of(folder, number)) as archive:
        images = [archive.read(file) for file in files]
    moments = [datetime.fromisoformat(moment) for moment in until]
    return [list(map(int, lines)), list(ids), moments, list(files), *map(list, texts), images]


def pictures(path: Path) -> tuple[int, Iterator[tuple[str, bytes]]]:
    """How many pictures a table by `write` holds, and their names and bytes. Raises `ImageError` for another table."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise ConfigurationError(missing("Parquet needs pyarrow", "batch"), Reason.COMPONENT_MISSING) from None
    try:
        file = parquet.ParquetFile(path)
        kinds = {field.name: field.type for field in file.schema_arrow}
    except (OSError, pyarrow.ArrowException) as error:
        raise ImageError(f"not a readable Parquet table ({type(error).__name__})") from None
    if kinds.get("image") != pyarrow.binary() or kinds.get("file") != pyarrow.string():
        raise ImageError("a Parquet table without pictures")
    return file.metadata.num_rows, _contents(file)


def _contents(file: Any) -> Iterator[tuple[str, bytes]]:
    with file:
        for part in file.iter_batches(batch_size=_READ_AT_ONCE, columns=["file", "image"]):
            for name, image in zip(part.column(0).to_pylist(), part.column(1).to_pylist(), strict=True):
                yield name or "", image or b""
