"""What is published for pages: small files that together say what is revoked, and nothing that verifiers need."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaxcert.errors import DamagedError
from vaxcert.rules import bundle
from vaxcert.trust import revocation
from vaxcert.trust.publishing import pages
from vaxcert.trust.publishing.pages import Change, decode, difference, encode, held
from vaxcert.trust.revocation import Kind
from vaxcert.trust.synced import repository

SECRET = "publisher's secret"
HASHES = st.frozensets(st.binary(min_size=8, max_size=8), max_size=6)
HELD = st.fixed_dictionaries(dict.fromkeys(Kind, HASHES))


def publish(world: Any) -> dict[str, Any]:
    world.publisher.publish(world.out, passphrase=SECRET, page=bundle.listed)
    told: dict[str, Any] = json.loads(max((world.targets / "pages").glob("*.trust.json"), key=lambda one: one.stat().st_mtime_ns).read_bytes())  # fmt: skip
    return told


def parts(world: Any, told: dict[str, Any]) -> list[bytes]:
    """The files that a list names, in order."""
    found = []
    for name in told["revocations"]["files"]:
        (path,) = (world.targets / "pages").glob(f"*.{name}")
        found.append(path.read_bytes())
    return found


def ids(*names: str) -> list[bytes]:
    return [revocation.of_uci(name) for name in names]


def told_as_revoked(world: Any, told: dict[str, Any]) -> set[bytes]:
    return set(held(map(decode, parts(world, told)))[Kind.UCI])


def test_a_publication_has_keys_and_rules_for_pages_and_no_certificate(world: Any) -> None:
    told = publish(world)
    assert (told["version"], told["environment"], told["maxOfflineHours"]) == (bundle.VERSION, "test", 48)
    assert [set(key) for key in told["keys"]] == [
        {
            "kid",
            "spki",
            "algorithm",
            "notBefore",
            "notAfter",
            "country",
            "usages",
            "formats",
            "withdrawn",
            "subject",
            "issuer",
            "rids",
        }
    ]
    assert told["rules"] == []
    assert told["revocations"]["number"] == 2


def test_without_being_asked_for_nothing_is_published_for_pages(world: Any) -> None:
    world.publish()
    assert not (world.targets / "pages").exists()


def test_a_days_revocations_are_one_small_file_beside_the_base(world: Any) -> None:
    many = [revocation.of_uci(str(number)) for number in range(100_000)]
    world.publisher.withdrawals.revoke(Kind.UCI, many)
    base = parts(world, publish(world))
    assert len(base) == 1 and len(base[0]) <= 900_000
    world.now += timedelta(days=1)
    # Twice on a day: one file, with what both changed.
    for start in (0, 500):
        world.publisher.withdrawals.revoke(Kind.UCI, ids(*(f"new {number}" for number in range(start, start + 500))))
        told = publish(world)
    first, day = parts(world, told)
    assert first == base[0]
    assert len(day) <= 10_000 and len(decode(day).added[Kind.UCI]) == 1_000
    assert told["revocations"]["files"][1].endswith("-2026-06-16.bin")
    world.now += timedelta(days=1)
    world.publisher.withdrawals.reinstate(Kind.UCI, ids("new 3"))
    told = publish(world)
    assert len(parts(world, told)) == 3
    assert told_as_revoked(world, told) == pages.cut(many) | pages.cut(
        ids(*(f"new {n}" for n in range(1_000) if n != 3))
    )
    assert told["revocations"]["reinstated"] == [["uci", ids("new 3")[0][:8].hex(), told["revocations"]["number"]]]


def test_days_that_grow_large_or_many_become_a_new_base(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    world.publisher.withdrawals.revoke(Kind.UCI, ids(*map(str, range(100))))
    publish(world)
    world.now += timedelta(days=1)
    world.publisher.withdrawals.revoke(Kind.UCI, ids(*(f"new {n}" for n in range(60))))
    assert [name[9:] for name in publish(world)["revocations"]["files"]] == ["base.bin"]
    monkeypatch.setattr(pages, "_MOST_DAYS", 2)
    monkeypatch.setattr(pages, "_BASE_ANEW", 0)
    seen = []
    for day in range(3):
        world.now += timedelta(days=1)
        world.publisher.withdrawals.revoke(Kind.UCI, ids(f"day {day}"))
        seen.append(len((told := publish(world))["revocations"]["files"]))
    assert seen == [2, 3, 1]
    assert len(told_as_revoked(world, told)) == 163
    assert len(list((world.publisher.workspace / "pages").iterdir())) == 1


def test_what_is_lost_of_the_workspace_is_made_anew(world: Any) -> None:
    world.publisher.withdrawals.revoke(Kind.UCI, ids("one"))
    publish(world)
    for path in (world.publisher.workspace / "pages").iterdir():
        path.unlink()
    world.now += timedelta(days=1)
    assert told_as_revoked(world, publish(world)) == set(pages.cut(ids("one")))


def test_a_damaged_file_of_the_workspace_is_told(world: Any) -> None:
    publish(world)
    (path,) = (world.publisher.workspace / "pages").iterdir()
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(DamagedError, match="another length"):
        publish(world)


def test_beyond_what_a_phone_holds_sites_and_keys_alone_are_published(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST_HELD", 3)
    world.publisher.withdrawals.revoke(Kind.UCI, ids(*"abcd"))
    world.publisher.withdrawals.revoke(Kind.SITE, [revocation.of_site("VN", "BAD")])
    told = publish(world)
    assert told["revocations"]["held"] == ["site", "key"]
    everything = held(map(decode, parts(world, told)))
    assert {kind: len(hashes) for kind, hashes in everything.items() if hashes} == {Kind.SITE: 1}


def test_a_withdrawn_key_is_marked_and_listed(world: Any, key: Any) -> None:
    world.publisher.withdrawals.revoke(Kind.KEY, [revocation.of_key(key.certificate)])
    told = publish(world)
    assert [one["withdrawn"] for one in told["keys"]] == [True]
    spki = revocation.of_public_key(key.trusted().spki())
    assert spki[:8] in held(map(decode, parts(world, told)))[Kind.KEY]


def test_a_store_keeps_them_checked_and_judges_by_none_of_them(world: Any) -> None:
    publish(world)
    assert world.sync().changed
    generation = (world.store / "current").resolve()
    (path,) = (generation / "targets" / "pages").glob("*-base.bin")
    before = world.verdict()
    path.write_bytes(b"")
    from vaxcert.errors import ConfigurationError

    with pytest.raises(ConfigurationError, match="not what its publisher signed"):
        repository.load(world.store)
    assert before.status == "accepted"


def test_what_no_page_asks_for_any_more_is_cleared(world: Any) -> None:
    for day in range(4):
        world.now += timedelta(days=1)
        world.publisher.withdrawals.revoke(Kind.UCI, ids(f"day {day}"))
        publish(world)
    # Of the last publication and the one before.
    assert len(list((world.targets / "pages").glob("*.trust.json"))) == 2


@given(HELD, HELD)
def test_files_say_what_changed_from_one_publication_to_the_next(before: Any, now: Any) -> None:
    base, day = Change(before, {}), difference(before, now)
    assert held([decode(encode(base)), decode(encode(day))]) == now


@given(HELD, st.data())
def test_a_file_that_was_changed_says_another_thing_or_is_refused(listed: Any, data: Any) -> None:
    content = encode(Change(listed, {}))
    at = data.draw(st.integers(0, len(content) - 1))
    changed = content[:at] + bytes([content[at] ^ data.draw(st.integers(1, 255))]) + content[at + 1 :]
    for broken in (changed, content[:at], content + b"\0" * 8):
        try:
            said = decode(broken)
        except DamagedError:
            continue
        # As it would itself be written, so nothing in it goes unseen.
        assert encode(said) == broken


@pytest.mark.parametrize("content", [b"", b"\0" * 39, b"\0" * 41, b"\xff" * 40])
def test_a_file_of_another_form_is_refused(content: bytes) -> None:
    with pytest.raises(DamagedError):
        decode(content)
