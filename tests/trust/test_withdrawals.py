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
from vaxcert.trust import withdrawals as module
from vaxcert.trust.revocation import Hashes, Kind, Revocations, Source, check_sorted
from vaxcert.trust.withdrawals import Withdrawals

IDS = st.lists(st.integers(0, 12), max_size=9)
# What is noted, and then a publication that is stopped at so many operations on files, or not (None).
STEPS = st.lists(
    st.tuples(st.lists(st.tuples(st.sampled_from(("revoke", "reinstate")), IDS), max_size=3), st.none() | st.integers(0, 9)),
    max_size=8,
)  # fmt: skip


def hash_of(which: int) -> bytes:
    return which.to_bytes(16, "big")


class Stopped(BaseException):
    """Nobody catches it: the power failed."""


@contextmanager
def power_fails_after(steps: int | None) -> Iterator[None]:
    left = [steps]

    def counted(operation: Any) -> Any:
        def work(*arguments: Any, **named: Any) -> Any:
            if left[0] == 0:
                raise Stopped
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


@given(STEPS)
def test_as_a_set_does_whatever_is_noted_in_whatever_order_and_wherever_it_is_stopped(steps: Any) -> None:
    with tempfile.TemporaryDirectory() as made, pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "_MOST_LISTS", 2)
        patched.setattr(module, "_AT_ONCE", 3)
        workspace = Path(made)
        for name in ("pending", "lists"):
            (workspace / name).mkdir()
        withdrawals, expected, number = Withdrawals(workspace), set[int](), 1
        for notes, stops in steps:
            for action, ids in notes:
                if action == "revoke":
                    assert withdrawals.revoke(Kind.UCI, map(hash_of, ids)) == len(set(ids))
                    expected |= set(ids)
                else:
                    withdrawals.reinstate(Kind.UCI, map(hash_of, ids))
                    expected -= set(ids)
            try:
                with power_fails_after(stops):
                    withdrawals.take(number)
            except Stopped:
                continue  # The number was not given away: it is the next publication's too.
            paths, reinstated = withdrawals.take(number)
            revocations = opened(paths, reinstated)
            assert {which for which in range(14) if (Kind.UCI, hash_of(which)) in revocations} == expected
            assert revocations.counts()["uci"] >= len(expected)
            assert withdrawals.waiting() == 0
            assert len(paths) <= 3
            number += 1


@given(st.lists(st.binary(min_size=16, max_size=16), max_size=40))
def test_hashes_are_sorted_in_parts_as_at_once(hashes: list[bytes]) -> None:
    for at_once in (1, 3, 1000):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(module, "_AT_ONCE", at_once)
            assert list(module._sorted(hashes)) == sorted(set(hashes))


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
    withdrawals.revoke(Kind.UCI, [hash_of(1)])
    (tmp_path / "reinstated.json").write_text("[[1]]")
    with pytest.raises(ConfigurationError, match="damaged"):
        withdrawals.take(1)
    assert withdrawals.waiting() == 1
