"""A run from its table to its archive, which a stop in the middle only delays.

check all rows → rejects · run folder beside the archive → blocks, each written aside and renamed →
archive, written aside and renamed → the folder goes
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from vaxcert.batch import archive, engine
from vaxcert.batch.block import Rows, Settings, block_name, check_rows, manifest_name, sign_rows
from vaxcert.batch.headings import load_mapping
from vaxcert.batch.order import BLOCK, Order, Progress, Report, silent
from vaxcert.batch.records import in_vietnamese
from vaxcert.batch.runfile import RunFile, closing, sha256_of
from vaxcert.batch.tables import Row, Table, csv_lines, harmless, open_table
from vaxcert.errors import ConfigurationError, InputError
from vaxcert.issue import Issuer, local_day
from vaxcert.trust.signing import SigningKey
from vaxcert.verdict import Environment

_REJECT = ("line", "field", "reason_vi", "reason_en")


class _Checked(NamedTuple):
    rows: int
    bad: dict[int, tuple[str, str]]


def check(table: Table, *, today: date, workers: int = 1, progress: Progress = silent) -> Report:
    """What is wrong with a table; nothing is signed or written."""
    with engine.Local(workers, None) as pool:
        return _report(_checked(table, today, pool, progress), 0)


def run(
    order: Order, *, progress: Progress = silent, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Report:
    """Check a table, sign its good rows, and write the archive; bad rows go to a table beside it.

    A run that was stopped goes on where it was, and ends with every good row exactly once. Raises
    `ConfigurationError`: an archive that is there already, a stopped run of another table or with other options, a
    key that cannot be used, a disk that is full; what was done before stays and is gone on with.
    """
    if order.sheets not in (None, "a4", "cards"):
        raise InputError("sheets", 'not "a4" or "cards"')
    if order.workers < 1:
        raise InputError("workers", "less than one")
    if find_spec("numpy") is None:
        raise ConfigurationError("batches need numpy: pip install 'vaxcert[batch]'")
    if order.out.exists():
        raise ConfigurationError(f"{order.out} is there already: a second run would issue everything twice")
    table = open_table(order.table, {} if order.mapping is None else load_mapping(order.mapping))
    key = SigningKey.load(order.key, password=order.password)
    # Whatever the key, the authority or the site lacks is said before anything is written.
    Issuer(key, country=key.country or "", authority=order.authority, valid_for=order.valid_for, site=order.site)
    with closing(RunFile(order.out, _pins(order, key), now=clock())) as begun:
        today = local_day(key.country or "", begun.moment)
        settings = Settings(
            folder=begun.folder,
            key=order.key,
            password=order.password,
            authority=order.authority,
            site=order.site,
            valid_for=order.valid_for,
            level=order.level,
            mask=order.mask,
            scale=order.scale,
            sheets=order.sheets,
            template=order.template,
            test=key.trusted().environment is Environment.TEST,
            log=order.log,
            operator=order.operator,
            secret=begun.secret,
            moment=begun.moment,
            today=today,
        )
        with engine.Local(order.workers, settings) as pool:
            checked = _checked(table, today, pool, progress)
            rejects = _write_rejects(order.out, table, checked.bad)
            resumed = _sign(table, checked, settings.folder, pool, progress)
        good = checked.rows - len(checked.bad)
        blocks = range(-(-good // BLOCK))
        sheets = None
        if order.sheets is not None:
            sheets = archive.collect_sheets(begun.folder, blocks, order.out.with_name(f"{order.out.stem}.sheets"))
        archive.assemble(begun.folder, blocks, order.out)
        begun.remove()
    return _report(checked, resumed, rejects, sheets)


def _pins(order: Order, key: SigningKey) -> dict[str, object]:
    return {
        "table": sha256_of(order.table),
        "mapping": None if order.mapping is None else sha256_of(order.mapping),
        "key": key.kid.hex(),
        "authority": order.authority,
        "site": order.site,
        "validity": order.valid_for.total_seconds(),
        "level": order.level,
        "mask": order.mask,
        "scale": order.scale,
        "sheets": order.sheets,
        "template": None if order.template is None else sha256_of(order.template),
        "block": BLOCK,
    }


def _checked(table: Table, today: date, pool: engine.Local, progress: Progress) -> _Checked:
    total = done = 0
    bad: dict[int, tuple[str, str]] = {}
    seen: dict[bytes, int] = {}
    later: list[tuple[int, bytes]] = []
    jobs = ((rows, today) for rows in _blocks(table, lambda row: True))
    for (rows, _), results in pool.over(check_rows, jobs):
        for line, what, problem in results:
            if problem is not None:
                bad[line] = problem
            else:
                # Blocks come in any order; of rows that state the same dose the first stays.
                first = seen.setdefault(what, line)
                if first != line:
                    seen[what] = min(first, line)
                    later.append((max(first, line), what))
        total += len(rows)
        done += len(rows)
        progress("check", done, 0)
    for line, what in later:
        bad[line] = ("row", f"the same dose as in row {seen[what]}")
    return _Checked(total, bad)


def _sign(table: Table, checked: _Checked, folder: Path, pool: engine.Local, progress: Progress) -> int:
    """Sign the blocks that are not there yet; how many certificates were there already."""
    total = checked.rows - len(checked.bad)
    resumed = 0

    def missing() -> Iterator[tuple[int, Rows]]:
        nonlocal resumed
        for number, rows in enumerate(_blocks(table, lambda row: row.line not in checked.bad)):
            there = folder / block_name(number)
            if there.exists() and (folder / manifest_name(number)).exists():
                resumed += len(rows)
            else:
                yield number, rows

    done = 0
    for _, count in pool.over(sign_rows, missing()):
        done += count
        progress("sign", done + resumed, total)
    return resumed


def _blocks(table: Table, wanted: Callable[[Row], bool]) -> Iterator[Rows]:
    rows: Rows = []
    for row in table:
        if wanted(row):
            rows.append((row.line, table.values(row)))
            if len(rows) == BLOCK:
                yield rows
                rows = []
    if rows:
        yield rows


def _write_rejects(out: Path, table: Table, bad: dict[int, tuple[str, str]]) -> Path | None:
    """The bad rows with what is wrong with each, in the columns that they came in, to be corrected and run again."""
    path = out.with_name(f"{out.stem}.rejects.csv")
    if not bad:
        path.unlink(missing_ok=True)
        return None
    try:
        # People's data: for the owner alone.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as stream:
            stream.write(csv_lines((*table.columns, *_REJECT)))
            for row in table:
                if row.line in bad:
                    field, problem = bad[row.line]
                    reasons = (str(row.line), field, in_vietnamese(field, problem), f"{field}: {problem}")
                    cells = map(harmless, row.cells[: len(table.columns)])
                    stream.write(csv_lines((*cells, *reasons)))
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}") from None
    return path


def _report(checked: _Checked, resumed: int, rejects: Path | None = None, sheets: Path | None = None) -> Report:
    problems = Counter(f"{field}: {problem.partition(' row ')[0]}" for field, problem in checked.bad.values())
    return Report(
        rows=checked.rows,
        issued=checked.rows - len(checked.bad),
        rejected=len(checked.bad),
        problems=dict(problems.most_common()),
        rejects=rejects,
        sheets=sheets,
        resumed=resumed,
    )
