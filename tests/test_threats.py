"""Recorded failures of other systems, each as a test that it cannot happen here.

The number in a name is the row of the project's threat table (SECURITY.md). Rows about an issuing portal
are in `tests/signer` and `tests/portal`, published lists in `test_threats_lists.py`.
"""

import logging
import socket
import time
import zlib
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec
import pytest

from vaxcert import Dose, IssueLog, Issuer, Person, SigningKey, TrustStore, Verifier
from vaxcert.cli.shared.card import card_lines, headline
from vaxcert.verdict import Freshness
from vaxcert.wire import base45, cbor, cose, deflate

NOW = datetime(2026, 6, 15, 9, 30, tzinfo=UTC)
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def test_01_every_signature_stands_in_the_log_before_the_card_leaves(
    key: SigningKey, person: Person, dose: Dose, tmp_path: Path
) -> None:
    seen: list[int] = []
    log = IssueLog(tmp_path / "issued.jsonl")

    class Watched(SigningKey):
        def sign(self, data: bytes) -> bytes:
            seen.append(len(list(log)))
            return super().sign(data)

    issuer = Issuer(
        Watched(key._private_key, key.certificate),
        country="VN",
        authority="TEST",
        valid_for=timedelta(days=1),
        clock=lambda: NOW,
        log=log,
    )
    for _ in range(3):
        issuer.issue(person, dose)
    assert seen == [1, 2, 3]


def test_04_the_site_that_issued_can_be_told_from_the_card(key: SigningKey, person: Person, dose: Dose) -> None:
    from vaxcert.uvci import site_of

    issuer = Issuer(key, country="VN", authority="TEST", valid_for=timedelta(days=1), site="VP07", clock=lambda: NOW)
    verdict = Verifier(TrustStore([key.trusted()])).verify(issuer.issue(person, dose).text, at=NOW)
    assert site_of(verdict.require().certificate_id) == "VP07"


def test_05_a_test_key_opens_nothing_in_a_production_store(key: SigningKey, text: str) -> None:
    production = TrustStore([key.trusted()], environment="production")
    assert Verifier(production).verify(text, at=NOW).reason == "key_unknown"


def test_05_a_test_stores_verdict_is_never_plain_green(verifier: Verifier, text: str) -> None:
    verdict = verifier.verify(text)
    assert verdict.environment == "test"
    assert headline(verdict, "en")[1] != "green"


def test_06_a_self_signed_card_shows_nothing_and_nothing_green(verifier: Verifier, person: Person, dose: Dose) -> None:
    stranger = SigningKey.generate("VN", now=NOW - timedelta(days=1))
    card = Issuer(stranger, country="VN", authority="TEST", valid_for=timedelta(days=1), clock=lambda: NOW).issue(
        person, dose
    )
    verdict = verifier.verify(card.text)
    assert verdict.status == "undetermined"
    assert verdict.certificate is None
    assert headline(verdict, "vi")[1] != "green"
    assert not any("Nguy" in line or "1990" in line for line in card_lines(verdict, "vi"))


@pytest.mark.parametrize(
    ("born", "day"),
    [
        ("1843-12-11", "2026-06-01"),
        ("2026-06-05", "2026-06-01"),
        ("1990-05-17", "2026-06-20"),
        ("2030", "2026-06-01"),
    ],
)
def test_06_impossible_dates_are_refused_even_when_properly_signed(
    verifier: Verifier, forge: Any, born: str, day: str
) -> None:
    assert verifier.verify(forge.card(forge.dcc(dob=born, v=[forge.vaccination(dt=day)]))).status == "refused"


@pytest.mark.parametrize("label", [-8, -257, -37, -35, 5, 4, 0, -65535, "ES256", "none"])
@pytest.mark.parametrize("place", ["signed", "unsigned", "both"])
def test_07_no_algorithm_but_the_keys_own_is_taken_from_any_header(
    verifier: Verifier, forge: Any, label: Any, place: str
) -> None:
    signed = {4: forge.key.kid} | ({1: label} if place != "unsigned" else {1: -7})
    unsigned = {1: label} if place != "signed" else {}
    card = forge.text(forge.message(forge.claims(), protected=signed, unprotected=unsigned))
    assert verifier.verify(card).reason == "algorithm_not_allowed"


