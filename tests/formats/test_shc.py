"""SMART Health Cards: one fault has one reason, no key that a card brings along is believed, parts are put together."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from forge import NOW
from health_card_faults import FAULTS, OTHER, RIDS, UNKNOWN, forms
from health_cards import BEGAN, CVX, ISSUER, HealthCards, trusted
from hypothesis import given
from hypothesis import strategies as st

from vaxcert import SigningKey, TrustStore, Verdict, Verifier
from vaxcert.formats import chunks, shc
from vaxcert.sorting import cards_in, to_judge
from vaxcert.wire import base64url


@pytest.fixture(scope="module")
def cards(key: SigningKey) -> HealthCards:
    return HealthCards(key)


@pytest.fixture(scope="module")
def verifier(key: SigningKey) -> Verifier:
    return Verifier(TrustStore([key.trusted(), trusted(key)]), clock=lambda: NOW)


def told(verdict: Verdict) -> tuple[str, str | None, str | None]:
    """Status, stage of the decisive reason, and reason."""
    stage = next((str(one.stage) for one in verdict.checks if one.reason is verdict.reason and verdict.reason), None)
    return str(verdict.status), stage, verdict.reason and str(verdict.reason)


ACCEPTED = ("accepted", None, None)


@pytest.mark.parametrize("form", list(forms(HealthCards(SigningKey.generate("VN", now=NOW)))))
def test_a_card_is_read_in_each_of_its_forms(verifier: Verifier, cards: HealthCards, form: str) -> None:
    verdict = verifier.verify(forms(cards)[form])
    assert told(verdict) == ACCEPTED
    certificate = verdict.require()
    assert (certificate.format, certificate.issuer, certificate.person.full_name) == ("shc", ISSUER, "Nguyễn Mẫu Thử")
    (dose,) = certificate.entries
    assert (dose.to_dict() if hasattr(dose, "to_dict") else dose.disease) == "840539006"


@pytest.mark.parametrize("name", FAULTS)
def test_one_fault_has_one_reason_at_one_stage(verifier: Verifier, cards: HealthCards, name: str) -> None:
    stage, reason, make = FAULTS[name]
    verdict = verifier.verify(make(cards))
    assert told(verdict) == ("refused", stage, reason)
    wrong = {(str(one.stage), str(one.reason)) for one in verdict.checks if str(one.outcome) in ("failed", "unknown")}
    assert wrong == {(stage, reason)}
    assert all(
        str(one.outcome) != "passed" for one in verdict.checks if stage == "signature" and one.stage > "signature"
    )


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_cannot_be_judged_accuses_nobody_and_admits_nobody(
    verifier: Verifier, cards: HealthCards, name: str
) -> None:
    stage, reason, make = UNKNOWN[name]
    verdict = verifier.verify(make(cards))
    assert told(verdict) == ("undetermined", stage, reason)
    assert verdict.certificate is None


@pytest.mark.parametrize("member", ["jwk", "jku", "x5u", "x5c", "typ", "x"])
def test_no_key_that_a_card_brings_along_is_believed(verifier: Verifier, cards: HealthCards, member: str) -> None:
    stranger = SigningKey.generate("VN", now=NOW)
    brought = {
        "jwk": stranger.jwk(),
        "jku": f"{ISSUER}/.well-known/jwks.json",
        "x5u": "https://evil.example/cert.pem",
        "x5c": [base64url.encode(stranger.certificate)],
    }
    header = {member: brought.get(member, "health-card+jwt")}
    assert told(verifier.verify(cards.card(header=header))) == ACCEPTED
    assert verifier.verify(cards.card(header=header, sign=stranger.sign)).reason == "signature_invalid"
    own = HealthCards(stranger)
    assert told(verifier.verify(own.card(header=header))) == ("undetermined", "key", "key_unknown")


def test_the_same_key_under_two_issuers_signs_for_each_as_itself(cards: HealthCards, key: SigningKey) -> None:
    for keys in ([trusted(key), trusted(key, issuer=OTHER)], [trusted(key, issuer=OTHER), trusted(key)]):
        verifier = Verifier(TrustStore(keys), clock=lambda: NOW)
        for issuer in (ISSUER, OTHER):
            verdict = verifier.verify(cards.card(cards.claims(iss=issuer)))
            assert verdict.require().issuer == issuer
            assert verdict.signer is not None and getattr(verdict.signer, "issuer", "") == issuer


def test_a_certificate_of_the_eu_under_the_prefix_of_health_cards_is_none(
    verifier: Verifier, cards: HealthCards, text: str
) -> None:
    for made in ("shc:/" + text[4:], shc.numeric(text.replace(" ", "")[:400] + "a"), "shc:/" + text):
        assert verifier.verify(made).status == "refused"
    # And the other way: a key of health cards opens no certificate of the EU.
    alone = Verifier(TrustStore([trusted(cards.key)]), clock=lambda: NOW)
    assert alone.verify(text).reason == "key_unknown"


def test_a_key_that_is_for_certificates_of_the_eu_signs_no_health_card(cards: HealthCards, key: SigningKey) -> None:
    import msgspec

    for_dcc = msgspec.structs.replace(trusted(key), formats=frozenset(("hcert",)))
    verdict = Verifier(TrustStore([for_dcc]), clock=lambda: NOW).verify(cards.card())
    assert told(verdict) == ("refused", "usage", "format_not_allowed")


@pytest.mark.parametrize("name", RIDS)
def test_a_card_is_withdrawn_by_its_issuers_own_list(cards: HealthCards, key: SigningKey, name: str) -> None:
    rid, listed, wanted, reason = RIDS[name]
    store = TrustStore([trusted(key, wanted=wanted, listed=listed)])
    verdict = Verifier(store, clock=lambda: NOW).verify(cards.card(cards.claims(vc={"rid": rid} if rid else {})))
    assert verdict.reason == reason
    status = {"revoked": "refused", "revocation_unknown": "undetermined", None: "accepted"}[reason]
    assert verdict.status == status


def test_parts_are_put_together_in_whatever_order_and_number_they_come(verifier: Verifier, cards: HealthCards) -> None:
    first, second, third = cards.parts(3)
    for come in ([third, first, second], [first, first, second, third], [second + "\r\n", "]Q1" + third, first]):
        (whole,) = to_judge(come)
        assert told(verifier.verify(whole)) == ACCEPTED
    (whole,) = to_judge(cards_in(f"{first}\n\n{second}\n{third}\n"))
    assert told(verifier.verify(whole)) == ACCEPTED
    (some,) = to_judge([third, first])
    verdict = verifier.verify(some)
    assert (verdict.reason, verdict.error and verdict.error.detail) == ("parts_missing", "2 / 3")


def test_beside_other_codes_parts_are_one_card(verifier: Verifier, cards: HealthCards, text: str) -> None:
    first, second = cards.parts(2)
    found = to_judge([first, text, "https://poster.example", second])
    assert [verifier.verify(one).status for one in found] == ["accepted", "accepted"]


def test_what_a_gate_holds_of_a_card_is_dropped_when_another_comes(cards: HealthCards) -> None:
    parts = chunks.Parts()
    first, second = cards.parts(2)
    whole = cards.card()
    assert parts.take(first) is None and parts.take(whole) == whole
    assert parts.take(second) == f"{first}\n{second}" and not parts
    assert parts.take(second) is None and parts.contradicts(second[:-2] + "00") and not parts.contradicts(first)
    assert parts.rest() == [second] and not parts


def test_doses_are_counted_on_a_card_that_does_not_number_them(verifier: Verifier, cards: HealthCards) -> None:
    days = ("2026-05-01", "2021-06-01", "2021-06-29", "2021-06-01")
    bundle = cards.bundle(cards.patient(), *(cards.dose(occurrenceDateTime=day) for day in days))
    entries = verifier.verify(cards.card(cards.claims(bundle))).require().entries
    assert [(one.number, one.series, str(one.date)) for one in entries if hasattr(one, "series")] == [
        (3, 2, "2026-05-01"), (2, 2, "2021-06-29"), (1, 2, "2021-06-01"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "product", "disease", "series"),
    [
        ("207", "EU/1/20/1507", "840539006", 2),
        ("37", "cvx:37", "16541001", 1),
        ("10", "cvx:10", "398102009", 0),
        ("9999", "cvx:9999", "", 0),
    ],
)
def test_a_code_of_the_vaccine_tells_product_disease_and_series(
    verifier: Verifier, cards: HealthCards, code: str, product: str, disease: str, series: int
) -> None:
    coded = cards.dose(vaccineCode={"coding": [{"system": CVX, "code": code}]})
    verdict = verifier.verify(cards.card(cards.claims(cards.bundle(cards.patient(), coded))))
    (dose,) = verdict.require().entries
    assert (getattr(dose, "product", ""), dose.disease, getattr(dose, "series", None)) == (product, disease, series)


def test_a_signature_is_malleable_and_a_card_stays_the_card_that_it_is(verifier: Verifier, cards: HealthCards) -> None:
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

    def flipped(data: bytes) -> bytes:
        made = cards.key.sign(data)
        return made[:32] + (order - int.from_bytes(made[32:], "big")).to_bytes(32, "big")

    assert told(verifier.verify(cards.card(sign=flipped))) == ACCEPTED


def test_a_moment_may_have_decimals_and_an_end_is_the_cards_last_second(cards: HealthCards, key: SigningKey) -> None:
    store = TrustStore([trusted(key)])
    text = cards.card(cards.claims(nbf=BEGAN + 0.25, exp=BEGAN + 10))
    end = NOW - timedelta(hours=1) + timedelta(seconds=10)
    for at, reason in (
        (end, None),
        (end + timedelta(seconds=1), "expired"),
        (end - timedelta(days=1), "not_yet_valid"),
    ):
        assert Verifier(store, clock=lambda: NOW).verify(text, at=at).reason == reason


@given(data=st.data())
def test_a_changed_character_is_never_accepted(data: st.DataObject) -> None:
    made, store = _fixed()
    at = data.draw(st.integers(5, len(made) - 1))
    digit = data.draw(st.sampled_from("0123456789").filter(lambda one: one != made[at]))
    verdict = Verifier(store, clock=lambda: NOW).verify(made[:at] + digit + made[at + 1 :])
    assert verdict.status != "accepted"


@given(st.binary(max_size=400))
def test_whatever_is_signed_as_a_payload_gets_a_verdict(payload: bytes) -> None:
    key, store = _signer()
    assert Verifier(store, clock=lambda: NOW).verify(HealthCards(key).card(payload=payload)).status != "accepted"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(
    name=st.sampled_from(["iss", "nbf", "exp", "vc", "type", "credentialSubject", "fhirBundle", "rid"]),
    value=json_values,
)
def test_whatever_stands_in_a_claim_gets_a_verdict(name: str, value: Any) -> None:
    key, store = _signer()
    made = HealthCards(key)
    claims = made.claims()
    holder = next(
        one
        for one in (claims, claims["vc"], claims["vc"]["credentialSubject"])
        if name in one or (one is claims and name == "exp") or (name == "rid" and one is claims["vc"])
    )
    holder[name] = value
    verdict = Verifier(store, clock=lambda: NOW).verify(made.card(json.dumps(claims).encode()))
    assert verdict.status != "accepted" or name in ("exp", "rid", "nbf", "type")


def _signer(made: list[Any] = []) -> tuple[SigningKey, TrustStore]:  # noqa: B006  (one key for all examples)
    if not made:
        key = SigningKey.generate("VN", now=NOW)
        made.append((key, TrustStore([trusted(key)])))
    return made[0]


def _fixed(made: list[Any] = []) -> tuple[str, TrustStore]:  # noqa: B006
    if not made:
        key, store = _signer()
        made.append((HealthCards(key).card(), store))
    return made[0]
