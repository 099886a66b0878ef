"""A unit's table into the registry: row by row known, matched, new, or a question for a person to decide.

table → rows checked → digest known? → candidates → same: dose added · unsure: new person and a question · else new

Rows are taken over a block at a time, each block in a transaction of its own, all under the registry's lock. A run
that was stopped goes on where it stopped when the same file is given again.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

import msgspec
from sqlalchemy import Connection, func, insert, select, text

from vaxcert import files
from vaxcert.batch import Table, open_table
from vaxcert.errors import InputError, Problem, Reason
from vaxcert.names import normalise
from vaxcert.registry import audit, runs, schema
from vaxcert.registry.database import Registry
from vaxcert.registry.intake import rows
from vaxcert.registry.intake.rows import BadRow, ReadRow
from vaxcert.registry.intake.taking import take
from vaxcert.registry.records.ledger import Ledger
from vaxcert.registry.states import RunKind
from vaxcert.tables.headings import load_mapping
from vaxcert.tables.spellings import FIELDS
from vaxcert.tables.values.days import FIELDS as DATES
from vaxcert.tables.values.days import dates_seen, decide
from vaxcert.tables.values.reading import AS_IT_STANDS, Reading

# Large enough that questions to the database cost little beside their rows.
BLOCK = 1_000
# Changed when rows are understood otherwise: then the same row is another one.
_DIGEST = "row 1"


class ImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """How an import ended. `counts`: rows by outcome: `new` person, `matched`, `known` dose, `again` (the same row),
    `question`, `disputed`, `deleted` (of somebody who was taken out), `rejected`; `problems`: of the rejected ones,
    how many have which. `resumed`: whether it went on with a run that had been stopped, whose rows are counted too.
    """

    run: int
    rows: int
    counts: dict[str, int]
    problems: dict[Problem, int]
    resumed: bool = False


def run(
    registry: Registry,
    path: Path,
    *,
    actor: str,
    mapping: Path | None = None,
    reading: Reading = AS_IT_STANDS,
    progress: Callable[[int], None] = lambda _: None,
) -> ImportReport:
    """Take a table over: CSV, XLSX or Parquet, with the columns of `vaxcert batch` and those of `rows.FIELDS`.

    Raises `ConfigurationError` for a file that is no such table; rows that make no sense are counted, noted and left.
    `reading`: what is decided for its texts as a whole.
    """
    fields = FIELDS | rows.FIELDS
    table = open_table(path, load_mapping(mapping, fields) if mapping else None, fields, reading=reading)
    sha256 = _sha256(table.files)
    # Read to its end before anything is taken over: a file that breaks off, or whose dates contradict, changes nothing.
    decide(dates_seen(_dates(table)), reading.dates, table.place)
    total = 0
    with registry.writing() as connection:
        before = runs.stopped(connection, RunKind.IMPORT, sha256)
        number = before.id if before else runs.begin(
            registry, connection, RunKind.IMPORT, actor, source=_shown(path), sha256=sha256
        )  # fmt: skip
        groups = frozenset(connection.scalars(select(schema.priority_group.c.code)))
        ledger = Ledger(registry, connection, number, actor, f"import of {_shown(path)}")
        connection.commit()
        done = _lines_done(connection, number)
        # Between blocks nothing is held, so that holders can be looked up meanwhile.
        connection.commit()
        for block in _blocks(table, registry, registry.today(), groups):
            block = [one for one in block if one.line not in done]
            total += len(block)
            take(connection, ledger, [one for one in block if isinstance(one, ReadRow)])
            _note(connection, number, [one for one in block if isinstance(one, BadRow)])
            connection.commit()
            progress(total)
        counts = _counted(connection, number)
        problems = dict(Counter(problem for _, problem in rejects(connection, number)))
        rows_of_all = sum(counts.values())
        runs.end(registry, connection, number, counts | {"rows": rows_of_all})
        if total >= BLOCK:
            # Else the database plans by how few rows there were before.
            connection.execute(text("ANALYZE"))
        audit.record(
            registry, connection, actor, "import", run=number, rows=rows_of_all, counts=counts, source_sha256=sha256
        )
    return ImportReport(run=number, rows=rows_of_all, counts=counts, problems=problems, resumed=before is not None)


def _dates(table: Table) -> Iterator[tuple[int, str]]:
    for row in table:
        values = table.values(row)
        yield from ((row.line, values[field]) for field in DATES if field in values)


def _blocks(table: Table, registry: Registry, today: date, groups: frozenset[str]) -> Iterator[list[ReadRow | BadRow]]:
    block: list[ReadRow | BadRow] = []
    for row in table:
        # Rows of one line stay together: a run that is gone on with leaves out the lines that are done.
        if len(block) >= BLOCK and row.line != block[-1].line:
            yield block
            block = []
        values: Mapping[str, str] = table.values(row)
        text = "\x1f".join(f"{name}={values[name]}" for name in sorted(values))
        digest = registry.secrets.hash(_DIGEST, text)
        try:
            profile, dose = rows.read(values, today=today, groups=groups, keeper=registry.secrets,
                                      reading=table.reading)  # fmt: skip
            block.append(ReadRow(row.line, digest, profile, dose))
        except InputError as error:
            block.append(BadRow(row.line, error.problem))
    if block:
        yield block


def _lines_done(connection: Connection, number: int) -> frozenset[int]:
    """The lines that a stopped run had taken over already."""
    found = set(connection.scalars(select(schema.source_row.c.line).where(schema.source_row.c.run_id == number)))
    found |= set(connection.scalars(select(schema.reject.c.line).where(schema.reject.c.run_id == number)))
    return frozenset(found)


def _counted(connection: Connection, number: int) -> dict[str, int]:
    """How many rows of a run had each outcome, those from before it was stopped too."""
    row, reject = schema.source_row, schema.reject
    query = select(row.c.outcome, func.count().label("rows")).where(row.c.run_id == number).group_by(row.c.outcome)
    rejected = select(func.count()).select_from(reject).where(reject.c.run_id == number)
    found = {row.outcome: row.rows for row in connection.execute(query)}
    found["rejected"] = connection.scalar(rejected) or 0
    return {name: found[name] for name in sorted(found)}


def rejects(connection: Connection, number: int) -> Iterator[tuple[int, Problem]]:
    """Yield the lines of an import that made no sense, each with what is wrong with it."""
    table = schema.reject
    for row in connection.execute(select(table).where(table.c.run_id == number).order_by(table.c.line)):
        yield row.line, Problem(row.field, Reason(row.problem), tuple(row.said.items()))


def _note(connection: Connection, number: int, bad: list[BadRow]) -> None:
    if bad:
        noted = [
            {
                "run_id": number,
                "line": one.line,
                "field": one.problem.field,
                "problem": one.problem.reason,
                "said": dict(one.problem.said),
            }
            for one in bad
        ]
        connection.execute(insert(schema.reject), noted)


def _shown(path: Path) -> str:
    """A file's name as it is kept, without what may be somebody's number."""
    return re.sub(r"[0-9]{9,}", "…", normalise(path.name))


def _sha256(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        with files.reading(path):
            digest.update(bytes.fromhex(files.sha256_of(path)))
    return digest.hexdigest()
