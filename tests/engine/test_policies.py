"""Policies of every shape over cards of every kind: the library and the page say the same, word by word."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import msgspec
from both import Case, Engine, differences, milliseconds
from forge import NOW, Forge

from vaxcert import SigningKey, TrustStore, Verifier
from vaxcert.rules import bundle
from vaxcert.rules.policies.loading import PlacePolicy
from vaxcert.rules.policies.policy import Policy
from vaxcert.verdict import Freshness

POLICIES, CARDS = 150, 40
DISEASES = ["COVID-19", "yellow fever", "840539006", "RA01", "123456789"]
PRODUCTS = ["EU/1/20/1528", "EU/1/20/1525", "EU/1/21/1529", "X-1"]


def span(rng: random.Random) -> dict[str, int]:
    ends = sorted(rng.choices((0, 10, 14, 15, 90, 365), k=2))
    return dict(rng.sample([("from", ends[0]), ("to", ends[1])], rng.choice((1, 2))))


def asked(rng: random.Random, left: int = 2) -> dict[str, Any]:
    """What a policy asks for: one thing or several, or ways of which one is enough."""
    words = {
        "doses": rng.choice((1, 2, 3)),
        "complete": True,
        "booster": True,
        "products": rng.sample(PRODUCTS, rng.choice((1, 2))),
        "days_since_last": span(rng),
        "test": {"hours": rng.choice((1, 24, 72)), "types": rng.choice(([], ["pcr"], ["antigen", "LP6464-4"]))},
        "recovery": {"days": span(rng)},
    }
    words["test"] = {name: value for name, value in words["test"].items() if value}  # type: ignore[attr-defined]
    if left:
        words |= {name: [asked(rng, left - 1) for _ in range(rng.choice((1, 2, 3)))] for name in ("any", "all")}
    return dict(rng.sample(sorted(words.items()), rng.choice((1, 1, 2, 3))))


def a_policy(rng: random.Random) -> Policy:
    exempt = rng.choice((None, {"under": 18}, {"from_age": 65}, {"under": 5, "from_age": 36}))
    given = asked(rng) | {
        "title": {"en": "Gate", "vi": "Cổng"},
        "diseases": rng.sample(DISEASES, rng.choice((1, 1, 2))),
        "formats": rng.choice(([], [], ["hcert"], ["shc"])),
        "banned_sites": rng.choice(([], [], ["VP07"], ["VN/VP07"], ["FR/VP07"])),
        "zone": rng.choice(("Asia/Ho_Chi_Minh", "UTC", "America/New_York", "Pacific/Kiritimati")),
    }
    given = {name: value for name, value in given.items() if value != [] or name == "banned_sites"}
    return msgspec.convert(given | ({} if exempt is None else {"exempt": exempt}), Policy)


def a_card(rng: random.Random, forge: Forge) -> str:
    day = lambda most: (NOW - timedelta(days=rng.randrange(most))).date().isoformat()  # noqa: E731
    common = lambda: {"tg": rng.choice(("840539006", "16541001", "123456789")), "co": rng.choice(("VN", "FR")),  # noqa: E731
                      "ci": f"URN:UVCI:01:VN:{rng.choice(('VP07', 'VP08'))}/{rng.randrange(99)}#A"}  # fmt: skip
    doses = [
        forge.vaccination(
            mp=rng.choice(PRODUCTS), dn=rng.randrange(1, 4), sd=rng.randrange(1, 4), dt=day(400), **common()
        )
        for _ in range(rng.randrange(4))
    ]
    tests = [
        forge.test(
            tt=rng.choice(("LP6464-4", "LP217198-3")),
            tr=rng.choice(("260415000", "260415000", "419984006")),
            sc=(NOW - timedelta(minutes=rng.randrange(-90, 6_000))).isoformat(),
            **common(),
        )
        for _ in range(rng.randrange(3))
    ]
    recoveries = [forge.recovery(fr=day(200), df=day(190), **common()) for _ in range(rng.randrange(2))]
    if not (doses or tests or recoveries):
        doses = [forge.vaccination()]
    born = rng.choice(
        ("1990-05-17", "2008-06-15", "2008-06-16", "2008-06", "2008", "1961", "2021-06-14", "1990-06", "")
    )
    return forge.card(forge.dcc(dob=born, v=doses, t=tests, r=recoveries))


def test_every_policy_says_the_same_of_every_card(engine: Engine) -> None:
    rng = random.Random(27)
    key = SigningKey.generate("VN", now=NOW - timedelta(days=30))
    forge = Forge(key)
    trust = TrustStore([key.trusted()], environment="test", freshness=Freshness())
    policies = {f"mode-{number}": PlacePolicy(f"mode-{number}", a_policy(rng)) for number in range(POLICIES)}
    given = bundle.of(trust) | {"rules": [bundle._rules(policy, b"") for policy in policies.values()]}
    engine.trusting(given)
    texts = [a_card(rng, forge) for _ in range(CARDS)]
    met: set[str] = set()
    for mode, policy in policies.items():
        # Between midnight here and there, days differ by zone.
        at: datetime = NOW.replace(hour=rng.randrange(24), minute=rng.randrange(60))
        options = {"at": milliseconds(at), "now": milliseconds(NOW), "mode": mode}
        cases = [Case(text, f"{mode}, card {number}", options) for number, text in enumerate(texts)]
        verifier = Verifier(trust, clock=lambda: NOW, rules=policy)
        verdicts = engine.verdicts(cases)
        wrong = differences(verifier, cases, verdicts, lambda one, case, at=at: one.verify(case.text, at))  # type: ignore[misc]
        assert not wrong, (policy.policy, wrong[:3])
        met |= {f"{result['id']} {result['outcome']}" for said in verdicts for result in said["rules"]["results"]}
    rules = ("doses", "complete", "booster", "days_since_last", "test", "recovery", "banned_sites", "formats", "exempt")
    assert {f"{rule} {outcome}" for rule in rules for outcome in ("passed", "failed")} - {"exempt failed"} <= met
    assert {"any failed", "exempt unknown"} <= met
