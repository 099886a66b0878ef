"""`vaxcert scan`: codes one after the other, from a hand scanner, a camera, pictures or a folder that fills."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vaxcert.cli.shared.exits import exit_status
from vaxcert.cli.shared.options import language_option, trust_options
from vaxcert.cli.shared.rules import rules_of, rules_options
from vaxcert.cli.shared.saying import say, say_json, signal
from vaxcert.cli.shared.streams import reader_is_gone
from vaxcert.cli.shared.trusted import load_trust
from vaxcert.errors import VaxcertError
from vaxcert.wording.scanning import SAME_PERSON

if TYPE_CHECKING:
    from vaxcert import TrustStore, Verdict, Verifier
    from vaxcert.cli.scanning.gate import Gate
    from vaxcert.cli.scanning.sources import Scan
    from vaxcert.rules.base import Rules

_CLEAR = "\x1b[2J\x1b[3J\x1b[H"  # screen and what can be scrolled back to: a name must not stay there
_BEEPS = {
    "accepted": "\a",
    "test": "\a",
    "refused": "\a\a\a",
    "undetermined": "\a\a",
    "not_enough": "\a\a\a\a",
    "other": "",
}


@click.command()
@click.argument("paths", nargs=-1, metavar="[FILE|FOLDER|-]...")
@trust_options
@rules_options
@click.option("--watch", is_flag=True, help="Go on: read new pictures in the folders as they come.")
@click.option("--camera", type=int, metavar="N", help="Read from camera N (needs vaxcert[camera]).")
@click.option(
    "--beep",
    is_flag=True,
    help="Sound after each verdict: once accepted, twice undetermined, three times refused, four not enough here.",
)
@click.option(
    "--same-person",
    type=click.FloatRange(0),
    default=0,
    metavar="MINUTES",
    help="Point out a person who was here within this time.  [default: never]",
)
@click.option("--kiosk", type=click.FloatRange(1), metavar="SECONDS", help="Clear the screen after this time.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a scan and line, for integrators.")
@language_option
def scan(
    paths: tuple[str, ...],
    trust: Path | None,
    environment: str | None,
    rules: str | None,
    mode: str | None,
    watch: bool,
    camera: int | None,
    beep: bool,
    same_person: float,
    kiosk: float | None,
    as_json: bool,
    lang: str,
) -> None:
    """Check one code after the other, with a large verdict for each.

    Without a path, or with "-", codes come from a hand scanner on standard input, one a line: Tab and line ends are
    taken off, broken lines put together, and a wrong keyboard layout is said. A folder's pictures and PDFs are all
    read; --watch goes on with new ones. The same code is not repeated within ten seconds. Neither pictures nor
    names are kept. Ctrl-C ends. Exit status as for `verify`; 0 where only standard input or a camera was scanned.
    """
    from vaxcert import Verifier
    from vaxcert.cli.scanning.gate import Gate

    keys = load_trust(trust, environment)
    asked = rules_of(rules, mode, keys)
    verifier = Verifier(keys, rules=asked)
    gate = Gate(same_person_within=same_person * 60, clock=time.monotonic)
    screen = _Screen(gate, lang=lang, as_json=as_json, beep=beep, kiosk=kiosk)
    live = camera is not None or watch or not paths or "-" in paths
    statuses: list[str | None] = []
    try:
        for found in _scans(paths, watch, camera, screen):
            # A day at a gate is longer than a list should be: what was synced meanwhile is used at once.
            if (trusted := verifier.trust.current()) is not verifier.trust:
                asked = _again(asked, rules, mode, trusted)
                verifier = Verifier(trusted, rules=asked)
            status = screen.show(found, verifier)
            if not live:
                statuses.append(status)
    except KeyboardInterrupt:
        say(err=True)
    screen.summary()
    sys.exit(0 if live else exit_status(statuses))


def _scans(paths: tuple[str, ...], watch: bool, camera: int | None, screen: _Screen) -> Iterator[Scan]:
    from vaxcert.cli.scanning import sources

    if camera is not None:
        yield from sources.camera(camera, screen.idle)
        return
    if not paths or "-" in paths:
        yield from sources.standard_input(screen.idle)
        return
    yield from sources.files([Path(path) for path in paths], watch=watch, idle=screen.idle)


def _again(before: Rules | None, rules: str | None, mode: str | None, trust: TrustStore) -> Rules | None:
    """The rules of a new list. Where none of it can be followed those before go on: no gate is left open."""
    try:
        return rules_of(rules, mode, trust)
    except VaxcertError as error:
        say(f"the rules go on as before: {error}", err=True)
        return before


class _Screen:
    """Where verdicts go: lines of JSON, or one large verdict after the other."""

    def __init__(self, gate: Gate, *, lang: str, as_json: bool, beep: bool, kiosk: float | None) -> None:
        self._gate = gate
        self._lang = lang
        self._as_json = as_json
        self._beep = beep
        self._kiosk = kiosk
        self._shown_at: float | None = None

    def show(self, scanned: Scan, verifier: Verifier) -> str | None:
        """Verify and show one scan; return its status, or None for what could not be read."""
        if scanned.problem is not None:
            self._problem(scanned.source, scanned.problem)
            return None
        text = self._gate.together(scanned.text)
        verdict = verifier.verify(text)
        seen = self._gate.see(text, verdict)
        if seen.repeated:
            return str(verdict.status)
        if self._as_json:
            extra = {"source": scanned.source, "number": seen.number, "same_person": seen.same_person}
            say_json(verdict.to_dict() | extra)
        else:
            self._banner(verdict, scanned.source, seen.number, seen.same_person)
        if self._beep:
            from vaxcert import showing

            # After the verdict and never before: the sound must not let anybody in.
            signal(_BEEPS[showing.kind_of(verdict)], err=self._as_json)
        return str(verdict.status)

    def idle(self) -> None:
        """Clear a kiosk's screen when its time is over; called while nothing comes.

        Raises `BrokenPipeError` where nobody reads the verdicts any more: a scanner has no end that would tell.
        """
        if reader_is_gone():
            raise BrokenPipeError
        if self._kiosk and self._shown_at is not None and time.monotonic() - self._shown_at >= self._kiosk:
            self._shown_at = None
            if not self._as_json:
                signal(_CLEAR)

    def summary(self) -> None:
        """Print on standard error how many cards had each verdict."""
        counts = self._gate.counts
        parts = ", ".join(f"{counts[status]} {status}" for status in ("accepted", "refused", "undetermined"))
        if counts["not_enough"]:
            parts += f", {counts['not_enough']} genuine but not enough here"
        if counts["other"]:
            parts += f", {counts['other']} no certificate"
        say(f"{counts.total()} scanned: {parts}", err=True)

    def _banner(self, verdict: Verdict, source: str, number: int, same_person: bool) -> None:
        from vaxcert.cli.shared.card import card_lines, headline

        symbol, colour, words = headline(verdict, self._lang)
        if self._kiosk:
            signal(_CLEAR)
        test = verdict.environment == "test"
        width = max(44, len(words) + 16)
        middle = f"{symbol}  {words.upper()}" + ("   · TEST ·" if test else "")
        for line in ("", middle, ""):
            say(line.center(width), bg=colour, fg="white" if colour in ("red", "magenta") else "black", bold=True)
        for line in card_lines(verdict, self._lang):
            say(line)
        if same_person:
            say("  ! " + SAME_PERSON.of(self._lang), fg="yellow", bold=True)
        say(f"  #{number}  {source}".rstrip())
        say()
        self._shown_at = time.monotonic()

    def _problem(self, source: str, problem: str) -> None:
        if self._as_json:
            say_json({"status": "unreadable", "reason": "unreadable", "source": source, "detail": problem})
        else:
            say(f"?  {source + ': ' if source else ''}{problem}", fg="yellow", bold=True)
