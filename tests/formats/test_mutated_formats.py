"""Cards of every other format, changed in their structure: signed so, each gets a verdict; changed behind it, none is green.

What is generated follows the seed of the mutator (`VAXCERT_MUTATOR_SEED`).
"""

from __future__ import annotations

import copy
import json
import os
import random
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from forge import NOW, Forge
from health_cards import HealthCards, trusted
from other_cards import NZ_ISSUER, nz_claims, nz_text, who_certificate

from vaxcert import SigningKey, TrustStore, Verifier

SEED = int(os.environ.get("VAXCERT_MUTATOR_SEED", "0"))
EACH = int(os.environ.get("VAXCERT_MUTATIONS", "20000")) // 200

ODD: list[Any] = [None, True, -1, 0, 2**63, 1.5, float("nan"), "", "\u202e", "9" * 40, [], {}, [[]], {"u": 1}, b"\x00"]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """All places inside a value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] * bool(path) + [place for key, one in inside for place in places(one, (*path, key))]


def mutated(value: Any, chance: random.Random) -> Any:
    """A value with one to three places taken out, doubled, or holding something odd."""
    value = copy.deepcopy(value)
    for _ in range(chance.randint(1, 3)):
        *way, last = chance.choice(places(value) or [()]) or ("",)
        holder = value
        for key in way:
            holder = holder[key]
        match chance.randrange(4):
            case 0:
                del holder[last]
            case 1 if isinstance(holder, list):
                holder.append(copy.deepcopy(holder[last]))
            case 2:
                holder[last] = [holder[last]]
            case _:
                holder[last] = chance.choice(ODD)
        if not places(value):
            break
    return value


@pytest.fixture(scope="module")
def made(key: SigningKey) -> dict[str, tuple[Any, Callable[[Any], str], Verifier]]:
    forge, cards = Forge(key), HealthCards(key)
    begun = int(NOW.timestamp()) - 3600
    whos = {1: "VNM", 6: begun, 4: begun + 90_000, -260: {-6: who_certificate()}}
    nz = msgspec.structs.replace(trusted(key), kid=b"key-1", issuer=NZ_ISSUER, formats=frozenset(("nzcp",)))
    for_who = msgspec.structs.replace(key.trusted(), formats=frozenset(("icvp",)))
    of = {"protected": {4: b"key-1", 1: -7}}
    return {
        "shc": (
            cards.claims(exp=begun + 90_000),
            lambda said: cards.card(json.dumps(said, default=repr).encode()),
            Verifier(TrustStore([trusted(key)]), clock=lambda: NOW),
        ),
        "nzcp": (
            nz_claims(),
            lambda said: nz_text(forge.message(said, **of)),
            Verifier(TrustStore([nz]), clock=lambda: NOW),
        ),
        "icvp": (
            whos,
            lambda said: forge.text(forge.message(said)),
            Verifier(TrustStore([for_who]), clock=lambda: NOW),
        ),
    }


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
    alphabet = {
        "shc": "0123456789",
        "nzcp": "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
        "icvp": "0123456789ABCDEFGHIJ $%*+-./:",
    }[name]
    start = {"shc": 5, "nzcp": 8, "icvp": 4}[name]
    for seed in range(SEED, SEED + EACH):
        chance = random.Random(f"{name} {seed}")
        at = chance.randrange(start, len(text))
        other = text[:at] + chance.choice(alphabet.replace(text[at], "")) + text[at + 1 :]
        assert verifier.verify(other).status != "accepted", seed
