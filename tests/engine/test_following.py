"""A page follows its publisher as `trust.synced` does: each known attack on an update system refused, by its name."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from both import Engine
from following import Follower
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp

from vaxcert import SigningKey, TrustStore, Verifier
from vaxcert.rules import bundle
from vaxcert.trust import revocation
from vaxcert.trust.publishing import pages
from vaxcert.trust.publishing.publisher import LASTS, Publisher
from vaxcert.trust.revocation import Kind
from vaxcert.trust.synced.sync import sync

SECRET, ROOT_SECRET = "publisher's secret", "root's secret"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class World:
    """A publisher and what it publishes, with something for pages in it. `now` may be moved."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self.folder, self.now, self.out = folder, now, folder / "out"
        self.publisher = Publisher(folder / "workspace", clock=lambda: self.now)
        self.root = (folder / "workspace" / "root.json").read_bytes()
        self.metadata = self.out / "metadata"

    def publish(self, *revoked: str) -> None:
        if revoked:
            self.publisher.withdrawals.revoke(Kind.UCI, [revocation.of_uci(one) for one in revoked])
        self.publisher.publish(self.out, passphrase=SECRET, page=bundle.listed)

    def newest(self, role: str) -> Path:
        return max(self.metadata.glob(f"*.{role}.json"), key=lambda path: int(path.name.split(".")[0]))

    def copy(self, name: str) -> Path:
        shutil.copytree(self.out, self.folder / name)
        return self.folder / name


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, key: SigningKey, now: datetime) -> Path:
    folder = tmp_path_factory.mktemp("world")
    publisher = Publisher.create(
        folder / "workspace", environment="test", passphrase=SECRET, root_passphrase=ROOT_SECRET,
        root_keys=3, root_threshold=2, clock=lambda: now,
    )  # fmt: skip
    publisher.add(key.certificate)
    publisher.publish(folder / "out", passphrase=SECRET, page=bundle.listed)
    return folder


@pytest.fixture
def world(template: Path, tmp_path: Path, now: datetime) -> World:
    shutil.copytree(template, tmp_path / "world")
    return World(tmp_path / "world", now)


@pytest.fixture
def device(engine: Engine, world: World) -> Follower:
    """A device that is in step with the first publication."""
    made = Follower(engine, world.root)
    assert made.sync(world.out, world.now)["changed"]
    return made


def refused(device: Follower, world: World, fault: str, folder: Path | None = None, **files: bytes) -> str:
    """A look that is refused by that name, and leaves what is held as it was; its details."""
    before = device.page.evaluate("JSON.stringify([held.metadata, held.newest, mark])")
    said = device.sync(folder or world.out, world.now, **files)
    assert said.get("fault") == fault, said
    assert device.page.evaluate("JSON.stringify([held.metadata, held.newest, mark])") == before
    return str(said["detail"])


def uci(text: str, world: World, key: SigningKey) -> str:
    certificate = Verifier(TrustStore([key.trusted()]), clock=lambda: world.now).verify(text).certificate
    assert certificate is not None
    return certificate.certificate_id


def test_it_holds_what_the_library_holds_until_the_same_moment(
    device: Follower, world: World, text: str, tmp_path: Path
) -> None:
    world.publish("one", "two")
    said = device.sync(world.out, world.now)
    sync(world.out, tmp_path / "store", root=world.root, now=world.now)
    verdict = Verifier(TrustStore.load(tmp_path / "store"), clock=lambda: world.now).verify(text).to_dict()
    assert device.verdict(text, world.now) == json.loads(json.dumps(verdict))
    assert said["freshness"] == verdict["freshness"]


def test_what_is_the_same_is_not_fetched_again(device: Follower, world: World) -> None:
    world.now += HOUR
    world.publisher.renew(world.out, passphrase=SECRET)
    assert device.sync(world.out, world.now)["changed"]
    assert [path for path in device.asked() if path.startswith("targets/")] == []
    assert not device.sync(world.out, world.now)["changed"]
    assert device.asked() == ["metadata/2.root.json", "metadata/timestamp.json"]


def test_an_older_timestamp_and_an_older_publication_are_refused(device: Follower, world: World) -> None:
    old = world.copy("old")
    world.publish()
    assert device.sync(world.out, world.now)["changed"]
    shutil.copy(old / "metadata" / "timestamp.json", world.metadata / "timestamp.json")
    assert refused(device, world, "rolled_back") == "timestamp"
    refused(device, world, "rolled_back", old)


