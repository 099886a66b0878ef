"""`vaxcert registry`: records in, and what can be taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from vaxcert.cli.registry.office import NUMBER, Office, at_office, say_row
from vaxcert.cli.shared.options import FILE, Existing
from vaxcert.cli.shared.reading import reading_of, reading_options
from vaxcert.cli.shared.saying import say
from vaxcert.errors import ConfigurationError, NotFoundError, Reason
from vaxcert.wording.rows import phrase


@click.command()
@at_office
def init(at: Office) -> None:
    """Make the tables in an empty database, and the key where there is none."""
    from vaxcert.registry import Registry

    made_key = not at.key_file.exists()
    with Registry.create(at.url, at.key_file):
        say("The registry is ready.")
    if made_key:
        say(f"Its key is {at.key_file}: keep a copy in another place. Without it no identity number, telephone or")
        say("certificate in the registry can be read again. Names and doses can: guard the database too.")


@click.command("import")
@click.argument("tables", nargs=-1, required=True, type=Existing())
@click.option("--map", "mapping", type=FILE, help="JSON: heading → field, for headings that are not understood.")
@reading_options
@at_office
def import_(at: Office, tables: tuple[Path, ...], mapping: Path | None, **read_as: Any) -> None:
    """Take over units' tables: CSV, XLSX or Parquet, or a folder of them; each is a run of its own.

    Rows that are there already change nothing. What is not sure to be the same person becomes a question
    (`review`), and rows that make no sense are noted with their line (`rejects`). A stopped import goes on when the
    same file is given again.
    """
    from vaxcert.cli.shared.progress import progress
    from vaxcert.registry.intake import importing, rows
    from vaxcert.tables.table import files

    reading = reading_of(**read_as, more=rows.FIELDS)
    failed: list[ConfigurationError] = []
    with at.open() as found:
        for path in [file for table in tables for file in files(table)]:
            name = path.name
            try:
                with progress() as told:
                    report = importing.run(
                        found, path, actor=at.actor, mapping=mapping, reading=reading,
                        progress=lambda done: told("rows", done, 0),
                    )  # fmt: skip
            except ConfigurationError as error:
                failed.append(error)
                say(f"{name}: nothing was taken over: {error.detail} ({error.reason})", err=True)
                continue
            except KeyboardInterrupt:
                say(f"{name}: stopped half-way. Give the same file again, or take it back (`registry runs`).", err=True)
                raise
            counts = ", ".join(f"{number} {name}" for name, number in report.counts.items() if number)
            say(f"{name}: run {report.run}, {report.rows} rows: {counts or 'none'}")
            for problem, number in sorted(report.problems.items(), key=str):
                words = phrase(problem)
                say(f"  {number} × {words.en} / {words.vi}")
    if failed:
        # Of the kind that all of them are.
        kinds = {(type(error), error.reason) for error in failed}
        kind, reason = kinds.pop() if len(kinds) == 1 else (ConfigurationError, None)
        raise kind(f"{len(failed)} of the tables could not be taken over", reason)


@click.command()
@at_office
def runs(at: Office) -> None:
    """List imports, corrections, decisions and issuing runs.

    A run that was stopped half-way goes on when the same file is given again; `undo` takes it back.
    """
    from vaxcert.registry import runs as module
    from vaxcert.registry.states import RunState

    with at.open() as found:
        busy = found.busy()
        for run in module.listed(found):
            state = "stopped" if run.state is RunState.RUNNING and not busy else run.state
            counts = ", ".join(
                f"{number} {name}" for name, number in run.counts.items() if isinstance(number, int) and number
            )
            line = f"{run.id:>5}  {run.started_at:%Y-%m-%d %H:%M}  {state:<8} {run.kind:<10} {run.actor}  {run.source} "
            say((line + counts).rstrip())


@click.command()
@click.argument("run", type=NUMBER)
@at_office
def rejects(at: Office, run: int) -> None:
    """Print which lines of an import made no sense, and why, as CSV."""
    from sqlalchemy import select

    from vaxcert.registry import schema
    from vaxcert.registry.intake import importing
    from vaxcert.registry.states import RunKind

    with at.open() as found, found.reading() as connection:
        if connection.scalar(select(schema.run.c.kind).where(schema.run.c.id == run)) != RunKind.IMPORT:
            raise NotFoundError(f"run {run}: no import", Reason.NO_SUCH_RECORD)
        say_row("line", "field", "problem", "problem_vi")
        for line, problem in importing.rejects(connection, run):
            words = phrase(problem)
            say_row(line, problem.field, words.en, words.vi)


@click.command()
@click.argument("run", type=NUMBER)
@click.option("--withdraw", is_flag=True, help="Of an import: withdraw its doses; their certificates are revoked next.")
@click.option("--reason", default="", help="With --withdraw: why. It is kept: write no name or number.")
@at_office
def undo(at: Office, run: int, withdraw: bool, reason: str) -> None:
    """Take an import, a correction or decisions back exactly, unless something later builds upon them.

    A wrong import from which certificates were issued already is not taken back but withdrawn, with --withdraw.
    """
    from vaxcert.registry import runs as module
    from vaxcert.registry.care import changing

    with at.open() as registry:
        if withdraw:
            number, left = changing.withdraw(registry, run, actor=at.actor, reason=reason)
            say(f"The doses of run {run} are withdrawn, as run {number}; `issue` revokes their certificates.")
            if left:
                say(f"{left} stay: other tables state them too.")
            return
        gone = module.undo(registry, run, actor=at.actor)
    told = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in gone.items() if number)
    say(f"Run {run} is taken back: {told or 'nothing was in it'}.")


@click.command()
@click.option("--from", "source", type=FILE, help="CSV: code, name_vi, name_en. These take the place of all others.")
@at_office
def groups(at: Office, source: Path | None) -> None:
    """List the priority groups, or set them."""
    from vaxcert.registry import groups as module
    from vaxcert.registry.intake import lists

    with at.open() as found:
        if source is not None:
            lists.change_groups(found, lists.read_groups(source), actor=at.actor)
        with found.reading() as connection:
            held = module.listed(connection)
        for one in held:
            say(f"{one.code:<4} {one.name_vi} / {one.name_en}")


@click.command()
@click.argument("kind", type=click.Choice(["sites", "deliveries", "targets"]))
@click.argument("table", type=FILE)
@at_office
def load(at: Office, kind: str, table: Path) -> None:
    """Take over a CSV: sites (site, name, district), deliveries (site, lot, product, doses, received_on), or
    targets (district, priority_group, people)."""
    from vaxcert.registry.intake import lists

    with at.open() as found:
        say(f"{lists.load(found, kind, table, actor=at.actor)} rows.")


COMMANDS: tuple[click.Command, ...] = (init, import_, runs, rejects, undo, groups, load)
