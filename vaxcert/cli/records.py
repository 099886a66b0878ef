"""`vaxcert registry`, the other half: what comes out of the records."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import click

from vaxcert.cli.desk import NUMBER, Desk, desk, say_row
from vaxcert.cli.registry import registry
from vaxcert.cli.shared import FILE, load_key
from vaxcert.errors import ConfigurationError


def write(out: Path, told: str) -> None:
    """A table as a file. The mark at its beginning is for spreadsheets, which take it for another encoding without."""
    try:
        out.write_text(told, "utf-8-sig" if out.suffix == ".csv" else "utf-8", newline="")
    except OSError as error:
        raise ConfigurationError(f"{out}: {error.strerror}") from None
    click.echo(f"Written to {out}", err=True)


# As `vaxcert.registry.reports.findings` has them, which is not read for `--help`; a test holds them together.
_KINDS = (
    "earlier dose missing", "products differ", "dates out of order", "disputed", "unknown lot", "another product's lot",
    "unknown district", "a question is open", "cannot be on a certificate",
)  # fmt: skip


@registry.command()
@click.option("--kind", type=click.Choice(_KINDS), metavar="KIND", help=f"Only: {', '.join(_KINDS)}.")
@click.option("--stock", "show_stock", is_flag=True, help="Doses received against doses given, by site and lot.")
@desk
def check(at: Desk, kind: str | None, show_stock: bool) -> None:
    """Report what of the records cannot be whole or right, as CSV; how much of each on standard error."""
    from collections import Counter

    from vaxcert.registry.reports import findings, stock

    with at.open() as found:
        if show_stock:
            say_row("site", "lot", "product", "received", "given", "left")
            for one in stock.stock(found):
                say_row(one.site, one.lot, one.product, one.received, one.given, one.left)
            return
        counts: Counter[str] = Counter()
        say_row("kind", "person", "dose", "site", "told")
        for finding in findings.findings(found):
            counts[finding.kind] += 1
            if kind in (None, finding.kind):
                say_row(finding.kind, finding.person_id, finding.dose_id, finding.site, finding.told)
    for name, number in counts.most_common():
        click.echo(f"{number} × {name} ({findings.KINDS[name]})", err=True)
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
@click.option("--anyway", is_flag=True, help="Although an import was stopped half-way.")
@desk
def issue(
    at: Desk, key_path: Path, passphrase_file: Path | None, authority: str, days: int, renew_within: int,
    out: Path | None, log: Path | None, anyway: bool,
) -> None:  # fmt: skip
    """Issue to everybody whose record is whole, and new or changed since their last certificate.

    A correction revokes the old certificate: publish with `registry revocations | vaxcert revoke --from -`.
    """
    from vaxcert import IssueLog, Issuer
    from vaxcert.cli.progress import progress
    from vaxcert.registry.certificates import issuing, pictures

    at.spare(out, log)
    key = load_key(key_path, passphrase_file)
    issuer = Issuer(
        key, country=key.country or "", authority=authority, valid_for=timedelta(days=days),
        log=IssueLog(log, durable=False) if log else None, operator=at.actor,
    )  # fmt: skip
    with at.open() as found, progress() as told:
        report = issuing.run(
            found, issuer, actor=at.actor, renew_within=timedelta(days=renew_within), anyway=anyway,
            progress=lambda done: told("sign", done, 0),
        )  # fmt: skip
        if out is not None:
            pictures.archive(
                found,
                out,
                actor=at.actor,
                runs=(report.run, *report.went_on),
                progress=lambda done: told("draw", done, 0),
            )
    counts = ", ".join(f"{number} {name}" for name, number in sorted(report.issued.items()))
    click.echo(f"Run {report.run}: {sum(report.issued.values())} certificates ({counts or 'nobody is due'}).")
    if report.went_on:
        stopped = ", ".join(map(str, report.went_on))
        click.echo(f"It went on from run {stopped}, which had been stopped; --out has the certificates of all.")
    if report.revoked:
        click.echo(f"{report.revoked} revoked: `vaxcert registry revocations` names them for the publisher.")
    for reason, number in sorted(report.kept_back.items()):
        click.echo(f"  kept back: {number} × {reason}")


@registry.command()
@click.option("--all", "whole", is_flag=True, help="Those that were handed over before, too.")
@click.option("--deleted", is_flag=True, help="Instead: valid certificates of people who were deleted.")
@desk
def revocations(at: Desk, whole: bool, deleted: bool) -> None:
    """Print the ids that were revoked since the last time, for `vaxcert revoke --from -`.

    If they got lost on their way, --all prints every one that has not ended yet; revoking twice does no harm.
    """
    from vaxcert.registry.care import privacy
    from vaxcert.registry.certificates import issuing

    with at.open() as found:
        ids = privacy.deleted_certificates(found) if deleted else issuing.hand_over(found, actor=at.actor, again=whole)
    for one in ids:
        click.echo(one)


@registry.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--run", type=NUMBER, help="Only those of this run.")
@desk
def certificates(at: Desk, out: Path, run: int | None) -> None:
    """Write all valid certificates as a ZIP of codes and a manifest."""
    from vaxcert.cli.progress import progress
    from vaxcert.registry.certificates import pictures

    at.spare(out)
    with at.open() as found, progress() as told:
        count = pictures.archive(
            found,
            out,
            actor=at.actor,
            runs=None if run is None else (run,),
            progress=lambda done: told("draw", done, 0),
        )
    click.echo(f"{count} certificates in {out}")


@registry.command()
@click.option(
    "--by",
    multiple=True,
    default=("district",),
    show_default=True,
    type=click.Choice(["district", "priority_group", "age", "site", "product", "dose", "day"]),
)
@click.option("--as-of", help="Doses until the end of this day: DD/MM/YYYY or YYYY-MM-DD.  [default: today]")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of CSV.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the table there, for spreadsheets.")
@click.option("--chart", type=click.Path(dir_okay=False, path_type=Path), help="A chart too: .svg or .png.")
@click.option("--publish", is_flag=True, help="Hide small numbers (as x), and those that would give them away.")
@click.option("--small", type=click.IntRange(2), default=10, show_default=True, help="Below this a number is small.")
@click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Of the chart.")
@desk
def coverage(
    at: Desk, by: tuple[str, ...], as_of: str | None, as_json: bool, out: Path | None, chart: Path | None,
    publish: bool, small: int, lang: str,
) -> None:  # fmt: skip
    """Count people and doses, with targets and what is still to be reached."""
    from vaxcert.registry.reports import charts, tables
    from vaxcert.registry.reports import coverage as module
    from vaxcert.tables.records import day

    at.spare(out, chart)
    with at.open() as found:
        counted = module.coverage(found, by, as_of=day(as_of) if as_of else None)
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
    """Write the whole registry to a new file, but for its key: a backup, or to hand over to another database.

    Names, birth dates and doses stand in it in clear; keep and send it encrypted.
    """
    from vaxcert.registry import transfer

    at.spare(out)
    if out.exists():
        raise ConfigurationError(f"{out}: there is such a file already")
    with at.open() as found:
        counts = transfer.export(found, out, actor=at.actor)
    click.echo(f"{sum(counts.values())} rows of {len(counts)} tables in {out}")


@registry.command()
@click.argument("source", type=FILE)
@desk
def restore(at: Desk, source: Path) -> None:
    """Fill a new registry (`init`, with the same key) with an export. All or nothing.

    What was done after the export has to be done again: imports, corrections, deletions, and revocations
    (`revocations --all` names those that the export knows).
    """
    from vaxcert.registry import transfer

    with at.open() as found:
        counts = transfer.restore(found, source, actor=at.actor)
    click.echo(f"{sum(counts.values())} rows of {len(counts)} tables")
