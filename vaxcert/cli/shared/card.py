"""A verdict on a terminal. The words and what a card is are loaded once there is one: not for `--help`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from vaxcert.cli.shared.saying import say

if TYPE_CHECKING:
    from vaxcert import Verdict

_WIDTH = 18
# By kind of verdict: symbol and colour.
_SIGNS = {
    "accepted": ("✔", "green"),
    "test": ("✔", "magenta"),
    "refused": ("✘", "red"),
    "undetermined": ("?", "yellow"),
    "not_enough": ("△", "bright_yellow"),
    "other": ("–", "blue"),
}


def headline(verdict: Verdict, lang: str) -> tuple[str, str, str]:
    """The headline of a verdict: symbol, colour and words."""
    from vaxcert import showing

    return *_SIGNS[showing.kind_of(verdict)], showing.headline(verdict, lang)


def card_lines(verdict: Verdict, lang: str) -> list[str]:
    """The lines below the headline: the reason in plain words, the card where its signature opened, and warnings."""
    from vaxcert import showing, wording

    said = showing.reason(verdict, lang, datetime.now(UTC), moment_text)
    reason = [] if verdict.reason is None else [f"  {said} ({verdict.reason})"]
    card = [f"  {line.label(lang):<{_WIDTH}} {line.text}" for line in showing.lines(verdict, lang)]
    rules = [f"    {line}" for line in showing.rules(verdict, lang)]
    mode = [f"  {showing.mode(verdict, lang)}"] if verdict.rules is not None else []
    warnings = [f"  ! {wording.say(warning, lang)} ({warning})" for warning in verdict.warnings]
    return [*reason, *mode, *rules, *card, *warnings]


def show_verdict(verdict: Verdict, lang: str) -> None:
    """Print a verdict as staff read it: symbol, colour and words, then what the card says."""
    symbol, colour, words = headline(verdict, lang)
    mark = "  [TEST]" if verdict.environment == "test" else ""
    say(f"{symbol} {words}{mark}", fg=colour, bold=True)
    for line in card_lines(verdict, lang):
        say(line)


def moment_text(moment: datetime) -> str:
    """A point in time as staff read it."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
