"""Cards of the other formats for the table of `reasons`: every reason of each at every stage."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from forge import Forge
from health_card_faults import FAULTS, OTHER, RIDS, UNKNOWN, forms
from health_cards import ISSUER, HealthCards, trusted
from nz_passes import FAULTS as PASS_FAULTS
from nz_passes import card as nz_pass
from nz_passes import trusted as nz_trusted
from who_cards import ALL, LEGACY, LINK_TEXTS, LINKS, SHAPES, icvp
from who_cards import FAULTS as WHO_FAULTS
from who_cards import card as who_card

from vaxcert import SigningKey
from vaxcert.trust import revocation
from vaxcert.wire import base64url

REVOKED = "URN:UVCI:01:VN:VP09/REVOKED#A"


def add(made: Any, key: SigningKey, now: Any, stale: Any) -> None:
    """Add them to a table. `stale`: what is known of a list that is too old."""
    forge, cards, plain = Forge(key), HealthCards(key), key.trusted()
    both = [plain, trusted(key)]
    good = cards.card()
    made.add("health cards", forms(cards), both)
    made.add("faults of health cards", {name: make(cards) for name, (_, _, make) in FAULTS.items()}, both)
    made.add("unknown of health cards", {name: make(cards) for name, (_, _, make) in UNKNOWN.items()}, both)
    made.add("keys brought along", _brought(cards, now), both)
    of_two = {issuer: cards.card(cards.claims(iss=issuer)) for issuer in (ISSUER, OTHER)}
    made.add("one key of two issuers", of_two, [trusted(key), trusted(key, issuer=OTHER)])
    for_dcc = msgspec.structs.replace(trusted(key), formats=frozenset(("hcert",)))
    made.add("a health card by a key for the EU's", {"good": good, "eu": forge.card()}, [for_dcc])
    made.add("a withdrawn issuer", {"good": good}, [msgspec.structs.replace(trusted(key), withdrawn=True)])
    made.add(
        "an old list of issuers", {"good": good, "pass": nz_pass(forge)}, [*both, nz_trusted(key)], freshness=stale
    )
    for name, (rid, listed, wanted, _) in RIDS.items():
        card = cards.card(cards.claims(vc={"rid": rid} if rid else {}))
        made.add(f"withdrawn cards: {name}", {"card": card}, [trusted(key, wanted=wanted, listed=listed)])
    rids = {
        one: cards.card(cards.claims(vc={"rid": rid}))
        for one, rid in (("ours", revocation.to_rid(REVOKED)), ("another", revocation.to_rid("A")), ("short", "x"))
    }
    made.add("revoked ids of health cards", rids, both, revocations=made.revoking(uci=[revocation.of_uci(REVOKED)]))

    passes = {"good": nz_pass(forge)} | {name: make(forge) for name, (_, _, _, make) in PASS_FAULTS.items()}
    made.add("passes", passes, [nz_trusted(key)])
    made.add("passes of another issuer", passes, [plain, nz_trusted(key, "did:web:other.example")])

    whos = {name: who_card(forge, content) for name, content in SHAPES.items()}
    whos |= {name: make(forge) for name, (_, _, _, make) in WHO_FAULTS.items()}
    whos |= {f"a link: {name}": who_card(forge, content, 5) for name, content in LINKS.items()}
    whos |= {f"link {at}": text for at, text in enumerate(LINK_TEXTS)}
    whos |= {"legacy": forge.text(forge.message(LEGACY)), "named": who_card(forge, icvp(), _7=b"URN:UVCI:01:VN:X#1")}
    made.add("WHO's", whos, [msgspec.structs.replace(plain, formats=ALL)])
    made.add("WHO's by a key for the EU's", whos, [plain])
    for mode in ("gate", "yellow", "met", "several"):
        texts = {"shc": good, "pass": nz_pass(forge), **dict(list(whos.items())[:3])}
        keys = [msgspec.structs.replace(plain, formats=ALL), trusted(key), nz_trusted(key)]
        made.add(f"other formats by rules {mode}", texts, keys, mode=mode)


def _brought(cards: HealthCards, now: Any) -> dict[str, str]:
    stranger = SigningKey.generate("VN", now=now)
    members = {"jwk": stranger.jwk(), "jku": f"{ISSUER}/jwks.json", "x5c": [base64url.encode(stranger.certificate)]}
    return {
        f"{name}, signed by {whose}": cards.card(header={name: value}, sign=sign)
        for name, value in members.items()
        for whose, sign in (("its own", None), ("a stranger", stranger.sign))
    } | {"its own id": HealthCards(stranger).card(header=json.loads(json.dumps({"jwk": stranger.jwk()})))}
