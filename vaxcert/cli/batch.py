"""`vaxcert batch`: a table of doses in, an archive of signed codes out."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vaxcert.cli.shared.options import Input, ParamType, format_options, key_options, language_option, named_language
from vaxcert.cli.shared.outputs import Output, Writing
from vaxcert.cli.shared.progress import progress
from vaxcert.cli.shared.saying import say, say_lacking
from vaxcert.cli.shared.signing import beside, login, passphrase_for
from vaxcert.cli.shared.tables.options import reading_of, table_options
from vaxcert.wording.rows import phrase

if TYPE_CHECKING:
    from vaxcert.batch import Report


class Mask(ParamType[int | None]):
    """An option's mask: one of the eight, or None for the best of them."""

    name = "mask"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | None:
        if value == "best":
            return None
        if value not in list("01234567"):
            self.fail('not 0 to 7, nor "best"', param, ctx)
        return int(value)


@click.command(cls=Writing)
@click.argument("table", type=Input())
@key_options(required=False)
@click.option("--out", type=Output(), help="The archive to write, .zip or .parquet.")
@click.option("--shards", type=click.IntRange(1), default=1, help="Archives to write instead of one.")
@click.option("--authority", help="The issuer's name on the certificates.")
@table_options
@click.option("--site", default="", help="Id of the vaccinating site, for rows that name none.")
@click.option("--days", type=click.IntRange(1), default=365, show_default=True, help="Validity.")
@click.option("--pictures", type=click.Choice(["png", "svg"]), default="png", show_default=True)
@click.option("--level", type=click.Choice(["L", "M", "Q", "H"]), default="Q", show_default=True)
@click.option(
    "--mask",
    type=Mask(),
    default="3",
    show_default=True,
    metavar="0-7|best",
    help='Of the codes; "best" weighs all eight and takes a hundred times as long.',
)
@click.option("--scale", type=click.IntRange(1, 64), default=4, show_default=True, help="Pixels a module, in PNG.")
@click.option("--sheets", type=click.Choice(["a4", "cards"]), help="PDFs to print too: a page each, or 8 cards a page.")
@click.option(
    "--names",
    type=click.Choice(["row", "id", "person"]),
    default="row",
    show_default=True,
    help="What pictures are named by; with person the manifest says name and birth date too.",
)
@click.option("--template", type=Input(), help="A changed copy of the package's sheet.typ.")
@format_options
@click.option("--workers", type=click.IntRange(1), help="Processes.  [default: one a core]")
@click.option("--engine", type=click.Choice(["local", "dask"]), default="local", show_default=True)
@click.option("--scheduler", metavar="URL", help="Of a Dask cluster, tcp:// or tls://.  [default: one on this machine]")
@click.option("--rejects", type=Output(dir_okay=False), help="Rows to mend, .csv or .xlsx.  [default: beside --out]")
@click.option("--log", type=Output(), help="Issue log.  [default: issued.jsonl beside the key]")
@click.option("--operator", help="Who issues, for the log.  [default: the login name]")
@click.option("--check", "only_check", is_flag=True, help="Only say how the table is understood, and what is wrong.")
@language_option
def batch(
    table: Path,
    key_path: Path | str | None,
    passphrase_file: Path | None,
    out: Path | None,
    authority: str | None,
    shards: int,
    mapping: Path | None,
    sheet: str | None,
    ignored: tuple[str, ...],
    site: str,
    days: int,
    pictures: str,
    level: str,
    mask: int | None,
    scale: int,
    sheets: str | None,
    names: str,
    template: Path | None,
    format_name: str,
    address: str,
    workers: int | None,
    engine: str,
    scheduler: str | None,
    rejects: Path | None,
    log: Path | None,
    operator: str | None,
    only_check: bool,
    lang: str,
    **read_as: Any,
) -> None:
    """Sign every dose in TABLE (.csv, .xlsx, .xls, .ods, .parquet, or a folder of them): an archive and a manifest.

    Headings are understood in Vietnamese and English, also below title lines; --map names others, and --check shows
    what each column is taken for. One that nothing reads and that looks like people's numbers has to be named, or left
    out by --ignore-column. Dates have the day first, or --dates mdy. All rows are checked before any is signed: bad
    ones go to a table beside the archive, with all that is wrong with each, and the others are issued. A run that was
    stopped goes on by the same command, and ends with every row exactly once.

    Exit status: 0, or 1 where rows were rejected, or with --check a column needs a yes.
    """
    from vaxcert import batch as work
    from vaxcert.batch.checking import read_row
    from vaxcert.cli.shared.tables.surveying import say_survey
    from vaxcert.issue import local_day
    from vaxcert.tables import survey
    from vaxcert.tables.evidence import told_of_dates
    from vaxcert.tables.headings import load_mapping

    workers = workers or os.cpu_count() or 1
    reading = reading_of(**read_as, more=frozenset())
    if only_check:
        named = {} if mapping is None else load_mapping(mapping)
        opened = work.open_table(table, named, sheet=sheet, ignored=ignored, reading=reading)
        understood = survey(opened)
        today = local_day("VN", datetime.now(UTC))
        say_survey(understood, [read_row(row.values, reading, today) for row in understood.sample], lang)
        with progress() as update:
            report = work.check(opened, today=today, workers=workers, progress=update)
        for words in told_of_dates(report.dates, opened):
            say(words.of(lang))
        _say(report)
        sys.exit(1 if report.rejected or understood.suspicious else 0)
    for name, value in (("--key", key_path), ("--out", out), ("--authority", authority)):
        if value is None:
            raise click.UsageError(f"{name} is needed, or --check")
    assert key_path is not None and out is not None and authority is not None  # noqa: S101  (just seen)
    order = work.Order(
        table=table,
        out=out,
        shards=shards,
        key=key_path,
        authority=authority,
        mapping=mapping,
        sheet=sheet,
        ignored=ignored,
        reading=reading,
        rejects=rejects,
        rejects_lang=named_language(lang),
        password=passphrase_for(key_path, passphrase_file) if engine == "local" else None,
        passphrase_file=None if engine == "local" else passphrase_file,
        valid_for=timedelta(days=days),
        site=site,
        format=format_name,
        address=address,
        pictures=pictures,
        level=level,
        mask=mask,
        scale=scale,
        sheets=sheets,
        template=template,
        names=names,
        engine=engine,
        scheduler=scheduler,
        workers=workers,
        log=log or beside(key_path) / "issued.jsonl",
        operator=login() if operator is None else operator,
    )
    try:
        with progress() as update:
            report = work.run(order, progress=update)
    except KeyboardInterrupt:
        say("Stopped. The same command goes on where this left off.", err=True)
        sys.exit(130)
    _say(report)
    _say_where(report, lang)
    sys.exit(1 if report.rejected else 0)


def _say_where(report: Report, lang: str) -> None:
    first = report.outputs[0]
    where = f"{first} and {len(report.outputs) - 1} more" if len(report.outputs) > 1 else f"{first}"
    resumed = f", {report.resumed:,} of them from the stopped run" if report.resumed else ""
    say(f"{report.issued:,} certificates in {where}{resumed}")
    if report.sheets is not None:
        say(f"To print: {report.sheets}")
    if report.lacking:
        places, problems = zip(*report.lacking, strict=True)
        say_lacking(problems, places, lang)
    if report.rejects is not None:
        say(f"{report.rejected:,} rows to correct in {report.rejects}", fg="yellow", bold=True)


def _say(report: Report) -> None:
    say(f"{report.rows:,} rows: {report.issued:,} good, {report.rejected:,} rejected")
    for problem, count in report.problems.items():
        words = phrase(problem)
        say(f"  {count:>7,}  {words.en} / {words.vi}")
