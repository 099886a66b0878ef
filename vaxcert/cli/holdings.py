"""`vaxcert trust show`: what a store, a folder or a list holds, and how two of them differ."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from vaxcert.cli.lists import say_refused
from vaxcert.cli.shared import EXIT_UNDETERMINED, moment_text
from vaxcert.errors import ConfigurationError

if TYPE_CHECKING:
    from vaxcert import TrustedKey
    from vaxcert.trust.holdings import Holdings
    from vaxcert.trust.synced.repository import Loaded

_SOON = timedelta(days=60)
# So many keys are named one by one; of more, countries are counted.
_FEW = 12


def holdings(place: Path) -> Holdings:
    """Of a synced store, a folder of certificates, or the file of a published list. Raises `ConfigurationError`."""
    from vaxcert.trust.holdings import held_at, in_file

    if not place.is_dir():
        return in_file(place)
    held = held_at(place)
    if not held.keys and not held.refused:
        raise ConfigurationError(f"{place}: no certificate in it")
    return held


@click.command()
@click.argument("place", type=click.Path(exists=True, path_type=Path), metavar="DIR|FILE")
@click.argument("other", type=click.Path(exists=True, path_type=Path), metavar="[OTHER]", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def show(place: Path, other: Path | None, as_json: bool) -> None:
    """Who is in a verifier's store, a folder of certificates or a published list; how many, until when.

    With OTHER, what is new there, what is gone, and what has changed. A synced store is checked anew, all of it: exit
    status 3 where it may not be relied on now.
    """
    now = datetime.now(UTC)
    found = holdings(place)
    if other is not None:
        difference(found, holdings(other), as_json)
        return
    if as_json:
        click.echo(json.dumps(facts(found, now), ensure_ascii=False))
    else:
        describe(found, now)
    if found.synced is not None and found.synced.freshness.problem(now) is not None:
        raise click.exceptions.Exit(EXIT_UNDETERMINED)


def describe(found: Holdings, now: datetime) -> None:
    """Print it for people."""
    keys = found.keys
    environment = "" if found.synced is None else f", {found.synced.listing.environment}"
    publication = "" if found.synced is None else f", publication {found.synced.metadata.version}"
    click.echo(f"  {len(keys)} key{'s' * (len(keys) != 1)}{environment}{publication} ({found.form})")
    if len(keys) <= _FEW:
        for key in keys:
            click.echo(f"    {key.kid.hex()}  {key.country or '??'}  {key.subject}{'  REVOKED' * key.withdrawn}")
    else:
        by_country = Counter(key.country or "??" for key in keys)
        for line in _wrapped(f"{country} {count}" for country, count in by_country.most_common()):
            click.echo(f"    {line}")
    expired = [key for key in keys if now > key.not_after]
    soon = sorted((key for key in keys if now <= key.not_after < now + _SOON), key=lambda key: key.not_after)
    if expired:
        click.echo(f"  {len(expired)} expired")
    for key in soon[:_FEW]:
        click.secho(
            f"  ends {key.not_after:%Y-%m-%d}: {key.kid.hex()}  {key.country or '??'}  {key.subject}", fg="yellow"
        )
    if len(soon) > _FEW:
        click.secho(f"  … and {len(soon) - _FEW} more within {_SOON.days} days", fg="yellow")
    say_refused(found.refused)
    if found.synced is not None:
        _describe_store(found.synced, now)


def _describe_store(loaded: Loaded, now: datetime) -> None:
    sources = Counter(entry.origin.source for entry in loaded.listing.keys if entry.origin is not None)
    for source, count in sources.items():
        days = {entry.origin.date for entry in loaded.listing.keys if entry.origin and entry.origin.source == source}
        click.echo(f"  {count} from {source}, taken {min(days)}" + (f" to {max(days)}" if len(days) > 1 else ""))
    counts = ", ".join(f"{number} by {kind}" for kind, number in loaded.revocations.counts().items() if number)
    click.echo(f"  revoked: {counts or 'nothing'}")
    published, until = _times(loaded)
    click.echo(f"  published {moment_text(published)}, to be relied on until {moment_text(until)}")
    problem = loaded.freshness.problem(now)
    if problem == "clock_rolled_back":
        click.secho("  THE CLOCK of this machine is behind: set it, or nothing is accepted", fg="red")
    elif problem is not None:
        click.secho("  TOO OLD: nothing is accepted until it is synced", fg="red")


def facts(found: Holdings, now: datetime) -> dict[str, Any]:
    """The same as JSON."""
    from vaxcert.issuelog import iso

    said: dict[str, Any] = {
        "form": found.form,
        "keys": [_key_facts(key) for key in found.keys],
        "countries": dict(Counter(key.country or "??" for key in found.keys).most_common()),
        "expired": sum(now > key.not_after for key in found.keys),
        "end_within_60_days": sum(now <= key.not_after < now + _SOON for key in found.keys),
        "refused": [{"source": one.source, "reason": str(one.reason), "detail": one.detail} for one in found.refused],
    }
    if (loaded := found.synced) is not None:
        published, until = _times(loaded)
        said |= {
            "environment": str(loaded.listing.environment),
            "publication": loaded.metadata.version,
            "published_at": iso(published),
            "expires_at": iso(loaded.metadata.expires_at),
            "valid_until": iso(until),
            "source": loaded.state.source,
            "revocations": loaded.revocations.counts(),
        }
        for key, entry in zip(said["keys"], loaded.entries, strict=True):
            if entry.origin is not None:
                key["origin"] = msgspec.to_builtins(entry.origin)
    return said


def _key_facts(key: TrustedKey) -> dict[str, Any]:
    from vaxcert.issuelog import iso

    return {
        "kid": key.kid.hex(),
        "country": key.country,
        "algorithm": str(key.algorithm),
        "subject": key.subject,
        "usages": sorted(key.usages),
        "formats": sorted(key.formats),
        "issuer": key.issuer,
        "not_before": iso(key.not_before),
        "not_after": iso(key.not_after),
        "revoked": key.withdrawn,
    }


def difference(before: Holdings, after: Holdings, as_json: bool) -> None:
    """Print what is new, what is gone, and of what stayed what a verifier would judge otherwise."""
    old, new = _by_identity(before.keys), _by_identity(after.keys)
    added = [new[one] for one in new.keys() - old.keys()]
    removed = [old[one] for one in old.keys() - new.keys()]
    changed = [(old[one], new[one]) for one in old.keys() & new.keys() if _judged(old[one]) != _judged(new[one])]
    if as_json:
        said = {
            "added": [_key_facts(key) for key in _in_order(added)],
            "removed": [_key_facts(key) for key in _in_order(removed)],
            "changed": [{"before": _key_facts(one), "after": _key_facts(two)} for one, two in changed],
            "unchanged": len(old.keys() & new.keys()) - len(changed),
        }
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    for sign, keys in (("+", added), ("-", removed)):
        for key in _in_order(keys):
            click.secho(f"{sign} {_line(key)}", fg="green" if sign == "+" else "red")
    for one, two in changed:
        click.secho(f"~ {_line(one)}", fg="yellow")
        for name, was, now in zip(_NAMES, _judged(one), _judged(two), strict=True):
            if was != now:
                click.echo(f"    {name}: {was} → {now}")
    same = len(old.keys() & new.keys()) - len(changed)
    click.echo(f"{len(added)} added, {len(removed)} removed, {len(changed)} changed, {same} as before")


_NAMES = ("country", "formats", "usages", "issuer", "revoked")


def _judged(key: TrustedKey) -> tuple[Any, ...]:
    return (key.country, sorted(key.formats), sorted(key.usages), key.issuer, key.withdrawn)


def _by_identity(keys: Iterable[TrustedKey]) -> dict[tuple[bytes, bytes, bytes], TrustedKey]:
    return {(key.kid, key.certificate, key.fingerprint): key for key in keys}


def _in_order(keys: Iterable[TrustedKey]) -> list[TrustedKey]:
    return sorted(keys, key=lambda key: (key.country or "", key.kid))


def _line(key: TrustedKey) -> str:
    return f"{key.kid.hex()}  {key.country or '??'}  {key.subject or key.issuer or key.algorithm}"


def _wrapped(words: Iterable[str], width: int = 100) -> list[str]:
    lines = [""]
    for word in words:
        if lines[-1] and len(lines[-1]) + len(word) + 2 > width:
            lines.append("")
        lines[-1] += (", " if lines[-1] else "") + word
    return lines


def _times(loaded: Loaded) -> tuple[datetime, datetime]:
    freshness = loaded.freshness
    assert freshness.published_at and freshness.valid_until  # noqa: S101  (a synced store has both)
    return freshness.published_at, freshness.valid_until
