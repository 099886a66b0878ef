"""`vaxcert trust import`: take over keys that others publish."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vaxcert import files
from vaxcert.cli.shared.options import FILE, workspace_option
from vaxcert.cli.shared.saying import say
from vaxcert.errors import DamagedError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vaxcert.trust.keys import RefusedKey


@click.command("import")
@click.argument("file", type=FILE)
@workspace_option
@click.option(
    "--signed-by",
    type=FILE,
    metavar="KEY",
    help="The publisher's key or certificate: the list has to be signed by it.",
)
@click.option(
    "--unverified", is_flag=True, help="Take a list that is not signed, or whose signature cannot be checked here."
)
@click.option(
    "--source",
    default="",
    metavar="NAME",
    help="What to call the list. Keys once taken from it that are gone are removed.  [default: the file's name]",
)
@click.option(
    "--chain",
    type=click.Choice(["none", "lenient", "strict"]),
    default="none",
    show_default=True,
    help="Take only signers that an authority has issued: one of the list, or of --authority.",
)
@click.option(
    "--authority", "authorities", type=FILE, multiple=True, metavar="CERT", help="An authority's certificate (CSCA)."
)
@click.option(
    "--issuer", default="", metavar="URL", help="Of a key set (JWKS): whose keys they are, as cards name them."
)
@click.option(
    "--withdrawn",
    type=FILE,
    multiple=True,
    metavar="FILE",
    help="A list of withdrawn cards (crl/KID.json) of one of the keys. May be given several times.",
)
@click.option(
    "--format",
    "formats",
    type=click.Choice(["hcert", "icvp", "ddcc"]),
    multiple=True,
    help="Take the signers for certificates of these systems.  [default: as the list says]",
)
@click.option("--dry-run", is_flag=True, help="Say what would be taken, and change nothing.")
def import_list(
    file: Path,
    workspace: Path,
    signed_by: Path | None,
    unverified: bool,
    source: str,
    chain: str,
    authorities: tuple[Path, ...],
    issuer: str,
    withdrawn: tuple[Path, ...],
    formats: tuple[str, ...],
    dry_run: bool,
) -> None:
    """Publish the keys of somebody else's list with the next `vaxcert trust publish`.

    Its form is told by its content: WHO and other DID documents, German, EU gateway, Swiss, Dutch and French lists,
    JWKS and the VCI directory, certificates in PEM or DER. What cannot be used is left out, and counted by reason.
    The same list may be imported again and again: each key keeps where it came from.
    """
    from msgspec.structs import replace

    from vaxcert.trust import lists
    from vaxcert.trust.lists import jwks
    from vaxcert.trust.lists.chain import Chain, under
    from vaxcert.trust.publishing.publisher import Publisher
    from vaxcert.trust.synced.listing import Origin

    if (signed_by is None) == (not unverified):
        raise click.UsageError("give --signed-by KEY, or say --unverified")
    publisher = None if dry_run else Publisher(workspace)
    data = _read(file)
    published = lists.read(data, issuer=issuer)
    if signed_by is not None:
        published.check(_read(signed_by))
    anchors = [one for path in authorities for one in _certificates(path)]
    keys, unchained = under(published.keys, (*published.authorities, *anchors), Chain(chain))
    refused = [*published.refused, *unchained]
    if withdrawn:
        keys = jwks.with_withdrawn_cards(keys, map(_read, withdrawn))
    if formats:
        # Only what signs cards of some kind: authorities and others stay without.
        keys = tuple(replace(key, formats=frozenset(formats)) if key.formats else key for key in keys)
    say(f"{file.name}: {published.name}, {'signed' if signed_by else 'NOT VERIFIED'}, {len(keys)} usable keys")
    if publisher is not None:
        origin = Origin(
            source=source or file.name,
            sha256=hashlib.sha256(data).hexdigest(),
            date=datetime.now(UTC).date().isoformat(),
        )
        taken = publisher.keys.take(keys, origin)
        refused += taken.refused
        say(f"  {taken.added} added, {taken.kept} there before, {taken.removed} gone from it and removed")
    say_refused(refused)
    if not dry_run:
        say("  published by the next `vaxcert trust publish`")


def say_refused(refused: Iterable[RefusedKey]) -> None:
    """Print what was left out, counted by reason, the first few by name."""
    refused = list(refused)
    for reason, count in Counter(entry.reason for entry in refused).most_common():
        first = [entry for entry in refused if entry.reason == reason][:3]
        examples = "; ".join(f"{entry.source} {entry.detail}".strip() for entry in first)
        say(f"  left out: {count} {reason} ({examples}{'; …' if count > len(first) else ''})")


def _certificates(path: Path) -> tuple[bytes, ...]:
    from vaxcert.trust import pem

    try:
        return tuple(pem.certificates(_read(path)))
    except ValueError:
        raise DamagedError(f"{path}: broken PEM") from None


def _read(path: Path) -> bytes:
    with files.reading(path):
        return path.read_bytes()
