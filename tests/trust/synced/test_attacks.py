"""Each known attack on an update system, refused; and what it is refused in favour of, unharmed."""

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp

from vaxcert import SigningKey, TrustStore
from vaxcert.errors import ConfigurationError
from vaxcert.trust import revocation
from vaxcert.trust.publishing.publisher import LASTS, Publisher
from vaxcert.trust.revocation import Kind
from vaxcert.trust.synced.sync import sync

SECRET, ROOT_SECRET = "publisher's secret", "root's secret"


def newest(folder: Path, role: str) -> Path:
    return max(folder.glob(f"*.{role}.json"), key=lambda path: int(path.name.split(".")[0]))


def put_back(old: Path, out: Path) -> None:
    shutil.copytree(old, out, dirs_exist_ok=True)


def test_an_older_timestamp_is_refused(world: Any) -> None:
    old = world.copy("old")
    world.publish()
    world.sync()
    shutil.copy(old / "metadata" / "timestamp.json", world.metadata / "timestamp.json")
    world.refuses("BadVersionNumberError")


def test_an_older_publication_as_a_whole_is_refused(world: Any) -> None:
    old = world.copy("old")
    world.publish()
    world.sync()
    world.refuses("BadVersionNumberError", old)


def resign(world: Any, change: Callable[[Targets], None], *, version: int | None = None) -> None:
    """Publish targets that the publisher would not make itself, signed with its own keys all the same."""
    publisher = world.publisher
    world.publish()
    path = newest(world.metadata, "targets")
    targets = Metadata[Targets].from_file(str(path)).signed
    change(targets)
    targets.version = version or targets.version
    root = Metadata[Root].from_bytes(world.root).signed
    sign = {role: publisher._roles.signers(role, root, SECRET)[0] for role in ("targets", "snapshot", "timestamp")}
    one = Metadata(targets)
    one.sign(sign["targets"])
    (world.metadata / f"{targets.version}.targets.json").write_bytes(one.to_bytes())
    snapshot = Metadata(Snapshot(version=99, expires=targets.expires, meta={"targets.json": MetaFile(targets.version)}))
    snapshot.sign(sign["snapshot"])
    (world.metadata / "99.snapshot.json").write_bytes(snapshot.to_bytes())
    before = Metadata[Timestamp].from_file(str(world.metadata / "timestamp.json")).signed
    timestamp = Metadata(
        Timestamp(
            version=99, expires=before.expires, snapshot_meta=MetaFile(99),
            unrecognized_fields=before.unrecognized_fields,
        )
    )  # fmt: skip
    timestamp.sign(sign["timestamp"])
    (world.metadata / "timestamp.json").write_bytes(timestamp.to_bytes())


def test_older_targets_in_a_new_snapshot_are_refused(world: Any) -> None:
    world.publish()
    world.publish()
    world.sync()
    resign(world, lambda targets: None, version=2)
    world.refuses("BadVersionNumberError")


def test_what_the_publishers_own_keys_sign_anew_is_taken(world: Any) -> None:
    """The counter-check of the tests that sign something wrong."""
    resign(world, lambda targets: None)
    assert world.sync().changed


def test_a_mixed_snapshot_is_refused(world: Any) -> None:
    old = world.copy("old")
    world.publish()
    # The timestamp leads to the new snapshot, in whose place stands the old one; and the same with targets.
    for role in ("snapshot", "targets"):
        good = newest(world.metadata, role).read_bytes()
        shutil.copy(newest(old / "metadata", role), newest(world.metadata, role))
        world.refuses("BadVersionNumberError")
        newest(world.metadata, role).write_bytes(good)
    assert world.sync().changed


def test_metadata_of_another_publisher_is_refused(world: Any, tmp_path: Path, key: SigningKey) -> None:
    other = Publisher.create(
        tmp_path / "other", environment="test", passphrase=SECRET, root_passphrase=ROOT_SECRET, clock=lambda: world.now
    )
    other.add(key.certificate)
    other.publish(tmp_path / "others", passphrase=SECRET)
    other.publish(tmp_path / "others", passphrase=SECRET)
    world.refuses("UnsignedMetadataError", tmp_path / "others")
    for role in ("timestamp", "snapshot", "targets"):
        world.publish()
        mine, theirs = (
            folder / "timestamp.json" if role == "timestamp" else newest(folder, role)
            for folder in (world.metadata, tmp_path / "others" / "metadata")
        )
        shutil.copy(theirs, mine)
        world.refuses("UnsignedMetadataError")


