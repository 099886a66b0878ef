"""Every reason that a card can meet, at every stage: cards, each with the setting that it is judged in."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import other_reasons
from both import Case, milliseconds
from faults import FAULTS
from forge import NOW, Forge
from ruling import GATE, country_rule

from vaxcert import SigningKey, TrustStore, Verifier
from vaxcert.rules import modes
from vaxcert.trust import revocation
from vaxcert.trust.revocation import Hashes, Kind, Revocations, Source
from vaxcert.verdict import Freshness
from vaxcert.wire import cose

DAY = timedelta(days=1)
FRESH = Freshness("fresh", NOW - DAY, NOW + 6 * DAY)
REVOKED = "URN:UVCI:01:VN:VP09/REVOKED#A"
HARD = {
    "reduce": [{"var": "external.valueSets.long"}, {"and": [{"var": "current"}, *[{"var": "accumulator"}] * 200]}, True]
}
RULES: dict[str, Any] = {
    "met": [country_rule()],
    "lacking": [country_rule(Logic={"===": [1, 2]})],
    "odd": [country_rule(Logic={"+": [{"var": "payload.dob"}, 1]})],
    "neither": [country_rule(Logic={"+": [1, 1]})],
    "hard": [country_rule(Logic=HARD)],
    "later": [country_rule(SchemaVersion="1.4.0")],
    "elsewhere": [country_rule(), country_rule(Identifier="GR-VN-0002", CertificateType="Test")][1:],
    "sampled": [country_rule(CertificateType="Test", Logic={"before": [{"plusTime": [{"var": "payload.t.0.sc"}, 1, "year"]}, {"plusTime": [{"var": "external.validationClock"}, 0, "day"]}]})],
    "several": [
        country_rule(),
        country_rule(Identifier="VR-VN-0002", CertificateType="Vaccination", Logic={">": [{"var": "payload.v.0.dn"}, 2]}),
        country_rule(Identifier="GR-VN-0003", Logic={"before": [{"plusTime": [{"var": "external.validationClock"}, 0, "day"]}, 1]}),
    ],
}  # fmt: skip
POLICIES = {"gate": f"{GATE}doses = 3\n", "yellow": GATE.replace("COVID-19", "yellow fever") + "doses = 1\n"}
FILES = {
    **{f"{mode}.json": json.dumps(rules).encode() for mode, rules in RULES.items()},
    **{f"{mode}.toml": text.encode() for mode, text in POLICIES.items()},
    modes.VALUE_SETS: json.dumps({"long": [str(number) for number in range(1_000)]}).encode(),
}


class Setting(NamedTuple):
    """All that a card is judged by, but for the keys."""

    freshness: Freshness = FRESH
    revocations: Revocations | None = None
    mode: str = ""
    now: Any = NOW
    at: Any = None
    require: bool = False


class Table:
    """Cards by the setting that each is judged in."""

    def __init__(self, key: SigningKey, folder: Path) -> None:
        self.key, self.folder = key, folder
        self.rows: dict[str, tuple[Setting, list[Any], list[Case]]] = {}

    def add(self, told: str, texts: dict[str, str], keys: list[Any], **fields: Any) -> None:
        cases = [Case(text, f"{told}: {name}") for name, text in texts.items()]
        self.rows[told] = Setting(**fields), keys, cases

    def revoking(self, **hashes: list[bytes]) -> Revocations:
        lists = []
        for name, some in hashes.items():
            source = Source(Kind(name), 1, True)
            path = self.folder / source.name
            path.write_bytes(revocation.packed(some))
            lists.append((source, Hashes(path)))
        return Revocations(lists)


def table(folder: Path) -> Table:
    """The table. `folder`: where lists may be written."""
    key = SigningKey.generate("VN", now=NOW - 30 * DAY)
    forge, trusted = Forge(key), key.trusted()
    made = Table(key, folder)
    changed: Callable[..., Any] = lambda **fields: msgspec.structs.replace(trusted, **fields)  # noqa: E731
    good = forge.card()
    seconds = int(NOW.timestamp())
    kinds = {
        "dose": good,
        "test": forge.card(forge.dcc(v=..., t=[forge.test()])),
        "recovery": forge.card(forge.dcc(v=..., r=[forge.recovery()])),
        "all three": forge.card(forge.dcc(t=[forge.test()], r=[forge.recovery()])),
    }
    faults = {name: make(forge) for name, (_, _, make) in FAULTS.items()}
    contents = {
        f"content {kind}": forge.text(forge.message(forge.claims() | {-260: {kind: {}}})) for kind in (3, 4, 5, -6, 9)
    }
    odd = {
        "unprotected": forge.text(forge.message(forge.claims(), protected={4: key.kid}, unprotected={1: -7})),
        "another country": forge.card(iss="FR"),
        "holder": forge.card(forge.dcc(v=[forge.vaccination(ma="ORG-100031184")])),
        "code": forge.card(forge.dcc(v=[forge.vaccination(vp="J07BX03")])),
        "result": forge.card(forge.dcc(v=..., t=[forge.test(tr="419984006")])),
        "nobody's code": forge.card(forge.dcc(v=[forge.vaccination(mp="x", ma="", vp="", tg="")])),
        "codes left out": forge.card(forge.dcc(v=[forge.vaccination(ma="", vp="", tg="")])),
    }
    times = {
        "expired": forge.card(exp=seconds - 1),
        "to come": forge.card(iat=seconds + 600),
        "an event to come": forge.card(forge.dcc(v=[forge.vaccination(dt="2026-06-20")])),
        "a recovery to come": forge.card(forge.dcc(v=..., r=[forge.recovery(df="2026-07-01")])),
        "a recovery over": forge.card(forge.dcc(v=..., r=[forge.recovery(du="2026-06-01")])),
        "not before": forge.text(forge.message(forge.claims() | {5: seconds + 86_400})),
    }
    ends = {
        "the first day": forge.card(forge.dcc(t=[forge.test(sc="0001-01-01T00:00:00+12:00")])),
        "the last day": forge.card(forge.dcc(v=..., t=[forge.test(sc="9999-12-31T23:59:59.5-12:00")])),
    }
    broken = {"signature": forge.text(forge.message(forge.claims(), sign=lambda _: bytes(64)))}
    withdrawn = {
        "id": forge.card(forge.dcc(v=[forge.vaccination(ci=REVOKED)])),
        "id in other letters": forge.card(forge.dcc(v=[forge.vaccination(ci=REVOKED.lower()[9:])])),
        "site": forge.card(forge.dcc(v=[forge.vaccination(ci="URN:UVCI:01:VN:BAD/1#Z")])),
        "none": good,
    }

    made.add("each kind", kinds, [trusted])
    made.add("each fault", faults, [trusted])
    made.add("contents", contents, [trusted])
    made.add("odd", odd, [trusted])
    made.add("times", times, [trusted])

    crowd = [msgspec.structs.replace(SigningKey.generate("VN", now=NOW).trusted(), kid=key.kid) for _ in range(9)]
    made.add("a crowd under one id", {"good": good}, crowd)
    made.add("stale", kinds | times | broken, [trusted], freshness=Freshness("fresh", NOW - 9 * DAY, NOW - DAY))
    made.add(
        "long stale", kinds | times | broken, [trusted], freshness=Freshness("fresh", NOW - 90 * DAY, NOW - 60 * DAY)
    )
    made.add("set back", kinds | times | broken, [trusted], freshness=Freshness("fresh", NOW + DAY, NOW + 9 * DAY))
    made.add("long stale, by another moment", kinds | times, [trusted], freshness=Freshness("fresh", NOW - 90 * DAY, NOW - 60 * DAY), at=NOW - 70 * DAY)  # fmt: skip
    made.add("by another moment", kinds | times, [trusted], at=NOW + 400 * DAY)
    made.add("without an age", kinds, [trusted], freshness=Freshness())
    made.add("for tests", kinds, [changed(usages=frozenset(("test",)))])
    made.add("for another format", kinds, [changed(formats=frozenset(("shc",)))])
    made.add("its own country asked for", odd, [trusted], require=True)
    made.add("a signer that ended", kinds, [changed(not_after=NOW - timedelta(seconds=1))])
    made.add(
        "a signer to come", {"good": forge.card(iat=seconds + 299)}, [changed(not_before=NOW + timedelta(seconds=599))]
    )
    made.add("withdrawn", kinds, [changed(withdrawn=True)])
    made.add("listed twice, once withdrawn", kinds, [trusted, changed(withdrawn=True)])
    sealed = cose.decode(forge.message(forge.claims()))
    made.add("revoked ids", withdrawn, [trusted], revocations=made.revoking(uci=[revocation.of_uci(REVOKED)]))
    made.add("revoked by country", withdrawn, [trusted], revocations=made.revoking(country_uci=[revocation.of_country_uci("VN", REVOKED)]))  # fmt: skip
    made.add("revoked sites", withdrawn, [trusted], revocations=made.revoking(site=[revocation.of_site("VN", "BAD")]))
    made.add("revoked nothing", withdrawn, [trusted], revocations=Revocations())
    signed = {"one": forge.text(forge.message(forge.claims(), sign=lambda _: sealed.signature))}
    made.add("revoked signatures", signed, [trusted], revocations=made.revoking(signature=[revocation.of_signature(sealed, trusted.algorithm)]))  # fmt: skip
    other_reasons.add(made, key, NOW, Freshness("fresh", NOW - 9 * DAY, NOW - DAY))
    for mode in (*RULES, *POLICIES):
        made.add(f"rules {mode}", kinds | times | ends, [trusted], mode=mode)
    return made


def judged(setting: Setting, keys: list[Any]) -> tuple[Verifier, dict[str, Any]]:
    """What judges by a setting: the library's verifier, and the options of the page."""
    trust = TrustStore(keys, environment="test", freshness=setting.freshness, revocations=setting.revocations)
    rules = modes.parsed(FILES, signed=True)[setting.mode] if setting.mode else None
    verifier = Verifier(trust, clock=lambda: setting.now, require_signer_country=setting.require, rules=rules)
    options = {"now": milliseconds(setting.now), "mode": setting.mode, "requireSignerCountry": setting.require}
    return verifier, options | ({} if setting.at is None else {"at": milliseconds(setting.at)})
