"""The verifier: one fault, one reason; the order of what decides; nothing later after a bad signature."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from faults import FAULTS, SECONDS, headed

from vaxcert import CardError, Reason, SigningKey, Stage, TrustedKey, TrustStore, Verdict, Verifier
from vaxcert.errors import KeyUnavailableError
from vaxcert.wire import base45, cose, deflate

NOW = datetime(2026, 6, 15, 9, 30, tzinfo=UTC)
OPENING = ["format", "encoding", "compression", "envelope", "key", "signature"]
JUDGING = ["usage", "validity", "content", "revocation", "rules"]


def outcomes(verdict: Verdict) -> dict[str, str]:
    return {str(check.stage): str(check.outcome) for check in verdict.checks}


def failures(verdict: Verdict) -> list[tuple[str, str]]:
    return [(str(check.stage), str(check.reason)) for check in verdict.checks if check.outcome in ("failed", "unknown")]


def test_a_good_card_passes_every_stage_in_order(verifier: Verifier, text: str, key: SigningKey) -> None:
    verdict = verifier.verify(text)
    assert verdict.status == "accepted"
    assert bool(verdict) is True
    assert verdict.reason is None
    assert list(outcomes(verdict)) == OPENING + JUDGING == [str(stage) for stage in Stage]
    assert outcomes(verdict) == dict.fromkeys(OPENING + JUDGING[:3], "passed") | dict.fromkeys(JUDGING[3:], "skipped")
    assert {check.reason for check in verdict.checks[-2:]} == {"not_configured"}
    assert verdict.signer is key.trusted()
    assert verdict.certificate is not None
    assert verdict.require() is verdict.certificate
    assert verdict.warnings == ()
    assert verdict.environment == "test"
    assert verdict.freshness.state == "none"


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_has_one_reason_at_one_stage(verifier: Verifier, forge: Any, fault: str) -> None:
    stage, reason, make = FAULTS[fault]
    verdict = verifier.verify(make(forge))
    assert failures(verdict) == [(stage, reason)]
    assert verdict.reason == reason
    undetermined = stage == "key" or (stage == "format" and reason != "text_too_long")
    assert verdict.status == ("undetermined" if undetermined else "refused")
    assert not verdict
    with pytest.raises(CardError) as stored:
        verdict.require()
    assert (stored.value.stage, stored.value.reason) == (stage, reason)


@pytest.mark.parametrize("fault", FAULTS)
def test_what_was_not_reached_is_skipped_and_never_passed(verifier: Verifier, forge: Any, fault: str) -> None:
    stage, _, make = FAULTS[fault]
    verdict = verifier.verify(make(forge))
    found = outcomes(verdict)
    opened = stage in JUDGING
    assert (verdict.signer is not None) is opened
    assert (verdict.certificate is not None) is (opened and stage != "content")
    if not opened:
        place = OPENING.index(stage)
        assert all(found[name] == "passed" for name in OPENING[:place])
        assert all(found.get(name, "skipped") == "skipped" for name in (OPENING + JUDGING)[place + 1 :])
    elif stage == "content":
        assert [found[name] for name in JUDGING] == ["skipped", "skipped", "failed", "skipped", "skipped"]
        assert all(found[name] == "passed" for name in OPENING)
    else:
        assert all(found[name] == "passed" for name in [*OPENING, *JUDGING[:3]] if name != stage)


def test_the_words_for_not_reached_and_not_configured_differ(verifier: Verifier, forge: Any) -> None:
    bad = verifier.verify(FAULTS["a zero signature"][2](forge))
    assert {check.reason for check in bad.checks[6:]} == {"not_reached"}


def test_a_stage_that_the_text_never_had_is_absent(verifier: Verifier) -> None:
    assert list(outcomes(verifier.verify("x"))) == ["format", "key", "signature", *JUDGING]


@pytest.mark.parametrize(
    ("claim", "seconds", "reason"),
    [
        ("exp", 1, None),
        ("exp", 0, None),
        ("exp", -1, "expired"),
        ("exp", 0.5, None),
        ("exp", -0.5, "expired"),
        ("exp", -1.7e9, "expired"),
        ("iat", 299, None),
        ("iat", 300, None),
        ("iat", 301, "not_yet_valid"),
        ("iat", 300.5, "not_yet_valid"),
        ("iat", -30 * 86400 - 299, None),
        ("iat", -30 * 86400 - 300, None),
        ("iat", -30 * 86400 - 301, "issued_outside_signer_validity"),
    ],
)
def test_the_bounds_of_a_cards_validity_hold_to_the_second(
    verifier: Verifier, forge: Any, claim: str, seconds: float, reason: str | None
) -> None:
    assert verifier.verify(forge.card(**{claim: SECONDS + seconds})).reason == reason


@pytest.mark.parametrize(
    ("end", "seconds", "reason"),
    [
        ("not_after", 0, None),
        ("not_after", -1, "signer_expired"),
        ("not_before", 300, None),
        ("not_before", 301, "signer_not_yet_valid"),
    ],
)
def test_the_bounds_of_a_signers_validity_hold_to_the_second(
    key: SigningKey, forge: Any, end: str, seconds: int, reason: str | None
) -> None:
    trusted = msgspec.structs.replace(key.trusted(), **{end: NOW + timedelta(seconds=seconds)})
    card = forge.card(iat=SECONDS + min(seconds, 0)) if end == "not_after" else forge.card(iat=SECONDS + 100)
    assert Verifier(TrustStore([trusted])).verify(card, at=NOW).reason == reason


@pytest.mark.parametrize("born", ["0001-01-01", "0001-01", "0001", "9999-12-31"])
def test_a_birth_at_an_end_of_the_calendar_is_a_refusal_and_no_fault(verifier: Verifier, forge: Any, born: str) -> None:
    assert verifier.verify(forge.card(forge.dcc(dob=born))).reason == "content_invalid"


def test_a_key_whose_certificate_never_ends_opens_cards(key: SigningKey, forge: Any) -> None:
    """RFC 5280, section 4.1.2.5, writes that as the last second that there is."""
    trusted = msgspec.structs.replace(
        key.trusted(),
        not_before=datetime(1, 1, 1, tzinfo=UTC),
        not_after=datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
    )
    assert Verifier(TrustStore([trusted])).verify(forge.card(), at=NOW)


def test_a_card_that_outlives_its_key_ends_with_it(key: SigningKey, forge: Any) -> None:
    trusted = msgspec.structs.replace(key.trusted(), not_after=NOW + timedelta(days=1))
    verifier = Verifier(TrustStore([trusted]))
    card = forge.card()
    assert verifier.verify(card, at=NOW + timedelta(days=1))
    assert verifier.verify(card, at=NOW + timedelta(days=1, seconds=1)).reason == "signer_expired"


@pytest.mark.parametrize(
    ("usages", "kind", "accepted"),
    [
        ((), "v", True),
        ((), "t", True),
        ((), "r", True),
        (("vaccination",), "v", True),
        (("vaccination",), "t", False),
        (("vaccination",), "r", False),
        (("test",), "v", False),
        (("test",), "t", True),
        (("recovery", "test"), "r", True),
        (("recovery", "test"), "v", False),
    ],
)
def test_a_signer_certifies_only_what_its_certificate_allows(
    key: SigningKey, forge: Any, usages: tuple[str, ...], kind: str, accepted: bool
) -> None:
    trusted = msgspec.structs.replace(key.trusted(), usages=frozenset(usages))
    entry = {"v": [forge.vaccination()], "t": [forge.test()], "r": [forge.recovery()]}[kind]
    card = forge.card(forge.dcc(**({"v": ...} | {kind: entry})))
    verdict = Verifier(TrustStore([trusted])).verify(card, at=NOW)
    assert bool(verdict) is accepted
    assert verdict.reason == (None if accepted else "usage_not_allowed")


def test_a_key_for_another_format_does_not_make_a_card_good(key: SigningKey, text: str) -> None:
    trusted = msgspec.structs.replace(key.trusted(), formats=frozenset(("shc",)))
    verdict = Verifier(TrustStore([trusted])).verify(text, at=NOW)
    assert failures(verdict) == [("usage", "format_not_allowed")]


def test_several_judgements_are_all_made_and_the_first_is_the_reason(key: SigningKey, forge: Any) -> None:
    trusted = msgspec.structs.replace(key.trusted(), usages=frozenset(("recovery",)), withdrawn=True)
    card = forge.card(forge.dcc(v=..., t=[forge.test(tr="260373001")]), exp=SECONDS - 1)
    verdict = Verifier(TrustStore([trusted])).verify(card, at=NOW)
    assert failures(verdict) == [
        ("usage", "usage_not_allowed"),
        ("validity", "expired"),
        ("revocation", "key_revoked"),
        ("rules", "test_positive"),
    ]
    assert verdict.reason == "usage_not_allowed"


def test_a_withdrawn_keys_cards_are_known_and_revoked(key: SigningKey, text: str) -> None:
    trusted = msgspec.structs.replace(key.trusted(), withdrawn=True)
    verdict = Verifier(TrustStore([trusted])).verify(text, at=NOW)
    assert failures(verdict) == [("revocation", "key_revoked")]
    assert verdict.certificate is not None


class StaleStore(TrustStore):
    """A list past its time, as a synced repository will be."""

    reason = Reason.TRUST_LIST_STALE

    def assure_fresh(self, now: datetime) -> None:
        raise KeyUnavailableError(self.reason)


class RolledBackStore(StaleStore):
    reason = Reason.CLOCK_ROLLED_BACK


@pytest.mark.parametrize(("kind", "reason"), [(StaleStore, "trust_list_stale"), (RolledBackStore, "clock_rolled_back")])
def test_under_a_list_that_cannot_be_relied_on_nothing_is_accepted_and_bad_is_still_bad(
    key: SigningKey, forge: Any, kind: type[TrustStore], reason: str
) -> None:
    verifier = Verifier(kind([key.trusted()]), clock=lambda: NOW)
    good = verifier.verify(forge.card())
    assert (good.status, good.reason) == ("undetermined", reason)
    assert outcomes(good)["signature"] == "passed"
    assert outcomes(good)["validity"] == "passed"
    assert good.certificate is not None
    forged = verifier.verify(FAULTS["a zero signature"][2](forge))
    assert (forged.status, forged.reason) == ("refused", "signature_invalid")
    expired = verifier.verify(forge.card(exp=SECONDS - 1))
    assert (expired.status, expired.reason) == ("refused", "expired")
    assert failures(expired) == [("key", reason), ("validity", "expired")]
    unknown = verifier.verify(FAULTS["another key id"][2](forge))
    assert (unknown.status, unknown.reason) == ("undetermined", reason)
    assert failures(unknown) == [("key", reason)]


@pytest.mark.parametrize(
    ("dcc", "claims", "warnings"),
    [
        ({}, {}, []),
        ({}, {"iss": "FR"}, ["signer_country_differs"]),
        ({"co": "LA"}, {}, ["signer_country_differs"]),
        ({}, {"iss": "Ministry of Health"}, []),
        ({}, {"iss": ...}, []),
        ({"mp": "EU/1/21/1529"}, {}, ["product_holder_mismatch"]),
        ({"vp": "J07BX03"}, {}, ["code_deprecated"]),
        ({"mp": "Unheard-of", "ma": "Nobody", "vp": "1", "tg": "2"}, {}, []),
    ],
)
def test_oddities_are_warned_of_and_change_nothing(
    verifier: Verifier, forge: Any, dcc: dict[str, Any], claims: dict[str, Any], warnings: list[str]
) -> None:
    verdict = verifier.verify(forge.card(forge.dcc(v=[forge.vaccination(**dcc)]), **claims))
    assert verdict.status == "accepted"
    assert list(verdict.warnings) == warnings


def test_an_algorithm_outside_the_signed_header_is_warned_of(verifier: Verifier, forge: Any) -> None:
    for unsigned in ({1: -7}, {}):
        verdict = verifier.verify(headed(forge, {}, unsigned))
        assert verdict.status == "accepted"
        assert verdict.warnings == ("algorithm_unprotected",)


def test_an_unknown_test_result_is_warned_of(verifier: Verifier, forge: Any) -> None:
    verdict = verifier.verify(forge.card(forge.dcc(v=..., t=[forge.test(tr="419984006")])))
    assert (verdict.status, verdict.warnings) == ("accepted", ("test_result_unknown",))


def test_another_country_than_the_signers_is_refused_where_the_policy_asks(trust: TrustStore, forge: Any) -> None:
    strict = Verifier(trust, require_signer_country=True)
    assert strict.verify(forge.card(), at=NOW)
    for card in (forge.card(iss="FR"), forge.card(forge.dcc(v=[forge.vaccination(co="FR")]))):
        assert failures(strict.verify(card, at=NOW)) == [("usage", "signer_country_differs")]


def test_greece_and_britain_are_known_by_both_their_codes(key: SigningKey, forge: Any) -> None:
    for own, claimed in (("GR", "EL"), ("EL", "GR"), ("GB", "UK")):
        trusted = msgspec.structs.replace(key.trusted(), country=own)
        card = forge.card(forge.dcc(v=[forge.vaccination(co=claimed)]), iss=claimed)
        assert Verifier(TrustStore([trusted])).verify(card, at=NOW).warnings == ()


def test_ps256_cards_are_verified(forge: Any) -> None:
    private = rsa.generate_private_key(65537, 2048)

    def sign(data: bytes) -> bytes:
        return private.sign(data, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())

    trusted = TrustedKey(
        kid=b"rsa-key!",
        public_key=private.public_key(),
        algorithm=cose.Algorithm.PS256,
        not_before=NOW - timedelta(days=90),
        not_after=NOW + timedelta(days=90),
        country="VN",
    )
    verifier = Verifier(TrustStore([trusted]), clock=lambda: NOW)
    card = forge.text(forge.message(forge.claims(), protected={1: -37, 4: b"rsa-key!"}, sign=sign))
    assert verifier.verify(card)
    mislabelled = forge.text(forge.message(forge.claims(), protected={1: -7, 4: b"rsa-key!"}, sign=sign))
    assert verifier.verify(mislabelled).reason == "algorithm_not_allowed"


AROUND = [
    "{}\r\n", "{}\n", "\t{}\t", "\r\n{}", "{}\r", "\0{}\0", "\x02{}\x03", "\x02{}\x03\r\n", "\ufeff{}", " {}", "\u00a0 {}", "]Q1{}",
    "]d2{}\n", "QR-Code:{}", "\x02]Q3{}\x03", "  ]Q1 {}",
]  # fmt: skip


@pytest.mark.parametrize("around", AROUND)
def test_what_scanners_put_around_a_text_is_taken_off(verifier: Verifier, text: str, around: str) -> None:
    assert verifier.verify(around.format(text))


def test_spaces_at_the_end_are_characters_of_a_text_and_never_taken_off(verifier: Verifier, text: str) -> None:
    """No whole group can end with one (36 * 2025 is over 65,535), so a text with one more is not that text."""
    assert verifier.verify(text + " ").reason == "base45_invalid"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("width", [40, 76, 200])
def test_a_text_that_was_wrapped_is_put_together(verifier: Verifier, text: str, width: int, end: str) -> None:
    pieces = [text[at : at + width] for at in range(0, len(text), width)]
    assert verifier.verify(end.join(pieces) + end)


@pytest.mark.parametrize("blanks", [" ", "  "])
def test_a_text_that_was_wrapped_between_words_gets_its_blanks_back(
    verifier: Verifier, forge: Any, blanks: str
) -> None:
    # Where a card's blanks are its signature decides: one in sixty has two side by side.
    text = next(card for card in (forge.card() for _ in range(2_000)) if card.count(" ") > 3 and blanks in card)
    assert text.count(" ") > 3
    assert verifier.verify("\r\n".join(text.split(" ")))
    assert verifier.verify(text.replace(" ", "\n", 1))


def test_a_moment_without_a_zone_is_an_error_of_the_caller(verifier: Verifier, text: str) -> None:
    with pytest.raises(ValueError, match="time zone"):
        verifier.verify(text, at=datetime(2026, 6, 15))
    local = timezone(timedelta(hours=7))
    assert verifier.verify(text, at=NOW.astimezone(local))


def test_the_clock_is_asked_where_no_moment_is_given(trust: TrustStore, text: str) -> None:
    late = Verifier(trust, clock=lambda: NOW + timedelta(days=400))
    assert late.verify(text).reason == "expired"
    assert late.verify(text, at=NOW)


def test_a_fault_of_ours_is_not_a_verdict(key: SigningKey, text: str) -> None:
    class Broken(TrustStore):
        def open(self, *_: Any) -> Any:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Verifier(Broken([key.trusted()])).verify(text)


def test_a_verdict_as_json_has_every_check_and_no_more_than_was_opened(verifier: Verifier, forge: Any) -> None:
    good = verifier.verify(forge.card()).to_dict()
    assert good["status"] == "accepted"
    assert good["certificate"]["person"]["family_name"] == "Nguyễn"
    assert good["certificate"]["entries"][0]["kind"] == "vaccination"
    assert [check["stage"] for check in good["checks"]] == OPENING + JUDGING
    assert json.loads(json.dumps(good)) == good
    bad = verifier.verify(FAULTS["a zero signature"][2](forge)).to_dict()
    assert bad["certificate"] is None
    assert bad["signer"] is None


def test_a_kept_verdict_keeps_no_text_alive(verifier: Verifier, forge: Any) -> None:
    error = verifier.verify("HC1:é" + "A" * 50).error
    assert error is not None
    assert error.__traceback__ is None
    assert error.__context__ is None


def test_two_texts_of_one_message_get_one_verdict(verifier: Verifier, forge: Any) -> None:
    import zlib

    message = forge.message(forge.claims())
    texts = {
        forge.text(message),
        "HC1:" + base45.encode(zlib.compress(message, 1)),
        "HC1:" + base45.encode(deflate.deflate(message[9:], before=message[:9])),
    }
    assert len(texts) == 3
    assert {verifier.verify(each).status for each in texts} == {"accepted"}
