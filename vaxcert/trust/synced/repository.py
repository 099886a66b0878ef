"""A synced store, opened without a network: every signature and hash checked again, and how long it is good for.

DIR/
    vaxcert-store        marks the folder, so that what is lost is missed
    current → gen-…      the generation in use, switched in one step
    gen-00000007/
        metadata/        root, timestamp, snapshot and targets (The Update Framework, specification 1.0)
        targets/         trust.json, revoked/ with the lists of what is withdrawn, rules/ with policies and rule sets,
                         pages/ with the same for pages that ask no server
        kept/            lists of earlier publications that say what the present ones do not
        state.json       the newest time of publication ever seen, hashes of what is kept, where it came from
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import msgspec

from vaxcert.errors import ConfigurationError, DamagedError, Reason
from vaxcert.files import sha256_of
from vaxcert.trust.keys import RefusedKey, TrustedKey
from vaxcert.trust.revocation import Hashes, Revocations, Source
from vaxcert.trust.synced import listing as listings
from vaxcert.trust.synced.listing import ListedKey, Listing
from vaxcert.verdict import Freshness

if TYPE_CHECKING:
    from tuf.api.metadata import TargetFile

MARK = "vaxcert-store"
CURRENT = "current"
GENERATION = "gen-"
KEPT = "kept"
LIST, REVOKED, RULES = "trust.json", "revoked/", "rules/"
# What pages fetch that ask no server. Here it is kept for them alone, and nothing is judged by it.
PAGES, PAGES_LIST = "pages/", "pages/trust.json"
# Rules are written by people and by countries' offices; what is larger or more is none of these.
MOST_RULES, MOST_RULES_BYTES = 200, 2_000_000
_RULES_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}\.(?:toml|json)", re.ASCII)
# A field of our own in the signed timestamp: when it was made. TUF itself says only when things end.
PUBLISHED_AT = "x-vaxcert-published-at"


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What a store remembers besides what was signed. `kept`: names to SHA-256 (hex)."""

    newest: Annotated[datetime, msgspec.Meta(tz=True)]
    source: str = ""
    kept: dict[str, str] = {}


class Metadata(NamedTuple):
    """The signed part of a publication, checked: what there is to be, and until when."""

    targets: dict[str, TargetFile]
    published_at: datetime
    expires_at: datetime
    last_until: datetime
    version: int
    snapshot_version: int
    timestamp_keys: frozenset[str]


class Loaded(NamedTuple):
    """A generation, all of it checked.

    `entries`: of each key; `sources`: where each list of revocations is; `rules`: of policies and rule sets, by file.
    """

    listing: Listing
    keys: list[TrustedKey]
    entries: list[ListedKey]
    refused: list[RefusedKey]
    freshness: Freshness
    revocations: Revocations
    sources: list[tuple[Source, Path]]
    metadata: Metadata
    state: State
    generation: str
    rules: dict[str, bytes]


def check_rules(sizes: Mapping[str, int]) -> None:
    """Raise `ConfigurationError` for files of rules, by name, that no store holds: of other names, or too large."""
    for name in sizes:
        if _RULES_NAME.fullmatch(name) is None:
            raise ConfigurationError(
                "rules: a name of small letters, digits and hyphens that ends with .toml or .json is needed",
                Reason.FORM_UNKNOWN,
            )
    if len(sizes) > MOST_RULES or sum(sizes.values()) > MOST_RULES_BYTES:
        raise ConfigurationError(
            f"rules: more than {MOST_RULES} files, or than {MOST_RULES_BYTES:,} bytes", Reason.TOO_LARGE
        )


def is_store(path: Path) -> bool:
    """Whether a folder shows any trace of a synced store."""
    try:
        return path.is_dir() and any(
            entry.name in (MARK, CURRENT) or entry.name.startswith(GENERATION) for entry in path.iterdir()
        )
    except OSError:
        return False


def load(path: Path) -> Loaded:
    """The generation in use. Raises `ConfigurationError` where anything of it is missing or is not what was signed."""
    current = path / CURRENT
    if not (path / MARK).is_file() or not current.is_symlink():
        raise DamagedError(f"{path}: parts of this synced store are missing: sync it anew into another folder")
    # Resolved once: a sync that switches meanwhile must not mix two generations.
    generation = current.resolve()
    if generation.parent != path.resolve() or not generation.is_dir():
        raise DamagedError(f"{path}: the generation in use is missing: sync it anew into another folder")
    return load_generation(generation)


