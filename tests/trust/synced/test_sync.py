"""How a store begins, whom it follows, and what a sync makes of what it finds in its folder and in a publication."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, Targets, Timestamp

from vaxcert import SigningKey, TrustStore
from vaxcert.errors import ConfigurationError
from vaxcert.trust.publishing.publisher import Publisher
from vaxcert.trust.revocation import Kind, packed
from vaxcert.trust.synced import repository
from vaxcert.trust.synced.sync import sync

SECRET, ROOT_SECRET = "publisher's secret", "root's secret"
ONE, OTHER, THIRD = b"a" * 16, b"b" * 16, b"c" * 16


def tree(folder: Path) -> dict[str, bytes | str | None]:
    """Everything in a folder: contents of files, what links lead to."""
    return {
        str(path.relative_to(folder)): str(path.readlink()) if path.is_symlink()
        else path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }  # fmt: skip


@pytest.fixture
def others_root(tmp_path: Path, now: datetime) -> bytes:
    """The root of another publisher."""
    Publisher.create(
        tmp_path / "other", environment="test", passphrase=SECRET, root_passphrase=ROOT_SECRET, clock=lambda: now
    )
    return (tmp_path / "other" / "root.json").read_bytes()


def test_a_first_sync_without_root_is_refused_and_one_with_it_begins(world: Any) -> None:
    new = world.folder / "new"
    for _ in range(2):
        with pytest.raises(ConfigurationError, match="first sync needs the publisher's root"):
            sync(world.out, new, now=world.now)
        assert not list(new.glob("gen-*"))
        with pytest.raises(ConfigurationError, match="missing"):
            TrustStore.load(new)
    assert sync(world.out, new, root=world.root, now=world.now).changed
    assert len(TrustStore.load(new)) == 1
    assert not sync(world.out, new, now=world.now).changed


def test_a_root_given_to_a_store_in_use_is_refused(world: Any, others_root: bytes) -> None:
    world.publish()
    before = tree(world.store)
    for root in (world.root, others_root, b"none"):
        with pytest.raises(ConfigurationError, match="in use already and follows its own root"):
            sync(world.out, world.store, root=root, now=world.now)
        assert tree(world.store) == before
    assert world.sync().changed


def test_the_root_of_another_publisher_begins_nothing(world: Any, others_root: bytes) -> None:
    new = world.folder / "new"
    with pytest.raises(ConfigurationError, match="UnsignedMetadataError"):
        sync(world.out, new, root=others_root, now=world.now)
    assert not list(new.glob("gen-*"))
    # Nothing of it is remembered either.
    assert sync(world.out, new, root=world.root, now=world.now).changed


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets"])
def test_metadata_of_another_role_is_no_root(world: Any, role: str) -> None:
    name = "timestamp.json" if role == "timestamp" else f"1.{role}.json"
    with pytest.raises(ConfigurationError, match="not taken over"):
        sync(world.out, world.folder / "new", root=(world.metadata / name).read_bytes(), now=world.now)


def test_a_folder_in_which_something_else_stands_is_no_place_for_a_store(world: Any, key: SigningKey) -> None:
    plain = world.folder / "plain"
    plain.mkdir()
    (plain / "dsc.crt").write_bytes(key.certificate)
    for place, says in ((plain, "neither empty nor a synced store"), (plain / "dsc.crt", "Not a directory")):
        with pytest.raises(ConfigurationError, match=says):
            sync(world.out, place, root=world.root, now=world.now)
    assert tree(plain) == {"dsc.crt": key.certificate}


def test_an_environment_that_is_none_is_refused(world: Any) -> None:
    world.publish()
    before = tree(world.store)
    with pytest.raises(ConfigurationError, match="neither test nor production"):
        sync(world.out, world.store, environment="staging", now=world.now)
    assert tree(world.store) == before


def test_a_copy_of_a_generation_by_another_name_is_in_nobodys_way(world: Any) -> None:
    shutil.copytree(world.store / "gen-00000001", world.store / "gen-00000001 (copy)", symlinks=True)
    world.publish()
    assert world.sync().changed
    assert world.verdict().status == "accepted"
    assert (world.store / "current").readlink() == Path("gen-00000002")


def test_a_disk_that_is_full_at_once_leaves_nothing_behind(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    world.publish()
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "copytree", fail)
        world.refuses("No space left on device")
    assert world.sync().changed


def forget(world: Any, **lists: list[bytes]) -> None:
    """Have the publisher lose its lists, but for these, and publish."""
    folder = world.publisher.workspace / "lists"
    shutil.rmtree(folder)
    folder.mkdir()
    for name, hashes in lists.items():
        (folder / f"{name.replace('_', '-')}.bin").write_bytes(packed(hashes))
    world.publish()


def withdrawn(world: Any) -> list[bytes]:
    revocations = TrustStore.load(world.store).revocations
    assert revocations is not None
    return [one for one in (ONE, OTHER, THIRD) if (Kind.UCI, one) in revocations]


@pytest.mark.parametrize("part", ["more", "base"])
def test_lists_of_one_name_that_were_forgotten_one_after_the_other_are_all_kept(world: Any, part: str) -> None:
    name = f"uci_00000002_{part}"
    for listed, known in (([ONE], [ONE]), ([OTHER], [ONE, OTHER]), ([OTHER, THIRD], [ONE, OTHER, THIRD])):
        forget(world, **{name: listed})
        assert world.sync().changed
        assert withdrawn(world) == known
    for _ in range(3):
        last = (world.store / "current").resolve()
        before = tree(last)
        forget(world)
        assert world.sync().changed
        assert withdrawn(world) == [ONE, OTHER, THIRD]
        # A verifier may still be reading what was in use.
        assert tree(last) == before
        repository.load_generation(last)
    world.publisher.withdrawals.reinstate(Kind.UCI, [OTHER])
    world.publish()
    world.sync()
    assert withdrawn(world) == [ONE, THIRD]


def sign(world: Any, change: Callable[[Timestamp], None], expires: datetime) -> None:
    """Publish with the publisher's own keys, all of it good until then, and the timestamp changed."""
    world.publish()
    root = Metadata[Root].from_bytes(world.root)
    version = world.publisher.state.versions["targets"]
    targets = Metadata[Targets].from_file(str(world.metadata / f"{version}.targets.json")).signed
    timestamp = Metadata[Timestamp].from_file(str(world.metadata / "timestamp.json")).signed
    targets.expires = timestamp.expires = root.signed.expires = expires
    timestamp.snapshot_meta = MetaFile(99)
    change(timestamp)
    root.signed.version = 2
    root.signatures.clear()
    for signer in world.publisher._root.signers("root", root.signed, ROOT_SECRET):
        root.sign(signer, append=True)
    (world.metadata / "2.root.json").write_bytes(root.to_bytes())
    snapshot = Snapshot(version=99, expires=expires, meta={"targets.json": MetaFile(version)})
    for name, signed in ((f"{version}.targets", targets), ("99.snapshot", snapshot), ("timestamp", timestamp)):
        (signer,) = world.publisher._roles.signers(name.split(".")[-1], root.signed, SECRET)
        made: Metadata[Any] = Metadata(signed)
        made.sign(signer)
        (world.metadata / f"{name}.json").write_bytes(made.to_bytes())


