"""`vaxcert registry`: its audit log, and the whole of it out and in again."""

from __future__ import annotations

import json
from pathlib import Path

import click

from vaxcert.cli.registry.office import Office, at_office
from vaxcert.cli.shared.options import FILE
from vaxcert.cli.shared.outputs import Output, Writing
from vaxcert.cli.shared.saying import say
from vaxcert.errors import ConfigurationError, Reason


@click.command()
@click.option("--expect", default="", help="A hash that was noted before: it has to be in the log still.")
@click.option("--show", type=click.IntRange(1), help="Print so many of the newest entries.")
@at_office
def audit(at: Office, expect: str, show: int | None) -> None:
    """Check that nothing in the audit log was changed or cut out, and print its last hash: note it elsewhere."""
    from vaxcert.registry import audit as module
    from vaxcert.registry.reports import doctor

    with at.open() as found:
        count, last = doctor.show_audit_head(found, expect, actor=at.actor) if expect.strip() else module.check(found)
        for entry in module.entries(found, last=show) if show else ():
            say(f"{entry.number:>6}  {entry.at}  {entry.actor}  {entry.action}  {json.dumps(entry.details)}")
    say(f"{count} entries, the last one {last}")


@click.command("export", cls=Writing)
@click.argument("out", type=Output(dir_okay=False))
@at_office
def export_(at: Office, out: Path) -> None:
    """Write the whole registry to a new file, but for its key: a backup, or to hand over to another database.

    Names, birth dates and doses stand in it in clear; keep and send it encrypted.
    """
    from vaxcert.registry import transfer

    if out.exists():
        raise ConfigurationError(f"{out}: there is such a file already", Reason.ALREADY_THERE)
    with at.open() as found:
        counts = transfer.export(found, out, actor=at.actor)
    say(f"{sum(counts.values())} rows of {len(counts)} tables in {out}")


@click.command()
@click.argument("source", type=FILE)
@at_office
def restore(at: Office, source: Path) -> None:
    """Fill a new registry (`init`, with the same key) with an export. All or nothing.

    What was done after the export has to be done again: imports, corrections, deletions, and revocations
    (`revocations --all` names those that the export knows).
    """
    from vaxcert.registry import transfer

    with at.open() as found:
        counts = transfer.restore(found, source, actor=at.actor)
    say(f"{sum(counts.values())} rows of {len(counts)} tables")


@click.command("training-reset")
@click.argument("snapshot", type=FILE)
@at_office
def training_reset(at: Office, snapshot: Path) -> None:
    """Put a registry for training back to an export of it, as every night. All or nothing.

    \b
    vaxcert registry export training.zip           once it is as it is to be every morning
    vaxcert registry training-reset training.zip

    Whoever is signed in has to sign in anew. A registry that was not made for training, or that holds a certificate of
    a real key, is refused and stays as it is.
    """
    from vaxcert.registry import resetting

    with at.open() as found:
        counts = resetting.reset(found, snapshot, actor=at.actor)
    say(f"{sum(counts.values())} rows of {len(counts)} tables, as they were made")


COMMANDS: tuple[click.Command, ...] = (audit, export_, restore, training_reset)
