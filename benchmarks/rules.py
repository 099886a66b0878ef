"""A country's whole set of rules over one card, beside `certlogic-js` on node."""

import json
import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from measure import ROOT, Cases, Peer, goal, rounds_from, run, table

VECTORS = Path(os.environ.get("VAXCERT_VECTORS") or ROOT.parent / "shared" / "vectors") / "rules"
RULES = VECTORS / "dgc-business-rules-testdata"
JS = "certlogic-js: "


def prepare() -> tuple[Cases, dict[str, Any], dict[str, Any]]:
    """Our cases by country, what the peer is to do, and what it has to answer."""
    from vaxcert import Certificate, Dose, Person
    from vaxcert.rules import CardFacts, RuleSet, ValueSets
    from vaxcert.rules.sets import sources

    person = Person(family_name="Nguyễn", given_name="Mẫu Thử", date_of_birth="1990-05-17")
    dose = Dose(product="EU/1/20/1528", number=2, series=2, date=date(2022, 6, 1), country="VN")
    card = Certificate(format="hcert", version="1.3.0", person=person, entries=(dose,), issuer="VN")
    facts, at = CardFacts.of(card, country="VN"), datetime(2022, 12, 1, 12, tzinfo=UTC)
    value_sets = ValueSets.load(VECTORS / "valuesets" / "valueSets.json")

    cases, asked, answers = {}, {}, {}
    for folder in sorted(RULES.iterdir()):
        rules = RuleSet.load(folder)
        # The same rules for both: certlogic-js leaves it to its user which of them apply.
        applying = {rule.identifier for rule in rules.select(facts, at)}
        asked[JS + folder.name] = [one for _, one in sources(folder) if one["Identifier"] in applying]
        cases[folder.name] = lambda rules=rules: rules.judge(facts, at, value_sets)
        answers[JS + folder.name] = {
            result.identifier: {"passed": True, "failed": False}.get(result.outcome)
            for result in rules.judge(facts, at, value_sets)
        }
    external = facts.external | {"valueSets": value_sets.at(at), "countryCode": "", "region": ""}
    setup = {"at": at.isoformat(), "payload": facts.payload, "external": external, "sets": asked}
    return cases, setup, answers


def main() -> None:
    rounds = rounds_from(__doc__ or "")
    if not RULES.is_dir():
        print(f"No rules in {RULES}: set VAXCERT_VECTORS.")
        return
    cases, setup, answers = prepare()
    peer = Peer(str(ROOT / "benchmarks" / "rules.js"), json.loads(json.dumps(setup)), "node")
    if peer.missing:
        print(f"certlogic-js is not measured: {peer.missing}")
    else:
        said = {name: dict(found) for name, found in peer.says["answers"].items()}
        assert said == answers, "the two do not agree"
        print(f"certlogic-js of specification {peer.says['version']}, Python {sys.version.split()[0]}")
    times = run(cases, peer, rounds=rounds)
    rows = [row for name in cases for row in ((name, ""), (JS + name, name))]
    table(times, rows)
    for name in cases:
        if JS + name in times:
            count = len(answers[JS + name])
            goal(f"{name}, {count} {'rule' if count == 1 else 'rules'}", "≥ 1.3", *times.ratios(JS + name, name))


if __name__ == "__main__":
    main()