def resign(world: World, change: Callable[[Targets], None], *, version: int = 0, snapshot: int = 99) -> None:
    """Publish targets that the publisher would not make itself, signed with its own keys all the same."""
    world.publish()
    targets = Metadata[Targets].from_file(str(world.newest("targets"))).signed
    change(targets)
    targets.version = version or targets.version
    root = Metadata[Root].from_bytes(world.root).signed
    sign = {
        role: world.publisher._roles.signers(role, root, SECRET)[0] for role in ("targets", "snapshot", "timestamp")
    }
    before = Metadata[Timestamp].from_file(str(world.metadata / "timestamp.json")).signed
    parts: tuple[tuple[str, Any], ...] = (
        (f"{targets.version}.targets", targets),
        (f"{snapshot}.snapshot", Snapshot(snapshot, expires=targets.expires, meta={"targets.json": MetaFile(targets.version)})),
        ("timestamp", Timestamp(99, expires=before.expires, snapshot_meta=MetaFile(snapshot), unrecognized_fields=before.unrecognized_fields)),
    )  # fmt: skip
    for name, signed in parts:
        one: Metadata[Any] = Metadata(signed)
        one.sign(sign[signed.type])
        (world.metadata / f"{name}.json").write_bytes(one.to_bytes())


def test_what_the_publishers_own_keys_sign_anew_is_taken(device: Follower, world: World) -> None:
    """The counter-check of the tests that sign something wrong."""
    resign(world, lambda targets: None)
    assert device.sync(world.out, world.now)["changed"]


@pytest.mark.parametrize(("role", "numbers"), [("targets", {"version": 2}), ("snapshot", {"snapshot": 1})])
def test_an_older_part_that_is_signed_anew_is_refused(
    device: Follower, world: World, role: str, numbers: dict[str, int]
) -> None:
    for _ in range(2):
        world.publish()
    assert device.sync(world.out, world.now)["changed"]
    resign(world, lambda targets: None, **numbers)
    assert refused(device, world, "rolled_back") == role


def test_a_mixed_snapshot_is_refused(device: Follower, world: World) -> None:
    old = world.copy("old")
    world.publish()
    for role in ("snapshot", "targets"):
        good = world.newest(role).read_bytes()
        shutil.copy(max((old / "metadata").glob(f"*.{role}.json")), world.newest(role))
        assert refused(device, world, "mixed").startswith(role)
        world.newest(role).write_bytes(good)
    assert device.sync(world.out, world.now)["changed"]


def test_metadata_of_another_publisher_is_refused(
    device: Follower, world: World, tmp_path: Path, key: SigningKey
) -> None:
    other = Publisher.create(
        tmp_path / "other", environment="test", passphrase=SECRET, root_passphrase=ROOT_SECRET, clock=lambda: world.now
    )
    other.add(key.certificate)
    for _ in range(2):
        other.publish(tmp_path / "others", passphrase=SECRET, page=bundle.listed)
    refused(device, world, "not_authentic", tmp_path / "others")
    for role in ("timestamp", "snapshot", "targets"):
        world.publish()
        theirs = tmp_path / "others" / "metadata"
        mine = world.metadata / "timestamp.json" if role == "timestamp" else world.newest(role)
        shutil.copy(theirs / "timestamp.json" if role == "timestamp" else max(theirs.glob(f"*.{role}.json")), mine)
        assert refused(device, world, "not_authentic").startswith(role)


@pytest.mark.parametrize("which", ["*.trust.json", "*-base.bin"])
@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda content: bytes([content[0] ^ 1]) + content[1:], "not_authentic"),
        (lambda content: content[:-16], "not_authentic"),
        (lambda _: b"", "not_authentic"),
        (lambda content: content + bytes(16), "too_large"),
    ],
    ids=["flipped", "cut", "empty", "longer"],
)
def test_a_tampered_file_is_refused(
    device: Follower, world: World, which: str, change: Callable[[bytes], bytes], fault: str
) -> None:
    world.publisher.add(SigningKey.generate("VN", now=world.now - 30 * DAY).certificate)
    world.publish(*map(str, range(9)))
    path = max((world.out / "targets" / "pages").glob(which), key=lambda one: one.stat().st_mtime_ns)
    path.write_bytes(change(path.read_bytes()))
    refused(device, world, fault)


@pytest.mark.parametrize("role", ["root", "timestamp", "snapshot", "targets"])
def test_more_than_a_file_may_be_is_not_read(device: Follower, world: World, role: str) -> None:
    world.publish()
    name = {"root": "2.root.json", "timestamp": "timestamp.json"}.get(role) or world.newest(role).name
    refused(device, world, "too_large", **{f"metadata__{name}": bytes(6_000_000)})


