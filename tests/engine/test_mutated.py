"""The mutator's cards through the library and through the page: verdict by verdict the same."""

from __future__ import annotations

import os
import random
from collections import Counter

import pytest
from both import Case, Engine, differences
from mutated import OPTIONS, each_mutation, seeds
from mutated_formats import changed, formats, mutated
from mutator import HALVES, World

from vaxcert import SigningKey
from vaxcert.rules import bundle

CASES = int(os.environ.get("VAXCERT_ENGINE_MUTATIONS", "5000")) // len(HALVES)
FIRST = int(os.environ.get("VAXCERT_MUTATOR_SEED", "0"))
# Of each other format.
OTHERS = int(os.environ.get("VAXCERT_ENGINE_MUTATIONS", "5000")) // 10
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


@pytest.mark.parametrize("name", ["shc", "nzcp", "icvp"])
def test_other_formats_in_another_structure_have_the_same_verdicts(engine: Engine, key: SigningKey, name: str) -> None:
    good, write, verifier = formats(key)[name]
    engine.trusting(bundle.of(verifier.trust))
    cases = [Case(write(good), "good", OPTIONS)]
    for seed in range(FIRST, FIRST + OTHERS):
        said = write(mutated(good, random.Random(f"{name} {seed}")))
        cases.append(Case(said, f"signed {name} {seed}", OPTIONS))
        if seed % 3 == 0:
            behind = changed(name, cases[0].text, random.Random(f"{name} {seed}"))
            cases.append(Case(behind, f"changed {name} {seed}", OPTIONS))
    verdicts = engine.verdicts(cases)
    wrong = differences(verifier, cases, verdicts)
    assert not wrong, told(wrong, len(cases))
    assert {said["status"] for said in verdicts} >= {"accepted", "refused"}


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
