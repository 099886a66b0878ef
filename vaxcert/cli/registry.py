"""`vaxcert registry`: records in, questions answered, corrections, and what can be taken back."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from vaxcert.cli.shared import FILE
from vaxcert.errors import ConfigurationError
from vaxcert.names import printable

if TYPE_CHECKING:
    from vaxcert.registry import Registry
    from vaxcert.registry.now import Side

_F = TypeVar("_F", bound=Callable[..., Any])


@click.group()
@click.option(
    "--db", "url", envvar="VAXCERT_DB", default="sqlite:///registry.db", show_default=True, metavar="URL",
    help="sqlite:///FILE or postgresql://…  [env: VAXCERT_DB]",
)  # fmt: skip
@click.option(
    "--key", "key_file", envvar="VAXCERT_REGISTRY_KEY", default="registry.key", show_default=True, metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The key for identity and telephone numbers; keep it apart from the database.  [env: VAXCERT_REGISTRY_KEY]",
)  # fmt: skip
@click.option("--actor", envvar="VAXCERT_ACTOR", help="Who acts, for the audit log.  [default: the login name]")
@click.pass_context
def registry(context: click.Context, url: str, key_file: Path, actor: str | None) -> None:
    """Keep the records of every unit in one place; issue, look up and count from them.

    \b
    vaxcert registry init                          once: the tables and the key
    vaxcert registry import unit-01.csv …          again and again; a file twice changes nothing
    vaxcert registry review                        what only a person can decide
    vaxcert registry check                         what of the records cannot be whole or right
    vaxcert registry issue --signing-key keys --authority "…"
    vaxcert registry coverage --by district --chart coverage.svg
    """
    context.obj = Desk(url, key_file, printable(actor or getpass.getuser())[:80])


class Desk:
    """Which registry, and who is at work."""

    def __init__(self, url: str, key_file: Path, actor: str) -> None:
        self.url, self.key_file, self.actor = url, key_file, actor

    @contextmanager
    def open(self) -> Iterator[Registry]:
        """The registry. Raises `ConfigurationError`, without the database's own words: they may quote a record."""
        needed()
        from sqlalchemy.exc import SQLAlchemyError

        from vaxcert.registry import Registry

        try:
            with Registry.open(self.url, self.key_file) as found:
                yield found
        except SQLAlchemyError as error:
            kind = type(getattr(error, "orig", None) or error).__name__
            raise ConfigurationError(f"the registry's database: {kind}") from None


def needed() -> None:
    """Raise `ConfigurationError` where what a registry stands on is not installed."""
    from importlib.util import find_spec

    for module in ("sqlalchemy", "alembic", "rapidfuzz", "numpy"):
        if find_spec(module) is None:
            raise ConfigurationError(f"{module} is missing: pip install 'vaxcert[registry]'")


desk = click.pass_obj


def say_row(*cells: Any) -> None:
    """A row of CSV on standard output, which no spreadsheet takes for more than text."""
    from vaxcert.batch.delimited import harmless, lines

    click.echo(lines([harmless(printable(cell)) if isinstance(cell, str) else str(cell) for cell in cells]), nl=False)


def say_side(side: Side) -> None:
    """Somebody's record in a line, for whoever has to tell people apart."""
    told = (*side[1:-1], *side.doses)
    click.echo(f"   {side.number:>7}  " + " | ".join(printable(text) for text in told if text))


@registry.command()
@desk
def init(at: Desk) -> None:
    """Make the tables in an empty database, and the key where there is none."""
    needed()
    from vaxcert.registry import Registry

    made_key = not at.key_file.exists()
    with Registry.create(at.url, at.key_file):
        click.echo("The registry is ready.")
    if made_key:
        click.echo(f"Its key is {at.key_file}: keep a copy apart from the database, which is of no use without.")