@pytest.mark.parametrize(
    "page", [b"<!DOCTYPE html><p>Welcome! Log in.", b"", b"{}", b"[1]", b"\xff", b'{"signed": {"_type": "timestamp"}}']
)
@pytest.mark.parametrize("file", ["metadata__2.root.json", "metadata__timestamp.json"])
def test_what_a_networks_login_page_answers_is_refused(device: Follower, world: World, file: str, page: bytes) -> None:
    refused(device, world, "not_authentic", **{file: page})


def with_files(world: World, files: dict[str, bytes]) -> Callable[[Targets], None]:
    def change(targets: Targets) -> None:
        for name, content in files.items():
            target = targets.targets[name] = TargetFile.from_data(name, content, ["sha256"])
            path = world.out / "targets" / target.get_prefixed_paths()[0]
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)

    return change


def listed(world: World, **changed: Any) -> bytes:
    """The list for pages, with some of it otherwise."""
    path = max((world.out / "targets" / "pages").glob("*.trust.json"), key=lambda one: one.stat().st_mtime_ns)
    found = json.loads(path.read_bytes())
    revocations = {name: changed.pop(name) for name in ("number", "files", "reinstated") if name in changed}
    return json.dumps(found | changed | {"revocations": found["revocations"] | revocations}).encode()


UNSORTED = pages.encode(pages.Change({Kind.UCI: frozenset((b"a" * 8, b"b" * 8))}, {}))


@pytest.mark.parametrize(
    ("fault", "said", "parts"),
    [
        ("form_unknown", {"version": 2}, {}),
        ("form_unknown", {"maxOfflineHours": 721}, {}),
        ("form_unknown", {"number": 77}, {}),
        ("form_unknown", {"reinstated": [["uci", "00" * 8, 77]]}, {}),
        ("form_unknown", {"keys": [{"kid": ""}]}, {}),
        ("not_authentic", {"files": []}, {}),
        ("not_there", {"files": ["00000002-2026-06-15.bin"]}, {}),
        ("not_authentic", {"files": ["00000077-base.bin"]}, {"pages/00000077-base.bin": pages.encode(pages.Change({}, {}))}),
        ("not_authentic", {"files": ["00000002-base.bin"]}, {"pages/00000002-base.bin": UNSORTED[:40] + UNSORTED[48:] + UNSORTED[40:48]}),
        ("not_authentic", {"files": ["00000002-base.bin"]}, {"pages/00000002-base.bin": UNSORTED[:-8]}),
        ("not_there", {"files": ["00000001-base.bin", "00000002-2026-06-15.bin"]}, {}),
        ("not_authentic", {}, {"pages/../evil.bin": b""}),
    ],
)  # fmt: skip
def test_what_no_publisher_would_sign_is_refused_all_the_same(
    device: Follower, world: World, fault: str, said: dict[str, Any], parts: dict[str, bytes]
) -> None:
    resign(world, with_files(world, {"pages/trust.json": listed(world, **said), **parts}))
    refused(device, world, fault)


def test_more_than_a_page_holds_is_refused_before_it_is_fetched(device: Follower, world: World) -> None:
    def change(targets: Targets) -> None:
        targets.targets["pages/many.bin"] = TargetFile(40_000_000, {"sha256": "0" * 64}, "pages/many.bin")

    resign(world, change)
    refused(device, world, "too_large")
    assert not any(path.startswith("targets/") for path in device.asked())


def test_a_publication_with_nothing_for_pages_is_refused(device: Follower, world: World) -> None:
    world.publisher.publish(world.out, passphrase=SECRET)
    refused(device, world, "not_there")


def test_expired_metadata_is_refused_role_by_role(device: Follower, world: World) -> None:
    world.publish()
    for role in ("timestamp", "root"):
        world.now += LASTS[role]
        assert refused(device, world, "expired") == role
        world.now -= LASTS[role]
    world.now += LASTS["targets"]
    world.publisher.renew(world.out, passphrase=SECRET)
    assert refused(device, world, "expired") == "snapshot"


