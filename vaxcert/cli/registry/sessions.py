"""`vaxcert registry`: a day's sessions, who is expected at them, and their sheet for a day without a network."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from vaxcert.cli.registry.office import NUMBER, Office, at_office, say_side
from vaxcert.cli.shared import booked
from vaxcert.cli.shared.options import FILE, language_option
from vaxcert.cli.shared.outputs import Output, Writing
from vaxcert.cli.shared.saying import say

_DAY = click.DateTime(["%Y-%m-%d", "%d/%m/%Y"])


@click.group(invoke_without_command=True)
@click.option("--site", default="", help="Of this site alone.")
@click.option("--day", type=_DAY, help="Of this day alone.")
@click.pass_context
def sessions(context: click.Context, site: str, day: datetime | None) -> None:
    """List sessions, or open, close and look at one: one product of one lot, at one site, on one day."""
    if context.invoked_subcommand is None:
        context.invoke(_list, site=site, day=day)


@click.command()
@at_office
def _list(at: Office, site: str, day: datetime | None) -> None:
    from vaxcert.registry.desk import sessions as module

    with at.open() as found:
        for one in module.listed(found, site=site, day=day.date() if day else None):
            state = "open" if one.is_open else "closed"
            say(f"{one.id:>5}  {one.day}  {one.site:<8} {one.product:<14} {one.lot:<12} {state:<6} "
                f"{one.given} given, {one.came} of {one.expected} came")  # fmt: skip


@sessions.command("open")
@click.argument("site")
@click.argument("lot", required=False)
@click.option("--day", type=_DAY, help="A day to come.  [default: today]")
@at_office
def open_(at: Office, site: str, lot: str | None, day: datetime | None) -> None:
    """Open a session at SITE for LOT; without LOT, show which lots the site has left."""
    from vaxcert.errors import InputError, Reason
    from vaxcert.registry.desk import sessions as module
    from vaxcert.registry.desk import supplies

    with at.open() as found:
        held = supplies.lots(found, site)
        if lot is None:
            for one in held:
                say(f"{one.lot:<16} {one.product:<16} {one.left} left")
            return
        product = next((one.product for one in held if one.lot == lot), None)
        if product is None:
            raise InputError("lot", Reason.NOT_IN_STOCK)
        when = day.date() if day else None
        number = module.open_session(found, site=site, product=product, lot=lot, day=when, actor=at.actor)
    say(f"Session {number} is open.")


@sessions.command()
@click.argument("number", type=NUMBER)
@at_office
def close(at: Office, number: int) -> None:
    """Close a session: nothing more is recorded at it, but from its sheet."""
    from vaxcert.registry.desk import sessions as module

    with at.open() as found:
        module.close(found, number, actor=at.actor)
    say(f"Session {number} is closed.")


@sessions.command()
@click.argument("number", type=NUMBER)
@click.argument("people", type=NUMBER, nargs=-1, required=True)
@at_office
def expect(at: Office, number: int, people: tuple[int, ...]) -> None:
    """Put PEOPLE, by their numbers as `search` shows them, on a session's list."""
    from vaxcert.registry.desk import sessions as module

    with at.open() as found:
        say(f"{module.expect(found, number, people, actor=at.actor)} added.")


@sessions.command("check-in")
@click.argument("number", type=NUMBER)
@click.argument("person", type=NUMBER)
@at_office
def check_in(at: Office, number: int, person: int) -> None:
    """Note that PERSON, who is on the session's list, came."""
    from vaxcert.registry.desk import sessions as module

    with at.open() as found:
        module.check_in(found, number, person, actor=at.actor)
    say("Noted.")


@sessions.command()
@click.argument("number", type=NUMBER)
@at_office
def people(at: Office, number: int) -> None:
    """Show a session's list: who is expected, who came, who has had their dose. It is in the audit log."""
    from vaxcert.registry.desk import sessions as module

    with at.open() as found:
        for one in module.people(found, number, actor=at.actor):
            say(f"{one.presence}{f', dose {one.dose_id}' if one.dose_id else ''}")
            say_side(one.side)