@registry.command("import")
@click.argument("tables", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--map", "mapping", type=FILE, help="JSON: heading → field, for headings that are not understood.")
@desk
def import_(at: Desk, tables: tuple[Path, ...], mapping: Path | None) -> None:
    """Take over units' tables: CSV, XLSX or Parquet, or a folder of them; each is a run of its own.

    Rows that are there already change nothing. What is not sure to be the same person becomes a question
    (`review`), and rows that make no sense are noted with their line (`rejects`). A stopped import goes on when the
    same file is given again.
    """
    from vaxcert.batch.tables import files
    from vaxcert.cli.progress import progress
    from vaxcert.registry import importing

    with at.open() as found:
        for path in [file for table in tables for file in files(table)]:
            with progress() as told:
                report = importing.run(
                    found, path, actor=at.actor, mapping=mapping, progress=lambda done: told("rows", done, 0)
                )
            counts = ", ".join(f"{number} {name}" for name, number in report.counts.items() if number)
            click.echo(f"{path.name}: run {report.run}, {report.rows} rows: {counts or 'none'}")
            for problem, number in sorted(report.problems.items()):
                click.echo(f"  {number} × {problem}")


@registry.command()
@desk
def runs(at: Desk) -> None:
    """List imports, corrections, decisions and issuing runs."""
    from vaxcert.registry import runs as module

    with at.open() as found:
        for run in module.listed(found):
            counts = ", ".join(f"{number} {name}" for name, number in run.counts.items() if number)
            click.echo(printable(f"{run.id:>5}  {run.started_at:%Y-%m-%d %H:%M}  {run.state:<8} {run.kind:<10} "
                                 f"{run.actor}  {run.source} {counts}".rstrip()))  # fmt: skip


@registry.command()
@click.argument("run", type=int)
@desk
def rejects(at: Desk, run: int) -> None:
    """Print which lines of an import made no sense, and why, as CSV."""
    from sqlalchemy import select

    from vaxcert.registry import rows, schema

    table = schema.reject
    say_row("line", "field", "problem", "problem_vi")
    with at.open() as found, found.reading() as connection:
        for row in connection.execute(select(table).where(table.c.run_id == run).order_by(table.c.line)):
            say_row(row.line, row.field, row.problem, rows.in_vietnamese(row.field, row.problem))


@registry.command()
@click.argument("run", type=int)
@desk
def undo(at: Desk, run: int) -> None:
    """Take an import, a correction or decisions back exactly, unless something later builds upon them."""
    from vaxcert.registry import runs as module

    with at.open() as found:
        gone = module.undo(found, run, actor=at.actor)
    click.echo(f"Run {run} is taken back: {gone['person']} people, {gone['dose']} doses, {gone['review']} questions.")


@registry.command()
@click.option("--first", type=click.IntRange(1), default=20, show_default=True, help="So many questions.")
@desk
def review(at: Desk, first: int) -> None:
    """Show what only a person can decide: is it one person, which record of a dose is right."""
    from vaxcert.registry import likeness, reviewing

    with at.open() as found:
        for question in reviewing.questions(found, first=first):
            click.secho(f"{question.id}. {question.kind}: {question.reasons}", bold=True)
            click.secho(f"   {likeness.in_vietnamese(question.reasons)}")
            for side in (question.first, question.second):
                say_side(side)
            click.echo(f"   answers: {', '.join(reviewing.DECISIONS[question.kind])}")
        click.echo(f"{reviewing.waiting(found)} questions are open.")


@registry.command()
@click.argument("answers", nargs=-1, metavar="NUMBER=ANSWER…")
@click.option("--from", "source", type=click.File("r", encoding="utf-8"), help="NUMBER=ANSWER, one a line.")
@desk
def decide(at: Desk, answers: tuple[str, ...], source: Any) -> None:
    """Answer questions: 17=same 18=different (people), 19=first 20=second 21=both (doses)."""
    from vaxcert.registry import reviewing

    lines = [*answers, *((line.strip() for line in source) if source else ())]
    given = []
    for line in filter(None, lines):
        number, _, decision = line.partition("=")
        if not number.isdecimal() or not decision:
            raise click.BadParameter(f"not NUMBER=ANSWER: {line[:40]}")
        given.append((int(number), decision))
    if not given:
        raise click.UsageError("give NUMBER=ANSWER, or --from FILE")
    with at.open() as found:
        run = reviewing.decide_all(found, given, actor=at.actor)
    click.echo(f"{len(given)} decided, as run {run}.")


@registry.command()
@click.argument("what", type=click.Choice(["person", "dose"]))
@click.argument("number", type=int)
@click.argument("changes", nargs=-1, required=True, metavar="FIELD=VALUE…")
@click.option("--reason", required=True, help="Why: it is kept with the change.")
@desk
def correct(at: Desk, what: str, number: int, changes: tuple[str, ...], reason: str) -> None:
    """Correct a person or dose. The old version is kept; the next `issue` replaces the certificate.

    A dose that was never given: `correct dose 17 state=withdrawn --reason …`.
    """
    from datetime import date

    from vaxcert.registry import changing

    given: dict[str, Any] = {}
    for change in changes:
        name, _, value = change.partition("=")
        given[name] = value
    with at.open() as found:
        if what == "person":
            run = changing.correct_person(found, number, given, actor=at.actor, reason=reason)
        else:
            try:
                given |= {name: int(given[name]) for name in ("number", "series") if name in given}
                given |= {"date": date.fromisoformat(given["date"])} if "date" in given else {}
            except ValueError:
                raise click.BadParameter("number and series are whole numbers, date is YYYY-MM-DD") from None
            run = changing.correct_dose(found, number, given, actor=at.actor, reason=reason)
    click.echo(f"Corrected, as run {run}.")


@registry.command()
@click.option("--from", "source", type=FILE, help="CSV: code, name_vi, name_en. These take the place of all others.")
@desk
def groups(at: Desk, source: Path | None) -> None:
    """List the priority groups, or set them."""
    from vaxcert.registry import groups as module

    with at.open() as found:
        if source is not None:
            module.change(found, module.read(source), actor=at.actor)
        for one in module.listed(found):
            click.echo(f"{one.code:<4} {one.name_vi} / {one.name_en}")


@registry.command()
@click.argument("kind", type=click.Choice(["sites", "deliveries", "targets"]))
@click.argument("table", type=FILE)
@desk
def load(at: Desk, kind: str, table: Path) -> None:
    """Take over a CSV: sites (site, name, district), deliveries (site, lot, product, doses, received_on), or
    targets (district, priority_group, people)."""
    from vaxcert.registry import stock

    with at.open() as found:
        click.echo(f"{stock.load(found, kind, table, actor=at.actor)} rows.")
