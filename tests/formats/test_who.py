"""WHO's certificates in HCERT's container: three shapes of one, the first of another, links; each by a key that is for it."""

from __future__ import annotations

import base64
import json
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest
from forge import NOW, Forge

from vaxcert import Dose, InputError, Issuer, Person, SigningKey, TrustStore, Verifier
from vaxcert.wire import cbor

YELLOW_FEVER = "YellowFeverProductd8a09f80301dc05e124f99ffe7711fc0"
POLIO = "PolioVaccineInactivatedIProduct532ef986c8042bbb15fee24056fdc4ed"
ALL = frozenset(("hcert", "icvp", "ddcc"))
SOON = int(NOW.timestamp())


def given(**changes: Any) -> dict[str, Any]:
    good = {"vp": YELLOW_FEVER, "dt": "2026-05-01", "bo": "MAU01", "vls": "2026-05-11", "is": "Trạm Y tế Mẫu"}
    return {name: value for name, value in (good | changes).items() if value is not ...}


def icvp(v: Any = None, **changes: Any) -> dict[str, Any]:
    good = {"n": "Nguyễn Mẫu Thử", "dob": "1990-05-17", "s": "female", "v": given() if v is None else v}
    return {name: value for name, value in (good | changes).items() if value is not ...}


def ddcc(**changes: Any) -> dict[str, Any]:
    good = {
        "name": "Nguyễn Mẫu Thử", "birthDate": "1990-05-17", "vaccine": {"code": "1119349007", "system": "snomed"},
        "brand": {"code": "EU/1/20/1528"}, "disease": {"code": "RA01"}, "date": "2026-05-01", "dose": 2, "total_doses": 2,
        "country": {"code": "VNM"}, "hcid": "VN-MAU-1", "lot": "MAU01", "valid_from": "2026-05-15", "valid_until": "2027-05-01",
    }  # fmt: skip
    return {name: value for name, value in (good | changes).items() if value is not ...}


def card(forge: Forge, content: Any, kind: int = -6, **changes: Any) -> str:
    claims = {1: "VNM", 6: SOON - 3600, -260: {kind: content}} | {int(name[1:]): one for name, one in changes.items()}
    return forge.text(forge.message({name: one for name, one in claims.items() if one is not ...}))


@pytest.fixture(scope="module")
def verifier(key: SigningKey) -> Verifier:
    return Verifier(TrustStore([msgspec.structs.replace(key.trusted(), formats=ALL)]), clock=lambda: NOW)


SHAPES = {
    "an object": icvp(),
    "a list": icvp([given()]),
    "a list beside a version": icvp("2.0", vx=[given()]),
}


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


FAULTS: dict[str, tuple[str, str, str, Any]] = {
    "no dose": ("refused", "content", "content_empty", lambda f: card(f, icvp([]))),
    "a version and no doses": ("refused", "content", "content_invalid", lambda f: card(f, icvp("2.0"))),
    "v a number": ("refused", "content", "content_invalid", lambda f: card(f, icvp(7))),
    "no product": ("refused", "content", "content_invalid", lambda f: card(f, icvp(given(vp=...)))),
    "nothing that it is against": ("refused", "content", "content_invalid", lambda f: card(f, icvp(given(vp="XM0N24")))),
    "a product against something else": ("refused", "content", "content_invalid", lambda f: card(f, icvp(given(tg="1C81")))),
    "no day": ("refused", "content", "content_invalid", lambda f: card(f, icvp(given(dt="2026-13-01")))),
    "nobody": ("refused", "content", "content_invalid", lambda f: card(f, icvp(n="\u200b"))),
    "no birth date": ("refused", "content", "content_invalid", lambda f: card(f, icvp(dob=...))),
    "over": ("refused", "validity", "expired", lambda f: card(f, icvp(given(vle="2026-06-14")))),
    "its last day": ("accepted", "", "", lambda f: card(f, icvp(given(vle="2026-06-15")))),
    "to come": ("refused", "validity", "not_yet_valid", lambda f: card(f, icvp(given(vls="2026-06-17")))),
    "its first day, which has begun somewhere": ("accepted", "", "", lambda f: card(f, icvp(given(vls="2026-06-15")))),
    "over by the container": ("refused", "validity", "expired", lambda f: card(f, icvp(), _4=SOON - 1)),
    "exp NaN": ("refused", "content", "content_invalid", lambda f: card(f, icvp(), _4=float("nan"))),
    "exp a text": ("refused", "content", "content_invalid", lambda f: card(f, icvp(), _4="2030")),
    "before the birth": ("refused", "rules", "event_before_birth", lambda f: card(f, icvp(dob="2026-05-10"))),
    "a DDCC": ("accepted", "", "", lambda f: card(f, ddcc(), 3)),
    "a DDCC that is over": ("refused", "validity", "expired", lambda f: card(f, ddcc(valid_until="2026-06-01"), 3)),
    "a DDCC of dose 0": ("refused", "content", "content_invalid", lambda f: card(f, ddcc(dose=0), 3)),
    "a DDCC of no day": ("refused", "content", "content_invalid", lambda f: card(f, ddcc(date="soon"), 3)),
    "a test's DDCC": ("undetermined", "content", "format_unsupported", lambda f: card(f, {}, 4)),
    "a kind that nobody knows": ("refused", "content", "content_unknown", lambda f: card(f, {}, 99)),
}  # fmt: skip


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


MEMBERS = {
    "url": "https://docs.example/m/secret-path",
    "key": "K" * 43,
    "flag": "LP",
    "label": "Sổ tiêm",
    "exp": 1_900_000_000,
}
LINK = "shlink:/" + base64.urlsafe_b64encode(json.dumps(MEMBERS).encode()).decode().rstrip("=")


@pytest.mark.parametrize("content", [{"u": LINK}, [{"u": LINK}], MEMBERS], ids=["object", "list", "members"])
def test_a_signed_link_is_shown_and_is_never_green(verifier: Verifier, forge: Forge, content: Any) -> None:
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
