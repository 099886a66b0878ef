"""CertLogic's own test suite, and countries' real rules with the tests that they publish beside them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from vaxcert.rules import CardFacts, RuleSet, ValueSets
from vaxcert.rules.certlogic import Moment, compile_logic, text_of
from vaxcert.rules.sets import sources
from vaxcert.rules.sets.checking import check
from vaxcert.rules.trying import run_tests

TESTDATA = "rules/dgc-business-rules-testdata"

# What differs from what a country expects, each with its cause: nothing does.
DIFFERENCES: dict[tuple[str, str], str] = {}


def skipped(part: dict[str, Any]) -> bool:
    return part.get("directive") == "skip"


def test_the_languages_own_suite_gives_what_it_expects(certlogic_suite: str, vectors: Path) -> None:
    suite = json.loads((vectors / certlogic_suite).read_text("utf-8"))
    asked = 0
    for case in () if skipped(suite) else suite["cases"]:
        for assertion in () if skipped(case) else case["assertions"]:
            if skipped(assertion):
                continue
            expression = assertion.get("certLogicExpression", case.get("certLogicExpression"))
            found = compile_logic(expression).evaluate(assertion["data"])
            found = text_of(found) if isinstance(found, Moment) else found
            assert json.dumps(found) == json.dumps(assertion["expected"]), (case["name"], assertion)
            asked += 1
    assert asked or skipped(suite)


def test_a_countrys_rules_answer_its_tests_as_it_expects(
    rules_of: str, vectors: Path, record_property: Callable[[str, object], None]
) -> None:
    country = Path(rules_of).name
    differing = set()
    for tried in run_tests(vectors / rules_of):
        for _ in range(tried.passed):
            record_property("score", ("countries' rules and their tests", country, "tests", True))
        for name, _ in tried.failures:
            record_property("score", ("countries' rules and their tests", country, "tests", False))
            differing.add((tried.rule, name))
    assert differing == {place for place in DIFFERENCES if f"-{country}-" in place[0]}


def test_a_countrys_rules_are_a_set_without_anything_odd(rules_of: str, vectors: Path) -> None:
    found = sources(vectors / rules_of)
    assert [finding for where, source in found for finding in check(source, where)] == []
    assert len(RuleSet.load(vectors / rules_of)) == len(found)


def test_two_doses_meet_germanys_rules_after_two_weeks_for_a_year(vectors: Path) -> None:
    from vaxcert import Certificate, Dose, Person

    value_sets = ValueSets.load(vectors / "rules/valuesets/valueSets.json")
    rules = RuleSet.load(vectors / TESTDATA / "DE")
    given = datetime(2022, 6, 1, tzinfo=UTC)
    dose = Dose(product="EU/1/20/1528", number=2, series=2, date=given.date(), country="VN")
    certificate = Certificate(format="hcert", version="1.3.0", person=Person(family_name="Mẫu"), entries=(dose,))
    facts = CardFacts.of(certificate, country="VN")

    def answers(days: int) -> set[str]:
        return {str(result.outcome) for result in rules.judge(facts, given + timedelta(days=days), value_sets)}

    assert answers(13) == {"passed", "failed"}
    assert answers(30) == {"passed"}
    assert answers(500) == {"passed", "failed"}
