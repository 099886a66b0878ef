"""The mutator's cards as cases for the library and for the page."""

from __future__ import annotations

import random
from collections.abc import Iterator

from both import Case, milliseconds
from forge import NOW
from mutator import CLAIMS, OUTSIDE, SIGNED, UNSIGNED, World, attacks
from mutator.draft import Draft
from mutator.play import _case

OPTIONS = {"now": milliseconds(NOW)}


def each_mutation(world: World) -> Iterator[Case]:
    """Each mutation by itself, on a card of either kind of key."""
    for signer in (world.genuine[0], world.genuine[2]):
        for mutation in (*CLAIMS, *SIGNED, *UNSIGNED, *OUTSIDE, *attacks(world)):
            for kind in "vtr":
                draft = Draft(world.forge_of(signer), signer, kind, random.Random(1))
                if mutation.fits(draft):
                    mutation.apply(draft)
                    yield Case(draft.text(), f"{mutation.name}, kind {kind}, {signer.name}", OPTIONS)
                    break


def seeds(world: World, half: str, numbers: range) -> Iterator[Case]:
    """The cards of a half's seeds."""
    for seed in numbers:
        names, text, _ = _case(world, half, random.Random(f"{half} {seed}"))
        yield Case(text, f"{half} {seed} ({'; '.join(names)})", OPTIONS)
