"""Publishing never goes back, and never hands out what is private."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from vaxcert import SigningKey
from vaxcert.errors import ConfigurationError
from vaxcert.trust import revocation
from vaxcert.trust.publishing import outputs
from vaxcert.trust.publishing.publisher import ONLINE, Publisher
from vaxcert.trust.publishing.recovering import recover
from vaxcert.trust.revocation import Kind
from vaxcert.trust.synced.sync import sync

SECRET, ROOT_SECRET = "publisher's secret", "root's secret"
FIRST, SECOND, BACK = (revocation.of_uci(name) for name in ("first", "second", "back"))


def revoke(world: Any, *hashes: bytes) -> None:
    world.publisher.withdrawals.revoke(Kind.UCI, hashes)
    world.publish()


def put_back(world: Any, copy: Path) -> None:
    """The workspace as it was when it was copied."""
    shutil.rmtree(world.publisher.workspace)
    shutil.copytree(copy, world.publisher.workspace)
    world.publisher = Publisher(world.publisher.workspace, clock=lambda: world.now)


@pytest.fixture
def copy(world: Any, tmp_path: Path) -> Path:
    """A copy of the workspace, made before anything of what follows."""
    revoke(world, BACK)
    return Path(shutil.copytree(world.publisher.workspace, tmp_path / "copy"))


def tree(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_30_a_workspace_from_a_backup_does_not_publish_other_content_under_the_same_number(
    world: Any, copy: Path
) -> None:
    revoke(world, FIRST)
    put_back(world, copy)
    before, workspace = tree(world.out), tree(world.publisher.workspace)
    world.publisher.withdrawals.revoke(Kind.UCI, [SECOND])
    for act in (world.publisher.publish, world.publisher.renew):
        with pytest.raises(ConfigurationError, match=r"put back from a copy.*--recover"):
            act(world.out, passphrase=SECRET)
    assert tree(world.out) == before
    left = {path: content for path, content in tree(world.publisher.workspace).items() if "pending" not in path.parts}
    assert left == workspace


def test_30_a_daily_renewal_by_a_workspace_from_before_the_last_one_is_refused(world: Any, copy: Path) -> None:
    world.publisher.renew(world.out, passphrase=SECRET)
    put_back(world, copy)
    with pytest.raises(ConfigurationError, match="shows timestamp"):
        world.publisher.renew(world.out, passphrase=SECRET)


def test_30_after_recovering_old_and_new_verifiers_know_of_every_revocation(
    world: Any, copy: Path, tmp_path: Path
) -> None:
    revoke(world, FIRST)
    world.publisher.withdrawals.reinstate(Kind.UCI, [BACK])
    world.publish()
    world.sync()
    put_back(world, copy)
    world.publisher.withdrawals.revoke(Kind.UCI, [SECOND])
    # Days later, when what is published has ended.
    world.now += timedelta(days=4)
    done = recover(world.publisher, world.out)
    assert (done.version, done.added, done.removed, done.dropped) == (4, 0, 0, 0)
    published = world.publisher.publish(world.out, passphrase=SECRET)
    assert published.version == 5
    old = world.sync().loaded
    new = sync(world.out, tmp_path / "new", root=world.root, now=world.now).loaded
    for loaded in (old, new):
        said = [(Kind.UCI, one) in loaded.revocations for one in (FIRST, SECOND, BACK)]
        assert said == [True, True, False]


def test_30_recovering_takes_the_published_keys_and_no_others(world: Any, copy: Path) -> None:
    added = SigningKey.generate("VN", now=world.now - timedelta(days=1))
    world.publisher.add(added.certificate)
    (first,) = [key.kid for key in world.publisher.keys.usable() if key.kid != added.kid]
    world.publisher.keys.remove(first.hex())
    world.publish()
    put_back(world, copy)
    done = recover(world.publisher, world.out)
    assert (done.added, done.removed) == (1, 1)
    assert [key.kid for key in world.publisher.keys.usable()] == [added.kid]


def test_30_a_reinstatement_that_waited_in_the_copy_revives_nothing_that_was_revoked_since(world: Any) -> None:
    revoke(world, FIRST)
    world.publisher.withdrawals.reinstate(Kind.UCI, [FIRST])
    copy = Path(shutil.copytree(world.publisher.workspace, world.folder / "copy"))
    world.publish()
    revoke(world, FIRST)
    put_back(world, copy)
    assert recover(world.publisher, world.out).dropped == 1
    world.publish()
    assert (Kind.UCI, FIRST) in world.sync().loaded.revocations


def test_30_roots_that_were_changed_after_the_copy_are_followed_and_their_keys_asked_for(
    world: Any, copy: Path
) -> None:
    kept = Path(shutil.copytree(world.publisher.workspace / "root", world.folder / "safe"))
    world.publisher.rotate(("timestamp",), passphrase=SECRET, root_passphrase=ROOT_SECRET)
    world.publish()
    world.sync()
    put_back(world, copy)
    recover(world.publisher, world.out)
    with pytest.raises(ConfigurationError, match="0 of 1 keys of timestamp are here"):
        world.publish()
    shutil.copytree(kept, world.publisher.workspace / "root", dirs_exist_ok=True)
    world.publisher.rotate(ONLINE, passphrase=SECRET, root_passphrase=ROOT_SECRET)
    world.publish()
    assert world.sync().changed


def test_30_a_copy_that_changed_its_root_too_comes_back_to_the_one_that_verifiers_follow(
    world: Any, copy: Path
) -> None:
    world.publisher.rotate((), passphrase=SECRET, root_passphrase=ROOT_SECRET)
    world.publish()
    world.sync()
    put_back(world, copy)
    for _ in range(2):
        world.now += timedelta(minutes=1)
        world.publisher.rotate((), passphrase=SECRET, root_passphrase=ROOT_SECRET)
    with pytest.raises(ConfigurationError, match="follows another root"):
        world.publish()
    recover(world.publisher, world.out)
    world.publish()
    assert world.sync().changed


def test_30_what_others_have_put_into_the_published_folder_is_not_taken_over(world: Any, copy: Path) -> None:
    other = Publisher.create(
        world.folder / "other", environment="test", passphrase=SECRET, root_passphrase=ROOT_SECRET,
        clock=lambda: world.now,
    )  # fmt: skip
    for _ in range(3):
        other.publish(world.folder / "theirs", passphrase=SECRET)
    before = tree(world.publisher.workspace)
    with pytest.raises(ConfigurationError, match="follows another root"):
        world.publisher.publish(world.folder / "theirs", passphrase=SECRET)
    with pytest.raises(ConfigurationError, match="not taken over"):
        recover(world.publisher, world.folder / "theirs")
    assert tree(world.publisher.workspace) == before


def test_30_a_recovery_that_is_stopped_is_begun_anew(world: Any, copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    revoke(world, FIRST)
    put_back(world, copy)
    with monkeypatch.context() as patched:
        patched.setattr(Publisher, "go_on_from", lambda *_: (_ for _ in ()).throw(ConfigurationError("stopped")))
        with pytest.raises(ConfigurationError, match="stopped"):
            recover(world.publisher, world.out)
    with pytest.raises(ConfigurationError, match="put back from a copy"):
        world.publish()
    assert recover(world.publisher, world.out).version == 3
    world.publish()
    assert (Kind.UCI, FIRST) in world.sync().loaded.revocations


def test_a_workspace_that_is_not_behind_has_nothing_to_recover(world: Any) -> None:
    with pytest.raises(ConfigurationError, match="is not behind"):
        recover(world.publisher, world.out)
    with pytest.raises(ConfigurationError, match="is not behind"):
        recover(world.publisher, world.folder / "nowhere")


def test_a_damaged_timestamp_is_said_and_not_written_over(world: Any) -> None:
    (world.metadata / "timestamp.json").write_bytes(b"{")
    with pytest.raises(ConfigurationError, match="missing or damaged"):
        world.publish()
    assert (world.metadata / "timestamp.json").read_bytes() == b"{"


def test_of_a_folder_that_lost_what_its_timestamp_leads_to_the_names_count(world: Any, copy: Path) -> None:
    revoke(world, FIRST)
    for path in world.metadata.glob("*.snapshot.json"):
        path.unlink()
    assert outputs.shown(world.out)["targets"] == 3
    world.publish()
    assert world.sync().changed


@pytest.mark.parametrize(
    "place",
    [
        "workspace",
        "workspace/roles",
        "workspace/root",
        "workspace/certificates",
        "workspace/new",
        ".",
        "link",
        "inside",
    ],
)
def test_37_nothing_is_published_where_a_workspace_would_be_served(world: Any, place: str) -> None:
    (world.folder / "link").symlink_to(world.folder / "workspace")
    (world.folder / "inside").mkdir()
    (world.folder / "inside" / "deep").symlink_to(world.folder / "workspace")
    before = tree(world.folder)
    for act in (world.publisher.publish, world.publisher.renew):
        with pytest.raises(ConfigurationError, match=r"workspace|private key"):
            act(world.folder / place, passphrase=SECRET)
    assert tree(world.folder) == before


@pytest.mark.parametrize("name", ["dsc.key", "notes.txt", "deep/er/old.pem", "bundle.P12", "\x1b[32m.key"])
def test_37_nothing_is_published_beside_a_private_key(world: Any, name: str) -> None:
    path = world.folder / "served" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\n-----BEGIN ENCRYPTED PRIVATE KEY-----\n" if not name.endswith("P12") else b"\x30")
    with pytest.raises(ConfigurationError, match="holds a private key") as refused:
        world.publisher.publish(world.folder / "served", passphrase=SECRET)
    assert "\x1b" not in str(refused.value)
    assert [one for one in (world.folder / "served").rglob("*") if one.is_file()] == [path]


def test_a_folder_with_other_things_in_it_and_a_link_that_leads_back_is_published_into(world: Any) -> None:
    (world.out / "index.html").write_text("<p>Keys")
    (world.out / "again").symlink_to(world.out)
    world.publish()
    assert world.sync().changed
