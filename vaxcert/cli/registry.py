"""`vaxcert registry`: records in, questions answered, corrections, and what can be taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from vaxcert.cli.desk import NUMBER, Desk, desk, say_row, say_side
from vaxcert.cli.shared import FILE, login
from vaxcert.errors import ConfigurationError
from vaxcert.names import printable


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
    who = login() or "?"
    # Whoever takes another name is written down with their own.
    context.obj = Desk(url, key_file, printable(who if actor in (None, who) else f"{actor} ({who})")[-80:])


_DIGITS = 10
_IN_VIETNAMESE = {"same": "giống", "different": "khác", "first": "một", "second": "hai", "both": "cả hai"}


@registry.command()
@desk
def init(at: Desk) -> None:
    """Make the tables in an empty database, and the key where there is none."""
    from vaxcert.registry import Registry

    made_key = not at.key_file.exists()
    with Registry.create(at.url, at.key_file):
        click.echo("The registry is ready.")
    if made_key:
        click.echo(
            f"Its key is {at.key_file}: keep a copy in another place. Without it no identity number, telephone or"
        )
        click.echo("certificate in the registry can be read again. Names and doses can: guard the database too.")


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
    from vaxcert.cli.progress import progress
    from vaxcert.registry.intake import importing
    from vaxcert.tables.table import files

    failed = 0
    with at.open() as found:
        for path in [file for table in tables for file in files(table)]:
            name = printable(path.name)
            try:
                with progress() as told:
                    report = importing.run(
                        found, path, actor=at.actor, mapping=mapping, progress=lambda done: told("rows", done, 0)
                    )
            except ConfigurationError as error:
                failed += 1
                click.echo(f"{name}: nothing was taken over: {error}", err=True)
                continue
            except KeyboardInterrupt:
                click.echo(
                    f"{name}: stopped half-way. Give the same file again, or take it back (`registry runs`).", err=True
                )
                raise
            counts = ", ".join(f"{number} {name}" for name, number in report.counts.items() if number)
            click.echo(f"{name}: run {report.run}, {report.rows} rows: {counts or 'none'}")
            for problem, number in sorted(report.problems.items()):
                click.echo(f"  {number} × {problem}")
    if failed:
        raise ConfigurationError(f"{failed} of the tables could not be taken over")


@registry.command()
@desk
def runs(at: Desk) -> None:
    """List imports, corrections, decisions and issuing runs.

    A run that was stopped half-way goes on when the same file is given again; `undo` takes it back.
    """
    from vaxcert.registry import runs as module

    with at.open() as found:
        busy = found.busy()
        for run in module.listed(found):
            state = "stopped" if run.state == module.RUNNING and not busy else run.state
            counts = ", ".join(
                f"{number} {name}" for name, number in run.counts.items() if isinstance(number, int) and number
            )
            click.echo(printable(f"{run.id:>5}  {run.started_at:%Y-%m-%d %H:%M}  {state:<8} {run.kind:<10} "
                                 f"{run.actor}  {run.source} {counts}".rstrip()))  # fmt: skip


@registry.command()
@click.argument("run", type=NUMBER)
@desk
def rejects(at: Desk, run: int) -> None:
    """Print which lines of an import made no sense, and why, as CSV."""
    from sqlalchemy import select

    from vaxcert.registry import schema
    from vaxcert.registry.intake import rows

    table = schema.reject
    with at.open() as found, found.reading() as connection:
        if connection.scalar(select(schema.run.c.kind).where(schema.run.c.id == run)) != "import":
            raise ConfigurationError(f"run {run}: no import")
        say_row("line", "field", "problem", "problem_vi")
        for row in connection.execute(select(table).where(table.c.run_id == run).order_by(table.c.line)):
            say_row(row.line, row.field, row.problem, rows.in_vietnamese(row.field, row.problem))


@registry.command()
@click.argument("run", type=NUMBER)
@click.option("--withdraw", is_flag=True, help="Of an import: withdraw its doses; their certificates are revoked next.")
@click.option("--reason", default="", help="With --withdraw: why. It is kept: write no name or number.")
@desk
def undo(at: Desk, run: int, withdraw: bool, reason: str) -> None:
    """Take an import, a correction or decisions back exactly, unless something later builds upon them.

    A wrong import from which certificates were issued already is not taken back but withdrawn, with --withdraw.
    """
    from vaxcert.registry import runs as module
    from vaxcert.registry.care import changing

    with at.open() as found:
        if withdraw:
            number, left = changing.withdraw(found, run, actor=at.actor, reason=reason)
            click.echo(f"The doses of run {run} are withdrawn, as run {number}; `issue` revokes their certificates.")
            if left:
                click.echo(f"{left} stay: other tables state them too.")
            return
        gone = module.undo(found, run, actor=at.actor)
    told = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in gone.items() if number)
    click.echo(f"Run {run} is taken back: {told or 'nothing was in it'}.")


@registry.command()
@click.option("--first", type=click.IntRange(1), default=20, show_default=True, help="So many questions.")
@desk
def review(at: Desk, first: int) -> None:
    """Show what only a person can decide: is it one person, which record of a dose is right."""
    from vaxcert.registry.care import reviewing
    from vaxcert.registry.records import likeness

    with at.open() as found:
        for question in reviewing.questions(found, first=first, actor=at.actor):
            click.secho(f"{question.id}. {question.kind}: {question.reasons}", bold=True)
            click.secho(f"   {likeness.in_vietnamese(question.reasons)}")
            for side in (question.first, question.second):
                say_side(side)
            answers = (f"{question.id}={one} ({_IN_VIETNAMESE[one]})" for one in reviewing.DECISIONS[question.kind])
            click.echo(f"   {'   '.join(answers)}")
        waiting = reviewing.waiting(found)
        click.echo(f"{waiting} questions are open. / Còn {waiting} câu hỏi.")


@registry.command()
@click.argument("answers", nargs=-1, metavar="NUMBER=ANSWER…")
@click.option("--from", "source", type=click.File("r", encoding="utf-8"), help="NUMBER=ANSWER, one a line.")
@desk
def decide(at: Desk, answers: tuple[str, ...], source: Any) -> None:
    """Answer questions: 17=same 18=different (people), 19=first 20=second 21=both (doses).

    Also in Vietnamese: giống, khác, một, hai, cả hai.
    """
    from vaxcert.names import plain
    from vaxcert.registry.care import reviewing

    understood = {plain(vietnamese): answer for answer, vietnamese in _IN_VIETNAMESE.items()}

    given = []
    for line in filter(None, (line.strip("\ufeff \r\n") for line in (*answers, *(source or ())))):
        number, _, decision = line.partition("=")
        if not (number.isascii() and number.isdecimal() and len(number) < _DIGITS) or not decision:
            raise click.BadParameter(f"not NUMBER=ANSWER: {printable(line[:40])}")
        answer = (int(number), understood.get(plain(decision), decision.strip().lower()))
        if answer not in given:
            given.append(answer)
    if not given:
        raise click.UsageError("give NUMBER=ANSWER, or --from FILE")
    with at.open() as found:
        run = reviewing.decide_all(found, given, actor=at.actor)
    click.echo(f"{len(given)} decided, as run {run}.")


@registry.command()
@click.argument("what", type=click.Choice(["person", "dose"]))
@click.argument("number", type=NUMBER)
@click.argument("changes", nargs=-1, required=True, metavar="FIELD=VALUE…")
@click.option("--reason", required=True, help="Why. It is kept for good: write no name or number.")
@desk
def correct(at: Desk, what: str, number: int, changes: tuple[str, ...], reason: str) -> None:
    """Correct a person or dose. The old version is kept; the next `issue` replaces the certificate.

    A dose that was never given: `correct dose 17 state=withdrawn --reason …`.
    """
    from vaxcert.registry.care import changing
    from vaxcert.tables.records import birth_date, day

    given: dict[str, Any] = {}
    for change in changes:
        name, equals, value = change.partition("=")
        if not equals:
            raise click.BadParameter(f"not FIELD=VALUE: {printable(name[:40])}")
        given[name] = value
    with at.open() as found:
        if what == "person":
            if "date_of_birth" in given:
                given["date_of_birth"] = birth_date(given["date_of_birth"])
            run = changing.correct_person(found, number, given, actor=at.actor, reason=reason)
        else:
            try:
                given |= {name: int(given[name]) for name in ("number", "series") if name in given}
            except ValueError:
                raise click.BadParameter("number and series are whole numbers") from None
            given |= {"date": day(given["date"])} if "date" in given else {}
            run = changing.correct_dose(found, number, given, actor=at.actor, reason=reason)
    click.echo(f"Corrected, as run {run}.")


@registry.command()
@click.option("--from", "source", type=FILE, help="CSV: code, name_vi, name_en. These take the place of all others.")
@desk
def groups(at: Desk, source: Path | None) -> None:
    """List the priority groups, or set them."""
    from vaxcert.registry import groups as module
    from vaxcert.registry.intake import lists

    with at.open() as found:
        if source is not None:
            lists.change_groups(found, lists.read_groups(source), actor=at.actor)
        with found.reading() as connection:
            held = module.listed(connection)
        for one in held:
            click.echo(f"{one.code:<4} {one.name_vi} / {one.name_en}")


@registry.command()
@click.argument("kind", type=click.Choice(["sites", "deliveries", "targets"]))
@click.argument("table", type=FILE)
@desk
def load(at: Desk, kind: str, table: Path) -> None:
    """Take over a CSV: sites (site, name, district), deliveries (site, lot, product, doses, received_on), or
    targets (district, priority_group, people)."""
    from vaxcert.registry.intake import lists

    with at.open() as found:
        click.echo(f"{lists.load(found, kind, table, actor=at.actor)} rows.")