def test_a_root_with_too_few_signatures_is_refused_and_one_with_enough_is_followed(
    device: Follower, world: World, text: str
) -> None:
    world.publisher.rotate(("timestamp",), passphrase=SECRET, root_passphrase=ROOT_SECRET)
    world.publish()
    path = world.metadata / "2.root.json"
    good = path.read_bytes()
    content = json.loads(good)
    for signatures in (content["signatures"][:1], content["signatures"][:1] * 2):
        path.write_text(json.dumps(content | {"signatures": signatures}))
        refused(device, world, "not_authentic")
    path.write_bytes(good)
    assert device.sync(world.out, world.now)["changed"]
    assert device.verdict(text, world.now)["status"] == "accepted"
    # Several at once, each by the one before.
    for _ in range(3):
        world.publisher.rotate(("root",), passphrase=SECRET, root_passphrase=ROOT_SECRET)
    world.publish()
    assert device.sync(world.out, world.now)["changed"]
    assert [path for path in device.asked() if "root" in path] == [f"metadata/{n}.root.json" for n in (3, 4, 5, 6)]


def test_a_root_that_its_predecessor_did_not_sign_is_refused(device: Follower, world: World) -> None:
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
    assert refused(device, world, "not_authentic").startswith("root")


def test_a_root_that_skips_a_version_is_refused(device: Follower, world: World) -> None:
    for _ in range(2):
        world.publisher.rotate(("timestamp",), passphrase=SECRET, root_passphrase=ROOT_SECRET)
    world.publish()
    (world.metadata / "2.root.json").write_bytes((world.metadata / "3.root.json").read_bytes())
    assert refused(device, world, "rolled_back") == "root"


def test_a_later_page_changes_the_root_by_the_chain_alone(
    device: Follower, world: World, tmp_path: Path, engine: Engine
) -> None:
    other = Publisher.create(
        tmp_path / "other", environment="test", passphrase=SECRET, root_passphrase=ROOT_SECRET, clock=lambda: world.now
    )
    other.publish(tmp_path / "others", passphrase=SECRET, page=bundle.listed)
    device.root = (tmp_path / "other" / "root.json").read_text()
    refused(device, world, "not_authentic", tmp_path / "others")
    world.publish()
    assert device.sync(world.out, world.now)["changed"]
    # Nor where what was held is gone, as long as the device remembers anything.
    engine.page.evaluate("window.held = null")
    assert device.sync(tmp_path / "others", world.now)["fault"] == "not_authentic"


@pytest.mark.parametrize("root", [b"", b"{}", b"<html>", b"\xff" * 9])
def test_a_first_root_that_is_none_is_refused(engine: Engine, world: World, root: bytes) -> None:
    assert Follower(engine, root).sync(world.out, world.now)["fault"] == "not_authentic"


def test_revoked_then_lost_stays_revoked_until_it_is_reinstated(
    device: Follower, world: World, text: str, key: SigningKey
) -> None:
    name = uci(text, world, key)
    world.publish(name)
    device.sync(world.out, world.now)
    assert device.verdict(text, world.now)["reason"] == "revoked"
    # The publisher loses the entry, and publishes; then once more with others.
    for folder in ("lists", "pages"):
        for path in (world.publisher.workspace / folder).iterdir():
            path.unlink()
    for number in range(3):
        world.publish(f"another {number}")
        assert device.sync(world.out, world.now)["kept"] == 1
        assert device.verdict(text, world.now)["reason"] == "revoked"
    assert device.opened("") is None
    for action, reason in (("reinstate", None), ("revoke", "revoked")):
        getattr(world.publisher.withdrawals, action)(Kind.UCI, [revocation.of_uci(name)])
        world.publish()
        assert device.sync(world.out, world.now)["kept"] == 0
        assert device.verdict(text, world.now)["reason"] == reason
    # What was taken back once, before it was revoked again, takes nothing back now.
    for folder in ("lists", "pages"):
        for path in (world.publisher.workspace / folder).iterdir():
            path.unlink()
    world.publish("yet another")
    # With the three others.
    assert device.sync(world.out, world.now)["kept"] == 4
    assert device.verdict(text, world.now)["reason"] == "revoked"


def test_a_withdrawn_key_stays_withdrawn(device: Follower, world: World, text: str, key: SigningKey) -> None:
    world.publisher.withdrawals.revoke(Kind.KEY, [revocation.of_key(key.certificate)])
    world.publish()
    device.sync(world.out, world.now)
    for folder in ("lists", "pages"):
        for path in (world.publisher.workspace / folder).iterdir():
            path.unlink()
    world.publish()
    assert device.sync(world.out, world.now)["changed"]
    assert device.verdict(text, world.now)["reason"] == "key_revoked"