@sessions.command()
@click.argument("number", type=NUMBER)
@click.option("--places", type=click.IntRange(0, 2_000), required=True, help="How many may come then.")
@click.option("--from", "begins", required=True, metavar="HH:MM", help="By the site's clocks.")
@click.option("--to", "ends", required=True, metavar="HH:MM")
@booked.URL
@booked.KEY
@booked.DESK_KEY
@at_office
def offer(
    at: Office, number: int, places: int, begins: str, ends: str, url: str, key_file: Path, desk_key_file: Path
) -> None:
    """Offer places at a part of a session to whoever books; given again for the same time: how many from now on.

    See docs/appointments.md.
    """
    from vaxcert.booking.staff import offering

    with booked.opened(url, key_file, desk_key_file) as bookings, at.open() as found:
        made = offering.offer(bookings, found, number, places=places, begins=begins, ends=ends, actor=at.actor)
    say(f"Offer {made.id}: {made.places} places, {made.free} free.")


@sessions.command()
@click.argument("number", type=NUMBER)
@booked.URL
@booked.KEY
@booked.DESK_KEY
@at_office
def withdraw(at: Office, number: int, url: str, key_file: Path, desk_key_file: Path) -> None:
    """Take an OFFER back: those who booked are to be told (`vaxcert booking notices`)."""
    from vaxcert.booking.staff import offering

    with booked.opened(url, key_file, desk_key_file) as bookings, at.open() as found:
        many = offering.withdraw(bookings, found, number, actor=at.actor)
    say(f"Offer {number} is withdrawn; {many} to be told.")


@click.command(cls=Writing)
@click.argument("session", type=NUMBER)
@click.option("--out", type=Output(dir_okay=False), help="Write the session's sheet, .xlsx.")
@click.option("--spare", type=click.IntRange(0, 1_000), default=20, show_default=True, help="Rows for others.")
@click.option("--take", "table", type=FILE, help="Take a sheet over that was filled in.")
@click.option(
    "--rejects", type=Output(dir_okay=False), help="With --take: rows that were not taken, to be mended, .xlsx."
)
@language_option
@at_office
def sheet(
    at: Office, session: int, out: Path | None, spare: int, table: Path | None, rejects: Path | None, lang: str
) -> None:
    """Write a session's sheet for a day without a network, and take it over once it is filled in.

    An x in its second column says that the dose was given. However often a sheet is given, each row is taken once.
    It holds people's data: delete it when it is done with.

    Exit status of --take: 0, or 1 where rows were rejected.
    """
    import sys

    from vaxcert.registry.desk import sheet as module
    from vaxcert.tables.writing import rejects as writing
    from vaxcert.wording.rows import phrase

    if (out is None) == (table is None):
        raise click.UsageError("give --out to write a sheet, or --take to take one over")
    if rejects is not None:
        writing.check_path(rejects)
    with at.open() as found:
        if out is not None:
            people = module.write(found, session, out, actor=at.actor, spare=spare)
            say(f"{people} people and {spare} more rows in {out}")
            return
        assert table is not None  # noqa: S101  (one of the two was given)
        report = module.take(found, table, session, actor=at.actor)
    say(", ".join(f"{count} {name.replace('_', ' ')}" for name, count in report.counts.items()) or "No rows.")
    for one in report.rejects:
        say(f"  {one.place}: " + "; ".join(phrase(problem).of(lang) for problem in one.problems), err=True)
    if rejects is not None and report.rejects:
        writing.write(rejects, report.columns, lambda: iter(report.rejects))
        say(f"To mend: {rejects}")
    if report.rejects:
        sys.exit(1)


COMMANDS: tuple[click.Command, ...] = (sessions, sheet)
