"""A publisher's workspace: its keys, what it publishes, and what it refuses to."""

import errno
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization

from vaxcert import SigningKey, TrustStore
from vaxcert.errors import ConfigurationError, KeyMaterialError, Reason
from vaxcert.trust import revocation
from vaxcert.trust.publishing import publisher as module
from vaxcert.trust.publishing.publisher import ONLINE, Publisher
from vaxcert.trust.revocation import Kind

SECRET, ROOT_SECRET = "publisher's secret", "root's secret"


def published(world: Any) -> set[str]:
    return {str(path.relative_to(world.out)) for path in world.out.rglob("*") if path.is_file()}


def test_what_nobody_asks_for_any_more_is_cleared_away(world: Any) -> None:
    before = published(world)
    (world.targets / "notes.txt").write_text("somebody else's")
    for number in range(4):
        world.publisher.add(SigningKey.generate("VN", now=world.now - timedelta(days=number + 1)).certificate)
        world.publish()
        left = published(world)
        # What a verifier may be in the midst of fetching is still there.
        assert len([name for name in left if name.endswith("targets.json")]) == 2
        assert len([name for name in left if name.endswith("trust.json")]) == 2
    assert "targets/notes.txt" in left
    assert "metadata/1.root.json" in left
    assert not (before & left) - {"metadata/1.root.json", "metadata/timestamp.json"}
    assert world.sync().changed


def test_what_cannot_be_cleared_away_is_named(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    world.publish()

    def refuse(path: Path, missing_ok: bool = False) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(path))

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(ConfigurationError, match=r"\d+\.(targets|snapshot)\.json: Read-only file system") as caught:
        for number in range(3):
            world.publisher.add(SigningKey.generate("VN", now=world.now - timedelta(days=number + 1)).certificate)
            world.publish()
    assert caught.value.reason is Reason.NOT_WRITABLE


def test_renewing_needs_only_the_key_of_the_timestamp(world: Any) -> None:
    for path in (
        *world.publisher.workspace.glob("roles/targets-*"),
        *world.publisher.workspace.glob("roles/snapshot-*"),
    ):
        path.unlink()
    world.now += timedelta(hours=20)
    done = world.publisher.renew(world.out, passphrase=SECRET)
    assert (done.version, done.keys) == (1, 1)
    assert world.sync().loaded.freshness.published_at == world.now
    with pytest.raises(ConfigurationError, match="0 of 1 keys of targets are here"):
        world.publish()


def test_renewing_what_was_never_published_or_elsewhere_is_refused(world: Any, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="missing or damaged"):
        world.publisher.renew(tmp_path / "nowhere", passphrase=SECRET)
    new = Publisher.create(tmp_path / "new", environment="test", passphrase=SECRET, root_passphrase=ROOT_SECRET)
    with pytest.raises(ConfigurationError, match="nothing has been published yet"):
        new.renew(tmp_path / "out", passphrase=SECRET)


@pytest.mark.parametrize("roles", [(), ("root",), *((role,) for role in ONLINE), ("root", *ONLINE)])
def test_new_keys_are_followed_by_a_store_in_use_and_the_old_ones_are_destroyed(world: Any, roles: Any) -> None:
    workspace = world.publisher.workspace
    before = {path.name for path in workspace.rglob("*.key")}
    world.publisher.rotate(roles, passphrase=SECRET, root_passphrase=ROOT_SECRET)
    world.publish()
    assert world.sync().changed
    assert world.verdict().status == "accepted"
    after = {path.name for path in workspace.rglob("*.key")}
    assert len(after) == len(before) == 6
    assert {name.split("-")[0] for name in before - after} == set(roles)
    # And once more, by the new ones.
    world.publisher.rotate(roles, passphrase=SECRET, root_passphrase=ROOT_SECRET)
    world.publish()
    assert world.sync().changed


@contextmanager
def stopped_after(writes: int) -> Iterator[list[int]]:
    """No room for more files than these; gives how many more there would have been room for."""
    left = [writes]

    writing = module.files.write_changed

    def write(path: Path, content: bytes) -> None:
        if not left[0]:
            raise ConfigurationError(f"{path}: No space left on device")
        left[0] -= 1
        writing(path, content)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module.files, "write_changed", write)
        yield left


