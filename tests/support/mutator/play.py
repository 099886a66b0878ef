"""A seed becomes a card with its verdict, and the verifier is asked for its own."""

from __future__ import annotations

import random
from collections.abc import Sequence

from faults import FAULTS

from mutator import events  # noqa: F401  (its mutations are added to those of claims)
from mutator.attacks import ORDER, attacks
from mutator.claims import CLAIMS
from mutator.draft import Catalogue, Draft, Fault, Mutation, Step
from mutator.headers import SIGNED, UNSIGNED
from mutator.outside import OUTSIDE
from mutator.world import REVOKED_COUNTRY_ID, REVOKED_ID, REVOKED_SITE, Signer, World

# Where a mutation takes a part that a base needs as it is, it is left out.
_AROUND = (*UNSIGNED, *OUTSIDE)
_INSIDE = (*CLAIMS, *SIGNED, *_AROUND)


def _mutate(draft: Draft, among: Sequence[Mutation], count: int, taken: set[str]) -> None:
    for _ in range(count):
        mutation = draft.rng.choice(among)
        if mutation.slots & taken or not mutation.fits(draft):
            continue
        taken |= mutation.slots
        draft.names.append(mutation.name)
        if mutation.fault is not None:
            draft.faults.append(mutation.fault)
        mutation.apply(draft)


def _genuine(world: World, rng: random.Random) -> Draft:
    """A card that a trusted key signed, with what it should not have signed, or all as it should be."""
    flawed = rng.random() < 0.25
    signer = rng.choice(world.flawed if flawed else world.genuine)
    kind = rng.choice("vvvtr")
    draft = Draft(world.forge_of(signer), signer, kind, rng)
    draft.names.append(f"signed by the key {signer.name}, kind {kind}")
    taken = set()
    if (fault := signer.fault(kind)) is not None:
        draft.faults.append(fault)
        taken |= {"iat"}
    if rng.random() < 0.2:
        draft.names.append(_revoke(draft))
        taken |= {"ci", "iss", "country", "entry", "hcert"}
    if rng.random() < 0.5:
        draft.restyled()
    _mutate(draft, _INSIDE, rng.choice((0, 1, 1, 1, 2, 3)), taken)
    return draft


def _revoke(draft: Draft) -> str:
    way = draft.rng.choice(("id", "country and id", "site"))
    if way == "id":
        draft.entry.put("ci", REVOKED_ID)
    elif way == "country and id":
        draft.entry.put("ci", REVOKED_COUNTRY_ID)
    else:
        draft.entry.put("ci", f"URN:UVCI:01:VN:{REVOKED_SITE}/{draft.rng.getrandbits(40)}#Z")
    draft.faults.append(Fault(Step.REVOCATION, "site_revoked" if way == "site" else "revoked"))
    return f"revoked by {way}"


def _revoked_by_signature(world: World, rng: random.Random) -> Draft:
    """A card that is revoked by its signature, in whatever clothes it may come."""
    card = rng.choice((*world.revoked, world.zero_led))
    draft = Draft(world.forge_of(card.signer), card.signer, card.kind, rng)
    draft.sealed = card.parts
    draft.names.append(f"revoked by its signature, of the key {card.signer.name}")
    header, payload, signature = card.parts
    draft.faults.append(Fault(Step.REVOCATION, "revoked"))
    if not card.signer.is_rsa and rng.random() < 0.5:
        draft.names.append("its twin")
        twin = ORDER - int.from_bytes(signature[32:], "big")
        draft.sealed = header, payload, signature[:32] + twin.to_bytes(32, "big")
    elif card is world.zero_led and rng.random() < 0.7:
        draft.names.append("without its leading zero")
        draft.sealed = header, payload, signature[1:]
        draft.faults.append(Fault(Step.SIGNATURE, "signature_invalid"))
    draft.restyled()
    _mutate(draft, _AROUND, rng.choice((0, 1, 2)), {"kid-unprotected"})
    return draft


def _attacked(world: World, rng: random.Random, among: Catalogue) -> Draft:
    """A card that no trusted key signed, whatever it says."""
    signer = rng.choice(world.genuine if rng.random() < 0.8 else world.flawed)
    draft = Draft(world.forge_of(signer), signer, rng.choice("vvtr"), rng)
    draft.names.append(f"in the name of the key {signer.name}")
    taken = {"kid-protected", "kid-unprotected", "alg-protected", "shape", "payload", "name"}
    before = len(draft.faults)
    # Some fit no card of this kind of key.
    while len(draft.faults) == before:
        _mutate(draft, among, 1, set())
    if rng.random() < 0.3:
        draft.restyled()
    _mutate(draft, _INSIDE, rng.choice((0, 0, 1, 2)), taken)
    return draft


def _listed(world: World, rng: random.Random) -> tuple[str, str, list[Fault]]:
    """A fault of the table that the verifier's own tests go through."""
    name = rng.choice(list(FAULTS))
    stage, reason, make = FAULTS[name]
    return name, make(world.forges["main"]), [Fault(Step[stage.upper()], None if stage == "format" else reason)]


def _case(world: World, half: str, rng: random.Random) -> tuple[list[str], str, list[Fault]]:
    if half == "attacker":
        draft = _attacked(world, rng, attacks(world))
    elif (turn := rng.random()) < 0.1:
        name, text, faults = _listed(world, rng)
        return [name], text, faults
    else:
        draft = _revoked_by_signature(world, rng) if turn < 0.25 else _genuine(world, rng)
    text = draft.text()
    return draft.names, text, draft.faults


def alone(world: World, mutation: Mutation, signer: Signer, seed: int) -> str | None:
    """What is wrong with the verdict on a card with this mutation and no other; None too where it fits none of theirs."""
    rng = random.Random(seed)
    for kind in "vtr":
        draft = Draft(world.forge_of(signer), signer, kind, rng)
        if mutation.fits(draft):
            mutation.apply(draft)
            faults = [] if mutation.fault is None else [mutation.fault]
            return _judged(
                world, draft.text(), faults, f"{mutation.name}, kind {kind}, signed by the key {signer.name}"
            )[1]
    return None


def played(world: World, half: str, seed: int) -> tuple[str, str | None]:
    """The status of a seed's card, and what is wrong with its verdict: names of mutations and reasons, and no card."""
    names, text, faults = _case(world, half, random.Random(f"{half} {seed}"))
    return _judged(world, text, faults, f"{half} {seed} ({'; '.join(names)})")


def _judged(world: World, text: str, faults: list[Fault], told: str) -> tuple[str, str | None]:
    try:
        verdict = world.verifier.verify(text)
    except Exception as error:
        return "raised", f"{told}: {type(error).__name__} came out of the verifier"
    status, reason = str(verdict.status), None if verdict.reason is None else str(verdict.reason)
    first = min((fault.step for fault in faults), default=None)
    if first is None:
        wanted, reasons = "accepted", {None}
    else:
        wanted = "undetermined" if first is Step.KEY else "refused"
        reasons = {fault.reason for fault in faults if fault.step is first}
    if first is Step.FORMAT and None in reasons and status != "accepted":
        # How a text of no known kind is told stands in the verifier's own tests.
        return status, None
    if status != wanted or (reason not in reasons and None not in reasons):
        return status, f"{told}: {status}, {reason} instead of {wanted}, {' or '.join(map(str, reasons))}"
    return status, None


HALVES = ("attacker", "signer")
