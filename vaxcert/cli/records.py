"""`vaxcert registry`, the other half: what comes out of the records."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from vaxcert.cli.registry import Desk, desk, registry, say_row, say_side
from vaxcert.cli.shared import FILE, load_key
from vaxcert.errors import ConfigurationError


def write(out: Path, told: str) -> None:
    """A table as a file. The mark at its beginning is for spreadsheets, which take it for another encoding without."""
    try:
        out.write_text(told, "utf-8-sig" if out.suffix == ".csv" else "utf-8", newline="")
    except OSError as error:
        raise ConfigurationError(f"{out}: {error.strerror}") from None
    click.echo(f"Written to {out}", err=True)


_BORN = "Date of birth: DD/MM/YYYY or YYYY-MM-DD; also MM/YYYY, YYYY-MM or YYYY."


@registry.command()
@click.option("--kind", help="Only findings of this kind.")
@click.option("--stock", "show_stock", is_flag=True, help="Doses received against doses given, by site and lot.")
@desk
def check(at: Desk, kind: str | None, show_stock: bool) -> None:
    """Report what of the records cannot be whole or right, as CSV; how much of each on standard error."""
    from collections import Counter

    from vaxcert.registry import completeness

    with at.open() as found:
        if show_stock:
            say_row("site", "lot", "product", "received", "given", "left")
            for one in completeness.stock(found):
                say_row(one.site, one.lot, one.product, one.received, one.given, one.left)
            return
        counts: Counter[str] = Counter()
        say_row("kind", "person", "dose", "site", "told")
        for finding in completeness.findings(found):
            counts[finding.kind] += 1
            if kind in (None, finding.kind):
                say_row(finding.kind, finding.person_id, finding.dose_id, finding.site, finding.told)
    for name, number in counts.most_common():
        click.echo(f"{number} × {name} ({completeness.KINDS[name]})", err=True)
    if not counts:
        click.echo("Nothing to ask for. / Không có gì cần hỏi lại.", err=True)


@registry.command()
@click.option("--signing-key", "key_path", required=True, type=click.Path(path_type=Path), help="As --key of `issue`.")
@click.option("--passphrase-file", type=FILE, help="First line: its passphrase.")
@click.option("--authority", required=True, help="The issuer's name on the certificates.")
@click.option("--days", type=click.IntRange(1), default=365, show_default=True, help="Validity.")
@click.option("--renew-within", type=click.IntRange(0), default=30, show_default=True, help="Days before the end.")
@click.option("--out", type=click.Path(path_type=Path), help="Write this run's codes as a ZIP.")
@click.option("--log", type=click.Path(path_type=Path), help="Issue log, too.")
@desk
def issue(
    at: Desk, key_path: Path, passphrase_file: Path | None, authority: str, days: int, renew_within: int,
    out: Path | None, log: Path | None,
) -> None:  # fmt: skip
    """Issue to everybody whose record is whole, and new or changed since their last certificate.

    A correction revokes the old certificate: publish with `registry revocations | vaxcert revoke --from -`.
    """
    from vaxcert import IssueLog, Issuer
    from vaxcert.cli.progress import progress
    from vaxcert.registry import issuing, pictures

    key = load_key(key_path, passphrase_file)
    issuer = Issuer(
        key, country=key.country or "", authority=authority, valid_for=timedelta(days=days),
        log=IssueLog(log, durable=False) if log else None, operator=at.actor,
    )  # fmt: skip
    with at.open() as found, progress() as told:
        report = issuing.run(
            found, issuer, kid=key.kid, actor=at.actor, renew_within=timedelta(days=renew_within),
            progress=lambda done: told("sign", done, 0),
        )  # fmt: skip
        if out is not None:
            pictures.archive(found, out, actor=at.actor, run=report.run, progress=lambda done: told("draw", done, 0))
    counts = ", ".join(f"{number} {name}" for name, number in sorted(report.issued.items()))
    click.echo(f"Run {report.run}: {sum(report.issued.values())} certificates ({counts or 'nobody is due'}).")
    if report.revoked:
        click.echo(f"{report.revoked} revoked: `vaxcert registry revocations` names them for the publisher.")
    for reason, number in sorted(report.kept_back.items()):
        click.echo(f"  kept back: {number} × {reason}")


@registry.command()
@click.option("--all", "whole", is_flag=True, help="Those that were handed over before, too.")
@desk
def revocations(at: Desk, whole: bool) -> None:
    """Print the ids that were revoked since the last time, for `vaxcert revoke --from -`.

    If they got lost on their way, --all prints every one that has not ended yet; revoking twice does no harm.
    """
    from vaxcert.registry import issuing

    with at.open() as found:
        for one in issuing.hand_over(found, actor=at.actor, again=whole):
            click.echo(one)


@registry.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--run", type=int, help="Only those of this run.")
@desk
def certificates(at: Desk, out: Path, run: int | None) -> None:
    """Write all valid certificates as a ZIP of codes and a manifest."""
    from vaxcert.cli.progress import progress
    from vaxcert.registry import pictures

    with at.open() as found, progress() as told:
        count = pictures.archive(found, out, actor=at.actor, run=run, progress=lambda done: told("draw", done, 0))
    click.echo(f"{count} certificates in {out}")


@registry.command()
@click.option("--name", required=True, help="Whole name, in any order, with or without tones.")
@click.option("--born", required=True, help=_BORN)
@click.option("--phone", default="", help="Telephone number, or:")
@click.option("--national-id", default="", help="Identity number.")
@click.option("--out", multiple=True, type=click.Path(path_type=Path), help=".pdf, .png, .svg, .txt; repeatable.")
@click.option("--authority", default="", help="The name at the head of a .pdf.")
@click.option("--test", is_flag=True, help="Mark a .pdf as a trial.")
@desk
def find(
    at: Desk, name: str, born: str, phone: str, national_id: str, out: tuple[Path, ...], authority: str, test: bool
) -> None:
    """Find a holder's certificate. Whether a person, a number or a certificate is missing is one answer."""
    from vaxcert.batch.records import birth_date
    from vaxcert.registry import lookup, pictures

    if not phone and not national_id:
        raise click.UsageError("give --phone or --national-id")
    pictures.check_endings(out)
    with at.open() as found:
        one = lookup.look_up(
            found, name=name, date_of_birth=birth_date(born), phone=phone, national_id=national_id, actor=at.actor
        )
    if one is None:
        click.echo("Nothing matches these. / Không có kết quả phù hợp.", err=True)
        sys.exit(1)
    for path in out:
        pictures.save(one, path, authority=authority, test=test)
        click.echo(f"Written to {path}")
    click.echo(f"{one.certificate_id}  valid until {one.expires_at:%Y-%m-%d}", err=True)
    if not out:
        click.echo(one.text)