@pytest.mark.parametrize("roles", [("root", *ONLINE), ("timestamp",)])
@pytest.mark.parametrize("writes", range(3))
def test_a_rotation_that_is_stopped_leaves_the_old_keys_in_use(world: Any, writes: int, roles: Any) -> None:
    secrets = {"passphrase": SECRET, "root_passphrase": ROOT_SECRET}
    # The new root, and that it is the newest: after these two it is done.
    with stopped_after(writes), nullcontext() if writes == 2 else pytest.raises(ConfigurationError, match="No space"):
        world.publisher.rotate(roles, **secrets)
    again = Publisher(world.publisher.workspace, clock=lambda: world.now)
    again.publish(world.out, passphrase=SECRET)
    assert world.sync().changed
    world.now += timedelta(hours=1)
    again.renew(world.out, passphrase=SECRET)
    assert world.sync().changed
    for _ in range(2):
        again.rotate(roles, **secrets)
        again.publish(world.out, passphrase=SECRET)
        assert world.sync().changed
    assert world.verdict().status == "accepted"


def test_a_publication_that_is_stopped_anywhere_is_followed_by_the_next(world: Any, tmp_path: Path) -> None:
    for writes in range(20):
        folder = tmp_path / str(writes)
        shutil.copytree(world.folder, folder, symlinks=True)
        one = type(world)(folder, world.now, world.text)
        one.publisher.withdrawals.revoke(Kind.UCI, [revocation.of_uci("first")])
        with stopped_after(writes) as left:
            try:
                one.publish()
            except ConfigurationError as error:
                assert "No space left" in str(error)
        done = left[0] > 0
        # Somebody may sync what is there, and has the publication before or this one.
        between = len(one.sync().loaded.revocations)
        assert between == 1 if done else between in (0, 1)
        one.publisher = Publisher(folder / "workspace", clock=lambda: world.now)
        one.publisher.withdrawals.revoke(Kind.UCI, [revocation.of_uci("second")])
        one.publish()
        assert one.sync().changed, writes
        assert one.sync().loaded.revocations.counts()["uci"] == 2
        if done:
            return
    pytest.fail("never done")


def test_two_of_three_root_keys_are_enough_and_one_is_not(world: Any) -> None:
    keys = sorted((world.publisher.workspace / "root").iterdir())
    keys[0].unlink()
    world.publisher.rotate(("timestamp",), passphrase=SECRET, root_passphrase=ROOT_SECRET)
    world.publish()
    assert world.sync().changed
    keys[1].unlink()
    with pytest.raises(ConfigurationError, match="1 of 2 keys of root are here; bring them"):
        world.publisher.rotate(("timestamp",), passphrase=SECRET, root_passphrase=ROOT_SECRET)
    world.publish()
    assert world.sync().changed


def test_without_the_keys_of_root_nothing_is_rotated_and_all_else_goes_on(world: Any) -> None:
    root = world.publisher.workspace / "root"
    root.rename(root.with_name("elsewhere"))
    before = sorted(world.publisher.workspace.rglob("*"))
    for roles in ((), ("root",), ONLINE):
        with pytest.raises(ConfigurationError, match="0 of 2 keys of root are here; bring them"):
            world.publisher.rotate(roles, passphrase=SECRET, root_passphrase=ROOT_SECRET)
    assert sorted(world.publisher.workspace.rglob("*")) == before
    world.publish()
    assert world.sync().changed
    root.with_name("elsewhere").rename(root)
    with pytest.raises(ConfigurationError, match="wrong passphrase"):
        world.publisher.rotate(("root",), passphrase=SECRET, root_passphrase=SECRET)
    assert {path.name for path in world.publisher.workspace.rglob("*.key")} == {
        path.name for path in before if path.suffix == ".key"
    }


def test_a_test_certificate_has_no_place_in_a_production_list(tmp_path: Path, key: SigningKey) -> None:
    publisher = Publisher.create(
        tmp_path / "new", environment="production", passphrase=SECRET, root_passphrase=ROOT_SECRET
    )
    with pytest.raises(ConfigurationError, match="TEST certificate in a production list"):
        publisher.add(key.certificate)
    assert publisher.publish(tmp_path / "out", passphrase=SECRET).keys == 0


def test_private_keys_are_encrypted_and_for_their_owner_alone(world: Any) -> None:
    keys = list(world.publisher.workspace.rglob("*.key"))
    assert len(keys) == 6
    for path in keys:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert path.read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
        with pytest.raises(ValueError, match="password"):
            serialization.load_pem_private_key(path.read_bytes(), b"another secret")
    assert not [path for path in world.out.rglob("*") if path.is_file() and b"PRIVATE" in path.read_bytes()]


