"""`vaxcert trust show`: what a store, a folder or a list holds, and how two of them differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vaxcert.cli.shared.card import moment_text
from vaxcert.cli.shared.exits import EXIT_UNDETERMINED
from vaxcert.cli.shared.options import Existing
from vaxcert.cli.shared.saying import say, say_json
from vaxcert.cli.trust.difference import difference
from vaxcert.cli.trust.facts import SOON, facts, times
from vaxcert.cli.trust.imports import say_refused
from vaxcert.errors import ConfigurationError, Reason

if TYPE_CHECKING:
    from vaxcert.trust.holdings import Holdings
    from vaxcert.trust.synced.repository import Loaded

# So many keys are named one by one; of more, countries are counted.
_FEW = 12


def holdings(place: Path) -> Holdings:
    """What a synced store, a folder of certificates or a published list's file holds. Raises `ConfigurationError`."""
    from vaxcert.trust.holdings import held_at, in_file

    if not place.is_dir():
        return in_file(place)
    held = held_at(place)
    if not held.keys and not held.refused:
        raise ConfigurationError(f"{place}: no certificate in it", Reason.NOTHING_USABLE)
    return held


@click.command()
@click.argument("place", type=Existing(), metavar="DIR|FILE")
@click.argument("other", type=Existing(), metavar="[OTHER]", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def show(place: Path, other: Path | None, as_json: bool) -> None:
    """Who is in a verifier's store, a folder of certificates or a published list; how many, until when.

    With OTHER, what is new there, what is gone, and what has changed. A synced store is checked anew, all of it: exit
    status 3 where it may not be relied on now.
    """
    now = datetime.now(UTC)
    held = holdings(place)
    if other is not None:
        difference(held, holdings(other), as_json)
        return
    if as_json:
        say_json(facts(held, now))
    else:
        describe(held, now)
    if held.synced is not None and held.synced.freshness.problem(now) is not None:
        raise click.exceptions.Exit(EXIT_UNDETERMINED)


def describe(held: Holdings, now: datetime) -> None:
    """Print what is held, for people."""
    keys = held.keys
    environment = "" if held.synced is None else f", {held.synced.listing.environment}"
    publication = "" if held.synced is None else f", publication {held.synced.metadata.version}"
    say(f"  {len(keys)} key{'s' * (len(keys) != 1)}{environment}{publication} ({held.form})")
    if len(keys) <= _FEW:
        for key in keys:
            say(f"    {key.kid.hex()}  {key.country or '??'}  {key.subject}{'  REVOKED' * key.withdrawn}")
    else:
        by_country = Counter(key.country or "??" for key in keys)
        for line in _wrapped(f"{country} {count}" for country, count in by_country.most_common()):
            say(f"    {line}")
    expired = [key for key in keys if now > key.not_after]
    soon = sorted((key for key in keys if now <= key.not_after < now + SOON), key=lambda key: key.not_after)
    if expired:
        say(f"  {len(expired)} expired")
    for key in soon[:_FEW]:
        say(f"  ends {key.not_after:%Y-%m-%d}: {key.kid.hex()}  {key.country or '??'}  {key.subject}", fg="yellow")
    if len(soon) > _FEW:
        say(f"  … and {len(soon) - _FEW} more within {SOON.days} days", fg="yellow")
    say_refused(held.refused)
    if held.synced is not None:
        _describe_store(held.synced, now)


def _describe_store(loaded: Loaded, now: datetime) -> None:
    sources = Counter(entry.origin.source for entry in loaded.listing.keys if entry.origin is not None)
    for source, count in sources.items():
        days = {entry.origin.date for entry in loaded.listing.keys if entry.origin and entry.origin.source == source}
        say(f"  {count} from {source}, taken {min(days)}" + (f" to {max(days)}" if len(days) > 1 else ""))
    counts = ", ".join(f"{number} by {kind}" for kind, number in loaded.revocations.counts().items() if number)
    say(f"  revoked: {counts or 'nothing'}")
    published, until = times(loaded)
    say(f"  published {moment_text(published)}, to be relied on until {moment_text(until)}")
    problem = loaded.freshness.problem(now)
    if problem == "clock_rolled_back":
        say("  THE CLOCK of this machine is behind: set it, or nothing is accepted", fg="red")
    elif problem == "clock_suspect":
        say(
            f"  TOO OLD, or THE CLOCK of this machine is far ahead: it shows {moment_text(now)}. "
            "Nothing is accepted until either is right",
            fg="red",
        )
    elif problem is not None:
        say("  TOO OLD: nothing is accepted until it is synced", fg="red")


def _wrapped(words: Iterable[str], width: int = 100) -> list[str]:
    lines = [""]
    for word in words:
        if lines[-1] and len(lines[-1]) + len(word) + 2 > width:
            lines.append("")
        lines[-1] += (", " if lines[-1] else "") + word
    return lines