def test_07_a_message_signed_with_the_public_key_as_secret_is_refused(verifier: Verifier, forge: Any) -> None:
    import hashlib
    import hmac

    def mac(data: bytes) -> bytes:
        return hmac.new(forge.key.certificate, data, hashlib.sha256).digest()

    card = forge.text(forge.message(forge.claims(), protected={1: 5, 4: forge.key.kid}, sign=mac))
    assert verifier.verify(card).reason == "algorithm_not_allowed"


def test_08_two_keys_under_one_id_are_both_tried_in_either_order(key: SigningKey, text: str) -> None:
    other = msgspec.structs.replace(SigningKey.generate("FR").trusted(), kid=key.kid)
    for keys in ([other, key.trusted()], [key.trusted(), other]):
        verdict = Verifier(TrustStore(keys)).verify(text, at=NOW)
        assert verdict
        assert verdict.signer is key.trusted()


def test_08_ten_thousand_keys_under_one_id_stay_fast(key: SigningKey, text: str) -> None:
    keys = [msgspec.structs.replace(key.trusted(), country=f"{n}", kid=key.kid) for n in range(10_000)]
    started = time.process_time()
    verdict = Verifier(TrustStore(keys)).verify(text, at=NOW)
    assert time.process_time() - started < 5
    assert verdict.reason == "too_many_keys"


def test_08_a_foreign_key_signing_for_another_country_is_shown_as_itself(forge: Any, key: SigningKey) -> None:
    verdict = Verifier(TrustStore([key.trusted()])).verify(forge.card(iss="IT"), at=NOW)
    assert verdict.signer is not None
    assert verdict.signer.country == "VN"
    assert "signer_country_differs" in verdict.warnings


def test_09_a_key_for_tests_does_not_sign_vaccinations(key: SigningKey, text: str) -> None:
    trusted = msgspec.structs.replace(key.trusted(), usages=frozenset(("test",)))
    assert Verifier(TrustStore([trusted])).verify(text, at=NOW).reason == "usage_not_allowed"


