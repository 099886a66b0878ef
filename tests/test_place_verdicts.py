"""A verdict with a place's rules in it: what decides, what is said of the card apart from them, and how it is shown."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from forge import NOW, Forge
from hypothesis import given
from hypothesis import strategies as st

from vaxcert import Certificate, SigningKey, TrustStore, Verdict, Verifier, showing
from vaxcert.rules import modes
from vaxcert.trust import Opened
from vaxcert.verdict import OF_RULES, Freshness, Outcome, RuleAnswer, RulesVerdict
from vaxcert.wording import Words

WORDS = Words("told", "lời")
ANSWERS = st.one_of(
    st.just(RuleAnswer("met", Outcome.PASSED, WORDS)),
    st.just(RuleAnswer("lacking", Outcome.FAILED, WORDS)),
    st.sampled_from((None, *OF_RULES[1:])).map(lambda why: RuleAnswer("unclear", Outcome.UNKNOWN, WORDS, why)),
)
LISTS = {
    "none": Freshness(),
    "fresh": Freshness("signed", NOW - timedelta(days=1), NOW + timedelta(days=1)),
    "stale": Freshness("signed", NOW - timedelta(days=9), NOW - timedelta(days=1)),
    "of the future": Freshness("signed", NOW + timedelta(days=1), NOW + timedelta(days=9)),
    "long over": Freshness("signed", NOW - timedelta(days=99), NOW - timedelta(days=90)),
}


class Place:
    """Rules that say what they are told to."""

    title = Words("Place", "Nơi")
    signed = True

    def __init__(self, *results: RuleAnswer) -> None:
        self.results = results

    def judge(self, certificate: Certificate, opened: Opened, at: datetime) -> RulesVerdict:
        return RulesVerdict("place", self.title, self.signed, self.results)


@pytest.fixture(scope="module")
def cards(key: SigningKey) -> dict[str, str]:
    forge = Forge(key)
    seconds = int(NOW.timestamp())
    good = forge.card()
    return {
        "good": good,
        "expired": forge.card(exp=seconds - 1),
        "early": forge.card(iat=seconds + 3600),
        "positive": forge.card(forge.dcc(v=..., t=[forge.test(tr="260373001")])),
        "empty": forge.card(forge.dcc(v=[])),
        "forged": good[:-6] + ("A" if good[-6] != "A" else "B") + good[-5:],
        "foreign": "shc:/" + "56" * 300,
    }


def decided(outcomes: set[Outcome]) -> str:
    if Outcome.FAILED in outcomes:
        return "refused"
    return "undetermined" if Outcome.UNKNOWN in outcomes else "accepted"


@given(
    name=st.sampled_from(["good", "expired", "early", "positive", "empty", "forged", "foreign"]),
    state=st.sampled_from(sorted(LISTS)),
    known=st.booleans(),
    results=st.lists(ANSWERS, min_size=1, max_size=4),
)
def test_failed_goes_before_unknown_the_first_of_them_is_the_reason_and_the_card_is_told_apart(
    key: SigningKey, cards: dict[str, str], name: str, state: str, known: bool, results: list[RuleAnswer]
) -> None:
    trust = TrustStore([key.trusted()] if known else [], environment="test", freshness=LISTS[state])
    verdict = Verifier(trust, clock=lambda: NOW, rules=Place(*results)).verify(cards[name])
    status = decided({check.outcome for check in verdict.checks})
    winning = {"refused": Outcome.FAILED, "undetermined": Outcome.UNKNOWN}.get(status)
    first = next((check.reason for check in verdict.checks if check.outcome is winning), None)
    assert (verdict.status, verdict.reason) == (status, first)
    assert bool(verdict) is (status == "accepted")
    own = {check.outcome for check in verdict.checks if check.reason not in OF_RULES}
    assert verdict.card == decided(own)
    without = Verifier(trust, clock=lambda: NOW).verify(cards[name])
    assert verdict.card == without.status
    assert (verdict.rules is None) is (verdict.certificate is None)
    assert_shown_for_what_it_is(verdict, without)


def assert_shown_for_what_it_is(verdict: Verdict, without: Verdict) -> None:
    """A genuine card, and nothing else, is called so."""
    amber = showing.kind_of(verdict) == "not_enough"
    assert amber is (bool(without) and not verdict)
    assert ("enuine" in showing.headline(verdict, "en")) is bool(without)
    assert ("Chứng nhận thật" in showing.headline(verdict, "vi")) is bool(without)


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_nothing_that_acts_in_the_words_of_a_rule_reaches_a_screen(
    key: SigningKey, cards: dict[str, str], lang: str
) -> None:
    text = "\x1b[32m\u202eok\n\u200b"
    rules = Place(RuleAnswer("x", Outcome.FAILED, Words(text, text)))
    verdict = Verifier(TrustStore([key.trusted()]), clock=lambda: NOW, rules=rules).verify(cards["good"])
    shown = [
        showing.reason(verdict, lang, NOW.astimezone(UTC)),
        showing.mode(verdict, lang),
        *showing.rules(verdict, lang),
    ]
    assert not {"\x1b", "\u202e", "\n", "\u200b"} & set("".join(shown))
    assert any("[32mok" in line for line in shown)


@pytest.mark.parametrize(
    "at",
    [
        datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone(-timedelta(hours=12))),
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=12))),
    ],
)
@pytest.mark.parametrize("mode", ["de", "gate"])
def test_the_ends_of_the_calendar_are_moments_like_others(key: SigningKey, at: datetime, mode: str) -> None:
    policy = 'title = { en = "Gate", vi = "Cổng" }\ndiseases = ["COVID-19"]\ndoses = 1\nexempt = { under = 12 }'
    rule = {
        "Identifier": "GR-DE-0001", "Type": "Acceptance", "Country": "DE", "Version": "1.0.0", "SchemaVersion": "1.0.0",
        "Engine": "CERTLOGIC", "EngineVersion": "1.0.0", "CertificateType": "General", "AffectedFields": [],
        "ValidFrom": "2021-01-01T00:00:00Z", "ValidTo": "2099-01-01T00:00:00Z", "Logic": {"===": [1, 1]},
        "Description": [{"lang": "en", "desc": "Always."}],
    }  # fmt: skip
    rules = modes.parsed({"de.json": json.dumps(rule).encode(), "gate.toml": policy.encode()}, signed=False)
    forge = Forge(key)
    for text in (forge.card(), forge.card(forge.dcc(v=..., r=[forge.recovery()]))):
        verdict = Verifier(TrustStore([key.trusted()]), clock=lambda: NOW, rules=rules[mode]).verify(text, at=at)
        assert verdict.card == "refused"
