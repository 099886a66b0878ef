"""A unit's table into the registry: row by row known, matched, new, or a question for a person to decide.

table → what it is understood as → digest known? → rows checked → candidates → same: dose added · unsure: new person and
a question · else new

Rows are taken over a block at a time, each block in a transaction of its own; others may write between two of them. A
run that was stopped goes on where it stopped when the same file is given again.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
from sqlalchemy import Connection, func, select, text

from vaxcert import files
from vaxcert.errors import Problem
from vaxcert.names import normalise
from vaxcert.registry import audit, runs, schema
from vaxcert.registry.database import Registry
from vaxcert.registry.intake import rows
from vaxcert.registry.intake.digests import Digests
from vaxcert.registry.intake.rows import Said, TableRow
from vaxcert.registry.intake.taking import take
from vaxcert.registry.records import rejected
from vaxcert.registry.records.ledger import Ledger
from vaxcert.registry.records.rejected import RejectedRow
from vaxcert.registry.states import RunKind
from vaxcert.tables.evidence import Evidence
from vaxcert.tables.headings import load_mapping
from vaxcert.tables.parts import line_and_dose
from vaxcert.tables.spellings import FIELDS
from vaxcert.tables.survey import Survey, survey
from vaxcert.tables.table import Table, open_table
from vaxcert.tables.values.reading import AS_IT_STANDS, Reading
from vaxcert.tables.writing.rejects import Rejected
from vaxcert.wording import Words

# Large enough that questions to the database cost little beside their rows.
BLOCK = 1_000


class ImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """How an import ended. `counts`: rows by outcome: `new` person, `matched`, `known` dose, `again` (the same row),
    `question`, `disputed`, `deleted` (of somebody who was taken out), `rejected`; `problems`: of the rejected ones,
    how many have which. `passed_over`: rows without anything, and headings that stand again. `understood`: how the
    table was, without people's data. `resumed`: whether it went on with a run that had been stopped, whose rows are
    counted too.
    """

    run: int
    rows: int
    counts: dict[str, int]
    problems: dict[Problem, int]
    passed_over: int = 0
    understood: dict[str, list[str]] = {}
    resumed: bool = False


class CheckReport(msgspec.Struct, frozen=True, kw_only=True):
    """How a table would be taken over. `counts`: rows that are `good` or `rejected`; `evidence`: see its `decide`;
    `sample`: what the rows of the survey's say.
    """

    understood: Survey
    sample: tuple[Said, ...]
    evidence: Evidence
    counts: dict[str, int]
    problems: dict[Problem, int]
    passed_over: int


def opened(
    path: Path,
    *,
    mapping: Path | None = None,
    reading: Reading = AS_IT_STANDS,
    sheet: str | None = None,
    ignored: Sequence[str] = (),
) -> Table:
    """Open a table as an import takes it over, with the columns of `vaxcert batch` and those of `rows.FIELDS`.

    Raises `ConfigurationError`; the options are those of `vaxcert.tables.open_table`.
    """
    fields = FIELDS | rows.FIELDS
    named = load_mapping(mapping, fields) if mapping else None
    return open_table(path, named, fields, sheet=sheet, ignored=ignored, reading=reading)


def check(
    registry: Registry,
    path: Path,
    *,
    mapping: Path | None = None,
    reading: Reading = AS_IT_STANDS,
    sheet: str | None = None,
    ignored: Sequence[str] = (),
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> CheckReport:
    """Say how a table would be taken over, as `opened` opens it; nothing is written. Raises `ConfigurationError`.

    It is gone through twice; `progress` is told how many rows are done, and of how many: 0 until that is known.
    """
    table = opened(path, mapping=mapping, reading=reading, sheet=sheet, ignored=ignored)
    evidence = Evidence(table)
    rows_of_all = 0

    def look(some: Iterator[tuple[int, Mapping[str, str]]]) -> Iterable[Words]:
        def counted() -> Iterator[tuple[int, Mapping[str, str]]]:
            nonlocal rows_of_all
            for rows_of_all, one in enumerate(some, 1):
                if rows_of_all % BLOCK == 0:
                    progress(rows_of_all, 0)
                yield one

        return evidence(counted())

    understood = survey(table, look)
    with registry.reading() as connection:
        lists = rows.lists(connection, registry.today(), registry.secrets)
    good = bad = passed_over = 0
    problems: Counter[Problem] = Counter()
    for block, passed in _blocks(table, registry):
        passed_over += passed
        for row in block:
            wrong = rows.read(row.values, lists, reading).problems
            problems.update(wrong)
            good, bad = good + (not wrong), bad + bool(wrong)
        progress(good + bad, rows_of_all)
    return CheckReport(
        understood=understood, sample=tuple(rows.read(row.values, lists, reading) for row in understood.sample),
        evidence=evidence, counts={"good": good, "rejected": bad}, problems=dict(problems),
        passed_over=passed_over,
    )  # fmt: skip


def run(
    registry: Registry,
    path: Path,
    *,
    actor: str,
    mapping: Path | None = None,
    reading: Reading = AS_IT_STANDS,
    sheet: str | None = None,
    ignored: Sequence[str] = (),
    progress: Callable[[int], None] = lambda _: None,
    called: str = "",
) -> ImportReport:
    """Take a table over, as `opened` opens it. `called`: what its file is named where it came from;
    `progress` is told how many rows are done, with those of a run that is gone on with.

    Raises `ConfigurationError` for a file that is no such table, that has a column which needs somebody's yes, or whose
    dates do not say whether day or month comes first; rows that make no sense are counted, noted and left.
    """
    table = opened(path, mapping=mapping, reading=reading, sheet=sheet, ignored=ignored)
    sha256, source = _sha256(table.files), shown(called or path.name)
    # Read to its end before anything is taken over: a file that breaks off changes nothing.
    evidence = Evidence(table)
    understood = survey(table, evidence)
    understood.require()
    evidence.decide()
    total = seen = passed_over = 0
    with registry.long_work() as work:
        connection = work.connection
        before = runs.stopped(connection, RunKind.IMPORT, sha256)
        number = before.id if before else runs.begin(
            registry, connection, RunKind.IMPORT, actor, source=source, sha256=sha256
        )  # fmt: skip
        kept = understood.kept()
        runs.note_understood(connection, number, kept | {"columns": list(table.columns)})
        lists = rows.lists(connection, registry.today(), registry.secrets)
        ledger = Ledger(registry, connection, number, actor, f"import of {source}")
        connection.commit()
        done = _lines_done(connection, number)
        work.give_way()

        def read(row: TableRow) -> Said:
            return rows.read(row.values, lists, reading)

        for block, passed in _blocks(table, registry):
            seen += len(block)
            block = [one for one in block if one.line not in done]
            total += len(block)
            passed_over += passed
            wrong = take(connection, ledger, block, read)
            rejected.note(connection, number, [_noted(*one) for one in wrong], registry.secrets)
            # Whoever records a dose at a desk meanwhile waits for a block, and not for the file.
            work.give_way()
            progress(seen)
        counts = _counted(connection, number)
        runs.note_sites(connection, [number])
        problems = dict(Counter(problem for _, problem in rejected.problems(connection, number)))
        rows_of_all = sum(counts.values())
        runs.end(registry, connection, number, counts | {"rows": rows_of_all, "passed_over": passed_over})
        if total >= BLOCK:
            # Else the database plans by how few rows there were before.
            connection.execute(text("ANALYZE"))
        audit.record(
            registry, connection, actor, "import", run=number, rows=rows_of_all, counts=counts, source_sha256=sha256
        )
    return ImportReport(
        run=number, rows=rows_of_all, counts=counts, problems=problems, passed_over=passed_over, understood=kept,
        resumed=before is not None,
    )  # fmt: skip


def _blocks(table: Table, registry: Registry) -> Iterator[tuple[list[TableRow], int]]:
    """Yield rows in blocks, each with how many lines before its end were passed over."""
    digests = Digests(table, registry.secrets)
    block: list[TableRow] = []
    passed = 0
    for part in table.parts(BLOCK):
        lines = 0
        for row in part.rows():
            # Rows of one line stay together: a run that is gone on with leaves out the lines that are done.
            another = not block or row.line != block[-1].line
            if len(block) >= BLOCK and another:
                yield block, passed
                block, passed = [], 0
            lines += another
            values = part.values(row)
            block.append(
                TableRow(
                    row.key, row.line, part.place(row.line), part.aligned(row), values,
                    digests.of(part, row, values),
                )
            )  # fmt: skip
        passed += part.piece.lines - lines
    if block or passed:
        yield block, passed


def _noted(row: TableRow, said: Said) -> RejectedRow:
    _, dose = line_and_dose(row.key)
    shown = Rejected(row.place, row.cells, said.problems)
    return RejectedRow(row.line, dose, shown, said.profile, said.national_id)


def _lines_done(connection: Connection, number: int) -> frozenset[int]:
    """The lines that a stopped run had taken over already."""
    found = set(connection.scalars(select(schema.source_row.c.line).where(schema.source_row.c.run_id == number)))
    found |= set(connection.scalars(select(schema.reject.c.line).where(schema.reject.c.run_id == number)))
    return frozenset(found)


def _counted(connection: Connection, number: int) -> dict[str, int]:
    """How many rows of a run had each outcome, those from before it was stopped too."""
    row, reject = schema.source_row, schema.reject
    query = select(row.c.outcome, func.count().label("rows")).where(row.c.run_id == number).group_by(row.c.outcome)
    noted = select(func.count()).select_from(reject).where(reject.c.run_id == number)
    found = {row.outcome: row.rows for row in connection.execute(query)}
    found["rejected"] = connection.scalar(noted) or 0
    return {name: found[name] for name in sorted(found)}


def shown(name: str) -> str:
    """A file's name as it is kept, without what may be somebody's number."""
    return re.sub(r"[0-9]{9,}", "…", normalise(name))


def _sha256(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        with files.reading(path):
            digest.update(bytes.fromhex(files.sha256_of(path)))
    return digest.hexdigest()
