"""`vaxcert verify`: texts, text files, pictures or standard input against published keys."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path

import click

from vaxcert.cli.shared import (
    IsoMoment,
    exit_status,
    language_option,
    load_trust,
    show_verdict,
    trust_options,
)
from vaxcert.cli.texts import UnreadableError, texts
from vaxcert.errors import ImageError


@click.command()
@click.argument("cards", nargs=-1, required=True, metavar="TEXT|FILE|IMAGE|- ...")
@trust_options
@click.option("--at", type=IsoMoment(), help="Judge by this moment instead of now, such as 2026-06-01T12:00Z.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a card and line.")
@language_option
def verify(
    cards: tuple[str, ...],
    trust: Path | None,
    environment: str | None,
    at: datetime | None,
    as_json: bool,
    lang: str,
) -> None:
    """Check certificates against the published keys in --trust DIR. No network is used.

    A card is its text ("HC1:…"), a text file with one code a line, a picture of a code (PNG, JPEG, WebP), a PDF
    with codes, or "-" for codes on standard input, one a line. Exit status: 0 all accepted, 1 one refused, 3 one
    undetermined, 4 one unreadable.
    """
    from vaxcert import Verifier

    verifier = Verifier(load_trust(trust, environment))
    statuses: list[str | None] = []
    for card in cards:
        try:
            for text in texts(card):
                verdict = verifier.verify(text, at=at)
                statuses.append(verdict.status)
                if as_json:
                    click.echo(json.dumps(verdict.to_dict(), ensure_ascii=False))
                else:
                    show_verdict(verdict, lang)
        except (UnreadableError, ImageError) as error:
            statuses.append(None)
            name = "standard input" if card == "-" else card
            if as_json:
                click.echo(json.dumps({"status": "unreadable", "source": name, "detail": str(error)}))
            else:
                click.secho(f"? {name}: {error}", fg="yellow", bold=True)
    if len(statuses) > 1 and not as_json:
        counts = {status: statuses.count(status) for status in dict.fromkeys(statuses)}
        click.echo(
            f"{len(statuses)} codes: "
            + ", ".join(f"{count} {status or 'unreadable'}" for status, count in counts.items())
        )
    sys.exit(exit_status(statuses))
