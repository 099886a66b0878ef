"""`vaxcert inspect`: every step of a card, and where it broke."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vaxcert.cli.shared.exits import EXIT_UNREADABLE, exit_status
from vaxcert.cli.shared.options import IsoMoment, trust_options
from vaxcert.cli.shared.saying import say, say_block
from vaxcert.cli.shared.texts import UnreadableError, texts
from vaxcert.cli.shared.trusted import load_trust
from vaxcert.errors import CardError, ImageError

if TYPE_CHECKING:
    from vaxcert import TrustStore


@click.command()
@click.argument("card", metavar="TEXT|FILE|IMAGE|-")
@trust_options
@click.option("--at", type=IsoMoment(), help="Judge by this moment instead of now.")
def inspect(card: str, trust: Path | None, environment: str | None, at: datetime | None) -> None:
    """Show every step of a certificate's decoding, and where it broke.

    For developers: what is shown is personal data, and nothing of it has been checked until the last line says
    so. With --trust the signer's certificate is shown and the verdict given. Exit status as for `verify`; 4 where
    the decoding broke and there are no keys.
    """
    store = load_trust(trust, environment) if trust is not None else None
    statuses: list[str | None] = []
    try:
        for number, text in enumerate(texts(card)):
            if number:
                say()
            statuses.append(_inspect(text, store, at))
    except (UnreadableError, ImageError) as error:
        say(f"Unreadable: {error}", err=True)
        sys.exit(EXIT_UNREADABLE)
    sys.exit(0 if store is None and None not in statuses else exit_status(statuses))


def _inspect(text: str, store: TrustStore | None, at: datetime | None) -> str | None:
    from vaxcert.inspection import steps

    broken = False
    try:
        for title, content in steps(text):
            say(f"── {title}", bold=True)
            say_block(content)
    except CardError as error:
        say(f"── broken at {error.stage}: {error}", fg="red", bold=True)
        broken = True
    if store is None:
        if not broken:
            say("── signature not checked: no --trust given", fg="yellow", bold=True)
        return None if broken else "accepted"
    from vaxcert import TrustedKey, Verifier

    verdict = Verifier(store).verify(text, at=at)
    if isinstance(key := verdict.signer, TrustedKey):
        say("── certificate of the key", bold=True)
        say(f"{key.subject}, {key.algorithm}, {key.not_before:%Y-%m-%d} to {key.not_after:%Y-%m-%d}")
        say("signs " + (", ".join(sorted(key.usages)) or "any kind"))
    say("── checks", bold=True)
    for check in verdict.checks:
        say(f"{check.stage:<12} {check.outcome:<8} {check.reason or ''} {check.detail}".rstrip())
    for warning in verdict.warnings:
        say(f"{'warning':<12} {warning}")
    say(f"── {verdict.status}{f': {verdict.reason}' if verdict.reason else ''}", bold=True)
    return verdict.status
