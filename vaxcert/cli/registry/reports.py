"""`vaxcert registry`: what the records lack, and how many people they count."""

from __future__ import annotations

from pathlib import Path

import click

from vaxcert import files
from vaxcert.cli.registry.office import Office, at_office, say_row
from vaxcert.cli.shared.outputs import Output, Writing, spare
from vaxcert.cli.shared.saying import say, say_block
from vaxcert.wording.reports import FINDINGS

_KINDS = [kind for kind in FINDINGS if kind != "no_dose_that_counts"]


def write(out: Path, told: str) -> None:
    """Write a table to a file. The mark at its beginning is for spreadsheets, which guess another encoding without."""
    with files.writing(out):
        out.write_text(told, "utf-8-sig" if out.suffix == ".csv" else "utf-8", newline="")
    say(f"Written to {out}", err=True)


@click.command()
@click.option("--kind", type=click.Choice(_KINDS), metavar="KIND", help=f"Only: {', '.join(_KINDS)}.")
@click.option("--stock", "show_stock", is_flag=True, help="Doses received against doses given, by site and lot.")
@click.option("--supply", "show_supply", is_flag=True, help="What each site has left, and for how many days.")
@at_office
def check(at: Office, kind: str | None, show_stock: bool, show_supply: bool) -> None:
    """Report what of the records cannot be whole or right, as CSV; how much of each on standard error."""
    from collections import Counter

    from vaxcert.registry.reports import findings, kept, listing, stock

    with at.open() as registry:
        if show_stock:
            say_row("site", "lot", "product", "received", "given", "left")
            for one in stock.stock(registry):
                say_row(one.site, one.lot, one.product, one.received, one.given, one.left)
            return
        if show_supply:
            lately = kept.given_since(registry, stock.LOOKED_BACK)
            for row in listing.supplies(stock.supplies(kept.stock(registry), lately)):
                say_row(*row)
            return
        counts: Counter[str] = Counter()
        say_row("kind", "person", "dose", "site", "told")
        for finding in findings.findings(registry):
            counts[finding.kind] += 1
            if kind in (None, finding.kind):
                say_row(finding.kind, finding.person_id, finding.dose_id, finding.site, finding.told)
    for name, number in counts.most_common():
        say(f"{number} × {FINDINGS[name].en} / {FINDINGS[name].vi}", err=True)
    if not counts:
        say("Nothing to ask for. / Không có gì cần hỏi lại.", err=True)


@click.command(cls=Writing)
@click.option(
    "--by",
    multiple=True,
    default=("district",),
    show_default=True,
    type=click.Choice(["district", "commune", "priority_group", "age", "site", "product", "dose", "day"]),
)
@click.option("--as-of", help="Doses until the end of this day: DD/MM/YYYY or YYYY-MM-DD.  [default: today]")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of CSV.")
@click.option("--out", type=Output(dir_okay=False), help="Write the table there, for spreadsheets.")
@click.option("--chart", type=Output(dir_okay=False), help="A chart too: .svg or .png.")
@click.option(
    "--publish",
    is_flag=True,
    help="Hide small numbers (as x), and those that would give them away. For several tables at once: `publish`.",
)
@click.option("--small", type=click.IntRange(2), default=10, show_default=True, help="Below this a number is small.")
@click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Of the chart.")
@at_office
def coverage(
    at: Office, by: tuple[str, ...], as_of: str | None, as_json: bool, out: Path | None, chart: Path | None,
    publish: bool, small: int, lang: str,
) -> None:  # fmt: skip
    """Count people and doses, with targets and what is still to be reached."""
    from vaxcert.registry.reports import charts, publication, tables
    from vaxcert.registry.reports import coverage as module
    from vaxcert.tables.records import day

    with at.open() as found:
        counted = module.coverage(found, by, as_of=day(as_of) if as_of else None, listed=publish)
        names = charts.names(found, by[0], lang=lang) if chart else {}
    if publish:
        (counted,) = publication.published([counted], counted, small=small)
    told = (tables.as_json if as_json else tables.as_csv)(counted)
    if out is None:
        say_block(told.rstrip().replace("\r\n", "\n"))
    else:
        write(out, told)
    if chart is not None:
        charts.draw(counted, chart, lang=lang, names=names)
        say(f"Written to {chart}", err=True)


@click.command()
@at_office
def due(at: Office) -> None:
    """Who is to come for a next dose, as CSV: how many not yet, now, late and long late, by product and dose."""
    from vaxcert.registry.reports import due as module
    from vaxcert.registry.reports import kept, listing

    with at.open() as found:
        told = module.due(kept.courses(found), found.today())
    for row in listing.due(told):
        say_row(*row)


@click.command(cls=Writing)
@click.argument("out", type=Output(file_okay=False))
@click.option(
    "--table", "wanted", multiple=True, metavar="DIMENSION[,DIMENSION]",
    default=("district", "priority_group", "age", "product"), show_default=True,
    help="What a table counts by; repeatable.",
)  # fmt: skip
@click.option("--as-of", help="Doses until the end of this day: DD/MM/YYYY or YYYY-MM-DD.  [default: today]")
@click.option("--small", type=click.IntRange(2), default=10, show_default=True, help="Below this a number is small.")
@at_office
def publish(at: Office, out: Path, wanted: tuple[str, ...], as_of: str | None, small: int) -> None:
    """Write tables to OUT that may be published together: no hidden number follows from all of them.

    Two tables that were published one by one may give away what each hides. What is typed freely and stands in no list
    (of sites, districts, groups) is counted as other.
    """
    from vaxcert.registry.reports import coverage as module
    from vaxcert.registry.reports import publication, tables
    from vaxcert.tables.records import day

    names = [tuple(part.strip() for part in one.split(",")) for one in wanted]
    paths = [out / f"{'-'.join(by)}.csv" for by in names]
    spare(paths, (), own=at.own_files())
    until = day(as_of) if as_of else None
    with at.open() as found:
        counted = [module.coverage(found, by, as_of=until, listed=True) for by in names]
        every = tuple(name for name in module.DIMENSIONS if any(name in by for by in names))
        joint = module.coverage(found, every, as_of=until, listed=True)
    say("Looking for what follows from these tables … / Đang kiểm tra những gì suy ra được …", err=True)
    told = publication.published(counted, joint, small=small)
    with files.writing(out):
        out.mkdir(parents=True, exist_ok=True)
    for path, table in zip(paths, told, strict=True):
        write(path, tables.as_csv(table))


COMMANDS: tuple[click.Command, ...] = (check, coverage, due, publish)
