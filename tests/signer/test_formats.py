"""What the signer is set to issue: recorded at a desk, signed, believed by the published list, and withdrawn by it."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from forge import NOW

from vaxcert import InputError, Person, SigningKey, TrustStore, Verifier
from vaxcert.registry import schema
from vaxcert.registry.desk import entering, sessions
from vaxcert.registry.desk.people import Answers
from vaxcert.registry.intake import lists
from vaxcert.registry.records.doses import RecordedDose
from vaxcert.registry.records.people import profile
from vaxcert.trust import revocation
from vaxcert.trust.publishing.publisher import Publisher
from vaxcert.trust.revocation import Kind
from vaxcert.trust.synced.sync import sync

HEALTH = "https://health.example/issuer"
YELLOW_FEVER = "YellowFeverProductd8a09f80301dc05e124f99ffe7711fc0"


@pytest.fixture
def key() -> SigningKey:
    """A TEST key for each format."""
    return SigningKey.generate("VN", now=NOW - timedelta(days=30), formats=("hcert", "icvp"))


@pytest.mark.parametrize(
    ("issued", "product"),
    [({"format": "shc", "address": HEALTH}, "EU/1/20/1528"), ({"format": "icvp"}, YELLOW_FEVER)],
    ids=["shc", "icvp"],
)
def test_a_desks_dose_is_signed_in_the_set_format_accepted_and_once_withdrawn_refused(
    signing: Any, place: Any, key: SigningKey, tmp_path: Path, issued: dict[str, str], product: str
) -> None:
    dose = recorded(place, product)
    running = signing(issued=issued)
    made = running.client.sign(dose, account="lan", site="VP01")
    assert running.agrees(1)
    # Against yellow fever nobody is held to be immune before the tenth day (International Health Regulations, annex 7).
    place.now += timedelta(days=11)
    publisher = Publisher.create(
        tmp_path / "workspace", environment="test", passphrase="the publisher's", root_passphrase="the root's own",
        clock=lambda: place.now,
    )  # fmt: skip
    publisher.keys.add(key.certificate)
    publisher.keys.add_health_card_key(key.certificate, HEALTH)
    root: bytes | None = (tmp_path / "workspace" / "root.json").read_bytes()

    def told() -> tuple[str, str, str | None]:
        publisher.publish(tmp_path / "published", passphrase="the publisher's")
        sync(tmp_path / "published", tmp_path / "store", root=root, now=place.now)
        verdict = Verifier(TrustStore.load(tmp_path / "store"), clock=lambda: place.now).verify(made.text)
        assert verdict.certificate is not None
        assert verdict.certificate.person.full_name == "Nguyễn Mẫu Thử"
        return str(verdict.format), str(verdict.status), verdict.reason and str(verdict.reason)

    assert told() == (issued["format"], "accepted", None)
    root = None
    publisher.withdrawals.revoke(Kind.UCI, [revocation.of_uci(made.certificate)])
    assert told() == (issued["format"], "refused", "revoked")


def recorded(place: Any, product: str) -> int:
    """The number of a dose that a desk with a session of the product recorded."""
    registry = place.registry
    for kind, rows in (
        ("sites", [("site", "name", "district"), ("VP01", "Trạm Một", "Tam Đảo")]),
        ("deliveries", [("site", "lot", "product", "doses", "received_on"), ("VP01", "L1", product, "3", "2026-05-01")]),
    ):  # fmt: skip
        path = place.folder / f"{kind}.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(rows)
        lists.load(registry, kind, path, actor="chief")
    session = sessions.open_session(registry, site="VP01", product=product, lot="L1", actor="nurse")
    person = Person(family_name="Nguyễn", given_name="Mẫu Thử", date_of_birth="1990-05-17")
    whole = {"district": "Tam Đảo", "phone": "0100000001", "priority_group": "1"}
    given = RecordedDose(product=product, number=1, series=1, date=registry.today(), site="VP01", lot="L1")
    entry = entering.record(
        registry,
        profile=profile(person, whole, groups=frozenset("123456789"), keeper=registry.secrets),
        dose=given,
        actor="nurse",
        request_id=uuid4(),
        session=session,
        said=Answers(),
    )
    return int(entry.dose_id)


@pytest.mark.parametrize(
    ("issued", "product", "reason"),
    [
        ({"format": "shc", "address": HEALTH}, YELLOW_FEVER, "product_unknown"),
        ({"format": "icvp"}, "EU/1/20/1528", "product_unknown"),
        ({}, YELLOW_FEVER, "not_implied"),
    ],
    ids=["shc", "icvp", "hcert"],
)
def test_a_dose_that_a_format_cannot_state_is_kept_back_and_told(
    place: Any, signing: Any, issued: dict[str, str], product: str, reason: str
) -> None:
    dose = recorded(place, product)
    running = signing(issued=issued)
    with pytest.raises(InputError) as caught:
        running.client.sign(dose, account="lan", site="VP01")
    assert caught.value.reason == reason
    assert (running.count(schema.certificate), running.key.seen) == (0, [])
