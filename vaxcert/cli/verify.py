"""`vaxcert verify`: texts, text files, pictures or standard input against published keys."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vaxcert.cli.shared.card import show_verdict
from vaxcert.cli.shared.exits import exit_status
from vaxcert.cli.shared.options import IsoMoment, language_option, trust_options
from vaxcert.cli.shared.rules import rules_of, rules_options
from vaxcert.cli.shared.saying import say, say_json
from vaxcert.cli.shared.texts import UnreadableError, texts
from vaxcert.cli.shared.trusted import load_trust
from vaxcert.errors import ImageError

if TYPE_CHECKING:
    from vaxcert import Verifier


@click.command()
@click.argument("cards", nargs=-1, required=True, metavar="TEXT|FILE|IMAGE|ARCHIVE|- ...")
@trust_options
@rules_options
@click.option("--at", type=IsoMoment(), help="Judge by this moment instead of now, such as 2026-06-01T12:00Z.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a card and line.")
@language_option
def verify(
    cards: tuple[str, ...],
    trust: Path | None,
    environment: str | None,
    rules: str | None,
    mode: str | None,
    at: datetime | None,
    as_json: bool,
    lang: str,
) -> None:
    """Check certificates against the published keys in --trust DIR. No network is used.

    A card is its text ("HC1:…", "shc:/…"), a text file with one code a line, a file of SMART Health Cards
    (.smart-health-card), a picture of a code (PNG, JPEG, WebP), a PDF with codes, an archive of pictures as `batch`
    writes it (.zip, .parquet), or "-" for codes on standard input, one a line. A card that is told in several codes is
    put together from all that are given. Of an archive all are counted, and shown what is not accepted. Exit status:
    0 all accepted, 1 one refused, 3 one undetermined, 4 one unreadable.
    """
    from vaxcert import Verifier
    from vaxcert.formats.chunks import Parts

    keys = load_trust(trust, environment)
    verifier = Verifier(keys, rules=rules_of(rules, mode, keys))
    statuses: list[str | None] = []
    parts = Parts()

    def judge(text: str) -> None:
        verdict = verifier.verify(text, at=at)
        statuses.append(verdict.status)
        if as_json:
            say_json(verdict.to_dict())
        else:
            show_verdict(verdict, lang)

    for card in cards:
        try:
            if card.lower().endswith((".zip", ".parquet")) and Path(card).is_file():
                statuses += _archive(Path(card), verifier, at, as_json, lang)
                continue
            for text in texts(card):
                # Of a card in several codes each may be a picture, or a line, of its own.
                if (whole := parts.take(text)) is not None:
                    judge(whole)
        except (UnreadableError, ImageError) as error:
            statuses.append(None)
            name = "standard input" if card == "-" else card
            _say_unreadable(name, str(error), as_json)
    for text in parts.rest():
        judge(text)
    if len(statuses) > 1 and not as_json:
        counts = {status: statuses.count(status) for status in dict.fromkeys(statuses)}
        say(
            f"{len(statuses)} codes: "
            + ", ".join(f"{count} {status or 'unreadable'}" for status, count in counts.items())
        )
    sys.exit(exit_status(statuses))


def _archive(path: Path, verifier: Verifier, at: datetime | None, as_json: bool, lang: str) -> list[str | None]:
    """The statuses of an archive's pictures. What is accepted is counted, and only the others are shown."""
    from vaxcert.cli.shared.archive import verdicts

    statuses: list[str | None] = []
    for picture in verdicts(path, verifier, at):
        for verdict in picture.verdicts:
            statuses.append(verdict.status)
            if as_json:
                say_json(verdict.to_dict() | {"source": picture.name})
            elif not verdict:
                say(f"{picture.name}:")
                show_verdict(verdict, lang)
        if picture.problem is not None:
            statuses.append(None)
            _say_unreadable(picture.name, picture.problem, as_json)
    return statuses


def _say_unreadable(source: str, problem: str, as_json: bool) -> None:
    if as_json:
        say_json({"status": "unreadable", "source": source, "detail": problem})
    else:
        say(f"? {source}: {problem}", fg="yellow", bold=True)
