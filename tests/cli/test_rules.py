"""`vaxcert rules`: looked over, tried on a card, tested."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruling import country_rule

Run = Callable[..., Any]

AT = "2026-12-01T00:00:00Z"


def rule(identifier: str = "VR-VN-0001", **fields: Any) -> dict[str, Any]:
    return country_rule(
        Identifier=identifier,
        **{
            "EngineVersion": "1.0.0",
            "CertificateType": "Vaccination",
            "Description": [
                {"lang": "en", "desc": "All doses of the series are needed."},
                {"lang": "vi", "desc": "Cần tiêm đủ liều cơ bản."},
            ],
            "ValidFrom": "2020-01-01T00:00:00Z",
            "ValidTo": "2099-01-01T00:00:00Z",
            "AffectedFields": ["v.0.dn", "v.0.sd"],
            "Logic": {">=": [{"var": "payload.v.0.dn"}, {"var": "payload.v.0.sd"}]},
        }
        | fields,
    )


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    def write(*rules: dict[str, Any], name: str = "rules.json") -> Path:
        (tmp_path / name).write_text(json.dumps(list(rules), ensure_ascii=False), "utf-8")
        return tmp_path / name

    return write


@pytest.fixture
def tested(tmp_path: Path) -> Callable[..., Path]:
    """A folder of one rule with tests that say what they expect of so many doses."""

    def write(place: str, source: Any, **expected: tuple[int, object]) -> Path:
        folder = tmp_path / "tree" / place
        (folder / "tests").mkdir(parents=True)
        (folder / "rule.json").write_text(json.dumps(source), "utf-8")
        for name, (dose, answer) in expected.items():
            test = {"payload": {"v": [{"dn": dose, "sd": 2}]}, "external": {}, "expected": answer}
            (folder / "tests" / f"{name}.json").write_text(json.dumps(test), "utf-8")
        return tmp_path / "tree"

    return write


def test_rules_that_can_be_used_are_said_to_be_so(run: Run, written: Callable[..., Path]) -> None:
    ran = run("rules", "check", written(rule(), rule("VR-VN-0002")))
    assert (ran.status, ran.out) == (0, "✔ 2 rules, nothing to say against\n")


def test_all_that_is_wrong_with_rules_is_said_at_once_with_codes(run: Run, written: Callable[..., Path]) -> None:
    ran = run(
        "rules",
        "check",
        written(
            rule(Logic={"or": [{"and": [True]}]}),
            rule("VR-VN-0002", Logic={"if": [{"nor": [1]}, {"and": [True]}, {"var": 0}]}),
            rule("VR-VN-0003", SchemaVersion="2.0.0"),
            rule("VR-VN-0004", AffectedFields=[]),
        ),
    )
    assert ran.status == 1
    lines = ran.out.splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "✘ VR-VN-0001",
        *["✘ VR-VN-0002"] * 3,
        "✘ VR-VN-0003",
        "! VR-VN-0004",
    ]
    assert "(rule_operator_unknown)" in lines[0]
    assert "(rule_schema_unsupported)" in lines[4]
    assert "v.0.dn" in lines[5]


def test_what_only_a_whole_set_can_have_is_said_too(run: Run, written: Callable[..., Path]) -> None:
    ran = run("rules", "check", written(rule(), rule()))
    assert ran.status == 1
    assert "twice in the same version" in ran.out


def test_what_is_not_there_or_no_json_ends_as_elsewhere(run: Run, tmp_path: Path, card: str, keys: Path) -> None:
    (tmp_path / "odd.json").write_text("no JSON", "utf-8")
    assert run("rules", "check", tmp_path / "odd.json").status == 65
    assert run("rules", "check", tmp_path / "none.json").status == 66
    assert run("rules", "try", card, "--trust", keys, "--rules", tmp_path / "odd.json").status == 65
    assert run("rules", "try", card, "--trust", keys, "--rules", tmp_path / "none.json").status == 66
    assert run("rules", "test", tmp_path / "none").status == 66
    assert run("rules", "test", tmp_path).status == 66


def test_the_tests_beside_rules_at_any_depth_are_run_and_counted(run: Run, tested: Callable[..., Path]) -> None:
    tree = tested("VN/VR-VN-0001", rule(), one=(1, False), two=(2, True))
    tested("far/away/DE/VR-DE-0001", rule("VR-DE-0001"), one=(1, False))
    ran = run("rules", "test", tree)
    assert ran.status == 0
    assert ran.out.splitlines()[-1] == "3 passed, 0 failed"
    assert "VN" in ran.out
    assert "far/away/DE" in ran.out


def test_a_test_that_fails_is_named_with_what_was_answered(run: Run, tested: Callable[..., Path]) -> None:
    tree = tested("VN/VR-VN-0001", rule(), one=(1, True), two=(2, True))
    tested("VN/VR-VN-0002", rule(Logic={"or": [1]}), a=(1, True), b=(1, True))
    tested("VN/VR-VN-0003", rule(Logic={"<": ["a", 1]}), a=(1, False))
    tested("VN/VR-VN-0004", rule(Logic={"var": "payload.v.0.dn"}), a=(1, True), b=(1, "yes"))
    tested("VN/VR-VN-0005", rule(Logic=None))
    ran = run("rules", "test", tree)
    assert ran.status == 1
    lines = ran.out.splitlines()
    assert lines[-1] == "1 passed, 7 failed"
    assert lines[0] == "✘ VR-VN-0001 one.json: false, expected true"
    assert sum("rule_operator_unknown" in line for line in lines) == 2
    assert sum("rule_not_evaluable" in line for line in lines) == 1
    assert sum("neither true nor false" in line for line in lines) == 1


def test_files_are_tested_as_their_authors_tools_read_them_and_refused_where_they_would_be_used(
    run: Run, tested: Callable[..., Path]
) -> None:
    tree = tested("VN/VR-VN-0001", rule(), one=(1, False))
    file = tree / "VN/VR-VN-0001/rule.json"
    file.write_text("\ufeff" + file.read_text("utf-8").replace('"Country"', '"Country": "DE", "Country"'), "utf-8")
    assert run("rules", "test", tree).out.splitlines()[-1] == "1 passed, 0 failed"
    assert run("rules", "check", tree).status == 65


def test_each_rule_that_applies_says_its_word_on_a_card(
    run: Run, written: Callable[..., Path], card: str, keys: Path
) -> None:
    met, unmet, unclear = rule(), rule("VR-VN-0002", Logic={"===": [1, 2]}), rule("VR-VN-0003", Logic={"<": ["a", 1]})
    ask = ("rules", "try", card, "--trust", keys, "--at", AT, "--rules")
    assert run(*ask, written(met)).status == 0
    assert run(*ask, written(met, unclear)).status == 3
    assert run(*ask, written(rule(CertificateType="Test"))).status == 3
    ran = run(*ask, written(met, unmet, unclear), "--lang", "vi")
    assert ran.status == 1
    assert [line[:12] for line in ran.out.splitlines()] == ["✔ VR-VN-0001", "✘ VR-VN-0002", "? VR-VN-0003"]
    assert "Cần tiêm đủ liều cơ bản." in ran.out
    assert "Nguyễn" not in ran.out
    lines = [json.loads(line) for line in run(*ask, written(met, unmet), "--json", "--lang", "en").out.splitlines()]
    assert [(line["outcome"], line["reason"]) for line in lines] == [("passed", None), ("failed", "rule_not_met")]


def test_rules_are_asked_with_their_country_and_value_sets(
    run: Run, written: Callable[..., Path], card: str, keys: Path, tmp_path: Path
) -> None:
    in_set = {"in": [{"var": "payload.v.0.mp"}, {"var": "external.valueSets.vaccines"}]}
    rules = written(rule(Logic=in_set), rule("VR-DE-0001", Country="DE", Logic={"===": [1, 2]}))
    (tmp_path / "sets.json").write_text('{"vaccines": ["EU/1/20/1528"]}', "utf-8")
    ask = ("rules", "try", card, "--trust", keys, "--at", AT, "--rules", rules)
    assert run(*ask, "--country", "VN", "--value-sets", tmp_path / "sets.json").status == 0
    assert run(*ask, "--country", "VN").status == 3
    assert run(*ask, "--value-sets", tmp_path / "sets.json").status == 1


def test_no_rule_is_asked_of_a_card_that_is_not_accepted(
    run: Run, written: Callable[..., Path], card: str, keys: Path
) -> None:
    ran = run("rules", "try", card[:-8] + "00000000", "--trust", keys, "--at", AT, "--rules", written(rule()))
    assert ran.status == 1
    assert "VR-VN" not in ran.out
    late = run(
        "rules", "try", card, "--trust", keys, "--at", "2099-01-01T00:00:00Z", "--rules", written(rule()), "--json"
    )
    assert (late.status, json.loads(late.out)["status"]) == (1, "refused")
    assert run("rules", "try", "no card", "--trust", keys, "--rules", written(rule())).status == 4
