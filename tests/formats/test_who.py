"""WHO's certificates in HCERT's container: three shapes of one, the first of another, links; each by a key that is for it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest
from forge import NOW, Forge
from who_cards import ALL, FAULTS, LINK, LINKS, POLIO, SHAPES, SOON, YELLOW_FEVER, card, ddcc, icvp

from vaxcert import Dose, InputError, Issuer, Person, SigningKey, TrustStore, Verifier
from vaxcert.wire import cbor


@pytest.fixture(scope="module")
def verifier(key: SigningKey) -> Verifier:
    return Verifier(TrustStore([msgspec.structs.replace(key.trusted(), formats=ALL)]), clock=lambda: NOW)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_three_shapes_of_a_vaccination_certificate_say_the_same(
    verifier: Verifier, forge: Forge, shape: str
) -> None:
    verdict = verifier.verify(card(forge, SHAPES[shape]))
    certificate = verdict.require()
    (dose,) = certificate.entries
    assert isinstance(dose, Dose)
    assert (verdict.format, certificate.format, dose.disease, dose.number, dose.series) == (
        "icvp",
        "icvp",
        "16541001",
        1,
        1,
    )
    assert (dose.product, dose.lot, dose.date) == (YELLOW_FEVER, "MAU01", date(2026, 5, 1))


@pytest.mark.parametrize("name", FAULTS)
def test_one_fault_has_one_reason_at_one_stage(verifier: Verifier, forge: Forge, name: str) -> None:
    status, stage, reason, make = FAULTS[name]
    verdict = verifier.verify(make(forge))
    wrong = {(str(one.stage), str(one.reason)) for one in verdict.checks if str(one.outcome) in ("failed", "unknown")}
    assert (str(verdict.status), wrong) == (status, {(stage, reason)} if stage else set())


def test_the_first_certificates_of_documentation_have_their_fields_among_the_claims(
    verifier: Verifier, forge: Forge, key: SigningKey
) -> None:
    text = forge.text(forge.message(ddcc(), protected={1: -7}, unprotected={4: key.kid}))
    certificate = verifier.verify(text).require()
    assert (certificate.format, certificate.certificate_id, certificate.entry.country) == ("ddcc", "VN-MAU-1", "VN")
    over = forge.text(forge.message(ddcc(valid_until="2026-06-01"), protected={1: -7}, unprotected={4: key.kid}))
    assert verifier.verify(over).reason == "expired"


@pytest.mark.parametrize(("kind", "content", "system"), [(-6, icvp(), "icvp"), (3, ddcc(), "ddcc")])
def test_a_key_for_certificates_of_the_eu_alone_signs_none_of_these(
    key: SigningKey, forge: Forge, kind: int, content: Any, system: str
) -> None:
    verdict = Verifier(TrustStore([key.trusted()]), clock=lambda: NOW).verify(card(forge, content, kind))
    assert (verdict.status, verdict.reason) == ("refused", "format_not_allowed")
    for_it = msgspec.structs.replace(key.trusted(), formats=frozenset((system,)))
    store = TrustStore([for_it])
    assert Verifier(store, clock=lambda: NOW).verify(card(forge, content, kind)).status == "accepted"
    # And the other way round.
    assert Verifier(store, clock=lambda: NOW).verify(forge.card()).reason == "format_not_allowed"


@pytest.mark.parametrize("shape", ["object", "list", "members"])
def test_a_signed_link_is_shown_and_is_never_green(verifier: Verifier, forge: Forge, shape: str) -> None:
    content = LINKS[shape]
    verdict = verifier.verify(card(forge, content, 5))
    assert (verdict.status, verdict.reason, verdict.recognised) == ("undetermined", "content_unknown", "vhl")
    assert verdict.certificate is None and verdict.link is not None
    assert (verdict.link.address, verdict.link.label, verdict.link.flags) == ("docs.example", "Sổ tiêm", "LP")
    assert "K" * 43 not in json.dumps(verdict.to_dict()) and "secret-path" not in json.dumps(verdict.to_dict())
    message = forge.message({6: SOON, -260: {5: content}})
    assert verifier.verify(forge.text(message[:-1] + bytes([message[-1] ^ 1]))).reason == "signature_invalid"


@pytest.mark.parametrize("around", ["{}", "https://viewer.example/x#{}", "{}\r\n"])
@pytest.mark.parametrize("scheme", ["shlink", "vhlink"])
def test_a_links_text_is_decoded_and_not_followed(verifier: Verifier, scheme: str, around: str) -> None:
    verdict = verifier.verify(around.format(LINK.replace("shlink", scheme)))
    assert (verdict.status, verdict.reason) == ("undetermined", "format_unsupported")
    assert verdict.recognised == {"shlink": "smart_health_link", "vhlink": "vhl"}[scheme]
    assert verdict.link is not None
    assert verdict.link.expires_at == datetime.fromtimestamp(1_900_000_000, UTC)


@pytest.mark.parametrize("broken", ["shlink:/e30", "shlink:/!!", "vhlink:/eyJ1cmwiOiAxfQ", "shlink:/" + "A" * 5000])
def test_a_link_that_cannot_be_read_is_still_a_link(verifier: Verifier, broken: str) -> None:
    verdict = verifier.verify(broken)
    assert (verdict.status, verdict.reason, verdict.link) == ("undetermined", "format_unsupported", None)


def issuer(key: SigningKey) -> Issuer:
    from datetime import timedelta

    return Issuer(key, country="VN", authority="Sở Y tế (TEST)", valid_for=timedelta(days=365), clock=lambda: NOW)


@pytest.fixture(scope="module")
def for_both() -> SigningKey:
    from datetime import timedelta

    return SigningKey.generate("VN", now=NOW - timedelta(days=30), formats=("hcert", "icvp"))


@pytest.mark.parametrize(("product", "begins"), [(YELLOW_FEVER, "2026-05-11"), (POLIO, "2026-05-01")])
def test_what_is_issued_is_accepted_and_named_by_its_id(
    for_both: SigningKey, person: Person, product: str, begins: str
) -> None:
    assert for_both.trusted().formats == {"hcert", "icvp"}
    dose = Dose(product=product, number=1, series=1, date=date(2026, 5, 1), lot="MAU01")
    issued = issuer(for_both).issue(person, dose, format="icvp")
    verdict = Verifier(TrustStore([for_both.trusted()]), clock=lambda: NOW).verify(issued.text)
    certificate = verdict.require()
    assert (certificate.format, certificate.certificate_id) == ("icvp", issued.certificate_id)
    assert certificate.person.full_name == person.full_name
    from vaxcert.wire import base45, cose, deflate

    said = cbor.loads(cose.decode(deflate.inflate(base45.decode(issued.text[4:]))).payload)[-260][-6]["v"]
    assert (said["vls"], said["vp"], said["bo"]) == (begins, product, "MAU01")
    assert len(issued.text) < 600 and issued.qr().version <= 20


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"lot": ""}, "lot", "missing"),
        ({"product": "EU/1/20/1528"}, "product", "product_unknown"),
        ({"disease": "398102009"}, "product", "product_unknown"),
        ({"number": 0}, "number", "not_a_number"),
    ],
)
def test_what_the_certificate_cannot_state_is_not_issued(
    for_both: SigningKey, person: Person, changes: dict[str, Any], field: str, reason: str
) -> None:
    good = {"product": YELLOW_FEVER, "number": 1, "series": 1, "date": date(2026, 5, 1), "lot": "MAU01"}
    with pytest.raises(InputError) as caught:
        issuer(for_both).issue(person, Dose(**(good | changes)), format="icvp")
    assert (caught.value.field, caught.value.reason) == (field, reason)


def test_a_key_whose_certificate_does_not_say_so_issues_none(key: SigningKey, person: Person) -> None:
    from vaxcert import ConfigurationError

    dose = Dose(product=YELLOW_FEVER, number=1, series=1, date=date(2026, 5, 1), lot="MAU01")
    with pytest.raises(ConfigurationError, match="keys new --format icvp"):
        issuer(key).issue(person, dose, format="icvp")
    with pytest.raises(InputError):
        issuer(key).issue(person, dose, format="other")
