"""A sync that is cut off leaves what was in use before, or what is new, and nothing else."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from vaxcert import SigningKey
from vaxcert.trust import revocation
from vaxcert.trust.publishing.publisher import Publisher
from vaxcert.trust.revocation import Kind

SCRIPT = Path(__file__).with_name("interruptions.py")
SECRETS = {"passphrase": "publisher's secret", "root_passphrase": "root's secret"}


@pytest.fixture(scope="module")
def world(key: SigningKey, now: datetime) -> Iterator[Path]:
    """Two publications: of one key and one revocation, and of two keys and 4,001."""
    # Not pytest's own folder, which nobody else may enter.
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        folder.chmod(0o755)
        publisher = Publisher.create(folder / "workspace", environment="test", clock=lambda: now, **SECRETS)
        publisher.add(key.certificate)
        publisher.withdrawals.revoke(Kind.UCI, [revocation.of_uci("the first")])
        publisher.publish(folder / "old", passphrase=SECRETS["passphrase"])
        subprocess.run(["cp", "-r", folder / "old", folder / "new"], check=True)
        publisher.add(SigningKey.generate("VN", now=now - timedelta(days=30)).certificate)
        publisher.withdrawals.revoke(Kind.UCI, [revocation.of_uci(f"number {number}") for number in range(4_000)])
        publisher.publish(folder / "new", passphrase=SECRETS["passphrase"])
        (folder / "root.json").write_bytes((folder / "workspace" / "root.json").read_bytes())
        (folder / "moment").write_text(now.isoformat())
        yield folder


def run(what: str, world: Path) -> Any:
    with tempfile.TemporaryDirectory(dir=world) as made:
        folder = Path(made)
        folder.chmod(0o755)
        for name in ("old", "new", "root.json", "moment"):
            (folder / name).symlink_to(world / name)
        ran = subprocess.run([sys.executable, str(SCRIPT), what, made], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.mark.nightly
def test_killed_at_400_random_points_the_store_is_the_old_one_or_the_new_one(world: Path) -> None:
    seen = run("killed", world)
    assert min(sum(seen["new"].values()), sum(seen["old"].values())) >= 200
    # Had all of them ended in one, the moments would have been badly chosen.
    assert set(seen["new"]) == {"1", "2"}
    assert set(seen["old"]) == {"None", "1"}


def test_killed_before_each_operation_on_files_it_is_the_old_one_up_to_a_point_and_then_the_new_one(
    world: Path,
) -> None:
    seen = run("every-step", world)
    for which, before, after in (("new", 1, 2), ("old", None, 1)):
        found = seen[which]
        assert len(found) > 20
        switch = found.index(after)
        assert found == [before] * switch + [after] * (len(found) - switch)
        assert 0 < switch < len(found) - 1


def test_a_full_disk_leaves_the_old_one_until_there_is_room(world: Path) -> None:
    outcome = run("full", world)
    assert outcome[0] == [1, 1]
    assert outcome[-1] == [0, 2]
    assert all(pair in ([1, 1], [0, 2]) for pair in outcome)


def test_a_read_only_store_says_so_and_still_opens_for_whoever_verifies(world: Path) -> None:
    assert run("read-only", world) == [0, 1, 1, 2]
