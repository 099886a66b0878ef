"""Cards of every other format, changed in their structure: signed so, each gets a verdict; changed behind it, none is green.

What is generated follows the seed of the mutator (`VAXCERT_MUTATOR_SEED`).
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from typing import Any

import pytest
from mutated_formats import changed, formats, mutated

from vaxcert import SigningKey, Verifier

SEED = int(os.environ.get("VAXCERT_MUTATOR_SEED", "0"))
EACH = int(os.environ.get("VAXCERT_MUTATIONS", "20000")) // 200


@pytest.fixture(scope="module")
def made(key: SigningKey) -> dict[str, tuple[Any, Callable[[Any], str], Verifier]]:
    return formats(key)


@pytest.mark.parametrize("name", ["shc", "nzcp", "icvp"])
def test_what_is_signed_in_another_structure_gets_a_verdict(made: Any, name: str) -> None:
    good, write, verifier = made[name]
    assert verifier.verify(write(good)).status == "accepted"
    seen = set()
    for seed in range(SEED, SEED + EACH):
        said = mutated(good, random.Random(f"{name} {seed}"))
        verdict = verifier.verify(write(said))
        seen.add(str(verdict.reason))
        if verdict:
            # What was changed is something that is not read, or may be otherwise.
            assert verdict.require().person.full_name, seed
    assert "content_invalid" in seen


@pytest.mark.parametrize("name", ["shc", "nzcp", "icvp"])
def test_what_is_changed_behind_the_signature_is_never_green(made: Any, name: str) -> None:
    good, write, verifier = made[name]
    text = write(good)
    for seed in range(SEED, SEED + EACH):
        chance = random.Random(f"{name} {seed}")
        assert verifier.verify(changed(name, text, chance)).status != "accepted", seed
