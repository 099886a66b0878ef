"""`vaxcert lookup`: the process that looks certificates up for the public's pages."""

from __future__ import annotations

import logging
import signal
import threading
from pathlib import Path

import click

from vaxcert.cli.shared.options import FILE
from vaxcert.cli.shared.saying import say
from vaxcert.extras import need


@click.group()
def lookup() -> None:
    """Look certificates up for the public's pages, which hold no key of the registry; see docs/public.md.

    \b
    vaxcert lookup run --config /etc/vaxcert/lookup.toml
    """


@lookup.command()
@click.option(
    "--config", envvar="VAXCERT_LOOKUP_CONFIG", required=True, type=FILE, metavar="FILE",
    help="Its settings in TOML, see docs/public.md.  [env: VAXCERT_LOOKUP_CONFIG]",
)  # fmt: skip
def run(config: Path) -> None:
    """Listen at the socket and answer, until it is stopped (SIGTERM, Ctrl-C)."""
    need(("sqlalchemy", "alembic", "rapidfuzz", "numpy"), "registry")
    from vaxcert.lookup.answering import RegistryLookup
    from vaxcert.lookup.server import LookupServer
    from vaxcert.lookup.settings import load
    from vaxcert.registry import Registry

    settings = load(config)
    peers, group = settings.peer_ids(), settings.group_id()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    with (
        Registry.open(settings.db, settings.registry_key) as registry,
        LookupServer(settings.socket, RegistryLookup(registry), peers=peers, group=group) as server,
    ):
        # By another thread: `stop` waits for `serve`, which the handler interrupts.
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, lambda *_: threading.Thread(target=server.stop).start())
        say(f"Looking up at {settings.socket}")
        server.serve()
    say("Stopped.")