def load_generation(generation: Path) -> Loaded:
    """One generation. Raises `ConfigurationError` as `load` does."""
    metadata = read_metadata(generation / "metadata")
    try:
        content = _target(generation, LIST, metadata)
        state = msgspec.json.decode((generation / "state.json").read_bytes(), type=State)
        sources = [
            (Source.of(name.removeprefix(REVOKED)), generation / "targets" / name)
            for name in metadata.targets
            if name.startswith(REVOKED)
        ]
        rules = {
            name.removeprefix(RULES): _target(generation, name, metadata)
            for name in metadata.targets
            if name.startswith(RULES)
        }
        for name in metadata.targets:
            if name.startswith((REVOKED, PAGES)):
                _checked(generation, name, metadata)
        for name, expected in state.kept.items():
            path = generation / KEPT / name
            if sha256_of(path) != expected:
                raise DamagedError(f"{path}: damaged")
            sources.append((Source.of(name), path))
    except FileNotFoundError as error:
        raise DamagedError(f"{error.filename or generation}: {error.strerror}") from None
    except OSError as error:
        told = f"{error.filename or generation}: {error.strerror or 'cannot be read'}"
        raise ConfigurationError(told, Reason.NOT_READABLE) from None
    except msgspec.MsgspecError:
        raise DamagedError(f"{generation}/state.json: damaged") from None
    listing = listings.decode(content)
    published = [source.number for source, path in sources if path.parent.name != KEPT]
    if any(number > metadata.version for number in (*published, *(one.number for one in listing.reinstated))):
        # The highest number decides: one that no publication can have would decide for ever.
        raise DamagedError(
            f"{generation}: a revocation list of a publication that is still to come", Reason.NOT_AUTHENTIC
        )
    reinstated = {(one.kind, one.hash): one.number for one in listing.reinstated}
    revocations = Revocations([(source, Hashes(path)) for source, path in sources], reinstated)
    entries, keys, refused = listing.trusted(revocations)
    freshness = Freshness(
        state="signed",
        published_at=max(metadata.published_at, state.newest),
        valid_until=_later(metadata.expires_at, listing.max_offline, metadata.last_until),
    )
    return Loaded(
        listing=listing,
        keys=keys,
        entries=entries,
        refused=refused,
        freshness=freshness,
        revocations=revocations,
        sources=sources,
        metadata=metadata,
        state=state,
        generation=generation.name,
        rules=rules,
    )


def _later(moment: datetime, by: timedelta, last: datetime) -> datetime:
    """A moment that much later, but no later than the last: the end of time may be what somebody signs."""
    return moment + by if moment < last and by < last - moment else last


def read_metadata(folder: Path) -> Metadata:
    """The metadata in a folder, each file checked by those before it. Raises `ConfigurationError`.

    That they have not expired is for whoever uses them to judge; TUF's own client checked it when they were fetched.
    """
    from tuf.api.exceptions import RepositoryError
    from tuf.api.metadata import Metadata as Signed
    from tuf.api.metadata import Root, Snapshot, Targets, Timestamp
    from tuf.api.serialization import DeserializationError

    try:
        content = {
            name: (folder / f"{name}.json").read_bytes() for name in ("root", "timestamp", "snapshot", "targets")
        }
        root: Signed[Root] = Signed.from_bytes(content["root"])
        timestamp: Signed[Timestamp] = Signed.from_bytes(content["timestamp"])
        snapshot: Signed[Snapshot] = Signed.from_bytes(content["snapshot"])
        targets: Signed[Targets] = Signed.from_bytes(content["targets"])
        for name, kind, signed in (
            ("root", Root, root),
            ("timestamp", Timestamp, timestamp),
            ("snapshot", Snapshot, snapshot),
            ("targets", Targets, targets),
        ):
            if not isinstance(signed.signed, kind):
                raise DamagedError(f"{folder}/{name}.json: is of another role", Reason.NOT_AUTHENTIC)
            root.signed.verify_delegate(name, signed.signed_bytes, signed.signatures)
        for name, meta, version in (
            ("snapshot", timestamp.signed.snapshot_meta, snapshot.signed.version),
            ("targets", snapshot.signed.meta["targets.json"], targets.signed.version),
        ):
            meta.verify_length_and_hashes(content[name])
            if meta.version != version:
                raise DamagedError(
                    f"{folder}/{name}.json: not the version that was published with the others", Reason.NOT_AUTHENTIC
                )
        published_at = moment(timestamp.signed.unrecognized_fields[PUBLISHED_AT])
        if published_at > timestamp.signed.expires:
            raise ValueError("published after its end")
    except OSError as error:
        told = f"{error.filename}: {error.strerror}: parts of a repository are missing"
        if isinstance(error, FileNotFoundError | NotADirectoryError):
            raise DamagedError(told) from None
        raise ConfigurationError(told, Reason.NOT_READABLE) from None
    except (RepositoryError, DeserializationError, KeyError, ValueError) as error:
        raise DamagedError(
            f"{folder}: not what its publisher signed ({type(error).__name__})", Reason.NOT_AUTHENTIC
        ) from None
    return Metadata(
        targets=targets.signed.targets,
        published_at=published_at,
        expires_at=timestamp.signed.expires,
        last_until=min(root.signed.expires, snapshot.signed.expires, targets.signed.expires),
        version=targets.signed.version,
        snapshot_version=snapshot.signed.version,
        timestamp_keys=frozenset(root.signed.roles["timestamp"].keyids),
    )


def moment(text: Any) -> datetime:
    """An ISO 8601 time in UTC. `ValueError` for anything else."""
    if not isinstance(text, str) or not text.endswith("Z"):
        raise ValueError("not a time in UTC")
    return datetime.fromisoformat(text).astimezone(UTC)


def _target(generation: Path, name: str, metadata: Metadata) -> bytes:
    _checked(generation, name, metadata)
    return (generation / "targets" / name).read_bytes()


def _checked(generation: Path, name: str, metadata: Metadata) -> None:
    """Raise `ConfigurationError` for a file that is not the one that was signed."""
    from tuf.api.exceptions import LengthOrHashMismatchError

    if name not in metadata.targets:
        raise DamagedError(f"{generation}: {name} was not published", Reason.NOT_AUTHENTIC)
    with (generation / "targets" / name).open("rb") as stream:
        try:
            metadata.targets[name].verify_length_and_hashes(stream)
        except LengthOrHashMismatchError:
            raise DamagedError(f"{generation}: {name} is not what its publisher signed", Reason.NOT_AUTHENTIC) from None