def test_metadata_that_is_to_last_until_the_end_of_time_is_no_trouble(world: Any) -> None:
    end = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    sign(world, lambda timestamp: None, end)
    assert world.sync().loaded.freshness.valid_until == end
    assert world.verdict().status == "accepted"


@pytest.mark.parametrize(
    "said", ["", "today", 7, None, "2026-06-15T09:30:00", "2026-06-15T09:30:00+00:00", "9999-99-99T00:00:00Z"]
)
def test_a_timestamp_that_does_not_say_when_it_was_made_is_refused(world: Any, now: datetime, said: Any) -> None:
    def change(timestamp: Timestamp) -> None:
        timestamp.unrecognized_fields[repository.PUBLISHED_AT] = said

    sign(world, change, now + timedelta(days=1))
    world.refuses("not what its publisher signed")


@pytest.mark.parametrize(
    "state",
    [
        b"", b"{", b"[]", b"{}", b'{"newest":"today"}', b'{"newest":"2026-06-15T09:30:00"}', b'{"newest":7}',
        b'{"newest":"2026-06-15T09:30:00Z","kept":{"uci-00000001-more.bin":"00"}}',
        b'{"newest":"2026-06-15T09:30:00Z","kept":{"../state.json":"00"}}', b"\xff",
    ],
)  # fmt: skip
def test_a_damaged_state_is_told(world: Any, state: bytes) -> None:
    (world.store / "current" / "state.json").write_bytes(state)
    for attempt in (lambda: TrustStore.load(world.store), world.sync):
        with pytest.raises(ConfigurationError, match=r"damaged|No such file"):
            attempt()


def test_where_the_clock_was_and_what_was_forgotten_is_what_a_store_remembers(world: Any) -> None:
    forget(world, uci_00000002_more=[ONE])
    world.sync()
    world.now += timedelta(hours=1)
    forget(world)
    world.sync()
    state = msgspec.json.decode((world.store / "current" / "state.json").read_bytes())
    assert state["newest"] == "2026-06-15T10:30:00Z"
    assert state["source"] == str(world.out)
    assert list(state["kept"]) == ["uci-00000002-more.bin"]
    assert (world.store / "current" / "kept" / "uci-00000002-more.bin").read_bytes() == ONE