def test_what_a_phone_does_not_hold_is_never_green(
    device: Follower, world: World, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST_HELD", 2)
    world.publish(*"abc")
    device.sync(world.out, world.now)
    said = device.verdict(text, world.now)
    assert (said["status"], said["reason"]) == ("undetermined", "revocation_not_held")
    assert [one["stage"] for one in said["checks"] if one["outcome"] == "unknown"] == ["revocation"]


def test_another_environment_is_refused_and_no_publisher_turns_one_into_the_other(
    device: Follower, world: World, engine: Engine
) -> None:
    from vaxcert.verdict import Environment

    world.publish()
    said = device.sync(world.out, world.now, environment="production")
    assert said["fault"] == "environment_differs"
    world.publisher.state.environment = Environment.PRODUCTION
    world.publisher.keys._environment = Environment.PRODUCTION
    world.publish()
    refused(device, world, "environment_differs")


def test_the_newest_time_counts_until_its_key_is_replaced(device: Follower, world: World, text: str) -> None:
    world.now += HOUR
    world.publish()
    device.sync(world.out, world.now)
    seen = device.sync(world.out, world.now)["freshness"]["published_at"]
    # The publisher's own clock goes back: what it says later is not taken for older.
    world.now -= HOUR / 2
    world.publish()
    assert device.sync(world.out, world.now)["freshness"]["published_at"] == seen
    assert device.verdict(text, world.now)["reason"] == "clock_rolled_back"
    world.publisher.rotate(("timestamp",), passphrase=SECRET, root_passphrase=ROOT_SECRET)
    world.publish()
    assert device.sync(world.out, world.now)["freshness"]["published_at"] < seen
    assert device.verdict(text, world.now)["status"] == "accepted"


CACHES = {
    "a key's bytes": ("not_authentic", "held.files['pages/trust.json'][40] ^= 1"),
    "a list's bytes": ("not_authentic", "const name = Object.keys(held.files).find(one => one.endsWith('.bin')); held.files[name][8] ^= 1"),
    "a list cut short": ("not_authentic", "const name = Object.keys(held.files).find(one => one.endsWith('.bin')); held.files[name] = held.files[name].slice(8)"),
    "a signed end": ("not_authentic", "held.metadata.timestamp = held.metadata.timestamp.replace('2026-06-1', '2027-06-1')"),
    "what is remembered of the time": ("not_authentic", "held.newest = '2020-01-01T00:00:00Z'"),
    "what is kept": ("not_authentic", "held.kept = new Uint8Array(13)"),
    "another root": ("not_authentic", "mark.root = mark.root.replace(/\"sig\": *\"../, '\"sig\": \"00')"),
    "a role gone": ("incomplete", "delete held.metadata.snapshot"),
    "a file gone": ("incomplete", "delete held.files['pages/trust.json']"),
    "files gone": ("incomplete", "held.files = null"),
    "half a record": ("incomplete", "delete held.seal"),
    "an older one in its place": ("rolled_back", "mark.timestamp += 1"),
    "another environment": ("environment_differs", "mark.environment = 'production'"),
    "nothing": (None, ""),
}  # fmt: skip


@pytest.mark.parametrize("what", CACHES)
def test_what_is_wrong_with_what_is_held_is_found_by_name(device: Follower, world: World, what: str) -> None:
    world.publish("one")
    device.sync(world.out, world.now)
    fault, change = CACHES[what]
    assert device.opened(change) == fault


def test_parts_of_two_publications_are_found(device: Follower, world: World) -> None:
    device.page.evaluate("window.old = structuredClone(held)")
    world.publish("one")
    device.sync(world.out, world.now)
    for role in ("snapshot", "targets"):
        assert device.opened(f"held.metadata.{role} = window.old.metadata.{role}") == "mixed"
    assert device.opened("held.metadata.timestamp = window.old.metadata.timestamp") in ("mixed", "rolled_back")
    assert device.opened("held.files['pages/trust.json'] = window.old.files['pages/trust.json']") == "not_authentic"


def test_a_changed_file_is_never_taken(device: Follower, world: World) -> None:
    draw = Random(7)
    world.publish("one")
    paths = [world.metadata / "timestamp.json", world.newest("snapshot"), world.newest("targets")]
    for _ in range(90):
        path = draw.choice(paths)
        content = path.read_bytes()
        at = draw.randrange(len(content))
        changed = content[:at] + bytes([draw.randrange(256)]) + content[at + draw.randrange(2) :]
        try:
            same = json.loads(changed) == json.loads(content)
        except ValueError:
            same = False
        if same:
            continue
        path.write_bytes(changed)
        assert "fault" in device.sync(world.out, world.now), (path.name, at)
        path.write_bytes(content)
    assert device.sync(world.out, world.now)["changed"]
