"""Policies that are published with the keys: none is swapped, put back to an older one, left behind or of another name."""

from pathlib import Path
from typing import Any

import pytest

from vaxcert import TrustStore
from vaxcert.errors import ConfigurationError, DamagedError
from vaxcert.trust.publishing import recovering

OLD, NEW = b"old", b"new"


def rules(world: Any) -> dict[str, bytes]:
    return dict(TrustStore.load(world.store).rules)


def publish(world: Any, **contents: bytes) -> None:
    world.publisher.rules.replace({f"{name}.toml": content for name, content in contents.items()})
    world.publish()


def test_a_store_has_what_was_published_and_no_more(world: Any) -> None:
    assert rules(world) == {}
    publish(world, gate=OLD, ward=OLD)
    world.sync()
    assert rules(world) == {"gate.toml": OLD, "ward.toml": OLD}
    publish(world, gate=NEW)
    world.sync()
    assert rules(world) == {"gate.toml": NEW}
    publish(world)
    world.sync()
    assert rules(world) == {}


def test_an_older_policy_under_the_new_name_is_refused(world: Any) -> None:
    publish(world, gate=OLD)
    (old,) = (world.targets / "rules").iterdir()
    before = old.read_bytes()
    publish(world, gate=NEW)
    for path in (world.targets / "rules").iterdir():
        path.write_bytes(before)
    world.refuses("LengthOrHashMismatchError|is not")


def test_one_that_was_exchanged_for_another_in_the_store_is_found(world: Any) -> None:
    publish(world, gate=OLD, ward=NEW)
    world.sync()
    held = (world.store / "current").resolve() / "targets" / "rules"
    (held / "gate.toml").write_bytes(NEW)
    with pytest.raises(DamagedError, match=r"gate\.toml is not what its publisher signed"):
        rules(world)
    (held / "gate.toml").unlink()
    with pytest.raises(DamagedError):
        rules(world)


def test_an_older_publication_with_its_policies_is_refused(world: Any) -> None:
    publish(world, gate=OLD)
    old = world.copy("old")
    publish(world, gate=NEW)
    world.sync()
    world.refuses("BadVersionNumberError", old)
    assert rules(world) == {"gate.toml": NEW}


@pytest.mark.parametrize("name", ["../gate.toml", "Gate.toml", "gate.txt", "gate", ".toml", "a b.toml"])
def test_a_name_that_no_store_holds_is_not_published(world: Any, name: str) -> None:
    with pytest.raises(ConfigurationError, match="rules"):
        world.publisher.rules.replace({name: OLD})


def test_more_than_a_store_holds_is_not_published(world: Any) -> None:
    for contents in ({f"g{number}.toml": OLD for number in range(201)}, {"gate.toml": b"x" * 2_000_001}):
        with pytest.raises(ConfigurationError, match="more than"):
            world.publisher.rules.replace(contents)


def test_files_of_earlier_policies_go_from_what_is_published(world: Any) -> None:
    for content in (b"1", b"2", b"3", b"4"):
        publish(world, gate=content)
    assert len(list((world.targets / "rules").iterdir())) == 2


def test_a_workspace_that_was_put_back_takes_over_what_is_published(world: Any, tmp_path: Path) -> None:
    import shutil

    publish(world, gate=OLD)
    shutil.copytree(world.folder / "workspace", tmp_path / "copy")
    publish(world, gate=NEW, ward=NEW)
    from vaxcert.trust.publishing.publisher import Publisher

    back = Publisher(tmp_path / "copy", clock=lambda: world.now)
    recovering.recover(back, world.out)
    assert back.rules.contents() == {"rules/gate.toml": NEW, "rules/ward.toml": NEW}