@pytest.mark.parametrize("size", [1_000_000, 1_000_000_000])
def test_10_a_bomb_is_refused_before_it_inflates(verifier: Verifier, size: int) -> None:
    import tracemalloc

    compressor = zlib.compressobj(9)
    block = bytes(1_000_000)
    bomb = b"".join(compressor.compress(block) for _ in range(size // len(block))) + compressor.flush()
    card = "HC1:" + base45.encode(bomb[:3_300])  # what fits the longest text that is looked at
    tracemalloc.start()
    verdict = verifier.verify(card)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert verdict.reason == "inflated_too_large"
    assert peak < 2_000_000


def test_10_a_bomb_in_a_bomb_is_bytes_and_no_message(verifier: Verifier) -> None:
    inner = zlib.compress(bytes(10_000_000), 9)
    assert verifier.verify("HC1:" + base45.encode(zlib.compress(inner[:60_000], 9))[:4990]).status == "refused"


def test_11_what_is_not_zlib_is_not_passed_on(verifier: Verifier, forge: Any) -> None:
    assert verifier.verify("HC1:" + base45.encode(forge.message(forge.claims()))).reason == "compression_invalid"


@pytest.mark.parametrize("tail", ["GGW", ":::", "000V5", "000::", "0", "a", "é"])
def test_12_base45_is_read_strictly(verifier: Verifier, tail: str) -> None:
    assert verifier.verify("HC1:" + tail).reason in ("base45_invalid", "compression_invalid")
    if tail != "000V5":
        assert verifier.verify("HC1:" + tail).reason == "base45_invalid"


@pytest.mark.parametrize(
    "payload",
    [
        b"\xa2\x01\x61A\x01\x61B",
        b"\x81" * 5000 + b"\x01",
        b"\xd8\x1c\x81\xd8\x1d\x00",
        b"\xd8\x23\x65(a+)+",
        b"\xc4\x82\x1b\x7f\xff\xff\xff\xff\xff\xff\xff\x01",
        b"\xa0\x00",
    ],
    ids=["duplicate", "deep", "self-referencing", "regular expression", "big number", "trailing"],
)
def test_13_signed_or_not_odd_cbor_is_refused_quickly(verifier: Verifier, forge: Any, payload: bytes) -> None:
    started = time.process_time()
    assert verifier.verify(forge.text(payload)).reason == "cbor_invalid"
    assert verifier.verify(forge.text(forge.message(payload))).reason == "content_invalid"
    assert time.process_time() - started < 1


def test_14_a_der_signature_is_no_cose_signature(verifier: Verifier, forge: Any) -> None:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    def der(data: bytes) -> bytes:
        return bytes(forge.key._private_key.sign(data, ec.ECDSA(hashes.SHA256())))

    assert verifier.verify(forge.text(forge.message(forge.claims(), sign=der))).reason == "signature_invalid"


def test_14_the_malleated_twin_of_a_card_is_the_same_certificate(verifier: Verifier, forge: Any) -> None:
    def twin(data: bytes) -> bytes:
        good = bytes(forge.key.sign(data))
        return good[:32] + (ORDER - int.from_bytes(good[32:], "big")).to_bytes(32, "big")

    one = verifier.verify(forge.card())
    two = verifier.verify(forge.text(forge.message(forge.claims(), sign=twin)))
    assert one
    assert two
    assert one.require().certificate_id == two.require().certificate_id


@pytest.mark.parametrize("expiry", [float("inf"), float("nan"), 1e18, 2**63, 1.8e12, True, "2099-01-01", None])
def test_15_no_odd_expiry_makes_a_card_last_for_ever(verifier: Verifier, forge: Any, expiry: object) -> None:
    assert verifier.verify(forge.card(exp=expiry)).status == "refused"


def test_15_a_card_does_not_outlive_its_key(key: SigningKey, forge: Any) -> None:
    verifier = Verifier(TrustStore([key.trusted()]))
    after = key.not_after + timedelta(seconds=1)
    card = forge.card(exp=int(after.timestamp()) + 86400)
    assert verifier.verify(card, at=after).reason == "signer_expired"


def test_17_no_socket_is_opened_while_verifying(
    verifier: Verifier, forge: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was asked for")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert verifier.verify(forge.card(iss="https://example.invalid/keys"))
    assert not verifier.verify(forge.card(exp=1))


def test_19_nothing_of_a_card_stands_in_logs_errors_or_reprs(
    verifier: Verifier, forge: Any, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    cards = [
        forge.card(),
        forge.card(forge.dcc(v=[forge.vaccination(dn="Nguyễn")])),
        forge.card(forge.dcc(dob="Nguyễn")),
        forge.card(forge.dcc(nam="Nguyễn")),
        forge.card(exp="Nguyễn"),
        forge.card(iss=["Nguyễn"]),
        forge.text(forge.message(forge.claims(), sign=lambda _: b"")),
        forge.text(forge.message("Nguyễn".encode())),
        forge.card()[:-3],
        "Nguyễn",
    ]
    said = []
    for card in cards:
        verdict = verifier.verify(card)
        said += [
            repr(verdict),
            repr(verdict.checks),
            repr(verdict.certificate),
            repr(verdict.error),
            str(verdict.error),
        ]
    captured = capsys.readouterr()
    everything = "\n".join([*said, caplog.text, captured.out, captured.err])
    for secret in ("Nguy", "NGUYEN", "1990-05-17", "AAAAAAAA", "HC1:", "MAU<THU"):
        assert secret not in everything


def test_26_an_expired_card_is_judged_by_the_clock_that_is_given(verifier: Verifier, forge: Any) -> None:
    """What the list itself says about the time is the synced list's part; here the card's own dates hold."""
    card = forge.card()
    assert verifier.verify(card, at=NOW + timedelta(days=366)).reason == "expired"
    assert verifier.verify(card, at=NOW - timedelta(days=366)).status == "refused"


@pytest.mark.parametrize(
    "name",
    [
        "=cmd|'/c calc'!A0",
        "<img src=x onerror=alert(1)>",
        "\u202eNGUYEN",
        "\x1b[2J\x1b[31m",
        "a\r\nStatus: accepted",
    ],
)
def test_27_hostile_names_are_shown_as_harmless_text(verifier: Verifier, forge: Any, name: str) -> None:
    verdict = verifier.verify(forge.card(forge.dcc(nam={"fn": name, "fnt": "X"})))
    assert verdict
    shown = "\n".join(card_lines(verdict, "en"))
    assert not any(character in shown for character in "\u202e\x1b\r")
    assert shown.count("\n") == len(card_lines(verdict, "en")) - 1
    assert not any(line.startswith("Status:") for line in shown.splitlines())


def test_27_control_characters_do_not_get_into_what_is_issued(key: SigningKey, dose: Dose) -> None:
    person = Person(family_name="Nguyễn\u202e\x1b[2J\r\n", given_name="Mẫu\u200bThử", date_of_birth="1990")
    for name in (person.family_name, person.given_name):
        assert not any(character in name for character in "\u202e\x1b\r\n\u200b")


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        # The forge's recovery holds from 12 April to 28 September 2026; a day of grace lies on either side.
        (datetime(2026, 4, 10, 23, 59, 59, tzinfo=UTC), "recovery_not_yet_valid"),
        (datetime(2026, 4, 11, tzinfo=UTC), None),
        (datetime(2026, 4, 12, tzinfo=UTC), None),
        (datetime(2026, 9, 28, 23, 59, 59, tzinfo=UTC), None),
        (datetime(2026, 9, 29, 23, 59, 59, tzinfo=UTC), None),
        (datetime(2026, 9, 30, tzinfo=UTC), "recovery_expired"),
        # The same instants, said in other zones.
        (datetime(2026, 9, 30, 6, 59, 59, tzinfo=timezone(timedelta(hours=7))), None),
        (datetime(2026, 4, 10, 17, tzinfo=timezone(timedelta(hours=-7))), None),
    ],
)
def test_35_a_recovery_is_refused_outside_the_days_that_it_states(
    key: SigningKey, forge: Any, at: datetime, reason: str | None
) -> None:
    trusted = msgspec.structs.replace(key.trusted(), not_before=NOW - 365 * DAY)
    card = forge.card(forge.dcc(v=..., r=[forge.recovery()]), iat=int((NOW - 90 * DAY).timestamp()))
    verdict = Verifier(TrustStore([trusted])).verify(card, at=at)
    assert verdict.reason == reason
    assert {str(check.stage): check.reason for check in verdict.checks}["rules"] in (reason, "not_configured")


@pytest.mark.parametrize(("days", "clock"), [((-9, -2), "ahead"), ((2, 9), "behind")])
def test_35_a_recoverys_days_accuse_nobody_by_a_clock_that_is_wrong(
    key: SigningKey, forge: Any, days: tuple[int, int], clock: str
) -> None:
    first, last = ((NOW + day * DAY).date().isoformat() for day in days)
    card = forge.card(forge.dcc(v=..., r=[forge.recovery(df=first, du=last)]))
    published, until = (NOW - 99 * DAY, NOW - 60 * DAY) if clock == "ahead" else (NOW + DAY, NOW + 2 * DAY)
    store = TrustStore([key.trusted()], freshness=Freshness("signed", published, until))
    verdict = Verifier(store, clock=lambda: NOW).verify(card)
    assert verdict.status == "undetermined"
    rules = next(check for check in verdict.checks if check.stage == "rules")
    assert rules.outcome == "unknown"
    assert rules.reason == ("recovery_expired" if clock == "ahead" else "recovery_not_yet_valid")


@pytest.mark.parametrize(
    ("seconds", "reason"), [(301, "not_yet_valid"), (300, None), (0, None), (-99, None), (86_400, "not_yet_valid")]
)
def test_35_a_card_is_not_valid_before_its_nbf(
    verifier: Verifier, forge: Any, seconds: int, reason: str | None
) -> None:
    claims = forge.claims() | {5: int(NOW.timestamp()) + seconds}
    verdict = verifier.verify(forge.text(forge.message(claims)))
    assert verdict.reason == reason
    assert {str(check.stage): check.reason for check in verdict.checks}["validity"] == reason
    assert verdict.certificate is not None
    assert verdict.certificate.not_before == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize("nbf", ["2026-06-15", float("nan"), 10**18, None, True, b"1"])
def test_35_an_nbf_that_is_no_point_in_time_makes_no_certificate(verifier: Verifier, forge: Any, nbf: Any) -> None:
    verdict = verifier.verify(forge.text(forge.message(forge.claims() | {5: nbf})))
    assert (verdict.status, verdict.reason) == ("refused", "content_invalid")


def test_a_message_is_never_told_by_its_text(verifier: Verifier, forge: Any) -> None:
    """Compression has freedom: two texts, one message, so nothing may count or revoke by text."""
    message = forge.message(forge.claims())
    other = "HC1:" + base45.encode(zlib.compress(message, 0))
    assert other != forge.text(message)
    assert cose.decode(deflate.inflate(base45.decode(other[4:]))) == cose.decode(message)
    assert verifier.verify(other)
    assert cbor.loads(cose.decode(message).payload) == forge.claims()
