"""`vaxcert trust`: publish keys and revocations, keep a verifier's store in step with them, and look at either."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vaxcert.cli.progress import progress
from vaxcert.cli.publish import publish
from vaxcert.cli.shared import moment_text
from vaxcert.errors import ConfigurationError

if TYPE_CHECKING:
    from vaxcert.trust.repository import Loaded

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def trust() -> None:
    """Publish keys and revocations, sync them to verifiers, look at them."""


trust.add_command(publish)


@trust.command()
@click.argument("source", metavar="URL|DIR")
@click.option(
    "--into",
    envvar="VAXCERT_TRUST",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    metavar="DIR",
    help="The verifier's store.  [env: VAXCERT_TRUST]",
)
@click.option("--root", type=_FILE, help="The first time: the publisher's root.json, got by a way that you trust.")
@click.option(
    "--environment", type=click.Choice(["test", "production"]), help="Refuse a list that is for anything else."
)
@click.option("--allow-private", is_flag=True, help="The server may have an address of a private network.")
@click.option("--json", "as_json", is_flag=True, help="Print what is in use then as JSON.")
def sync(
    source: str, into: Path, root: Path | None, environment: str | None, allow_private: bool, as_json: bool
) -> None:
    """Bring a verifier's store in step with what is published at URL or in DIR.

    All of it is checked before any of it is used. Stopped or refused at any point, the store stays as it was.
    https only; http for this machine itself.
    """
    from vaxcert.trust.sync import sync as bring

    try:
        anchor = None if root is None else root.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{root}: {error.strerror}") from None
    with progress() as update:
        done = bring(
            source,
            into,
            root=anchor,
            environment=environment,
            allow_private=allow_private,
            progress=lambda fetched: update("kB", fetched // 1000, 0),
        )
    if as_json:
        click.echo(json.dumps(_facts(done.loaded) | {"changed": done.changed}))
        return
    click.echo(f"{into}: {'a new publication is in use' if done.changed else 'nothing new'}.")
    _describe(done.loaded, datetime.now(UTC))


@trust.command()
@click.argument("folder", type=click.Path(exists=True, path_type=Path), metavar="DIR")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def show(folder: Path, as_json: bool) -> None:
    """What a verifier's store holds, how old it is and until when it may be relied on.

    All of it is checked anew. Exit status 3 where it may not be relied on now.
    """
    from vaxcert.cli.shared import EXIT_UNDETERMINED
    from vaxcert.trust import repository

    if not repository.is_store(folder):
        raise ConfigurationError(f"{folder}: no synced store. For a plain folder of certificates: vaxcert keys show")
    loaded = repository.load(folder)
    if as_json:
        click.echo(json.dumps(_facts(loaded)))
    else:
        _describe(loaded, datetime.now(UTC))
    if not _is_fresh(loaded, datetime.now(UTC)):
        raise click.exceptions.Exit(EXIT_UNDETERMINED)


def _is_fresh(loaded: Loaded, now: datetime) -> bool:
    freshness = loaded.freshness
    assert freshness.published_at and freshness.valid_until  # noqa: S101  (a synced store has both)
    return freshness.published_at <= now <= freshness.valid_until


def _facts(loaded: Loaded) -> dict[str, Any]:
    from vaxcert.issuelog import iso

    freshness = loaded.freshness
    assert freshness.published_at and freshness.valid_until  # noqa: S101  (a synced store has both)
    return {
        "environment": str(loaded.listing.environment),
        "publication": loaded.metadata.version,
        "published_at": iso(freshness.published_at),
        "expires_at": iso(loaded.metadata.expires_at),
        "valid_until": iso(freshness.valid_until),
        "source": loaded.state.source,
        "keys": [
            {"kid": key.kid.hex(), "country": key.country, "subject": key.subject, "revoked": key.withdrawn}
            for key in loaded.keys
        ],
        "refused": [{"source": one.source, "reason": str(one.reason)} for one in loaded.refused],
        "revocations": loaded.revocations.counts(),
    }


def _describe(loaded: Loaded, now: datetime) -> None:
    facts = _facts(loaded)
    keys = f"{len(loaded.keys)} key{'s' * (len(loaded.keys) != 1)}"
    click.echo(f"  {keys}, {facts['environment']}, publication {facts['publication']}")
    for key in loaded.keys:
        click.echo(f"    {key.kid.hex()}  {key.country or '??'}  {key.subject}{'  REVOKED' * key.withdrawn}")
    for entry in loaded.refused:
        click.echo(f"    left out: {entry.source}: {entry.reason} {entry.detail}".rstrip())
    counts = ", ".join(f"{number} by {kind}" for kind, number in facts["revocations"].items() if number)
    click.echo(f"  revoked: {counts or 'nothing'}")
    freshness = loaded.freshness
    assert freshness.published_at and freshness.valid_until  # noqa: S101  (a synced store has both)
    until = moment_text(freshness.valid_until)
    click.echo(f"  published {moment_text(freshness.published_at)}, to be relied on until {until}")
    if now < freshness.published_at:
        click.secho("  THE CLOCK of this machine is behind: set it, or nothing is accepted", fg="red")
    elif now > freshness.valid_until:
        click.secho("  TOO OLD: nothing is accepted until it is synced", fg="red")
