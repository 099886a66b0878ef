"""What a page judges by is taken whole, or not at all."""

from __future__ import annotations

import base64
import copy
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from both import ROOT, Case, Engine, milliseconds
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from forge import NOW, Forge
from health_cards import HealthCards, trusted
from night import some
from ruling import GATE, country_rule

from vaxcert import ConfigurationError, SigningKey, TrustStore
from vaxcert.rules import bundle
from vaxcert.trust import revocation
from vaxcert.trust.revocation import Hashes, Kind, Revocations, Source
from vaxcert.trust.rids import RidList

FILES = {"gate.toml": f"{GATE}doses = 2\n".encode(), "vn.json": json.dumps([country_rule()]).encode()}


@pytest.fixture
def store(key: SigningKey, tmp_path: Any) -> TrustStore:
    path = tmp_path / Source(Kind.UCI, 1, True).name
    path.write_bytes(revocation.packed(revocation.of_uci(f"id {number}") for number in range(3)))
    lists = Revocations([(Source(Kind.UCI, 1, True), Hashes(path))])
    keys = [key.trusted(), trusted(key, wanted=3, listed=RidList(3, ("mau-1", "mau-2.1780000000")))]
    return TrustStore(keys, environment="test", revocations=lists)


def spki(key: Any) -> str:
    public = serialization.PublicFormat.SubjectPublicKeyInfo
    return base64.b64encode(key.public_key().public_bytes(serialization.Encoding.DER, public)).decode()


def unsorted(given: Any) -> None:
    hashes = base64.b64decode(given["revocations"]["uci"])
    given["revocations"]["uci"] = base64.b64encode(hashes[16:] + hashes[:16]).decode()


def put(*path: Any) -> Callable[[Any], None]:
    """Puts the last of what is given at the place that the others name; `...` takes out what stands there."""
    *before, last, value = path

    def change(given: Any) -> None:
        for step in before:
            given = given[step]
        if value is ...:
            del given[last]
        else:
            given[last] = value

    return change


DAMAGED: dict[str, Callable[[Any], None]] = {
    "of a later version": put("version", 2),
    "without a version": put("version", ...),
    "of no environment": put("environment", "prod"),
    "without freshness": put("freshness", ...),
    "fresh until no day": put("freshness", "valid_until", "soon"),
    "fresh until nobody says": put("freshness", "valid_until", ...),
    "without keys": put("keys", ...),
    "without revocations": put("revocations", ...),
    "without a list of revocations": put("revocations", "site", ...),
    "revocations cut short": put("revocations", "uci", "AAAA"),
    "revocations that are no base64": put("revocations", "uci", "é"),
    "revocations unsorted": unsorted,
    "a key of nobody": put("keys", 0, "kid", ""),
    "a key that is none": put("keys", 0, "spki", "AAAA"),
    "a key with another's algorithm": put("keys", 0, "algorithm", "PS256"),
    "a key with an algorithm that is not used": put("keys", 0, "algorithm", "ES384"),
    "a key without limits": put("keys", 0, "usages", ...),
    "a key without an end": put("keys", 0, "notAfter", ...),
    "a key on another curve": put("keys", 0, "spki", spki(ec.generate_private_key(ec.SECP384R1()))),
    "an issuer that is no text": put("keys", 1, "issuer", 7),
    "an issuer's key without what it has withdrawn": put("keys", 1, "rids", ...),
    "withdrawn cards without a version": put("keys", 1, "rids", "wanted", ...),
    "withdrawn cards without their list": put("keys", 1, "rids", "held", ...),
    "a list of withdrawn cards without a version": put("keys", 1, "rids", "held", "counter", ...),
    "a list of withdrawn cards without cards": put("keys", 1, "rids", "held", "entries", ...),
    "a withdrawn card of no id": put("keys", 1, "rids", "held", "entries", 0, "no id"),
    "rules without a name": put("rules", 0, "mode", ""),
    "rules of a kind that is none": put("rules", 0, "kind", "law"),
    "a policy that asks for nothing": put("rules", 0, "asked", "doses", None),
    "a policy against nothing": put("rules", 0, "diseases", []),
    "a policy in no zone": put("rules", 0, "zone", "Asia/Nowhere"),
    "a rule without its logic": put("rules", 1, "rules", 0, "logic", ...),
    "a rule from no day on": put("rules", 1, "rules", 0, "validFrom", "today"),
    "a set without rules": put("rules", 1, "rules", []),
}


@pytest.mark.parametrize("what", DAMAGED)
def test_what_is_not_whole_is_judged_by_in_no_part(engine: Engine, store: TrustStore, what: str) -> None:
    from playwright.sync_api import Error

    given = bundle.of(store, FILES)
    engine.trusting(copy.deepcopy(given))
    DAMAGED[what](given)
    with pytest.raises(Error, match="TrustError"):
        engine.trusting(given)