def test_a_wrong_passphrase_and_a_swapped_key_are_told_and_publish_nothing(world: Any) -> None:
    before = {path: path.read_bytes() for path in world.out.rglob("*") if path.is_file()}
    world.publisher.withdrawals.revoke(Kind.UCI, [revocation.of_uci("some")])
    with pytest.raises(ConfigurationError, match="wrong passphrase"):
        world.publisher.publish(world.out, passphrase="another secret")
    targets, snapshot = (next(world.publisher.workspace.glob(f"roles/{role}-*")) for role in ("targets", "snapshot"))
    kept = targets.read_bytes()
    shutil.copy(snapshot, targets)
    with pytest.raises(ConfigurationError, match="not the key that it is named after"):
        world.publish()
    assert {path: content for path, content in before.items() if path.read_bytes() != content} == {}
    targets.write_bytes(kept)
    world.publish()
    # What was noted has waited.
    assert world.sync().loaded.revocations.counts()["uci"] == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"passphrase": "short"}, "publisher's passphrase is shorter than 8"),
        ({"root_passphrase": "short"}, "root's passphrase is shorter than 8"),
        ({"max_offline_hours": 721}, "not 0 to 720 hours"),
        ({"root_keys": 2, "root_threshold": 3}, "fewer than have to sign"),
        ({"root_keys": 10}, "not 1 to 9"),
        ({"root_threshold": 0}, "not 1 to 9"),
    ],
)
def test_a_workspace_that_would_not_hold_is_not_made(tmp_path: Path, changes: Any, says: str) -> None:
    good = {"environment": "test", "passphrase": SECRET, "root_passphrase": ROOT_SECRET}
    with pytest.raises(ConfigurationError, match=says):
        Publisher.create(tmp_path / "new", **(good | changes))
    assert not (tmp_path / "new").exists()
    Publisher.create(tmp_path / "new", **good)  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="a publisher's workspace already"):
        Publisher.create(tmp_path / "new", **good)  # type: ignore[arg-type]


@pytest.mark.parametrize("content", [None, b"", b"{}", b"[]"])
def test_a_folder_that_is_no_workspace_is_told(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "publisher.json").write_bytes(content)
    with pytest.raises(ConfigurationError, match="no publisher's workspace" if content is None else "cannot be read"):
        Publisher(tmp_path)


def keys_of(world: Any) -> list[Any]:
    world.publish()
    world.sync()
    return list(TrustStore.load(world.store))


def test_an_entry_narrows_what_a_key_may_sign_and_never_widens_it(world: Any, now: datetime) -> None:
    start = now - timedelta(days=1)
    limited = SigningKey.generate("VN", now=start, usages=("vaccination", "test"))
    other = SigningKey.generate("VN", now=start, usages=("vaccination",))
    world.publisher.add(limited.certificate, usages=("test", "recovery"), country="LA")
    # It could sign nothing of what its certificate allows; an empty set would mean anything.
    with pytest.raises(KeyMaterialError, match="usage_not_allowed"):
        world.publisher.add(other.certificate, usages=("recovery",))
    found = {key.kid: key for key in keys_of(world)}
    assert found[limited.kid].usages == {"test"}
    assert found[limited.kid].country == "LA"
    # A publisher that did not mind: the entry is left out, and the others are not.
    lists = [
        path for path in (world.publisher.workspace / "certificates").glob("*.json") if "recovery" in path.read_text()
    ]
    lists[0].write_text(lists[0].read_text().replace('"test"', '"recovery"'))
    assert limited.kid not in {key.kid for key in keys_of(world)}
    assert [entry.reason for entry in TrustStore.load(world.store).refused] == ["usage_not_allowed"]


def test_two_certificates_under_one_id_are_both_published(world: Any, now: datetime) -> None:
    pair = [SigningKey.generate("VN", now=now - timedelta(days=1)) for _ in range(2)]
    for key in pair:
        world.publisher.add(key.certificate, kid=b"the same")
    assert len(keys_of(world)) == 3
    world.publisher.keys.remove(b"the same".hex())
    assert len(keys_of(world)) == 1


def test_a_damaged_certificate_stops_the_publication(world: Any) -> None:
    (path,) = (world.publisher.workspace / "certificates").glob("*.crt")
    # Without what restricts it, a key would be published for more than was meant.
    path.with_suffix(".json").unlink()
    with pytest.raises(ConfigurationError, match="what stands beside it"):
        world.publish()


@pytest.mark.parametrize("role", ["snapshot", "targets"])
def test_what_a_key_signed_that_was_replaced_is_not_renewed(world: Any, role: str) -> None:
    world.publisher.rotate((role,), passphrase=SECRET, root_passphrase=ROOT_SECRET)
    before = {path: path.read_bytes() for path in world.out.rglob("*") if path.is_file()}
    with pytest.raises(ConfigurationError, match=f"the key of {role} was changed since: publish anew"):
        world.publisher.renew(world.out, passphrase=SECRET)
    assert (world.metadata / "timestamp.json").read_bytes() == before[world.metadata / "timestamp.json"]
    world.publish()
    assert world.sync().changed