@registry.command()
@click.option("--name", default="", help="Name, in any order, with or without tones; may be mistyped.")
@click.option("--born", default="", help=_BORN)
@click.option("--phone", default="", help="Telephone number.")
@click.option("--national-id", default="", help="Identity number.")
@desk
def search(at: Desk, name: str, born: str, phone: str, national_id: str) -> None:
    """Show staff whom the registry holds by birth date and name, telephone or identity number.

    The number in front is what `correct person` and `person` take; those of doses stand in `person`. Every search is
    in the audit log.
    """
    from vaxcert.batch.records import birth_date
    from vaxcert.registry import searching

    with at.open() as found:
        seen = searching.search(
            found, name=name, date_of_birth=birth_date(born), phone=phone, national_id=national_id, actor=at.actor
        )
    for one in seen:
        say_side(one.side)
        click.echo(f"            certificates: {one.certificates}, open questions: {one.questions}")
    click.echo(f"{len(seen)} found." if len(seen) < searching.MOST else f"The first {len(seen)}.", err=True)


@registry.command()
@click.option(
    "--by",
    multiple=True,
    default=("district",),
    show_default=True,
    type=click.Choice(["district", "priority_group", "age", "site", "product", "dose", "day"]),
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Doses until the end of this day.  [default: today]")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of CSV.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the table there, for spreadsheets.")
@click.option("--chart", type=click.Path(dir_okay=False, path_type=Path), help="A chart too: .svg or .png.")
@click.option("--publish", is_flag=True, help="Hide small numbers (as x), and those that would give them away.")
@click.option("--small", type=click.IntRange(2), default=10, show_default=True, help="Below this a number is small.")
@click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Of the chart.")
@desk
def coverage(
    at: Desk, by: tuple[str, ...], as_of: Any, as_json: bool, out: Path | None, chart: Path | None, publish: bool,
    small: int, lang: str,
) -> None:  # fmt: skip
    """Count people and doses, with targets and what is still to be reached."""
    from vaxcert.registry import charts, tables
    from vaxcert.registry import coverage as module

    with at.open() as found:
        counted = module.coverage(found, by, as_of=as_of.date() if as_of else None)
        names = charts.names(found, by[0], lang=lang) if chart else {}
    if publish:
        counted = module.suppressed(counted, small=small)
    told = (tables.as_json if as_json else tables.as_csv)(counted)
    if out is None:
        click.echo(told.rstrip())
    else:
        write(out, told)
    if chart is not None:
        charts.draw(counted, chart, lang=lang, names=names)
        click.echo(f"Written to {chart}", err=True)


