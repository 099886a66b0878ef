"""A run from its table to its archive, which a stop in the middle only delays.

table ─parts→ all rows checked → rejects · run folder beside the archive ─parts→ blocks, signed and drawn →
the issue log → archives, each packed aside and renamed → the folder goes
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from vaxcert import files
from vaxcert.batch import archive, block, paper
from vaxcert.batch.order import (
    BLOCK,
    KeySource,
    Order,
    Progress,
    Report,
    RunSettings,
    silent,
)
from vaxcert.batch.runfile import RunFile, closing, pins_of, sha256_of
from vaxcert.errors import ConfigurationError, Problem, Reason
from vaxcert.extras import need
from vaxcert.issue import local_day
from vaxcert.issuelog import IssueLog
from vaxcert.tables.delimited import RowsHeld
from vaxcert.tables.headings import load_mapping
from vaxcert.tables.parts import Part, line_and_dose
from vaxcert.tables.survey import survey
from vaxcert.tables.table import Table, open_table
from vaxcert.tables.table import files as files_of
from vaxcert.tables.values.days import DatesSeen, decide
from vaxcert.tables.writing import rejects

if TYPE_CHECKING:
    from vaxcert.batch.engine import Engine
    from vaxcert.batch.worker import Signatory


class _Checked(NamedTuple):
    rows: int
    parts: int
    bad: int
    problems: Counter[Problem]
    doubles: dict[int, int]
    dates: DatesSeen
    failed: block.Failed

    @property
    def good(self) -> int:
        return self.rows - self.bad


def check(table: Table, *, today: date, workers: int = 1, progress: Progress = silent) -> Report:
    """Report what is wrong with a table; nothing is signed or written."""
    need(("numpy",), "batch")
    from vaxcert.batch.engine import Local

    with Local(workers) as engine:
        return _report(_checked(table, today, engine, None, progress))


def run(
    order: Order, *, progress: Progress = silent, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Report:
    """Check a table, sign its good rows, and write the archive; bad rows go to a table beside it.

    A run that was stopped goes on where it was, and ends with every good row exactly once. Raises
    `ConfigurationError`: an archive that is there already, a stopped run of another table or with other options, a
    key that cannot be used, a disk that is full; what was done before stays and is gone on with.
    """
    _check_order(order)
    need(("numpy",), "batch")
    if order.engine == "dask":
        order = order.absolute()
    from vaxcert.batch.worker import examine
    from vaxcert.qr.plan import check_choice
    from vaxcert.qr.png import check_scale

    check_choice(order.level, order.mask)
    check_scale(order.scale)
    if order.sheets is not None:
        paper.ready(order.template)
    outputs = archive.names(order.out, order.shards)
    folder = RunFile.folder_of(order.out)
    for out in outputs:
        archive.stands(folder, out)
    mapping = {} if order.mapping is None else load_mapping(order.mapping)
    table = open_table(order.table, mapping, sheet=order.sheet, ignored=order.ignored, reading=order.reading)
    understood = survey(table)
    understood.require()
    source = KeySource(order.key, order.password, order.passphrase_file)
    with ExitStack() as stack:
        engine = stack.enter_context(_engine(order))
        signatory = engine.once(examine, source, order)
        begun = stack.enter_context(
            closing(RunFile(order.out, pins_of(order, table, understood, signatory.kid), now=clock()))
        )
        settings = _settings(order, source, signatory, begun)
        checked = _checked(table, settings.today, engine, folder, progress)
        written = _write_rejects(order, table, checked, folder)
        resumed, checked = _sign(table, checked, settings, engine, progress)
        if checked.failed:
            written = _write_rejects(order, table, checked, folder)
        if sha256_of(*table.files) != begun.pins["table"]:
            raise ConfigurationError(
                f"{order.table} changed while it was read: nothing of it leaves {folder}", Reason.CHANGED_MEANWHILE
            )
        numbers = range(checked.parts)
        if order.log is not None:
            begun.once("logged", partial(_log, folder, numbers, IssueLog(order.log)))
        sheets = None
        lacking: tuple[tuple[str, Problem], ...] = ()
        if order.sheets is not None:
            lacking = archive.lacking(folder, numbers, table.place)
            sheets = archive.collect_sheets(folder, numbers, order.out.with_name(f"{order.out.stem}.sheets"))
        _pack(folder, numbers, outputs, engine, progress)
        begun.remove()
    return _report(
        checked,
        outputs=tuple(outputs),
        rejects=written,
        sheets=sheets,
        lacking=lacking,
        resumed=resumed,
        survey=understood.kept(),
    )


def _check_order(order: Order) -> None:
    order.check_choices()
    beside = _rejects_path(order)
    rejects.check_path(beside)
    if beside.exists() and any(beside.samefile(one) for one in files_of(order.table)):
        raise ConfigurationError(
            f"{beside}: the rows that are refused go there, and it is the table itself; give another --out",
            Reason.OUTPUT_NEEDED,
        )
    if order.engine == "dask" and order.password is not None:
        raise ConfigurationError(
            "a passphrase is not sent to a cluster: give a file that its workers can read, or set VAXCERT_PASSPHRASE "
            "in their environment"
        )


def _engine(order: Order) -> AbstractContextManager[Engine]:
    if order.engine == "dask":
        from vaxcert.batch.cluster import Cluster

        return Cluster(order.scheduler, order.workers, order.out.parent)
    from vaxcert.batch.engine import Local

    return Local(order.workers)


def _settings(order: Order, source: KeySource, signatory: Signatory, begun: RunFile) -> RunSettings:
    return RunSettings(
        folder=begun.folder,
        source=source,
        authority=order.authority,
        site=order.site,
        format=order.format,
        address=order.address,
        valid_for=order.valid_for,
        pictures=order.pictures,
        level=order.level,
        mask=order.mask,
        scale=order.scale,
        sheets=order.sheets,
        template=order.template,
        names=order.names,
        test=signatory.test,
        operator=order.operator,
        moment=begun.moment,
        today=local_day(signatory.country, begun.moment),
    )


def _parts(table: Table, engine: Engine) -> Iterator[Part]:
    for part in table.parts(BLOCK):
        if engine.is_remote and isinstance(getattr(part.piece, "piece", part.piece), RowsHeld):
            raise ConfigurationError(
                f"{table.path}: rows are not sent to a cluster: give UTF-8 CSV or Parquet that its workers can read",
                Reason.FORM_UNKNOWN,
            )
        yield part


def _checked(table: Table, today: date, engine: Engine, folder: Path | None, progress: Progress) -> _Checked:
    from vaxcert.batch.checking import check_part, doubles, stated_name

    rows = parts = bad = 0
    dates = DatesSeen()
    problems: Counter[Problem] = Counter()
    held: list[bytes] = []
    for _, checked in engine.over(check_part, ((part, today, folder) for part in _parts(table, engine))):
        rows += checked.rows
        parts += 1
        bad += checked.rejected
        dates |= checked.dates
        problems += checked.problems
        held.append(checked.stated)
        progress("check", rows, 0)
    decide(dates, table.reading.dates, table.place)

    def stated() -> Iterable[bytes]:
        return held if folder is None else ((folder / stated_name(number)).read_bytes() for number in range(parts))

    again = doubles(stated)
    problems[Problem("row", Reason.SAME_DOSE_AS_ROW)] += len(again)
    return _Checked(rows, parts, bad + len(again), +problems, again, dates, {})


def _sign(
    table: Table, checked: _Checked, settings: RunSettings, engine: Engine, progress: Progress
) -> tuple[int, _Checked]:
    """Have all blocks made; return how many certificates were there already, and what could not be signed as well."""
    from vaxcert.batch.rejects import rows_of
    from vaxcert.batch.worker import sign_part

    resumed = sum(block.count(settings.folder, number) or 0 for number in range(checked.parts))
    done = 0
    jobs = ((settings, part, rows_of(part, checked.doubles)) for part in _parts(table, engine))
    for _, count in engine.over(sign_part, jobs):
        done += count
        progress("sign", done, checked.good)
    if done != checked.good:
        failed: block.Failed = {}
        for number in range(checked.parts):
            failed |= block.failed(settings.folder, number)
        problems = checked.problems + Counter(failed.values())
        checked = checked._replace(bad=checked.bad + len(failed), problems=problems, failed=failed)
    if done != checked.good:
        raise ConfigurationError(
            f"{done} certificates for {checked.good} good rows: {table.path} changed meanwhile",
            Reason.CHANGED_MEANWHILE,
        )
    return resumed, checked


def _log(folder: Path, numbers: range, log: IssueLog) -> None:
    for number in numbers:
        with files.reading(folder):
            log.extend_lines(block.held(folder, number, block.LOG))


def _pack(folder: Path, numbers: range, outputs: list[Path], engine: Engine, progress: Progress) -> None:
    # Blocks are in the table's order, and so are the shards.
    step, more = divmod(len(numbers), len(outputs))
    jobs, start = [], 0
    for index, out in enumerate(outputs):
        end = start + step + (index < more)
        jobs.append((folder, numbers[start:end], out))
        start = end
    done = 0
    for _, count in engine.over(archive.pack, jobs):
        done += count
        progress("pack", done, len(numbers))


def _write_rejects(order: Order, table: Table, checked: _Checked, folder: Path) -> Path | None:
    """Write the bad rows beside the archive, to be corrected and run again; what is wrong with none by itself last."""
    from vaxcert.batch.rejects import write

    path = _rejects_path(order)
    if not checked.problems:
        path.unlink(missing_ok=True)
        return None
    doubles = {
        line: Problem("row", Reason.SAME_DOSE_AS_ROW, (("row", table.place(line_and_dose(first)[0])),))
        for line, first in checked.doubles.items()
    }
    write(path, table, folder, checked.parts, doubles | checked.failed, order.rejects_lang)
    return path


def _rejects_path(order: Order) -> Path:
    """Where the table of rejects goes: a workbook where the rows came from one."""
    if order.rejects is not None:
        return order.rejects
    return order.out.with_name(f"{order.out.stem}.rejects{rejects.ending(files_of(order.table))}")


def _report(checked: _Checked, **ended: Any) -> Report:
    problems = dict(checked.problems.most_common())
    return Report(
        rows=checked.rows, issued=checked.good, rejected=checked.bad, problems=problems, dates=checked.dates, **ended
    )
