"""What is lost of a store or a repository is missed, and what is left is never taken for less than it was."""

import shutil
from typing import Any

import pytest

from vaxcert import SigningKey, TrustStore
from vaxcert.errors import ConfigurationError
from vaxcert.trust import revocation
from vaxcert.trust.revocation import Kind
from vaxcert.trust.synced.sync import sync

FILES = [ "current/metadata/root.json",
        "current/metadata/timestamp.json", "current/metadata/snapshot.json", "current/metadata/targets.json",
        "current/targets/trust.json", "current/targets/revoked/uci-00000002-more.bin", "current/state.json"]  # fmt: skip


@pytest.mark.parametrize(
    ("lost", "how"),
    [("current", "deleted"), ("current/metadata", "deleted"), ("current/targets", "deleted")]
    + [(lost, how) for lost in FILES for how in ("deleted", "emptied")],
)
def test_metadata_that_was_deleted_is_missed_and_never_read_as_a_plain_folder(
    world: Any, lost: str, how: str, key: SigningKey
) -> None:
    world.publisher.withdrawals.revoke(Kind.UCI, [revocation.of_uci("some")])
    world.publish()
    world.sync()
    # A certificate lies about, which a plain folder would take.
    (world.store / "dsc.crt").write_bytes(key.certificate)
    path = world.store / lost
    if how == "emptied":
        path.write_bytes(b"")
    elif path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
    with pytest.raises(ConfigurationError):
        TrustStore.load(world.store)
    with pytest.raises(ConfigurationError):
        world.sync()


def test_a_store_whose_mark_was_deleted_is_not_read_and_a_sync_that_finds_all_the_rest_mends_it(world: Any) -> None:
    (world.store / "vaxcert-store").unlink()
    with pytest.raises(ConfigurationError, match="missing"):
        TrustStore.load(world.store)
    assert not world.sync().changed
    assert world.verdict().status == "accepted"


def test_a_store_of_which_nothing_but_the_mark_is_left_does_not_begin_anew(world: Any) -> None:
    for path in world.store.iterdir():
        if path.name != "vaxcert-store":
            path.unlink() if path.is_symlink() else shutil.rmtree(path)
    with pytest.raises(ConfigurationError, match="missing"):
        TrustStore.load(world.store)
    with pytest.raises(ConfigurationError, match="missing"):
        sync(world.out, world.store, root=world.root, now=world.now)


@pytest.mark.parametrize(
    "place", ["store/current", "store/current/metadata", "store/current/targets", "store/gen-00000001", "out",
              "out/metadata", "out/targets", "out/targets/revoked", "workspace", "workspace/certificates"],
)  # fmt: skip
def test_a_folder_inside_a_repository_is_never_read_as_a_plain_one(world: Any, place: str, key: SigningKey) -> None:
    world.publisher.withdrawals.revoke(Kind.UCI, [revocation.of_uci("some")])
    world.publish()
    folder = world.folder / place
    (folder / "dsc.crt").write_bytes(key.certificate)
    with pytest.raises(ConfigurationError, match="parts of"):
        TrustStore.load(folder)
