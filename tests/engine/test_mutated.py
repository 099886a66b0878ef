"""The mutator's cards through the library and through the page: verdict by verdict the same."""

from __future__ import annotations

import os
from collections import Counter

import pytest
from both import Engine, differences
from mutated import each_mutation, seeds
from mutator import HALVES, World

from vaxcert.rules import bundle

CASES = int(os.environ.get("VAXCERT_ENGINE_MUTATIONS", "5000")) // len(HALVES)
FIRST = int(os.environ.get("VAXCERT_MUTATOR_SEED", "0"))
_MANY = 20


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"))


@pytest.fixture
def judging(engine: Engine, world: World) -> Engine:
    engine.trusting(bundle.of(world.verifier.trust))
    return engine


def told(wrong: list[str], count: int) -> str:
    return "\n".join([f"{len(wrong)} of {count} cards:", *wrong[:_MANY]])


def test_each_mutation_by_itself_has_the_same_verdict_in_the_page(world: World, judging: Engine) -> None:
    cases = [*each_mutation(world)]
    wrong = differences(world.verifier, cases, judging.verdicts(cases))
    assert not wrong, told(wrong, len(cases))


@pytest.mark.slow
@pytest.mark.parametrize("half", HALVES)
def test_every_card_of_the_mutator_has_the_same_verdict_in_the_page(world: World, judging: Engine, half: str) -> None:
    cases = [*seeds(world, half, range(FIRST, FIRST + CASES))]
    verdicts = judging.verdicts(cases)
    wrong = differences(world.verifier, cases, verdicts)
    assert not wrong, told(wrong, len(cases))
    if CASES >= 1_000:
        statuses = Counter(said["status"] for said in verdicts)
        assert set(statuses) == {"refused", "undetermined"} | ({"accepted"} if half == "signer" else set())
