"""A card as rules see it."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from vaxcert import Certificate, Dose, Person, Recovery, TestResult
from vaxcert.formats import eudcc
from vaxcert.rules import CardFacts
from vaxcert.rules.facts import dcc_of

from .conftest import two_doses


def test_a_card_that_was_written_is_seen_as_it_was_written() -> None:
    person = Person(family_name="Nguyễn", given_name="Mẫu Thử", date_of_birth="1990-05")
    dose = Dose(product="EU/1/20/1528", number=1, series=2, date=date(2026, 6, 1), country="VN", issuer="SYT", certificate_id="URN:UVCI:01:VN:A#B")  # fmt: skip
    written = eudcc.write(person, dose)
    certificate = eudcc.read(written, issuer="VN", issued_at=None, expires_at=None)
    assert dcc_of(certificate) == written


def test_two_doses_in_one_card_are_two_with_the_latest_first() -> None:
    facts = CardFacts.of(two_doses(), country="VN")
    assert [dose["dn"] for dose in facts.payload["v"]] == [2, 1]
    assert facts.types == {"Vaccination"}


def test_every_kind_of_entry_has_its_list_and_what_is_not_stated_is_not_there() -> None:
    sampled = datetime(2026, 6, 1, 7, 30, 0, 250_000, tzinfo=timezone(timedelta(hours=7)))
    test = TestResult(disease="840539006", type="LP6464-4", result="260415000", sampled_at=sampled, centre="VP")
    recovery = Recovery(
        disease="840539006",
        first_positive=date(2026, 1, 1),
        valid_from=date(2026, 1, 12),
        valid_until=date(2026, 6, 30),
    )
    certificate = Certificate(
        format="hcert", version="1.3.0", person=Person(family_name="Mẫu"), entries=(test, recovery)
    )
    facts = CardFacts.of(certificate, country=None)
    assert facts.types == {"Test", "Recovery"}
    assert facts.payload["t"] == [
        {"tg": "840539006", "tt": "LP6464-4", "tr": "260415000", "tc": "VP", "sc": "2026-06-01T00:30:00.250000Z"}
    ]
    assert facts.payload["r"] == [{"tg": "840539006", "fr": "2026-01-01", "df": "2026-01-12", "du": "2026-06-30"}]
    assert "v" not in facts.payload
    assert facts.external == {"issuerCountryCode": "", "kid": ""}


def test_the_signers_country_counts_and_the_cards_claim_only_without_it() -> None:
    assert CardFacts.of(two_doses(), country="EL").issuer_country == "GR"
    assert CardFacts.of(two_doses(), country=None).issuer_country == "VN"


def test_nothing_of_a_person_is_in_what_is_printed() -> None:
    facts = CardFacts.of(two_doses(), country="VN")
    assert "1990" not in repr(facts)
    assert "NGUYEN" not in repr([facts])
    assert facts.external["iat"] == datetime(2026, 6, 1, 8, tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize("sampled", ["0001-01-01T00:00:00+12:00", "9999-12-31T23:59:59-12:00"])
def test_a_moment_that_utc_has_no_day_for_is_told_by_its_own_clock(sampled: str) -> None:
    test = TestResult(disease="", type="", result="", sampled_at=datetime.fromisoformat(sampled))
    certificate = Certificate(format="hcert", version="1.3.0", person=Person(family_name="Mẫu"), entries=(test,))
    assert dcc_of(certificate)["t"][0]["sc"] == sampled