@pytest.mark.parametrize("which", ["*.trust.json", "revoked/*.bin"])
@pytest.mark.parametrize(
    "change", [lambda content: bytes([content[0] ^ 1]) + content[1:], lambda content: content[:-16], lambda _: b"",
               lambda content: content + bytes(16)],
    ids=["flipped", "cut", "empty", "longer"],
)  # fmt: skip
def test_a_tampered_target_is_refused(world: Any, which: str, change: Callable[[bytes], bytes]) -> None:
    world.publisher.withdrawals.revoke(Kind.UCI, [revocation.of_uci(str(number)) for number in range(9)])
    world.publisher.add(SigningKey.generate("VN", now=world.now - timedelta(days=30)).certificate)
    world.publish()
    (path,) = (path for path in world.targets.glob(which) if path.stat().st_mtime == max(
        other.stat().st_mtime for other in world.targets.glob(which)))  # fmt: skip
    path.write_bytes(change(path.read_bytes()))
    world.refuses("LengthOrHashMismatchError|DownloadLengthMismatchError")


def test_a_sorted_list_is_demanded_even_of_the_publisher(world: Any) -> None:
    content = b"b" * 16 + b"a" * 16
    name = "revoked/uci-00000002-more.bin"

    def change(targets: Targets) -> None:
        target = TargetFile.from_data(name, content, ["sha256"])
        targets.targets[name] = target
        path = world.targets / target.get_prefixed_paths()[0]
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)

    resign(world, change)
    world.refuses("not sorted")


@pytest.mark.parametrize(
    "name", ["revoked/../../../gone.bin", "revoked//etc/gone.bin", "revoked/uci-1-more.bin", "revoked/other.bin"]
)
def test_a_target_with_an_evil_name_is_refused_and_written_nowhere(world: Any, name: str) -> None:
    before = {path for path in world.folder.parent.rglob("*") if "out" not in path.parts}

    def change(targets: Targets) -> None:
        targets.targets[name] = TargetFile.from_data(name, b"a" * 16, ["sha256"])

    resign(world, change)
    world.refuses("not the name of a revocation list")
    after = {path for path in world.folder.parent.rglob("*") if "out" not in path.parts}
    assert {path for path in after - before if "workspace" not in path.parts} == set()


@pytest.mark.parametrize(("files", "length"), [(2_001, 16), (2, 1 << 30)])
def test_more_than_a_store_holds_is_refused_before_it_is_fetched(world: Any, files: int, length: int) -> None:
    def change(targets: Targets) -> None:
        for number in range(files):
            name = f"revoked/uci-{number:08d}-more.bin"
            targets.targets[name] = TargetFile(length, {"sha256": "0" * 64}, name)

    resign(world, change)
    world.refuses("more is published than a store holds")


def test_a_list_numbered_beyond_its_publication_is_refused(world: Any) -> None:
    name = "revoked/uci-00000077-more.bin"

    def change(targets: Targets) -> None:
        target = TargetFile.from_data(name, b"a" * 16, ["sha256"])
        targets.targets[name] = target
        path = world.targets / target.get_prefixed_paths()[0]
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"a" * 16)

    resign(world, change)
    world.refuses("still to come")


def test_expired_metadata_is_refused_role_by_role(world: Any) -> None:
    world.publish()
    for after, says in (("timestamp", "timestamp.json is expired"), ("root", "root.json is expired")):
        world.now += LASTS[after] + timedelta(seconds=1)
        world.refuses(says)
        world.now -= LASTS[after] + timedelta(seconds=1)
    world.now += LASTS["targets"] + timedelta(seconds=1)
    world.publisher.renew(world.out, passphrase=SECRET)
    world.refuses("snapshot.json is expired|targets.json is expired|ExpiredMetadataError")


def test_a_root_with_too_few_signatures_is_refused_and_one_with_enough_is_followed(world: Any) -> None:
    world.publisher.rotate(("timestamp",), passphrase=SECRET, root_passphrase=ROOT_SECRET)
    world.publish()
    path = world.metadata / "2.root.json"
    good = path.read_bytes()
    content = json.loads(good)
    assert len(content["signatures"]) == 3
    content["signatures"] = content["signatures"][:1]
    path.write_text(json.dumps(content))
    world.refuses("UnsignedMetadataError")
    # The same one twice is one.
    content["signatures"] *= 2
    path.write_text(json.dumps(content))
    world.refuses("DeserializationError|UnsignedMetadataError|RepositoryError")
    path.write_bytes(good)
    assert world.sync().changed
    assert world.verdict().status == "accepted"


