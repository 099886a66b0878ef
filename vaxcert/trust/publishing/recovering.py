"""A workspace that was put back from a copy catches up with what it had published since, and goes on above it.

published folder ─synced as a verifier does, by the workspace's first root→ roots · lists of what is revoked, all of
them · what was reinstated · keys ─then→ numbers
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import NamedTuple

from vaxcert.errors import ConfigurationError, DamagedError
from vaxcert.files import write_changed
from vaxcert.trust.publishing import outputs
from vaxcert.trust.publishing.publisher import Publisher
from vaxcert.trust.synced import repository
from vaxcert.trust.synced.repository import CURRENT, PUBLISHED_AT, REVOKED, Loaded
from vaxcert.trust.synced.sync import sync


class Recovered(NamedTuple):
    """What was taken over. `dropped`: reinstatements that waited here, and are to be noted again if they still hold."""

    version: int
    revoked: int
    added: int
    removed: int
    dropped: int


def recover(publisher: Publisher, out: Path) -> Recovered:
    """Take over all that is published in `out`, then raise the numbers to those there. Publish afterwards.

    What is revoked here and not there stays so; of keys and of what was taken back the publication alone decides,
    for it is the newer one. Stopped at any point it is begun anew.
    Raises `ConfigurationError` where this workspace is not behind, or what is published is not by keys that its first
    root leads to.
    """
    outputs.check_apart(out, publisher.workspace)
    there = outputs.shown(out)
    if not _is_behind(publisher, out):
        raise ConfigurationError(f"{out}: this workspace is not behind what is published there; publish as ever")
    with tempfile.TemporaryDirectory() as aside:
        store = Path(aside) / "store"
        root = (publisher.workspace / "root.json").read_bytes()
        # It may have ended since: what counts is that it was good when it was signed.
        stamp = outputs.read(out / "metadata" / "timestamp.json").signed
        try:
            when = repository.moment(stamp.unrecognized_fields[PUBLISHED_AT])
        except (KeyError, ValueError):
            raise DamagedError(f"{out}/metadata/timestamp.json: does not say when it was made") from None
        loaded = sync(out, store, root=root, environment=publisher.state.environment, now=when).loaded
        generation = (store / CURRENT).resolve()
        newest = _take_roots(publisher, generation / "metadata" / "root_history", there)
        revoked, dropped = _take_lists(publisher, generation, loaded)
        publisher.rules.replace(loaded.rules)
        added, removed = publisher.keys.replace(loaded.listing.keys)
    publisher.go_on_from(there | {"root": newest})
    return Recovered(loaded.metadata.version, revoked, added, removed, dropped)


def _is_behind(publisher: Publisher, out: Path) -> bool:
    try:
        outputs.assure_ahead(out, publisher.workspace, publisher.state.versions)
    except ConfigurationError:
        return True
    return False


def _take_roots(publisher: Publisher, history: Path, there: dict[str, int]) -> int:
    """Have the roots that verifiers follow; return the number of the newest that can be followed from them."""
    ours, newest = publisher.workspace / "metadata", there["root"]
    last = ours / f"{newest}.root.json"
    same = last.exists() and last.read_bytes() == (history / last.name).read_bytes()
    for path in sorted(history.glob("*.root.json")):
        write_changed(ours / path.name, path.read_bytes())
    # Roots of before the copy was made go on; those of another branch lead nowhere.
    return max(newest, publisher.state.versions.get("root", 0)) if same else newest


def _take_lists(publisher: Publisher, generation: Path, loaded: Loaded) -> tuple[int, int]:
    lists = sorted((generation / "targets" / REVOKED).glob("*.bin"))
    reinstated = {(one.kind, one.hash): one.number for one in loaded.listing.reinstated}
    dropped = publisher.withdrawals.take_over(lists, reinstated)
    return publisher.withdrawals.count(), dropped
