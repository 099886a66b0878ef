"""`vaxcert signer`: the process that signs for the desk and for programs, and what waits there for a second person."""

from __future__ import annotations

import logging
import signal
import threading
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vaxcert.cli.shared.options import FILE
from vaxcert.cli.shared.saying import say
from vaxcert.cli.shared.signing import load_key, login
from vaxcert.extras import need

if TYPE_CHECKING:
    from vaxcert.signer.client import SignerClient

_ACCOUNT = click.option(
    "--account", metavar="LOGIN", help="The account of the registry that says so, where the signer asks for one."
)
_SOCKET = click.option(
    "--socket", "path", envvar="VAXCERT_SIGNER", required=True, type=click.Path(path_type=Path), metavar="PATH",
    help="Where the signer listens.  [env: VAXCERT_SIGNER]",
)  # fmt: skip


@click.group()
def signer() -> None:
    """Sign what the registry holds, for processes that hold no key; see docs/signer.md.

    \b
    vaxcert signer run --config /etc/vaxcert/signer.toml
    vaxcert signer waiting                 requests for many certificates
    vaxcert signer approve 3               … that somebody else asked for
    """


@signer.command()
@click.option(
    "--config", envvar="VAXCERT_SIGNER_CONFIG", required=True, type=FILE, metavar="FILE",
    help="Its settings in TOML, see docs/signer.md.  [env: VAXCERT_SIGNER_CONFIG]",
)  # fmt: skip
def run(config: Path) -> None:
    """Listen at the socket and sign, until it is stopped (SIGTERM, Ctrl-C)."""
    need(("sqlalchemy", "alembic", "rapidfuzz", "numpy"), "registry")
    from vaxcert import IssueLog, Issuer
    from vaxcert.registry import Registry
    from vaxcert.registry.accounts import training
    from vaxcert.registry.accounts.signing import KeptAccounts
    from vaxcert.signer.alarms import Alarms
    from vaxcert.signer.answering import RegistrySigner
    from vaxcert.signer.server import SignerServer
    from vaxcert.signer.settings import load

    settings = load(config)
    peers, approvers, group = settings.peer_ids(), settings.approver_ids(), settings.group_id()
    key = load_key(settings.key if settings.key.startswith("pkcs11:") else Path(settings.key), settings.passphrase_file)
    issuer = Issuer(
        key, country=key.country or "", authority=settings.authority, valid_for=timedelta(days=settings.days),
        log=IssueLog(settings.log),
    )  # fmt: skip
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    with Registry.open(settings.db, settings.registry_key) as registry:
        training.check_signer(registry, issuer)
        answering = RegistrySigner(
            registry, issuer, limits=settings.limits, accounts=KeptAccounts(registry) if settings.accounts else None,
            alarms=Alarms(settings.hook), renew_within=settings.renewing(),
        )  # fmt: skip
        with SignerServer(settings.socket, answering, peers=peers, approvers=approvers, group=group) as server:
            # By another thread: `stop` waits for `serve`, which the handler interrupts.
            for one in (signal.SIGTERM, signal.SIGINT):
                signal.signal(one, lambda *_: threading.Thread(target=server.stop).start())
            say(f"Signing{' TEST certificates' if issuer.is_test else ''} at {settings.socket}")
            server.serve()
    say("Stopped; what was asked for is on record.")


@signer.command()
@_SOCKET
def waiting(path: Path) -> None:
    """List the requests for many certificates that wait for a second person."""
    for one in _client(path).waiting():
        say(f"{one.request:>6}  {one.asked_at:%Y-%m-%d %H:%M} UTC  {one.doses} doses  {one.account}  {one.site}")


@signer.command()
@click.argument("request", type=click.IntRange(1))
@_ACCOUNT
@_SOCKET
def approve(request: int, account: str | None, path: Path) -> None:
    """Say yes to what somebody else asked for, and have it signed."""
    # Hundreds are signed while it waits.
    answer = _client(path, timeout=300).approve(request, account=_named(account))
    say(f"{sum(one.new for one in answer.certificates)} signed, {len(answer.failed)} refused.")
    for failure in answer.failed:
        say(f"  dose {failure.dose}: {failure.error()}")


@signer.command()
@click.argument("request", type=click.IntRange(1))
@_ACCOUNT
@_SOCKET
def decline(request: int, account: str | None, path: Path) -> None:
    """Say no to a request; nothing of it is signed."""
    _client(path).decline(request, account=_named(account))
    say(f"Request {request} is declined.")


def _named(account: str | None) -> str:
    """As the audit log has it: an account of the registry, else whoever is logged in here."""
    return login() if account is None else f"account:{account.strip().lower()}"


def _client(path: Path, *, timeout: float = 20) -> SignerClient:
    from vaxcert.signer.client import SignerClient

    return SignerClient(path, timeout=timeout)