@pytest.mark.parametrize(("bits", "exponent"), some([(1024, 65_537), (2048, 3), (8192, 65_537)], 2))
def test_a_key_that_browsers_take_and_the_library_does_not_is_refused(
    engine: Engine, store: TrustStore, bits: int, exponent: int
) -> None:
    from playwright.sync_api import Error

    given = bundle.of(store)
    given["keys"][0] |= {"algorithm": "PS256", "spki": spki(rsa.generate_private_key(exponent, bits))}
    with pytest.raises(Error, match="TrustError"):
        engine.trusting(given)


def test_a_withdrawn_mark_that_was_lost_counts_as_one(engine: Engine, store: TrustStore, forge: Forge) -> None:
    given = bundle.of(store)
    del given["keys"][0]["withdrawn"]
    engine.trusting(given)
    (said,) = engine.verdicts([Case(forge.card(), "", {"now": milliseconds(NOW)})])
    assert (said["status"], said["reason"]) == ("refused", "key_revoked")


def test_a_key_whose_issuer_was_lost_opens_no_health_card(engine: Engine, store: TrustStore, key: SigningKey) -> None:
    """As the keys of a list that was published before lists told it."""
    given = bundle.of(store)
    options = {"now": milliseconds(NOW)}
    case = Case(HealthCards(key).card(), "", options)
    engine.trusting(copy.deepcopy(given))
    assert engine.verdicts([case])[0]["status"] == "accepted"
    del given["keys"][1]["issuer"], given["keys"][1]["rids"]
    engine.trusting(given)
    (said,) = engine.verdicts([case])
    assert (said["status"], said["reason"]) == ("undetermined", "key_unknown")


@pytest.mark.parametrize("moment", [float("nan"), 1e15, -1e15, float("inf")])
def test_a_moment_that_is_none_is_an_error_and_no_verdict(engine: Engine, store: TrustStore, moment: float) -> None:
    engine.trusting(bundle.of(store))
    for name in ("at", "now"):
        (said,) = engine.verdicts([Case("HC1:", "", {name: moment})])
        assert said["threw"].startswith("RangeError")


def test_what_was_taken_back_is_not_handed_on(key: SigningKey, tmp_path: Any) -> None:
    lists, hashes = [], [revocation.of_uci(f"id {number}") for number in range(4)]
    for number, taken in ((1, hashes[:3]), (3, hashes[1:2])):
        source = Source(Kind.UCI, number, number == 1)
        path = tmp_path / source.name
        path.write_bytes(revocation.packed(taken))
        lists.append((source, Hashes(path)))
    revoked = Revocations(lists, {(Kind.UCI, hashes[0]): 2, (Kind.UCI, hashes[1]): 2})
    given = bundle.of(TrustStore([key.trusted()], revocations=revoked))
    assert base64.b64decode(given["revocations"]["uci"]) == revocation.packed([hashes[1], hashes[2]])
    assert bundle.of(TrustStore([key.trusted()]))["revocations"] is None


def test_the_value_is_plain_json_and_holds_no_certificate(store: TrustStore, key: SigningKey) -> None:
    text = json.dumps(bundle.of(store, FILES, signed=True))
    assert base64.b64encode(key.certificate).decode() not in text
    given = json.loads(text)
    assert [(one["kind"], one["mode"], one["signed"]) for one in given["rules"]] == [("policy", "gate", True), ("country", "vn", True)]  # fmt: skip


def test_rules_that_cannot_be_followed_are_not_handed_on(store: TrustStore) -> None:
    with pytest.raises(ConfigurationError, match=r"gate\.toml"):
        bundle.of(store, {"gate.toml": b"doses = 2"})


def test_a_list_of_many_is_handed_on_whole(key: SigningKey, tmp_path: Any) -> None:
    """A file that stays on the disk is gone through as one that is held."""
    path = tmp_path / Source(Kind.UCI, 1, True).name
    content = revocation.packed(revocation.of_uci(str(number)) for number in range(60_000))
    path.write_bytes(content)
    lists = Revocations([(Source(Kind.UCI, 1, True), Hashes(path))])
    given = bundle.of(TrustStore([key.trusted()], revocations=lists))
    assert base64.b64decode(given["revocations"]["uci"]) == content


def test_what_the_guide_shows_is_what_happens(engine: Engine, store: TrustStore, forge: Forge) -> None:
    (shown,) = re.findall(r"```js\n(.*?)```", (ROOT / "docs" / "engine.md").read_text("utf-8"), re.DOTALL)
    script, count = re.subn(r'import (\{.*\}) from "/static/vendor/engine/engine.js";', r"const \1 = engine", shown)
    assert count == 1
    told = engine.page.evaluate(
        f"async ([value, text]) => {{ {script}; return [verdict.status, verdict.rules.mode, admitted] }}",
        [bundle.of(store, FILES), forge.card()],
    )
    assert told[1:] == ["gate", False] and told[0] in ("accepted", "refused")
