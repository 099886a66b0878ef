"""Sets of rules: which of them are asked of a card, what they say, and what is refused before any is asked."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from vaxcert.errors import ConfigurationError, DamagedError, NotFoundError, Reason
from vaxcert.rules import CardFacts, RuleSet, ValueSets, overall
from vaxcert.rules.sets.checking import check
from vaxcert.verdict import Outcome

Make = Callable[..., dict[str, Any]]
AT = datetime(2026, 7, 1, 12, tzinfo=UTC)
NEVER: dict[str, Any] = {"===": [1, 2]}


def loaded(*rules: dict[str, Any]) -> RuleSet:
    return RuleSet.load(json.dumps(list(rules)).encode())


def said(rules: RuleSet, card: CardFacts, at: datetime = AT, **where: Any) -> dict[str, str]:
    return {result.identifier: str(result.outcome) for result in rules.judge(card, at, **where)}


def test_every_rule_answers_for_itself(rule: Make, vaccinated: CardFacts) -> None:
    rules = loaded(
        rule(Identifier="GR-VN-0003", Logic={"<": ["a", 1]}),
        rule(Identifier="GR-VN-0002", Logic=NEVER),
        rule(),
        rule(Identifier="GR-VN-0004", Logic={"var": "payload.v.0.mp"}),
        rule(Identifier="GR-VN-0005", Logic={"and": [{"var": "payload.t.0"}, True]}),
    )
    results = rules.judge(vaccinated, AT)
    assert [(one.identifier, str(one.outcome), one.reason) for one in results] == [
        ("GR-VN-0001", "passed", None),
        ("GR-VN-0002", "failed", Reason.RULE_NOT_MET),
        ("GR-VN-0003", "unknown", Reason.RULE_NOT_EVALUABLE),
        ("GR-VN-0004", "unknown", Reason.RULE_NOT_EVALUABLE),
        ("GR-VN-0005", "unknown", Reason.RULE_NOT_EVALUABLE),
    ]
    assert overall(results) == (Outcome.FAILED, Reason.RULE_NOT_MET)


def test_a_set_is_met_where_every_rule_is_and_says_nothing_where_none_applies(
    rule: Make, vaccinated: CardFacts
) -> None:
    assert overall(loaded(rule()).judge(vaccinated, AT)) == (Outcome.PASSED, None)
    unclear = loaded(rule(), rule(Identifier="GR-VN-0002", Logic={"<": ["a", 1]}))
    assert overall(unclear.judge(vaccinated, AT)) == (Outcome.UNKNOWN, Reason.RULE_NOT_EVALUABLE)
    tests_only = loaded(rule(CertificateType="Test"))
    assert overall(tests_only.judge(vaccinated, AT)) == (Outcome.UNKNOWN, Reason.NO_RULE_APPLIES)


def test_rules_of_another_kind_of_entry_are_not_asked(rule: Make, vaccinated: CardFacts) -> None:
    kinds = ("General", "Vaccination", "Test", "Recovery")
    rules = loaded(*(rule(Identifier=f"GR-VN-{number}", CertificateType=kind) for number, kind in enumerate(kinds)))
    assert list(said(rules, vaccinated)) == ["GR-VN-0", "GR-VN-1"]


def test_acceptance_asks_the_country_of_arrival_and_invalidation_the_issuers(rule: Make, vaccinated: CardFacts) -> None:
    rules = loaded(
        rule(Identifier="GR-VN-0001", Country="VN"),
        rule(Identifier="GR-GR-0001", Country="GR"),
        rule(Identifier="IR-VN-0001", Country="VN", Type="Invalidation"),
        rule(Identifier="IR-GR-0001", Country="GR", Type="Invalidation"),
        rule(Identifier="GR-XX-0001", Country="XX", Type="General"),
    )
    everywhere = ["GR-GR-0001", "GR-VN-0001", "GR-XX-0001", "IR-VN-0001"]
    assert list(said(rules, vaccinated)) == everywhere
    for name in ("GR", "EL", "gr"):
        assert list(said(rules, vaccinated, country=name)) == ["GR-GR-0001", "GR-XX-0001", "IR-VN-0001"]


def test_rules_of_a_region_are_asked_there_alone(rule: Make, vaccinated: CardFacts) -> None:
    rules = loaded(rule(), rule(Identifier="GR-VN-0002", Region="HN"))
    assert list(said(rules, vaccinated)) == ["GR-VN-0001"]
    assert list(said(rules, vaccinated, region="SG")) == ["GR-VN-0001"]
    assert list(said(rules, vaccinated, region="HN")) == ["GR-VN-0001", "GR-VN-0002"]


def test_of_a_rules_versions_the_highest_that_holds_at_the_moment_is_asked(rule: Make, vaccinated: CardFacts) -> None:
    rules = loaded(
        rule(Version="1.10.0", ValidFrom="2026-07-01T12:00:00Z", ValidTo="2026-08-01T00:00:00+07:00"),
        rule(Version="1.9.0", Logic=NEVER),
    )
    start, end = AT, datetime(2026, 7, 31, 17, tzinfo=UTC)
    second = timedelta(seconds=1)
    for at, outcome in ((start - second, "failed"), (start, "passed"), (end, "passed"), (end + second, "failed")):
        assert said(rules, vaccinated, at) == {"GR-VN-0001": outcome}
        assert said(rules, vaccinated, at.astimezone(timezone(timedelta(hours=7)))) == {"GR-VN-0001": outcome}
    for at in (datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(2030, 1, 1, 0, 0, 1, tzinfo=UTC)):
        assert said(rules, vaccinated, at) == {}
    with pytest.raises(ValueError, match="time zone"):
        rules.judge(vaccinated, datetime(2026, 7, 1))


def test_rules_for_later_contents_than_the_cards_are_unknown(rule: Make) -> None:
    from .conftest import two_doses

    rules = loaded(rule(SchemaVersion="1.3.0"))
    for version, outcome in (
        ("1.3.0", "passed"),
        ("1.10.0", "passed"),
        ("1.2.9", "unknown"),
        ("2.0.0", "unknown"),
        ("?", "unknown"),
    ):
        card = CardFacts.of(two_doses(version), country="VN")
        assert said(rules, card) == {"GR-VN-0001": outcome}
    (result,) = rules.judge(card, AT)
    assert result.reason == Reason.RULE_SCHEMA_LATER


def test_rules_see_the_card_the_clock_and_the_value_sets(rule: Make, vaccinated: CardFacts) -> None:
    seen = {
        "payload.v.0.mp": "EU/1/20/1528",
        "payload.v.1.dn": 1,
        "external.validationClock": "2026-07-01T12:00:00Z",
        "external.issuerCountryCode": "VN",
        "external.countryCode": "VN",
        "external.kid": "01" * 8,
        "external.iat": "2026-06-01T08:00:00Z",
        "external.exp": "2027-06-01T08:00:00Z",
        "external.valueSets.codes.1": "b",
    }
    rules = loaded(
        *(
            rule(Identifier=f"GR-VN-{number}", Logic={"===": [{"var": path}, value]})
            for number, (path, value) in enumerate(seen.items())
        )
    )
    results = rules.judge(vaccinated, AT, ValueSets.load(b'{"codes": ["a", "b"]}'), country="VN")
    assert {result.outcome for result in results} == {Outcome.PASSED}
    assert len(results) == len(seen)


def test_one_rule_without_end_leaves_no_rule_passed_by_mistake(rule: Make, vaccinated: CardFacts) -> None:
    table = [[1] * 500] * 300
    slow = {"reduce": [table, {"reduce": [{"var": "current"}, {"var": "current"}, 0]}, 0]}
    with pytest.raises(ConfigurationError):
        loaded(rule(Logic=slow))
    doubling: Any = 0
    for _ in range(30):
        doubling = {"reduce": [[1] * 9, {"reduce": [[1] * 9, doubling, 0]}, 0]}
    (result,) = loaded(rule(Logic={"===": [doubling, 0]})).judge(vaccinated, AT)
    assert (result.outcome, result.reason) == (Outcome.UNKNOWN, Reason.RULE_TOO_MANY_STEPS)


def test_a_description_comes_in_the_readers_language_or_the_nearest(rule: Make, vaccinated: CardFacts) -> None:
    def told(lang: str, *languages: str) -> str:
        texts = [{"lang": one, "desc": f"a description in {one}"} for one in languages]
        (result,) = loaded(rule(Description=texts)).judge(vaccinated, AT)
        return result.description(lang).rpartition(" ")[2]

    assert told("vi", "en", "vi") == "vi"
    assert told("vi", "en", "vi-vn") == "vi-vn"
    assert told("vi-vn", "en", "vi") == "vi"
    assert told("vi", "fr", "en") == "en"
    assert told("vi", "fr", "de") == "fr"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"Logic": {"or": [True, True]}}, Reason.RULE_OPERATOR_UNKNOWN),
        ({"Logic": {"and": [True]}}, Reason.RULE_INVALID),
        ({"SchemaVersion": "2.0.0"}, Reason.RULE_SCHEMA_UNSUPPORTED),
        ({"SchemaVersion": "0.9.0"}, Reason.RULE_SCHEMA_UNSUPPORTED),
        ({"Engine": "JSONLOGIC"}, Reason.RULE_ENGINE_UNSUPPORTED),
        ({"EngineVersion": "2.0.0"}, Reason.RULE_ENGINE_UNSUPPORTED),
        ({"Type": "Permission"}, Reason.RULE_INVALID),
        ({"CertificateType": "Vaccine"}, Reason.RULE_INVALID),
        ({"Version": "1.0"}, Reason.RULE_INVALID),
        ({"Version": 1}, Reason.RULE_INVALID),
        ({"ValidFrom": "2026-01-01"}, Reason.RULE_INVALID),
        ({"ValidTo": "2026-02-30T00:00:00Z"}, Reason.RULE_INVALID),
        ({"ValidTo": "0001-01-01T00:00:00+23:00"}, Reason.RULE_INVALID),
        ({"Country": ""}, Reason.RULE_INVALID),
        ({"Region": 1}, Reason.RULE_INVALID),
        ({"Description": [{"lang": "en"}]}, Reason.RULE_INVALID),
        ({"Description": "text"}, Reason.RULE_INVALID),
        ({"AffectedFields": [1]}, Reason.RULE_INVALID),
    ],
)
def test_one_rule_that_cannot_be_used_is_refused_by_name_and_the_set_with_it(
    rule: Make, fields: dict[str, Any], reason: Reason
) -> None:
    bad = rule(Identifier="GR-VN-0002") | fields
    with pytest.raises(ConfigurationError, match=r"^GR-VN-0002: ") as caught:
        loaded(rule(), bad)
    assert caught.value.reason == reason
    findings = check(bad, "rule 2")
    assert findings[0].reason == reason
    assert {(one.rule, one.refused) for one in findings} == {("GR-VN-0002", True)}


@pytest.mark.parametrize("missing", ["Identifier", "Logic", "Description", "AffectedFields", "ValidTo", "Engine"])
def test_a_rule_that_lacks_a_field_is_refused(rule: Make, missing: str) -> None:
    bad = {name: value for name, value in rule().items() if name != missing}
    with pytest.raises(ConfigurationError) as caught:
        loaded(rule(Identifier="GR-VN-0009"), bad)
    assert caught.value.reason == Reason.RULE_INVALID
    assert missing in caught.value.detail


@pytest.mark.parametrize(
    ("content", "kind", "reason"),
    [
        (b"[]", ConfigurationError, Reason.RULE_INVALID),
        (b"[1]", ConfigurationError, Reason.RULE_INVALID),
        (b"not JSON", DamagedError, Reason.DATA_DAMAGED),
        (b'{"a": 1, "a": 2}', DamagedError, Reason.DATA_DAMAGED),
        (b"[NaN]", DamagedError, Reason.DATA_DAMAGED),
        (b"\xff\xff", DamagedError, Reason.DATA_DAMAGED),
        (b"[" + b"9" * 5000 + b"]", DamagedError, Reason.DATA_DAMAGED),
        (b"[" * 100_000, ConfigurationError, Reason.RULE_TOO_DEEP),
    ],
)
def test_a_file_that_holds_no_rules_is_refused(content: bytes, kind: type[Exception], reason: Reason) -> None:
    with pytest.raises(kind) as caught:
        RuleSet.load(content)
    assert caught.value.reason == reason  # type: ignore[attr-defined]


def test_a_rule_may_not_stand_in_a_set_twice_in_one_version(rule: Make) -> None:
    assert len(loaded(rule(), rule(Version="1.0.1"))) == 2
    with pytest.raises(ConfigurationError, match="twice") as caught:
        loaded(rule(), rule(Logic=NEVER))
    assert caught.value.reason == Reason.RULE_INVALID


def test_rules_are_read_from_a_file_of_one_or_many_and_from_a_folder(rule: Make, tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(json.dumps(rule()), "utf-8-sig")
    (tmp_path / "many.json").write_text(json.dumps([rule(), rule(Identifier="GR-VN-0002")]), "utf-8")
    for name in ("VN/GR-VN-0001", "deeper/VN/GR-VN-0003"):
        folder = tmp_path / "folder" / name
        folder.mkdir(parents=True)
        (folder / "rule.json").write_text(json.dumps(rule(Identifier=folder.name)), "utf-8")
    assert [len(RuleSet.load(tmp_path / name)) for name in ("one.json", "many.json", "folder")] == [1, 2, 2]
    (tmp_path / "empty").mkdir()
    for absent in ("empty", "nothing.json"):
        with pytest.raises(NotFoundError):
            RuleSet.load(tmp_path / absent)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"Identifier": "my rule"}, "form"),
        ({"Identifier": "IR-VN-0001"}, "Type is Acceptance"),
        ({"Type": "Invalidation"}, "Type is Invalidation"),
        ({"Identifier": "VR-VN-0001", "CertificateType": "Test"}, "CertificateType is Test"),
        ({"Country": "DE"}, "another one"),
        ({"ValidFrom": "2030-01-01T00:00:00Z"}, "never holds"),
        ({"Description": [{"lang": "vi", "desc": "Chứng nhận nào cũng đáp ứng."}]}, "no English"),
        ({"Description": [{"lang": "en", "desc": "Short."}]}, "shorter"),
        ({"AffectedFields": ["v.0"]}, "has v.0"),
        ({"Logic": {"!": [{"var": "payload.v.1"}]}}, "lacks v.1"),
    ],
)
def test_what_is_odd_about_a_rule_is_found_and_keeps_nobody_from_using_it(
    rule: Make, fields: dict[str, Any], said: str
) -> None:
    odd = rule(**fields)
    (finding,) = check(odd, "rule 1")
    assert not finding.refused
    assert said in finding.detail
    assert len(loaded(odd)) == 1
    assert check(rule(), "rule 1") == []
