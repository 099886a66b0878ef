"""Cards of every other format, changed in their structure, or behind their signature."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from typing import Any

import msgspec
from forge import NOW, Forge
from health_cards import HealthCards, trusted
from other_cards import NZ_ISSUER, nz_claims, nz_text, who_certificate

from vaxcert import SigningKey, TrustStore, Verifier

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


def formats(key: SigningKey) -> dict[str, tuple[Any, Callable[[Any], str], Verifier]]:
    """By format a good card's claims, what writes such, and what judges them."""
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


_WRITTEN_IN = {
    "shc": ("0123456789", 5),
    "nzcp": ("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 8),
    "icvp": ("0123456789ABCDEFGHIJ $%*+-./:", 4),
}


def changed(name: str, text: str, chance: random.Random) -> str:
    """A text of a format with another character in one place."""
    alphabet, start = _WRITTEN_IN[name]
    at = chance.randrange(start, len(text))
    return text[:at] + chance.choice(alphabet.replace(text[at], "")) + text[at + 1 :]