def test_a_root_that_its_predecessor_did_not_sign_is_refused(world: Any) -> None:
    root = Metadata[Root].from_bytes(world.root)
    root.signed.version = 2
    old = world.publisher._root.signers("root", root.signed, ROOT_SECRET)
    new = [world.publisher._root.make("root", ROOT_SECRET) for _ in range(3)]
    for signer in old:
        root.signed.revoke_key(signer.public_key.keyid, "root")
    for signer in new:
        root.signed.add_key(signer.public_key, "root")
    root.signatures.clear()
    for signer in new:
        root.sign(signer, append=True)
    (world.metadata / "2.root.json").write_bytes(root.to_bytes())
    world.refuses("UnsignedMetadataError")


def revoked(world: Any) -> list[bytes]:
    from vaxcert import Verifier

    certificate = Verifier(TrustStore.load(world.store), clock=lambda: world.now).verify(world.text).certificate
    assert certificate is not None
    return [revocation.of_uci(certificate.certificate_id)]


def test_revoked_then_relisted_stays_revoked_until_it_is_reinstated(world: Any) -> None:
    hashes = revoked(world)
    world.publisher.withdrawals.revoke(Kind.UCI, hashes)
    world.publish()
    world.sync()
    assert world.verdict().reason == "revoked"
    # The publisher loses the entry, and publishes; then once more with others.
    for path in (world.publisher.workspace / "lists").iterdir():
        path.unlink()
    for _ in range(3):
        world.publish()
        assert world.sync().changed
        assert world.verdict().reason == "revoked"
        world.publisher.withdrawals.revoke(Kind.UCI, [revocation.of_uci("another")])
    world.publisher.withdrawals.reinstate(Kind.UCI, hashes)
    world.publish()
    world.sync()
    assert world.verdict().status == "accepted"
    world.publisher.withdrawals.revoke(Kind.UCI, hashes)
    world.publish()
    world.sync()
    assert world.verdict().reason == "revoked"


def test_a_test_list_is_refused_by_a_production_store_and_the_other_way_round(
    world: Any, tmp_path: Path, key: SigningKey
) -> None:
    production = Publisher.create(
        tmp_path / "real", environment="production", passphrase=SECRET, root_passphrase=ROOT_SECRET,
        clock=lambda: world.now,
    )  # fmt: skip
    production.publish(tmp_path / "published", passphrase=SECRET)
    root = (tmp_path / "real" / "root.json").read_bytes()
    with pytest.raises(ConfigurationError, match="for production, which this store is not"):
        sync(tmp_path / "published", tmp_path / "store", root=root, environment="test", now=world.now)
    with pytest.raises(ConfigurationError, match="for test, which this store is not"):
        sync(world.out, tmp_path / "store", root=world.root, environment="production", now=world.now)
    # Nor does a publisher turn one into the other later.
    world.publisher.state.environment = production.state.environment
    world.publish()
    world.refuses("for production, which this store is not")


@pytest.mark.parametrize("root", [b"", b"{}", b"<html>", b"\xff" * 99])
def test_a_first_root_that_is_none_is_refused(world: Any, tmp_path: Path, root: bytes) -> None:
    with pytest.raises(ConfigurationError):
        sync(world.out, tmp_path / "new", root=root, now=world.now)
    assert not list((tmp_path / "new").glob("gen-*"))


def test_two_syncs_do_not_get_into_each_others_way(world: Any) -> None:
    import fcntl

    world.publish()
    with (world.store / "vaxcert-store").open("rb+") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        world.refuses("another sync is at work")
    assert world.sync().changed


def test_a_sync_tells_how_much_has_come(world: Any) -> None:
    told: list[int] = []
    world.publish()
    sync(world.out, world.store, now=world.now, progress=told.append)
    assert told == sorted(told)
    assert (
        told[-1]
        == sum((world.metadata / f"2.{role}.json").stat().st_size for role in ("targets", "snapshot"))
        + (world.metadata / "timestamp.json").stat().st_size
    )
