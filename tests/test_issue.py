"""Issuing: what goes in must make sense, what comes out must verify."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vaxcert import (
    ConfigurationError,
    Dose,
    InputError,
    IssueLog,
    Issuer,
    Person,
    SigningKey,
    TrustStore,
    Verifier,
    uvci,
)
from vaxcert.formats import hcert
from vaxcert.issuelog import hash_source
from vaxcert.names.damage import damage
from vaxcert.wire import base45, cbor, cose, deflate

NOW = datetime(2026, 6, 15, 9, 30, 12, 345678, tzinfo=UTC)


def make(key: SigningKey, **changes: Any) -> Issuer:
    options: dict[str, Any] = {
        "country": "VN",
        "authority": "Sở Y tế (TEST)",
        "valid_for": timedelta(days=365),
        "clock": lambda: NOW,
    }
    return Issuer(key, **(options | changes))


def test_a_certificate_says_what_was_put_in(key: SigningKey, person: Person, dose: Dose) -> None:
    issued = make(key, site="VP01").issue(person, dose)
    verdict = Verifier(TrustStore([key.trusted()])).verify(issued.text, at=NOW)
    certificate = verdict.require()
    assert certificate.person == person
    (read,) = certificate.entries
    assert isinstance(read, Dose)
    assert (read.product, read.number, read.series, read.date) == ("EU/1/20/1528", 2, 2, date(2026, 6, 1))
    assert (read.disease, read.holder, read.prophylaxis) == ("840539006", "ORG-100030215", "1119349007")
    assert (read.country, read.issuer, certificate.issuer) == ("VN", "Sở Y tế (TEST)", "VN")
    assert certificate.certificate_id == issued.certificate_id
    assert certificate.issued_at == issued.issued_at == NOW.replace(microsecond=0)
    assert certificate.expires_at == issued.expires_at == NOW.replace(microsecond=0) + timedelta(days=365)


def test_the_payload_is_what_one_encoding_of_the_whole_map_gives(text: str) -> None:
    sealed = cose.decode(deflate.inflate(base45.decode(text[4:])))
    claims = cbor.loads(sealed.payload)
    assert cbor.dumps(claims) == sealed.payload
    assert list(claims) == [1, 4, 6, -260]
    assert type(claims[4]) is int
    assert type(claims[6]) is int


def test_the_sample_card_fits_version_17_at_level_q(key: SigningKey, person: Person, dose: Dose) -> None:
    issued = make(key, authority="Sở Y tế", site="VP01").issue(person, dose)
    assert len(issued.text) <= 531  # ISO/IEC 18004, table 7: 17-Q, alphanumeric


def test_the_certificate_id_names_country_and_site_and_checks(key: SigningKey, person: Person, dose: Dose) -> None:
    made = make(key, site="VP01").issue(person, dose).certificate_id
    assert re.fullmatch(r"URN:UVCI:01:VN:VP01/[A-Z2-7]{16}#[A-Z0-9/:]", made)
    assert uvci.site_of(made) == "VP01"
    assert uvci.check_character(made[:-2]) == made[-1]
    other = make(key, site="VP01").issue(person, msgspec.structs.replace(dose, site="VP02")).certificate_id
    assert uvci.site_of(other) == "VP02"
    assert uvci.site_of(make(key).issue(person, dose).certificate_id) == ""


def test_a_certificate_id_that_is_given_is_kept(key: SigningKey, person: Person, dose: Dose) -> None:
    given_id = "URN:UVCI:01:VN:VP01/GIVEN#X"
    assert make(key).issue(person, msgspec.structs.replace(dose, certificate_id=given_id)).certificate_id == given_id


def test_no_two_certificates_share_an_id(issuer: Issuer, person: Person, dose: Dose) -> None:
    assert len({issuer.issue(person, dose).certificate_id for _ in range(500)}) == 500


PERSON: dict[str, Any] = {"family_name": "Nguyễn", "given_name": "Mẫu Thử", "date_of_birth": "1990-05-17"}
DOSE: dict[str, Any] = {"product": "EU/1/20/1528", "number": 2, "series": 2, "date": date(2026, 6, 1)}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"family_name": ""}, "family_name"),
        ({"family_name": " \t "}, "family_name"),
        ({"family_name": "\u3164\ufe0f"}, "family_name"),
        ({"family_name": "N" * 81}, "family_name"),
        ({"given_name": "N" * 81}, "given_name"),
        ({"family_name": "阮"}, "family_name"),
        ({"family_name_transliterated": "nguyen"}, "family_name_transliterated"),
        ({"given_name_transliterated": "MAU THU"}, "given_name_transliterated"),
        ({"family_name_transliterated": "N" * 81}, "family_name_transliterated"),
        ({"date_of_birth": ""}, "date_of_birth"),
        ({"date_of_birth": "1843-01-01"}, "date_of_birth"),
        ({"date_of_birth": "17/05/1990"}, "date_of_birth"),
        ({"date_of_birth": "1990-02-30"}, "date_of_birth"),
        ({"date_of_birth": "1990-13"}, "date_of_birth"),
        ({"date_of_birth": "2027"}, "date"),
        ({"number": 0}, "number"),
        ({"number": 10}, "number"),
        ({"number": -1}, "number"),
        ({"number": True}, "number"),
        ({"number": 2.0}, "number"),
        ({"number": "2"}, "number"),
        ({"series": 0}, "series"),
        ({"series": 10}, "series"),
        ({"date": date(2026, 6, 16)}, "date"),
        ({"date": date(1990, 5, 16)}, "date"),
        ({"date": NOW}, "date"),
        ({"date": "2026-06-01"}, "date"),
        ({"product": ""}, "product"),
        ({"product": "A new one"}, "disease"),
        ({"product": "A new one", "disease": "1", "holder": "2"}, "prophylaxis"),
        ({"product": "A new one", "disease": "1", "prophylaxis": "2"}, "holder"),
        ({"country": "Vietnam"}, "country"),
        ({"country": "vn"}, "country"),
        ({"issuer": "x" * 81}, "issuer"),
        ({"site": "vp01"}, "site"),
        ({"site": "VP/01"}, "site"),
        ({"site": "V" * 17}, "site"),
        ({"certificate_id": "x" * 81}, "certificate_id"),
    ],
)
def test_what_makes_no_sense_is_refused_by_the_name_of_its_field(
    key: SigningKey, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(InputError) as refused:
        make(key).issue(
            Person(**(PERSON | {name: value for name, value in changes.items() if name in Person.__struct_fields__})),
            Dose(**(DOSE | {name: value for name, value in changes.items() if name in Dose.__struct_fields__})),
        )
    assert refused.value.field == field
    for value in [*changes.values(), *PERSON.values()]:
        if isinstance(value, str) and len(value.strip()) > 2:
            assert value not in str(refused.value), "the message must not repeat what was entered"


@pytest.mark.parametrize(
    "changes",
    [
        {"number": 3, "series": 2},
        {"number": 9, "series": 9},
        {"number": 1, "series": 1},
        {"date_of_birth": "1990"},
        {"date_of_birth": "1990-05"},
        {"date_of_birth": "2026-06", "date": date(2026, 6, 1)},
        {"date_of_birth": "2026-06-01", "date": date(2026, 6, 1)},
        {"date": date(2026, 6, 15)},
        {"given_name": ""},
        {"family_name": "阮", "family_name_transliterated": "NGUYEN"},
        {"product": "A new one", "disease": "1", "prophylaxis": "2", "holder": "3"},
        {"site": "V" * 16},
        {"country": "LA"},
    ],
)
def test_what_is_unusual_but_sensible_is_issued(key: SigningKey, changes: dict[str, Any]) -> None:
    issued = make(key).issue(
        Person(**(PERSON | {name: value for name, value in changes.items() if name in Person.__struct_fields__})),
        Dose(**(DOSE | {name: value for name, value in changes.items() if name in Dose.__struct_fields__})),
    )
    assert Verifier(TrustStore([key.trusted()])).verify(issued.text, at=NOW)


@pytest.mark.parametrize(
    ("moment", "zone", "fine"),
    [
        ("2026-06-14T17:00:00+00:00", None, True),  # midnight in Vietnam
        ("2026-06-14T16:59:59+00:00", None, False),
        ("2026-06-14T17:00:00+00:00", "UTC", False),
        ("2026-06-15T00:00:00+00:00", "UTC", True),
        ("2026-06-14T23:59:59+07:00", None, False),
        ("2026-06-15T00:00:00+07:00", None, True),
        ("2026-06-14T16:00:00+00:00", "Asia/Tokyo", True),
    ],
)
def test_today_is_decided_where_the_issuer_is(key: SigningKey, moment: str, zone: str | None, fine: bool) -> None:
    issuer = make(key, clock=lambda: datetime.fromisoformat(moment), zone=zone)
    dose = Dose(**(DOSE | {"date": date(2026, 6, 15)}))
    if fine:
        issuer.issue(Person(**PERSON), dose)
    else:
        with pytest.raises(InputError, match="future"):
            issuer.issue(Person(**PERSON), dose)


def test_a_zone_may_be_given_as_an_object_and_an_unknown_one_is_refused(key: SigningKey) -> None:
    make(key, zone=ZoneInfo("Asia/Ho_Chi_Minh"))
    with pytest.raises(ConfigurationError):
        make(key, zone="Asia/Nowhere")


def test_a_certificate_lies_within_its_signers_validity_or_is_not_issued(person: Person, dose: Dose) -> None:
    start = NOW.replace(microsecond=0)
    key = SigningKey.generate("VN", now=start, years=2)
    last = key.not_after - start
    assert make(key, valid_for=last).issue(person, dose).expires_at == key.not_after
    with pytest.raises(ConfigurationError, match="the key ends on"):
        make(key, valid_for=last + timedelta(seconds=1)).issue(person, dose)
    with pytest.raises(ConfigurationError, match="valid from"):
        make(key, clock=lambda: start - timedelta(seconds=1), valid_for=timedelta(days=1)).issue(person, dose)


def test_an_issuer_must_fit_its_key(key: SigningKey) -> None:
    with pytest.raises(ConfigurationError, match="not FR"):
        make(key, country="FR")
    with pytest.raises(ConfigurationError, match="vaccinations"):
        make(SigningKey.generate("VN", usages=("test",)))
    make(SigningKey.generate("VN", usages=("vaccination", "test")))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"authority": " "}, "authority"),
        ({"authority": "\u2800"}, "authority"),
        ({"authority": "x" * 81}, "authority"),
        ({"site": "a"}, "site"),
        ({"valid_for": timedelta(0)}, "valid_for"),
        ({"valid_for": timedelta(days=-1)}, "valid_for"),
    ],
)
def test_an_issuers_own_settings_are_checked(key: SigningKey, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InputError) as refused:
        make(key, **changes)
    assert refused.value.field == field


def test_every_issue_is_logged_without_a_name(key: SigningKey, person: Person, dose: Dose, tmp_path: Path) -> None:
    log = IssueLog(tmp_path / "issued.jsonl")
    issuer = make(key, log=log, operator="desk 1")
    one = issuer.issue(person, dose, source_sha256=hash_source(b"row 1"))
    two = issuer.issue(person, dose, operator="desk 2")
    entries = list(log)
    assert [entry.certificate_id for entry in entries] == [one.certificate_id, two.certificate_id]
    assert [entry.operator for entry in entries] == ["desk 1", "desk 2"]
    assert [entry.source_sha256 for entry in entries] == [hash_source(b"row 1"), None]
    assert {entry.kid for entry in entries} == {key.kid.hex()}
    assert [entry.expires_at for entry in entries] == [one.expires_at, two.expires_at]
    content = log.path.read_text("utf-8")
    for secret in ("Nguyễn", "NGUYEN", "Mẫu", "MAU", "1990", "HC1:"):
        assert secret not in content
    assert log.path.stat().st_mode & 0o777 == 0o600


def test_what_cannot_be_logged_is_not_issued(key: SigningKey, person: Person, dose: Dose, tmp_path: Path) -> None:
    signed = []

    class Watched(SigningKey):
        def sign(self, data: bytes) -> bytes:
            signed.append(data)
            return super().sign(data)

    watched = Watched(key._private_key, key.certificate)
    with pytest.raises(ConfigurationError):
        make(watched, log=IssueLog(tmp_path / "missing" / "issued.jsonl")).issue(person, dose)
    assert not signed
    make(watched, log=IssueLog(tmp_path / "issued.jsonl")).issue(person, dose)
    assert len(signed) == len(list(IssueLog(tmp_path / "issued.jsonl"))) == 1


def test_what_is_refused_is_neither_logged_nor_signed(key: SigningKey, dose: Dose, tmp_path: Path) -> None:
    log = IssueLog(tmp_path / "issued.jsonl")
    with pytest.raises(InputError):
        make(key, log=log).issue(Person(**(PERSON | {"family_name": ""})), dose)
    assert not log.path.exists()


def test_a_damaged_log_is_an_error_and_not_a_gap(tmp_path: Path) -> None:
    (tmp_path / "issued.jsonl").write_text('{"certificate_id": 1}\n')
    with pytest.raises(ConfigurationError, match="line 1"):
        list(IssueLog(tmp_path / "issued.jsonl"))
    with pytest.raises(ConfigurationError):
        list(IssueLog(tmp_path / "missing.jsonl"))


def test_what_is_issued_shows_nothing_of_the_holder_when_printed(
    text: str, issuer: Issuer, person: Person, dose: Dose
) -> None:
    printed = f"{issuer.issue(person, dose)!r} {person!r} {dose!r}"
    for secret in ("Nguyễn", "1990", "HC1", "1528"):
        assert secret not in printed


names = st.text(
    alphabet=st.sampled_from(
        "ABCDĐEGHIKLMNOPQRSTUVXYaăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ '-"
    ),
    min_size=1,
    max_size=40,
).filter(lambda name: any(character.isalpha() for character in name) and damage(name) is None)


@given(
    names,
    st.one_of(st.just(""), names),
    st.dates(date(1900, 1, 1), date(2026, 5, 31)),
    st.sampled_from([4, 7, 10]),
    st.integers(1, 9),
    st.integers(1, 9),
    st.sampled_from(["EU/1/20/1528", "EU/1/20/1507", "EU/1/21/1529", "EU/1/20/1525"]),
    st.binary(min_size=uvci.OPAQUE_BYTES, max_size=uvci.OPAQUE_BYTES),
)
def test_whatever_is_issued_verifies_and_reads_back(
    key: SigningKey,
    family: str,
    given_name: str,
    born: date,
    precision: int,
    number: int,
    series: int,
    product: str,
    random: bytes,
) -> None:
    person = Person(family_name=family, given_name=given_name, date_of_birth=born.isoformat()[:precision])
    assume(person.family_name_transliterated and (not person.given_name or person.given_name_transliterated))
    dose = Dose(product=product, number=number, series=series, date=date(2026, 6, 1))
    assume(dose.holder)
    issued = make(key, random=lambda size: random[:size]).issue(person, dose)
    certificate = Verifier(TrustStore([key.trusted()])).verify(issued.text, at=NOW).require()
    assert certificate.person == person
    assert certificate.entries[0].certificate_id == issued.certificate_id
    assert msgspec.structs.replace(certificate.entries[0], country="", issuer="", certificate_id="") == dose
    assert len(issued.text) < hcert.MAX_TEXT
