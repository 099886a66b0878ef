"""Cards that a mutator made, who knows how they are built: no false green, no exception, and the verdict that each carries.

What fails names a seed. `VAXCERT_MUTATOR_SEED=1234 VAXCERT_MUTATIONS=2` makes that card again, and its half's other one.
"""

import os
import random
from collections import Counter
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutator import CLAIMS, HALVES, OUTSIDE, SIGNED, UNSIGNED, World, alone, attacks, played
from mutator.encoding import Pairs, Style, encode

CASES = int(os.environ.get("VAXCERT_MUTATIONS", "20000")) // len(HALVES)
FIRST = int(os.environ.get("VAXCERT_MUTATOR_SEED", "0"))
# Of which processes take one each.
PARTS = 4
_MANY = 20


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"))


@pytest.mark.parametrize("signer", [0, 2], ids=["EC", "RSA"])
@pytest.mark.parametrize("catalogue", ["claims", "signed headers", "unsigned headers", "outside", "attacks"])
def test_each_mutation_by_itself_has_the_verdict_that_it_states(world: World, catalogue: str, signer: int) -> None:
    mutations = {
        "claims": CLAIMS,
        "signed headers": SIGNED,
        "unsigned headers": UNSIGNED,
        "outside": OUTSIDE,
        "attacks": attacks(world),
    }[catalogue]
    names = Counter(mutation.name for mutation in mutations)
    assert [name for name, count in names.items() if count > 1] == []
    problems = (alone(world, mutation, world.genuine[signer], 1) for mutation in mutations)
    assert [problem for problem in problems if problem is not None] == []


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("half", HALVES)
def test_every_card_gets_the_verdict_that_it_was_made_with(world: World, half: str, part: int) -> None:
    wrong = []
    statuses: Counter[str] = Counter()
    for seed in range(FIRST + part, FIRST + CASES, PARTS):
        status, problem = played(world, half, seed)
        statuses[status] += 1
        if problem is not None:
            wrong.append(problem)
    assert not wrong, "\n".join([f"{len(wrong)} of {statuses.total()} cards:", *wrong[:_MANY]])
    if CASES >= 1_000:
        assert set(statuses) == {"refused", "undetermined"} | ({"accepted"} if half == "signer" else set())


def test_a_seed_makes_the_same_card_again(world: World) -> None:
    """But for signatures, in which there is chance: of what is changed and of what is said of it nothing differs."""
    for half in HALVES:
        for seed in range(40):
            first, second = (_told(world, half, seed) for _ in range(2))
            assert first == second


def _told(world: World, half: str, seed: int) -> Any:
    from mutator.play import _case

    names, _, faults = _case(world, half, random.Random(f"{half} {seed}"))
    return names, faults


items = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**64), 2**64 - 1) | st.text(max_size=9) | st.binary(max_size=300),
    lambda inner: st.lists(inner, max_size=30) | st.dictionaries(st.integers(-9, 99) | st.text(max_size=9), inner),
    max_leaves=20,
)


@given(items, st.integers(0), st.sampled_from([0.0, 0.5, 1.0]), st.sampled_from([0.0, 0.5, 1.0]))
def test_an_item_means_the_same_in_whatever_style_it_is_written(
    item: object, seed: int, wide: float, indefinite: float
) -> None:
    written = encode(Pairs.of(item), random.Random(seed), Style(wide, indefinite))
    assert cbor2.loads(written) == item
    if not (wide or indefinite):
        assert written == cbor2.dumps(item)
