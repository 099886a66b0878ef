"""Rows against each other: which state a dose that an earlier one states."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaxcert.batch import checking


@given(
    parts=st.lists(st.lists(st.binary(min_size=16, max_size=16), max_size=12), max_size=6),
    repeated=st.lists(st.integers(0, 71)),
    at_once=st.sampled_from([1, 3, 1_000]),
    order=st.randoms(use_true_random=False),
)
def test_the_first_line_of_each_dose_stays_and_the_others_are_found(
    parts: list[list[bytes]], repeated: list[int], at_once: int, order: object
) -> None:
    doses = [dose for part in parts for dose in part]
    doses += [doses[i % len(doses)] for i in repeated if doses]
    first: dict[bytes, int] = {}
    expected = {}
    for line, dose in enumerate(doses, 2):
        if first.setdefault(dose, line) != line:
            expected[line] = first[dose]
    packed = [dose + line.to_bytes(8) for line, dose in enumerate(doses, 2)]
    order.shuffle(packed)  # type: ignore[attr-defined]
    chunks = [b"".join(packed[i : i + 5]) for i in range(0, len(packed), 5)]

    def stated() -> Iterable[bytes]:
        return iter(chunks)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(checking, "_AT_ONCE", at_once)
        assert checking.doubles(stated) == expected


def test_an_empty_table_has_no_doubles() -> None:
    assert checking.doubles(list) == {}
