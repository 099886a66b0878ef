"""`vaxcert trust sync`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from vaxcert import files
from vaxcert.cli.shared.options import FILE
from vaxcert.cli.shared.progress import progress
from vaxcert.cli.shared.saying import say, say_json
from vaxcert.cli.trust.facts import facts
from vaxcert.cli.trust.show import describe


@click.command()
@click.argument("source", metavar="URL|DIR")
@click.option(
    "--into",
    envvar="VAXCERT_TRUST",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    metavar="DIR",
    help="The verifier's store.  [env: VAXCERT_TRUST]",
)
@click.option("--root", type=FILE, help="The first time: the publisher's root.json, got by a way that you trust.")
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
    https only; http for this machine itself. HTTPS_PROXY is asked through, but for what NO_PROXY names.
    """
    from vaxcert.trust.holdings import Holdings
    from vaxcert.trust.synced.sync import sync as bring

    anchor = None
    if root is not None:
        with files.reading(root):
            anchor = root.read_bytes()
    with progress() as update:
        done = bring(
            source,
            into,
            root=anchor,
            environment=environment,
            allow_private=allow_private,
            progress=lambda fetched: update("kB", fetched // 1000, 0),
        )
    now = datetime.now(UTC)
    found = Holdings("synced store", done.loaded.keys, done.loaded.refused, done.loaded)
    if as_json:
        say_json(facts(found, now) | {"changed": done.changed})
        return
    say(f"{into}: {'a new publication is in use' if done.changed else 'nothing new'}.")
    describe(found, now)
