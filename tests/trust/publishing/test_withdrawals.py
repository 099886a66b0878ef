"""What a publisher notes: nothing revoked is lost, nothing taken back returns, stopped wherever."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaxcert.errors import ConfigurationError
from vaxcert.trust.publishing import withdrawals as module
from vaxcert.trust.publishing.withdrawals import Withdrawals
from vaxcert.trust.revocation import Hashes, Kind, Revocations, Source, check_sorted

KINDS = (Kind.UCI, Kind.SITE)
IDS = st.lists(st.integers(0, 12), max_size=9)
NOTES = st.lists(st.tuples(st.sampled_from(("revoke", "reinstate")), st.sampled_from(KINDS), IDS), max_size=3)
# What is noted, and then a publication: stopped at so many operations on files, or not (None); by a power cut or by an
# error; and whether it is signed in the end, or the next one has its number.
STEPS = st.lists(st.tuples(NOTES, st.none() | st.integers(0, 9), st.booleans(), st.booleans()), max_size=8)


def hash_of(which: int) -> bytes:
    return which.to_bytes(16, "big")


class Stopped(BaseException):
    """Nobody catches it: the power failed."""


@contextmanager
def stopped_after(steps: int | None, failure: BaseException) -> Iterator[None]:
    left = [steps]

    def counted(operation: Any) -> Any:
        def work(*arguments: Any, **named: Any) -> Any:
            if left[0] == 0:
                raise failure
            if left[0] is not None:
                left[0] -= 1
            return operation(*arguments, **named)

        return work

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "write_whole", counted(module.write_whole))
        patched.setattr(Path, "unlink", counted(Path.unlink))
        yield


def opened(paths: list[Path], reinstated: Any) -> Revocations:
    for path in paths:
        check_sorted(path)
    return Revocations([(Source.of(path.name), Hashes(path)) for path in paths], reinstated)


def revoked(revocations: Revocations) -> set[tuple[Kind, int]]:
    return {(kind, which) for kind in KINDS for which in range(14) if (kind, hash_of(which)) in revocations}


@given(STEPS)
def test_as_a_set_does_whatever_is_noted_in_whatever_order_and_wherever_it_is_stopped(steps: Any) -> None:
    with tempfile.TemporaryDirectory() as made, pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "_MOST_LISTS", 2)
        patched.setattr(module, "_AT_ONCE", 3)
        patched.setattr(module, "_BLOCK", 2)
        workspace = Path(made)
        for name in ("pending", "lists"):
            (workspace / name).mkdir()
        withdrawals, expected, number = Withdrawals(workspace), set[tuple[Kind, int]](), 1
        ever: list[tuple[Source, Hashes]] = []
        for notes, stops, by_power, is_signed in steps:
            for action, kind, ids in notes:
                if action == "revoke":
                    assert withdrawals.revoke(kind, map(hash_of, ids)) == len(set(ids))
                    expected |= {(kind, which) for which in ids}
                else:
                    withdrawals.reinstate(kind, map(hash_of, ids))
                    expected -= {(kind, which) for which in ids}
            try:
                with stopped_after(stops, Stopped() if by_power else OSError(28, "No space left on device")):
                    withdrawals.take(number)
            except (Stopped, ConfigurationError):
                continue  # The number was not given away: it is the next publication's too.
            paths, reinstated = withdrawals.take(number)
            revocations = opened(paths, reinstated)
            assert revoked(revocations) == expected
            for kind in KINDS:
                assert revocations.counts()[kind] >= sum(of == kind for of, _ in expected)
                assert sum(Source.of(path.name).kind == kind for path in paths) <= 3
            assert withdrawals.waiting() == 0
            if is_signed:
                # A verifier may have kept any list that was ever published.
                ever += [(Source.of(path.name), Hashes(path)) for path in paths]
                assert revoked(Revocations(ever, reinstated)) == expected
                number += 1


@given(st.lists(st.binary(min_size=16, max_size=16), max_size=40))
def test_hashes_are_sorted_in_parts_as_at_once(hashes: list[bytes]) -> None:
    for at_once in (1, 3, 1000):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(module, "_AT_ONCE", at_once)
            patched.setattr(module, "_BLOCK", 2)
            assert b"".join(module._sorted(hashes)) == b"".join(sorted(set(hashes)))


STREAMS = st.lists(st.sets(st.integers(0, 60), max_size=20), max_size=5)


def blocks_of(ids: list[int], size: int) -> Iterator[list[bytes]]:
    for at in range(0, len(ids), size):
        yield [hash_of(which) for which in ids[at : at + size]]


@given(STREAMS, st.sets(st.integers(0, 60)), st.integers(1, 6))
def test_streams_are_merged_as_sets_are(ids: list[set[int]], without: set[int], size: int) -> None:
    streams = [blocks_of(sorted(some), size) for some in ids]
    found = b"".join(module._merged(streams, {hash_of(which) for which in without}))
    assert found == b"".join(map(hash_of, sorted(set().union(*ids) - without)))


@given(st.lists(st.lists(st.integers(0, 9), max_size=12), max_size=4), st.integers(1, 4))
def test_streams_that_are_not_sorted_come_to_an_end_in_order_or_with_an_error(ids: list[list[int]], size: int) -> None:
    try:
        found = b"".join(module._merged([blocks_of(some, size) for some in ids]))
    except ConfigurationError as error:
        assert "not sorted" in str(error)
        assert any(some != sorted(some) for some in ids)
    else:
        assert found == b"".join(map(hash_of, sorted(set().union(*ids))))


@pytest.mark.parametrize("length", [0, 15, 17, 32])
def test_a_hash_of_another_length_is_not_noted(tmp_path: Path, length: int) -> None:
    withdrawals = Withdrawals(tmp_path)
    with pytest.raises(ConfigurationError, match="not of 16 bytes"):
        withdrawals.revoke(Kind.UCI, [hash_of(1), bytes(length)])
    assert withdrawals.waiting() == 0


def test_many_additions_leave_a_large_base_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_LISTS", 3)
    for name in ("pending", "lists"):
        (tmp_path / name).mkdir()
    withdrawals = Withdrawals(tmp_path)
    names = []
    for number in range(1, 13):
        ids = range(1000) if number == 1 else range(1000 * number, 1000 * number + 3)
        withdrawals.revoke(Kind.UCI, map(hash_of, ids))
        paths, reinstated = withdrawals.take(number)
        names.append([path.name for path in paths])
        assert opened(paths, reinstated).counts()["uci"] == 1000 + 3 * (number - 1)
    bases = [[name for name in some if "base" in name] for some in names]
    assert bases[3:] == [["uci-00000004-base.bin"]] * 9
    assert max(map(len, names)) <= 4


def test_damage_and_lack_of_room_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pending", "lists"):
        (tmp_path / name).mkdir()
    withdrawals = Withdrawals(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(module, "write_whole", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        with pytest.raises(ConfigurationError, match="No space left on device"):
            withdrawals.revoke(Kind.UCI, [hash_of(1)])
        with pytest.raises(ConfigurationError, match="No space left on device"):
            withdrawals.reinstate(Kind.UCI, [hash_of(1)])
    withdrawals.revoke(Kind.UCI, [hash_of(1)])
    with monkeypatch.context() as patched:
        patched.setattr(
            module, "write_whole", lambda *_: (_ for _ in ()).throw(PermissionError(13, "Permission denied"))
        )
        with pytest.raises(ConfigurationError, match="Permission denied"):
            withdrawals.take(1)
    for content in ("", "{}}", "[[1]]", '[["uci", "zz", 1]]', '[["other", "00", 1]]', '[["uci", "00", "x"]]', "5"):
        (tmp_path / "reinstated.json").write_text(content)
        with pytest.raises(ConfigurationError, match="damaged"):
            withdrawals.take(1)
        assert withdrawals.waiting() == 1
    (tmp_path / "reinstated.json").unlink()
    (tmp_path / "pending" / "00000001-revoke-uci.bin").write_bytes(bytes(17))
    with pytest.raises(ConfigurationError, match="cut short"):
        withdrawals.take(1)
    assert withdrawals.waiting() == 1


def test_a_workspace_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "pending").write_bytes(b"")
    with pytest.raises(ConfigurationError, match="pending"):
        Withdrawals(tmp_path).revoke(Kind.UCI, [hash_of(1)])