@registry.command()
@click.option("--expect", default="", help="A hash that was noted before: it has to be in the log still.")
@click.option("--show", type=click.IntRange(1), help="Print so many of the newest entries.")
@desk
def audit(at: Desk, expect: str, show: int | None) -> None:
    """Check that nothing in the audit log was changed or cut out, and print its last hash: note it elsewhere."""
    from vaxcert.registry import audit as module

    with at.open() as found:
        count, last = module.check(found, expect)
        for entry in module.entries(found, last=show) if show else ():
            click.echo(f"{entry.number:>6}  {entry.at}  {entry.actor}  {entry.action}  {json.dumps(entry.details)}")
    click.echo(f"{count} entries, the last one {last}")


@registry.command("export")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@desk
def export_(at: Desk, out: Path) -> None:
    """Write the whole registry to one file, but for its key: a backup, or to hand over to another database."""
    from vaxcert.registry import transfer

    with at.open() as found:
        counts = transfer.export(found, out, actor=at.actor)
    click.echo(f"{sum(counts.values())} rows of {len(counts)} tables in {out}")


@registry.command()
@click.argument("source", type=FILE)
@desk
def restore(at: Desk, source: Path) -> None:
    """Fill a new registry (`init`, with the same key) with an export. All or nothing."""
    from vaxcert.registry import transfer

    with at.open() as found:
        counts = transfer.restore(found, source)
    click.echo(f"{sum(counts.values())} rows of {len(counts)} tables")


@registry.command()
@click.argument("number", type=int)
@click.option("--delete", is_flag=True, help="Take this person out, with all versions and certificates.")
@click.option("--reason", default="", help="Why they are taken out.")
@click.confirmation_option("--yes", prompt="Personal data: go on?", help="Do not ask.")
@desk
def person(at: Desk, number: int, delete: bool, reason: str) -> None:
    """Print all that is kept of somebody as JSON, or delete it."""
    from vaxcert.registry import privacy

    with at.open() as found:
        if not delete:
            whole = privacy.export_person(found, number, actor=at.actor)
            click.echo(json.dumps(whole, ensure_ascii=False, indent=1))
            return
        for one in privacy.delete_person(found, number, actor=at.actor, reason=reason):
            click.echo(one)
    click.echo("Deleted. Certificates of theirs that were valid are named above, for `vaxcert revoke`.", err=True)


@registry.command()
@click.option("--years", type=click.IntRange(1), required=True, help="Keep people so long after their newest dose.")
@click.confirmation_option("--yes", prompt="This deletes people for good: go on?", help="Do not ask.")
@desk
def retain(at: Desk, years: int) -> None:
    """Delete everybody whose newest dose is older, and whose certificates have ended."""
    from vaxcert.registry import privacy

    with at.open() as found:
        click.echo(f"{privacy.retain(found, keep=timedelta(days=365 * years), actor=at.actor)} people deleted.")
