"""The child that reads workbooks for `vaxcert.tables.books.workbooks`: one question, its answer by lines, and the end.

python -m vaxcert.tables.books.worker BYTES
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from vaxcert.tables.books.failed import Failed, failed
from vaxcert.tables.cells import text_of


def main(source: BinaryIO, target: BinaryIO, memory_limit: int) -> None:
    """Answer a question: {"path": …, "most": rows of each sheet} or {"path": …, "sheet": name}."""
    _limit_memory(memory_limit)
    question = json.loads(source.read())
    ended = ""
    try:
        import python_calamine
    except ImportError:
        ended = "missing"
    else:
        try:
            for answer in _answers(python_calamine, question):
                target.write(json.dumps({"is": answer}).encode() + b"\n")
        except MemoryError:
            ended = "memory"
        except (python_calamine.CalamineError, OSError, ValueError) as error:
            ended = type(error).__name__
    target.write(json.dumps({"ended": ended}).encode() + b"\n")
    target.flush()


def _answers(calamine: Any, question: dict[str, Any]) -> Iterator[Any]:
    path = Path(question["path"])
    book = calamine.CalamineWorkbook.from_path(question["path"])
    if "sheet" in question:
        yield from _rows(book.get_sheet_by_name(question["sheet"]), failed(path, question["sheet"]))
        return
    for about in book.sheets_metadata:
        if about.typ == calamine.SheetTypeEnum.WorkSheet:
            rows = list(islice(_rows(book.get_sheet_by_name(about.name), {}), question["most"]))
            shown = about.visible == calamine.SheetVisibleEnum.Visible
            yield {"name": about.name, "shown": shown, "rows": rows}


def _rows(sheet: Any, wrong: Failed) -> Iterator[list[str | list[str]]]:
    """The rows of a sheet from its first line on, merged cells saying the same in all their places.

    What a merged cell says in a place where it does not stand is a list of that text alone.
    """
    # The library's versions before 0.9 fall over an empty sheet.
    if sheet.start is None:
        return
    merged = sorted(sheet.merged_cell_ranges or ())
    open_now: list[tuple[tuple[int, int], tuple[int, int], str]] = []
    # The library leaves out the columns before the first cell, but not the rows above it.
    _, before = sheet.start
    for number, row in enumerate(sheet.iter_rows()):
        cells: list[str | list[str]] = [*[""] * before, *map(text_of, row)]
        for place, text in wrong.get(number, {}).items():
            cells += [""] * (place + 1 - len(cells))
            cells[place] = cells[place] or text
        while merged and merged[0][0][0] <= number:
            start, end = merged.pop(0)
            if start[0] == number and start[1] < len(cells) and isinstance(text := cells[start[1]], str) and text:
                open_now.append((start, end, text))
        open_now = [one for one in open_now if one[1][0] >= number]
        for start, end, text in open_now:
            for place in range(start[1], min(end[1] + 1, len(cells))):
                cells[place] = cells[place] or [text]
        yield cells


def _limit_memory(size: int) -> None:
    # Address space and not resident memory: the latter is not enforced. Windows has no such call.
    try:
        import resource
    except ImportError:
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    size = size if most == resource.RLIM_INFINITY else min(size, most)
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer, int(sys.argv[1]))
