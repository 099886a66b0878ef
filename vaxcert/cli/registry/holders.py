"""`vaxcert registry`, about one person: their certificate, their record, and what the law lets them ask for."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import click

from vaxcert.cli.registry.office import NUMBER, Office, at_office, say_side
from vaxcert.cli.shared import booked
from vaxcert.cli.shared.asking import answers, confirm
from vaxcert.cli.shared.options import Text, TextFile
from vaxcert.cli.shared.outputs import Output, Writing
from vaxcert.cli.shared.saying import say, say_json, say_lacking

_BORN = "Date of birth: DD/MM/YYYY or YYYY-MM-DD; also MM/YYYY, YYYY-MM or YYYY."


_FROM = click.option(
    "--from", "source", type=TextFile(),
    help="Lines of name=…, born=…, phone=…, national_id=…; - for standard input.",
)  # fmt: skip
_QUESTIONS = {
    "name": "Name / Họ và tên",
    "born": "Date of birth / Ngày sinh",
    "phone": "Telephone / Số điện thoại",
    "national_id": "Identity number / Số định danh",
}


def _who(source: Text | None, **options: str) -> dict[str, str]:
    """Whom the options, a file or the answers on the terminal describe: a value for each of `_QUESTIONS`."""
    told = {name: value for name, value in options.items() if value}
    if source is not None or not told:
        told = answers(source, _QUESTIONS) | told
    return {name: told.get(name, "") for name in _QUESTIONS}


@click.command(cls=Writing)
@_FROM
@click.option("--name", default="", help="Whole name, in any order, with or without tones.")
@click.option("--born", default="", help=_BORN)
@click.option("--phone", default="", help="Telephone number, or:")
@click.option("--national-id", default="", help="Identity number.")
@click.option("--out", multiple=True, type=Output(), help=".pdf, .png, .svg, .txt; repeatable.")
@click.option("--authority", default="", help="The name at the head of a .pdf.  [default: its issuer]")
@at_office
def find(
    at: Office, source: Text | None, name: str, born: str, phone: str, national_id: str, out: tuple[Path, ...],
    authority: str,
) -> None:  # fmt: skip
    """Find a holder's certificate. Whether a person, a number or a certificate is missing is one answer.

    Name, birth date and number are asked for on a terminal: what stands on a command line is seen by everybody on this
    machine and stays in its history.
    """
    from vaxcert.registry.certificates import lookup, pictures
    from vaxcert.tables.records import birth_date

    pictures.check_endings(out)
    who = _who(source, name=name, born=born, phone=phone, national_id=national_id)
    if not who["name"] or not who["born"]:
        raise click.UsageError("give a name and a birth date")
    if not who["phone"] and not who["national_id"]:
        raise click.UsageError("give a telephone or an identity number")
    with at.open() as registry:
        certificate = lookup.look_up(
            registry, name=who["name"], date_of_birth=birth_date(who["born"]), phone=who["phone"],
            national_id=who["national_id"], actor=at.actor,
        )  # fmt: skip
    if certificate is None:
        say("Nothing matches these. / Không có kết quả phù hợp.", err=True)
        sys.exit(1)
    for path in out:
        say_lacking(pictures.save(certificate, path, authority=authority))
        say(f"Written to {path}")
    say(f"{certificate.certificate_id}  valid until {certificate.expires_at:%Y-%m-%d}", err=True)
    if not out:
        say(certificate.text)


@click.command()
@_FROM
@click.option("--name", default="", help="Name or words of it, in any order, with or without tones.")
@click.option("--born", default="", help=_BORN)
@click.option("--phone", default="", help="Telephone number.")
@click.option("--national-id", default="", help="Identity number.")
@at_office
def search(at: Office, source: Text | None, name: str, born: str, phone: str, national_id: str) -> None:
    """Show staff whom the registry holds by birth date and name, telephone or identity number.

    They are asked for on a terminal, as by `find`. The number in front is what `correct person` and `person` take;
    those of doses stand in `person`. Every search is in the audit log.
    """
    from vaxcert.registry.care import searching
    from vaxcert.tables.records import birth_date

    who = _who(source, name=name, born=born, phone=phone, national_id=national_id)
    with at.open() as found:
        seen = searching.search(
            found, name=who["name"], date_of_birth=birth_date(who["born"]), phone=who["phone"],
            national_id=who["national_id"], actor=at.actor,
        )  # fmt: skip
    for one in seen:
        say_side(one.side)
        say(f"            certificates: {one.certificates}, open questions: {one.questions}")
    say(f"{len(seen)} found." if len(seen) < searching.MOST else f"The first {len(seen)}.", err=True)


@click.command()
@click.argument("number", type=NUMBER)
@click.option("--delete", is_flag=True, help="Take this person out, with all versions and certificates.")
@click.option("--reason", default="", help="Why they are taken out. It is kept for good: write no name or number.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--booking", "url", envvar="VAXCERT_BOOKING", metavar="URL",
    help="With their appointments: this database of bookings.  [env: VAXCERT_BOOKING]",
)  # fmt: skip
@booked.KEY
@booked.DESK_KEY
@at_office
def person(
    at: Office, number: int, delete: bool, reason: str, yes: bool, url: str | None, key_file: Path, desk_key_file: Path
) -> None:
    """Print all that is kept of somebody as JSON, or delete it.

    With a database of bookings what is printed has their appointments too; a deletion leaves those: their ticket
    cancels them, and they go a week after the day.

    Rows that told of who was deleted are known by keyed hashes and not taken again; another record of theirs would be.
    """
    from vaxcert.registry.care import privacy, searching

    if delete and not reason.strip():
        raise click.UsageError("a deletion needs its --reason")
    with at.open() as registry:
        if not delete:
            if not yes:
                confirm("Personal data will be shown / Sẽ hiện dữ liệu cá nhân. Go on?")
            whole = privacy.export_person(registry, number, actor=at.actor)
            if url:
                from vaxcert.booking.staff import exporting

                with booked.opened(url, key_file, desk_key_file) as bookings:
                    whole["bookings"] = exporting.of_person(bookings, whole["person"])
            say_json(whole, indent=1)
            return
        if not yes:
            say_side(searching.by_number(registry, number, actor=at.actor).side)
            confirm("Delete for good / Xóa vĩnh viễn?")
        for one in privacy.delete_person(registry, number, actor=at.actor, reason=reason):
            say(one)
    say("Deleted. Certificates of theirs that were valid are named above, for `vaxcert revoke`; "
               "`revocations --deleted` names them again.", err=True)  # fmt: skip


@click.command()
@click.option("--years", type=click.IntRange(1), required=True, help="Keep people so long after their newest dose.")
@click.confirmation_option("--yes", prompt="This deletes people for good: go on?", help="Do not ask.")
@at_office
def retain(at: Office, years: int) -> None:
    """Delete everybody whose newest dose is older, and whose certificates have ended."""
    from vaxcert.registry.care import privacy

    with at.open() as found:
        say(f"{privacy.retain(found, keep=timedelta(days=365 * years), actor=at.actor)} people deleted.")


COMMANDS: tuple[click.Command, ...] = (find, search, person, retain)
