"""What a policy says of a certificate: one thing asked for, one line, with what there is of it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaxcert.codes import COVID_19, DETECTED, NOT_DETECTED
from vaxcert.model import Certificate, Dose, Entry, Person, Recovery, TestResult
from vaxcert.rules.policies import load
from vaxcert.rules.policies.judging import judge
from vaxcert.rules.policies.loading import parse
from vaxcert.verdict import Outcome

AT = datetime(2026, 11, 26, 5, tzinfo=UTC)  # noon in Vietnam
TODAY = AT.date()
HEAD = 'title = { en = "Gate", vi = "Cổng" }\ndiseases = ["COVID-19"]\n'


def shot(number: int = 2, series: int = 2, ago: int = 100, product: str = "EU/1/20/1528", **more: str) -> Dose:
    return Dose(product=product, number=number, series=series, date=TODAY - timedelta(days=ago), **more)


def swab(hours: float = 10, result: str = NOT_DETECTED, kind: str = "LP6464-4") -> TestResult:
    return TestResult(disease=COVID_19, type=kind, result=result, sampled_at=AT - timedelta(hours=hours))


def recovered(ago: int) -> Recovery:
    day = TODAY - timedelta(days=ago)
    return Recovery(disease=COVID_19, first_positive=day, valid_from=day, valid_until=day + timedelta(days=180))


def card(*entries: Entry, born: str = "1990-05-17") -> Certificate:
    person = Person(family_name="Nguyễn", given_name="Mẫu", date_of_birth=born)
    return Certificate(format="hcert", version="1.3.0", person=person, entries=entries)


def outcome(policy: str, certificate: Certificate, at: datetime = AT) -> Outcome:
    outcomes = {one.outcome for one in judge(parse(HEAD + policy, "gate").policy, certificate, at)}
    return next((one for one in (Outcome.FAILED, Outcome.UNKNOWN) if one in outcomes), Outcome.PASSED)


MET = [
    ("doses = 2", card(shot(2))),
    ("doses = 2", card(shot(2, ago=30), shot(1, ago=60))),
    ("doses = 2", card(shot(1, 1, ago=30), shot(1, 1, ago=60))),
    ("complete = true", card(shot(1, 1, product="EU/1/20/1525"))),
    ("booster = true", card(shot(3, 2))),
    ("booster = true", card(shot(3, 3))),
    ("booster = true", card(shot(2, 1, product="EU/1/20/1525"))),
    ('products = ["EU/1/20/1528"]', card(shot(1))),
    ("days_since_last = { from = 100, to = 100 }", card(shot(ago=100))),
    ("days_since_last = { from = 14 }", card(shot(2, ago=14), shot(1, ago=40))),
    ('test = { types = ["pcr"], hours = 10 }', card(swab(10))),
    ("test = { hours = 10 }", card(swab(-0.5, kind="LP217198-3"))),
    ("recovery = { days = { from = 11, to = 180 } }", card(recovered(200), recovered(20))),
    ("test = { hours = 24 }", card(swab(-5), swab(10))),
    ("days_since_last = { from = 0 }", card(shot(2, ago=-1))),
    ('doses = 2\nproducts = ["EU/1/20/1528"]', card(shot(3), shot(1, product="EU/1/20/1507"))),
    ("[[any]]\ndoses = 9\n[[any]]\ntest = { hours = 24 }", card(swab())),
    ("[[all]]\ndoses = 1\n[[all]]\ncomplete = true", card(shot(2))),
    ("doses = 9\nexempt = { under = 12 }", card(shot(1), born="2014-11-27")),
    ("doses = 9\nexempt = { under = 12 }", card(shot(1), born="2015-02")),
    ("doses = 9\nexempt = { from_age = 80 }", card(shot(1), born="1946-11-26")),
    ('doses = 1\nformats = ["hcert"]', card(shot(1))),
    ('doses = 1\nbanned_sites = ["VP99"]', card(shot(1, certificate_id="URN:UVCI:01:VN:VP01/ABCDEF#4"))),
]
NOT_MET = [
    ("doses = 2", card(shot(1))),
    ("doses = 2", card(swab())),
    ("doses = 1", card(Dose(product="X", number=1, series=1, date=TODAY, disease="1D47"))),
    ("complete = true", card(shot(1))),
    ("booster = true", card(shot(2))),
    ("booster = true", card(shot(3, 3, product="Abdala"))),
    ('products = ["EU/1/20/1507"]', card(shot(2))),
    ('doses = 2\nproducts = ["EU/1/20/1507"]', card(shot(2), shot(1, product="EU/1/20/1507"))),
    ('doses = 2\nproducts = ["EU/1/20/1507"]', card(shot(2, product="EU/1/20/1507"), shot(1))),
    ('products = ["EU/1/20/1507"]\n[[any]]\ndoses = 2', card(shot(2), shot(1, product="EU/1/20/1507"))),
    ('products = ["EU/1/20/1507"]\n[[any]]\ndays_since_last = { to = 9 }',
     card(shot(2, ago=1), shot(1, ago=90, product="EU/1/20/1507"))),
    ("days_since_last = { from = 14 }", card(shot(2, ago=13), shot(1, ago=40))),
    ("days_since_last = { to = 365 }", card(shot(ago=366))),
    ("test = { hours = 10 }", card(swab(10.01))),
    ("test = { hours = 10 }", card(swab(-2))),
    ("test = { hours = 10 }", card(swab(1, result=DETECTED))),
    ('test = { types = ["pcr"], hours = 10 }', card(swab(1, kind="LP217198-3"))),
    ("recovery = { days = { from = 11, to = 180 } }", card(recovered(10))),
    ("recovery = { days = { from = 11, to = 180 } }", card(shot(2))),
    ("recovery = { days = { to = 365 } }", card(recovered(200), shot(1))),
    ("recovery = { days = { to = 365 } }", card(recovered(-3), shot(1))),
    ("[[any]]\ndoses = 3\n[[any]]\ntest = { hours = 24 }", card(shot(2))),
    ("[[all]]\ndoses = 1\n[[all]]\nbooster = true", card(shot(2))),
    ("doses = 9\nexempt = { under = 12 }", card(shot(1), born="2014-11-26")),
    ('doses = 1\nformats = ["shc"]', card(shot(1))),
    ('doses = 1\nbanned_sites = ["VN/VP99"]',
     card(shot(1, country="VN", certificate_id="URN:UVCI:01:VN:VP99/ABCDEF#4"))),
    ('doses = 1\nbanned_sites = ["VP99"]',
     card(shot(1), shot(1, ago=300, certificate_id="01:vn:vp99/ABCDEF"))),
    ('doses = 9\nexempt = { under = 12 }\nbanned_sites = ["VP99"]',
     card(shot(1, certificate_id="URN:UVCI:01:VN:VP99/ABCDEF#4"), born="2020")),
]  # fmt: skip
UNDECIDED = [
    ("doses = 9\nexempt = { under = 12 }", card(shot(1), born="2014")),
    ("doses = 9\nexempt = { under = 12 }", card(shot(1), born="2014-11")),
    ("doses = 9\nexempt = { under = 12 }", card(shot(1), born="")),
]


@pytest.mark.parametrize(("policy", "certificate"), MET)
def test_what_is_asked_for_and_there_is_met(policy: str, certificate: Certificate) -> None:
    assert outcome(policy, certificate) is Outcome.PASSED


@pytest.mark.parametrize(("policy", "certificate"), NOT_MET)
def test_what_is_asked_for_and_lacking_is_not_met(policy: str, certificate: Certificate) -> None:
    assert outcome(policy, certificate) is Outcome.FAILED


@pytest.mark.parametrize(("policy", "certificate"), UNDECIDED)
def test_what_an_unknown_day_of_birth_decides_is_never_met_nor_held_against_anybody(
    policy: str, certificate: Certificate
) -> None:
    assert outcome(policy, certificate) is Outcome.UNKNOWN
    assert outcome(policy.replace("9", "1"), certificate) is Outcome.PASSED


@pytest.mark.parametrize(("signed_in", "issuer", "country"), [("VN", "", ""), (None, "VN", "XX"), ("XX", "", "VN")])
def test_no_country_that_a_card_claims_takes_its_site_out_of_a_ban(
    signed_in: str | None, issuer: str, country: str
) -> None:
    given = shot(1, country=country, certificate_id="URN:UVCI:01:VN:VP99/ABCDEF#4")
    certificate = msgspec.structs.replace(card(given), issuer=issuer)
    policy = parse(HEAD + 'doses = 1\nbanned_sites = ["VN/VP99"]', "gate").policy
    told = {one.id: one.outcome for one in judge(policy, certificate, AT, signed_in=signed_in)}
    assert told["banned_sites"] is Outcome.FAILED


def test_a_test_of_later_than_now_is_told_as_that_and_hours_are_never_told_as_fewer_than_they_are() -> None:
    policy = parse(HEAD + "test = { hours = 48 }", "gate").policy
    (told,) = judge(policy, card(swab(-20)), AT)
    assert "later than now" in told.words.en
    (told,) = judge(policy, card(swab(48.5)), AT)
    assert told.words.en == "test 49 hours ago, at most 48 are allowed here"


@pytest.mark.parametrize(("day", "met"), [(28, True), (29, False)])
def test_who_was_born_on_29_february_is_a_year_older_on_that_day_where_there_is_one(day: int, met: bool) -> None:
    at = datetime(2024, 2, day, 5, tzinfo=UTC)
    exempt = outcome("doses = 9\nexempt = { under = 12 }", card(shot(1, ago=1000), born="2012-02-29"), at)
    assert (exempt is Outcome.PASSED) is met


def test_days_are_counted_by_the_calendar_of_the_place() -> None:
    # 20:00 in Greenwich is the next day in Vietnam.
    late = datetime(2026, 11, 26, 20, tzinfo=UTC)
    certificate = card(Dose(product="EU/1/20/1528", number=2, series=2, date=date(2026, 11, 13)))
    assert outcome("days_since_last = { from = 14 }", certificate, late) is Outcome.PASSED
    assert outcome('days_since_last = { from = 14 }\nzone = "UTC"', certificate, late) is Outcome.FAILED


def test_what_is_lacking_is_told_with_what_there_is_of_it_and_with_nobodys_name() -> None:
    policy = parse(
        HEAD + "[[any]]\ndoses = 2\n[[any]]\ntest = { hours = 24 }\n[[any]]\nrecovery = { days = { to = 90 } }", "g"
    )
    (told,) = judge(policy.policy, card(shot(1)), AT)
    assert told.words.en == "dose 1/2, 2 are asked for here"
    assert told.words.vi == "mới có mũi 1/2, nơi này yêu cầu 2 mũi"
    (told,) = judge(policy.policy, card(shot(1), swab(30)), AT)
    assert told.words.en == "dose 1/2, 2 are asked for here — or: test 30 hours ago, at most 24 are allowed here"
    assert "Nguyễn" not in f"{told}{policy.judge}"


@pytest.mark.parametrize(
    ("name", "disease", "since", "met"),
    [("yellow-fever", "1D47", 9, False), ("yellow-fever", "1D47", 10, True), ("yellow-fever", "16541001", 20_000, True),
     ("polio", "1C81", 27, False), ("polio", "1C81", 28, True), ("polio", "398102009", 365, True), ("polio", "1C81", 366, False),
     ("meningococcal", "1C1C", 9, False), ("meningococcal", "23511006", 1095, True), ("meningococcal", "1C1C", 1096, False)],
)  # fmt: skip
def test_those_of_the_health_regulations_hold_from_their_first_day_to_their_last(
    name: str, disease: str, since: int, met: bool
) -> None:
    from vaxcert.rules.policies import ready

    given = Dose(
        product="X",
        number=1,
        series=1,
        date=TODAY - timedelta(days=since),
        disease=disease,
        prophylaxis="p",
        holder="h",
    )
    results = judge(ready(name).policy, card(given), AT)
    assert all(one.outcome is Outcome.PASSED for one in results) is met


DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
ENTRIES = st.one_of(
    st.builds(Dose, product=st.sampled_from(["EU/1/20/1528", "X"]), number=st.integers(1, 99), series=st.integers(1, 99),
              date=DAYS, disease=st.sampled_from([COVID_19, "1D47", ""]), certificate_id=st.text(max_size=20)),
    st.builds(TestResult, disease=st.just(COVID_19), type=st.text(max_size=5), result=st.sampled_from([DETECTED, NOT_DETECTED, ""]),
              sampled_at=st.datetimes(timezones=st.just(UTC))),
    st.builds(Recovery, disease=st.just(COVID_19), first_positive=DAYS, valid_from=DAYS, valid_until=DAYS),
)  # fmt: skip
# What no person's birth date is gets here too: that it is wrong is said beside what the rules say.
BIRTHS = st.dates()
BORN = st.one_of(
    st.sampled_from(("", "9999", "9999-12", "0001")), BIRTHS.map(str), BIRTHS.map(lambda day: str(day)[:7])
)
MOMENTS = st.one_of(st.sampled_from((datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59))), st.datetimes())


@given(
    entries=st.lists(ENTRIES, min_size=1, max_size=4),
    born=BORN,
    at=MOMENTS,
    zone=st.sampled_from(("Asia/Ho_Chi_Minh", "America/Los_Angeles", "UTC")),
)
def test_no_certificate_makes_it_raise_and_all_that_is_asked_is_answered(
    entries: list[Entry], born: str, at: datetime, zone: str
) -> None:
    text = (
        f'zone = "{zone}"\n'
        + 'doses = 2\nbooster = true\nexempt = { under = 12, from_age = 90 }\nformats = ["hcert"]\nbanned_sites = ["VP9"]\n'
    )
    text += "test = { hours = 2 }\nrecovery = { days = { from = 1 } }\ndays_since_last = { to = 9 }"
    results = judge(parse(HEAD + text, "gate").policy, card(*entries, born=born), at.replace(tzinfo=UTC))
    assert {"formats", "banned_sites"} <= {one.id for one in results}
    assert all(one.words.en and one.words.vi and "{" not in one.words.en + one.words.vi for one in results)


def test_the_examples_of_the_guide_are_policies_that_do_what_it_says(tmp_path: Path) -> None:
    guide = (Path(__file__).parents[3] / "docs" / "rules.md").read_text("utf-8")
    examples = [part.split("```")[0] for part in guide.split("```toml\n")[1:]]
    for name, text in zip(("gate", "ward", "travel"), examples, strict=True):
        (tmp_path / f"{name}.toml").write_text(text, "utf-8")
    wanted = {
        "gate": (card(shot(2, ago=20)), card(shot(1, ago=20))),
        "ward": (card(shot(3, 2)), card(shot(2))),
        "travel": (card(swab(), shot(2)), card(shot(2))),
    }
    for name, (enough, lacking) in wanted.items():
        policy = load(tmp_path / f"{name}.toml").policy
        assert all(one.outcome is Outcome.PASSED for one in judge(policy, enough, AT)), name
        assert any(one.outcome is Outcome.FAILED for one in judge(policy, lacking, AT)), name
