"""`vaxcert booking`: appointments, from the registry's side and the desk's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vaxcert.cli.registry.office import Office
from vaxcert.cli.shared.booked import DESK_KEY, KEY, URL, opened
from vaxcert.cli.shared.outputs import Output, Writing
from vaxcert.cli.shared.saying import say
from vaxcert.cli.shared.signing import login
from vaxcert.extras import need
from vaxcert.names import printable

if TYPE_CHECKING:
    from vaxcert.booking import Bookings
    from vaxcert.registry import Registry


class Counter:
    """The bookings and the registry that a command works on, and who is at work."""

    def __init__(self, url: str, key_file: Path, desk_key_file: Path, db: str, registry_key: Path) -> None:
        self.url, self.key_file, self.desk_key_file = url, key_file, desk_key_file
        self.db, self.registry_key = db, registry_key
        self.actor = printable(login() or "?")[-80:]

    @contextmanager
    def open(self) -> Iterator[tuple[Bookings, Registry]]:
        """Open both. Raises `ConfigurationError`."""
        with (
            opened(self.url, self.key_file, self.desk_key_file) as bookings,
            Office(self.db, self.registry_key, self.actor).open() as registry,
        ):
            yield bookings, registry

    def own_files(self) -> list[Path]:
        """What no output takes the place of."""
        kept = [self.key_file, self.desk_key_file, *Office(self.db, self.registry_key, self.actor).own_files()]
        if self.url.startswith("sqlite:///"):
            kept += [Path(self.url.removeprefix("sqlite:///") + end) for end in ("", "-wal", "-shm")]
        return kept


@click.group()
@URL
@KEY
@DESK_KEY
@click.option("--db", envvar="VAXCERT_DB", default="sqlite:///registry.db", show_default=True, metavar="URL",
              help="The registry.  [env: VAXCERT_DB]")  # fmt: skip
@click.option(
    "--key", "registry_key", envvar="VAXCERT_REGISTRY_KEY", default="registry.key", show_default=True, metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path), help="The registry's key.  [env: VAXCERT_REGISTRY_KEY]",
)  # fmt: skip
@click.pass_context
def booking(context: click.Context, url: str, key_file: Path, desk_key_file: Path, db: str, registry_key: Path) -> None:
    """Appointments that people book themselves, in a database of their own; see docs/appointments.md.

    \b
    vaxcert booking init                    once: the tables and two keys
    vaxcert registry sessions offer 12 --places 40 --from 07:30 --to 09:00
    vaxcert booking list                    what is offered, in numbers
    vaxcert booking settle                  every night, and oftener: who had the dose, who did not come
    vaxcert booking notices --out FILE      whom to tell what
    vaxcert booking retain                  every night: delete what is over
    """
    need(("sqlalchemy", "alembic", "rapidfuzz", "numpy", "phonenumbers"), "registry")
    context.obj = Counter(url, key_file, desk_key_file, db, registry_key)


@booking.command()
@click.pass_obj
def init(at: Counter) -> None:
    """Make the tables and the two keys."""
    from vaxcert.booking import Bookings

    with Bookings.create(at.url, at.key_file, at.desk_key_file):
        say(f"Bookings are taken once sessions are offered. Keep {at.desk_key_file} from the public's side.")


@booking.command("list")
@click.pass_obj
def list_(at: Counter) -> None:
    """Show what is offered from a week ago on, in numbers."""
    from vaxcert.booking.staff import retaining

    with opened(at.url, at.key_file, at.desk_key_file) as bookings:
        since = bookings.today() - timedelta(days=7)
        for one in retaining.counts(bookings, since=since):
            state = "withdrawn" if one.withdrawn else f"{one.taken} of {one.places} taken, {one.waiting} waiting"
            say(f"{one.id:>5}  {one.day}  {one.begins}-{one.ends}  {one.site:<8} session {one.session}: {state}, "
                f"{one.came} came, {one.no_shows} did not")  # fmt: skip


@booking.command()
@click.pass_obj
def settle(at: Counter) -> None:
    """Find who had the dose, who did not come and who waited in vain; free places go to those who wait."""
    from vaxcert.booking.staff import settling

    with at.open() as (bookings, registry):
        told = settling.settle(bookings, registry, actor=at.actor)
    say(f"{told.done} had the dose, {told.dropped} had it elsewhere, {told.no_shows} did not come, "
        f"{told.unplaced} waited in vain, {told.moved_up} moved up")  # fmt: skip


@booking.command(cls=Writing)
@click.option("--out", type=Output(dir_okay=False), required=True, help="A table for whatever sends messages, .csv.")
@click.option("--days", type=click.IntRange(0, 14), default=1, show_default=True, help="Remind so long before the day.")
@click.pass_obj
def notices(at: Counter, out: Path, days: int) -> None:
    """Write whom to tell what: reminders, places that became free, sessions that were taken back. Each is told once.

    It holds names and telephones: delete it when it is sent.
    """
    from vaxcert.booking.staff import notices as module

    with at.open() as (bookings, registry):
        many = module.write(bookings, registry, out, actor=at.actor, ahead=timedelta(days=days))
    say(f"{many} to be told, in {out}" if many else "Nobody to be told anything.")


@booking.command()
@click.option("--keep", type=click.IntRange(0, 90), default=7, show_default=True, help="Days after the session's.")
@click.pass_obj
def retain(at: Counter, keep: int) -> None:
    """Delete the bookings of sessions that are over; how many came and did not is kept."""
    from vaxcert.booking.staff import retaining

    with at.open() as (bookings, registry):
        gone = retaining.retain(bookings, registry, keep=timedelta(days=keep), actor=at.actor)
    say(f"{gone} deleted.")
