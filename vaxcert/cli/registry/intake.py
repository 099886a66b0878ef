"""`vaxcert registry`: records in, and what can be taken back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vaxcert.cli.registry.office import NUMBER, Office, at_office, say_row
from vaxcert.cli.shared.options import FILE, Existing, language_option, named_language
from vaxcert.cli.shared.outputs import Output, Writing
from vaxcert.cli.shared.progress import progress
from vaxcert.cli.shared.saying import say
from vaxcert.cli.shared.tables.options import reading_of, table_options
from vaxcert.errors import ConfigurationError, NotFoundError, Reason
from vaxcert.wording.rows import phrase
from vaxcert.wording.tables import FORGOTTEN, MEND, REFUSED, RUN, STOPPED, SURVEY, TO_MEND

if TYPE_CHECKING:
    from vaxcert.registry.intake.resolving import Resolved


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
@table_options
@click.option(
    "--check", "only_check", is_flag=True, help="Only say how each table is understood; nothing is taken over."
)
@language_option
@at_office
def import_(
    at: Office, tables: tuple[Path, ...], mapping: Path | None, sheet: str | None, ignored: tuple[str, ...],
    only_check: bool, lang: str, **read_as: Any,
) -> None:  # fmt: skip
    """Take over units' tables: CSV, XLSX, XLS, ODS or Parquet, or a folder of them; each is a run of its own.

    --check shows what each column is taken for, the columns that nothing reads, and the first rows as they are
    understood. Rows that are there already change nothing. What is not sure to be the same person becomes a question
    (`review`), and rows that make no sense are kept to be mended (`rejects`). A stopped import goes on when the same
    file is given again.

    Exit status of --check: 0, or 1 where rows would be rejected or a column needs a yes.
    """
    from vaxcert.cli.shared.tables.surveying import ask_about, say_counts, say_survey
    from vaxcert.registry.intake import importing, rows
    from vaxcert.tables.table import files

    options: dict[str, Any] = {"mapping": mapping, "sheet": sheet, "reading": reading_of(**read_as, more=rows.FIELDS)}
    failed: list[ConfigurationError] = []
    unsure = False
    with at.open() as found:
        for path in [file for table in tables for file in files(table)]:
            name = path.name
            try:
                if only_check:
                    say(name, bold=True)
                    checked = importing.check(found, path, ignored=ignored, **options)
                    say_survey(
                        checked.understood,
                        [
                            (said.profile.person if said.profile else None, said.dose, said.problems)
                            for said in checked.sample
                        ],
                        lang,
                    )
                    say_counts(name, checked.counts, checked.problems, checked.passed_over, lang)
                    unsure = unsure or bool(checked.understood.suspicious or checked.counts["rejected"])
                    checked.evidence.decide()
                    continue
                left_out = (*ignored, *ask_about(importing.opened(path, ignored=ignored, **options), lang))
                with progress() as told:
                    report = importing.run(
                        found, path, actor=at.actor, ignored=left_out,
                        progress=lambda done: told("rows", done, 0), **options,
                    )  # fmt: skip
            except ConfigurationError as error:
                failed.append(error)
                say(f"{name}: {REFUSED.of(lang)}: {error.detail} ({error.reason})", err=True)
                continue
            except KeyboardInterrupt:
                say(f"{name}: {STOPPED.of(lang)}", err=True)
                raise
            head = f"{name}: {RUN.filled({'run': report.run, 'rows': report.rows}).of(lang)}"
            say_counts(head, report.counts, report.problems, report.passed_over, lang)
            if unread := report.understood["unread"]:
                say(f"  {SURVEY['unread'].of(lang)}: {', '.join(unread)}")
            if report.counts["rejected"]:
                say(f"  {MEND.filled({'run': report.run}).of(lang)}")
    if failed:
        # Of the kind that all of them are.
        kinds = {(type(error), error.reason) for error in failed}
        kind, reason = kinds.pop() if len(kinds) == 1 else (ConfigurationError, None)
        raise kind(f"{len(failed)} of the tables could not be taken over", reason)
    if unsure:
        sys.exit(1)


@click.command()
@click.argument("run", type=NUMBER, required=False)
@click.option("--records", is_flag=True, help="Also doses that were recorded one by one.")
@at_office
def runs(at: Office, run: int | None, records: bool) -> None:
    """List imports, corrections, decisions and issuing runs; of RUN, also how its table was understood.

    A run that was stopped half-way goes on when the same file is given again; `undo` takes it back.
    """
    from vaxcert.registry import runs as module
    from vaxcert.registry.states import RunKind, RunState

    with at.open() as found:
        busy = found.busy()
        listed = [
            one
            for one in module.listed(found)
            if one.id == run or (run is None and (records or one.kind is not RunKind.RECORD))
        ]
    for one in listed:
        state = "stopped" if one.state is RunState.RUNNING and not busy else one.state
        counts = ", ".join(
            f"{number} {name}" for name, number in one.counts.items() if isinstance(number, int) and number
        )
        line = f"{one.id:>5}  {one.started_at:%Y-%m-%d %H:%M}  {state:<8} {one.kind:<10} {one.actor}  {one.source} "
        say((line + counts).rstrip())
        for what in ("read", "unread", "evidence") if run is not None else ():
            for told in one.understood.get(what, ()):
                say(f"       {what}: {told}")
    if run is not None and not listed:
        raise NotFoundError(f"run {run}: there is none", Reason.NO_SUCH_RECORD)


@click.command(cls=Writing)
@click.argument("run", type=NUMBER)
@click.option("--out", type=Output(dir_okay=False), help="A table to mend, .xlsx or .csv: the rows as they came.")
@click.option("--forget", is_flag=True, help="Keep of these rows no more than line and reason.")
@language_option
@at_office
def rejects(at: Office, run: int, out: Path | None, forget: bool, lang: str) -> None:
    """Print which lines of an import made no sense, and why, as CSV; or write these rows to a table to be mended.

    With --out they stand under their own headings with all that is wrong with each, in the language that --lang names,
    else in both. Mended, that table is imported as it is. It holds people's data: delete it when it is done with, and
    have the registry --forget the rows.
    """
    from sqlalchemy import select

    from vaxcert.registry import schema
    from vaxcert.registry.intake import mending
    from vaxcert.registry.records import rejected
    from vaxcert.registry.states import RunKind

    with at.open() as found:
        with found.reading() as connection:
            if connection.scalar(select(schema.run.c.kind).where(schema.run.c.id == run)) != RunKind.IMPORT:
                raise NotFoundError(f"run {run}: no import", Reason.NO_SUCH_RECORD)
            told = [] if out or forget else list(rejected.problems(connection, run))
        if out is not None:
            rows = mending.write(found, run, out, actor=at.actor, lang=named_language(lang))
            say(TO_MEND.filled({"rows": rows, "path": str(out)}).of(lang))
        if forget:
            rows = mending.forget(found, run, actor=at.actor)
            say(FORGOTTEN.filled({"rows": rows}).of(lang))
        if out or forget:
            return
        say_row("line", "field", "problem", "problem_vi")
        for line, problem in told:
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
    """List the priority groups, or set them.

    People whose group a table called by a name that the new list has are in that group from now on, as a run of its
    own.
    """
    from vaxcert.registry import groups as module
    from vaxcert.registry.intake import lists

    with at.open() as found:
        if source is not None:
            _say_resolved(lists.change_groups(found, lists.read_groups(source), actor=at.actor))
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
    targets (district, priority_group, people).

    Doses whose site a table called by a name that the list has are of that site from now on, as a run of its own.
    """
    from vaxcert.registry.intake import lists

    with at.open() as found:
        loaded = lists.load(found, kind, table, actor=at.actor)
    say(f"{loaded.rows} rows.")
    _say_resolved(loaded.resolved)


def _say_resolved(resolved: Resolved) -> None:
    if resolved.run is not None:
        say(
            f"Run {resolved.run}: {resolved.doses} doses and {resolved.people} people have the code of a site or group "
            "that a table called otherwise."
        )


COMMANDS: tuple[click.Command, ...] = (init, import_, runs, rejects, undo, groups, load)
