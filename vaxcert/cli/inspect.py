"""`vaxcert inspect`: every step of a card, and where it broke."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vaxcert.cli.shared import EXIT_UNREADABLE, IsoMoment, exit_status, load_trust, trust_options
from vaxcert.cli.texts import UnreadableError, texts
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
                click.echo()
            statuses.append(_inspect(text, store, at))
    except (UnreadableError, ImageError) as error:
        click.echo(f"Unreadable: {error}", err=True)
        sys.exit(EXIT_UNREADABLE)
    sys.exit(0 if store is None and None not in statuses else exit_status(statuses))


def _inspect(text: str, store: TrustStore | None, at: datetime | None) -> str | None:
    broken = False
    try:
        for title, content in _steps(text):
            click.secho(f"── {title}", bold=True)
            click.echo(content)
    except CardError as error:
        click.secho(f"── broken at {error.stage}: {error}", fg="red", bold=True)
        broken = True
    if store is None:
        if not broken:
            click.secho("── signature not checked: no --trust given", fg="yellow", bold=True)
        return None if broken else "accepted"
    from vaxcert import Verifier

    verdict = Verifier(store).verify(text, at=at)
    if verdict.signer is not None:
        key = next(key for key in store if key is verdict.signer)
        click.secho("── certificate of the key", bold=True)
        click.echo(f"{key.subject}, {key.algorithm}, {key.not_before:%Y-%m-%d} to {key.not_after:%Y-%m-%d}")
        click.echo("signs " + (", ".join(sorted(key.usages)) or "any kind"))
    click.secho("── checks", bold=True)
    for check in verdict.checks:
        click.echo(f"{check.stage:<12} {check.outcome:<8} {check.reason or ''} {check.detail}".rstrip())
    for warning in verdict.warnings:
        click.echo(f"{'warning':<12} {warning}")
    click.secho(f"── {verdict.status}{f': {verdict.reason}' if verdict.reason else ''}", bold=True)
    return verdict.status


def _steps(text: str) -> Iterator[tuple[str, str]]:
    import cbor2

    from vaxcert.cli.diagnostic import diagnostic
    from vaxcert.errors import FormatError, Reason
    from vaxcert.formats import hcert
    from vaxcert.names import printable
    from vaxcert.wire import base45, cbor, cose, deflate

    text = text.strip("\r\n\t")
    yield f"text, {len(text)} characters", printable(text[:200]) + (" …" if len(text) > 200 else "")
    if not hcert.HCERT.detect(text):
        raise FormatError(Reason.FORMAT_UNKNOWN)
    if len(text) > hcert.MAX_TEXT:
        raise FormatError(Reason.TEXT_TOO_LONG, f"{len(text)} characters, at most {hcert.MAX_TEXT}")
    compressed = base45.decode(text[len(hcert.PREFIX) :])
    yield f"base45 decoded, {len(compressed)} bytes", compressed.hex()
    message = deflate.inflate(compressed)
    yield f"inflated, {len(message)} bytes", message.hex()
    sealed = cose.decode(message)
    item = cbor.loads(message)
    while isinstance(item, cbor2.CBORTag):
        item = item.value
    protected, unprotected = (cbor.loads(item[0]) if item[0] else {}), dict(item[1])
    yield "COSE protected header", diagnostic(protected)
    yield "COSE unprotected header", diagnostic(unprotected)
    yield "key id", sealed.kid.hex() if sealed.kid is not None else "none"
    yield f"signature, {len(sealed.signature)} bytes", sealed.signature.hex()
    yield "claims, not yet checked", printable_block(diagnostic(cbor.loads(sealed.payload)))


def printable_block(block: str) -> str:
    """Each line of untrusted text without control characters."""
    from vaxcert.names import printable

    return "\n".join(line[: len(line) - len(line.lstrip())] + printable(line.lstrip()) for line in block.splitlines())
