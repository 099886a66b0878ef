"""What real cards do, and what no card may say."""

from datetime import UTC, date, datetime
from typing import Any

import cbor2
import pytest

from vaxcert import Recovery, TestResult, Verifier
from vaxcert.wire import cbor


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1990-05-17", "1990-05-17"),
        ("1990-05", "1990-05"),
        ("1990", "1990"),
        ("", ""),
        ("1990-05-17T00:00:00", "1990-05-17"),
        ("1990-05-17T00:00:00Z", "1990-05-17"),
        ("1990-00-00", "1990"),
        ("1990-05-00", "1990-05"),
        ("1990-00", "1990"),
        ("1990-00-20", "1990"),
    ],
)
def test_birth_dates_of_every_precision_are_read(verifier: Verifier, forge: Any, written: str, read: str) -> None:
    certificate = verifier.verify(forge.card(forge.dcc(dob=written))).require()
    assert certificate.person.date_of_birth == read


@pytest.mark.parametrize(
    "written", ["1843-05-17", "2100-01-01", "17.05.1990", "90", "1990-13-01", "1990-02-30", "x", "1990-5-7"]
)
def test_other_birth_dates_are_refused(verifier: Verifier, forge: Any, written: str) -> None:
    assert verifier.verify(forge.card(forge.dcc(dob=written))).reason == "content_invalid"


@pytest.mark.parametrize(
    "written", ["2026-06-01", "2026-06-01T00:00:00", "2026-06-01T08:00:00Z", "2026-06-01 08:00:00+07:00"]
)
def test_days_may_carry_a_time(verifier: Verifier, forge: Any, written: str) -> None:
    certificate = verifier.verify(forge.card(forge.dcc(v=[forge.vaccination(dt=written)]))).require()
    assert certificate.entry.date == date(2026, 6, 1)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "written", ["", "2026", "2026-06", "20260601", "2026-W23-1", "2026-02-30", "01/06/2026", "2026-06-01x"]
)
def test_other_days_are_refused(verifier: Verifier, forge: Any, written: str) -> None:
    assert verifier.verify(forge.card(forge.dcc(v=[forge.vaccination(dt=written)]))).reason == "content_invalid"


@pytest.mark.parametrize(
    "written",
    [
        "2026-06-14T10:00:00Z",
        "2026-06-14T10:00:00+00:00",
        "2026-06-14T17:00:00+07:00",
        "2026-06-14T17:00:00+0700",
        "2026-06-14T10:00:00.000Z",
        "2026-06-14 10:00:00+00:00",
        "2026-06-14 10:00:00.000000+00",
        "2026-06-14T10:00:00",
    ],
)
def test_times_of_sampling_are_read_as_they_are_written(verifier: Verifier, forge: Any, written: str) -> None:
    entry = verifier.verify(forge.card(forge.dcc(v=..., t=[forge.test(sc=written)]))).require().entry
    assert isinstance(entry, TestResult)
    assert entry.sampled_at == datetime(2026, 6, 14, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "tagged",
    [cbor2.CBORTag(0, "2026-06-14T10:00:00Z"), cbor2.CBORTag(1, 1781431200), cbor2.CBORTag(1, 1781431200.0)],
)
def test_times_under_cbors_date_tags_are_read(verifier: Verifier, forge: Any, tagged: cbor2.CBORTag) -> None:
    entry = verifier.verify(forge.card(forge.dcc(v=..., t=[forge.test(sc=tagged)]))).require().entry
    assert isinstance(entry, TestResult)
    assert entry.sampled_at == datetime(2026, 6, 14, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    ["", "yesterday", "2026-06-14", "2026-06-31T10:00:00Z", float("nan"), float("inf"), 1e30, -1e30, True],
)
def test_other_times_of_sampling_are_refused(verifier: Verifier, forge: Any, written: object) -> None:
    assert verifier.verify(forge.card(forge.dcc(v=..., t=[forge.test(sc=written)]))).reason == "content_invalid"


@pytest.mark.parametrize(
    "changes",
    [
        {"t": None, "r": None},
        {"v": None, "r": [{}]},
        {"t": [], "r": []},
        {"ver": "1.0.0"},
        {"ver": "1.3.3"},
        {"nam": {"fnt": "NGUYEN"}},
        {"nam": {"fnt": "NGUYEN", "gn": None, "fn": None}},
        {"ic": "made up", "pn": "made up", "extra": {"deep": [1, 2]}},
    ],
)
def test_null_lists_and_additional_keys_of_real_cards_do_no_harm(
    verifier: Verifier, forge: Any, changes: dict[str, Any]
) -> None:
    if changes.get("r"):
        changes = {"v": None, "r": [forge.recovery()]}
    assert verifier.verify(forge.card(forge.dcc(**changes)))


@pytest.mark.parametrize(
    "changes",
    [
        {"ver": ...},
        {"ver": 1},
        {"nam": ...},
        {"nam": []},
        {"nam": {}},
        {"nam": {"fn": "", "fnt": ""}},
        {"nam": {"fn": 1}},
        {"dob": ...},
        {"dob": None},
        {"dob": 1990},
        {"v": {}},
        {"v": "v"},
        {"v": [None]},
        {"v": [[]]},
        {"v": [{}]},
    ],
)
def test_what_is_no_certificate_is_refused_as_content(verifier: Verifier, forge: Any, changes: dict[str, Any]) -> None:
    verdict = verifier.verify(forge.card(forge.dcc(**changes)))
    assert (verdict.status, verdict.reason) == ("refused", "content_invalid")
    assert verdict.certificate is None


@pytest.mark.parametrize("country", [..., None, ""])
def test_a_missing_country_is_the_signers(verifier: Verifier, forge: Any, country: object) -> None:
    for entries in ({"v": [forge.vaccination(co=country)]}, {"v": ..., "r": [forge.recovery(co=country)]}):
        verdict = verifier.verify(forge.card(forge.dcc(**entries)))
        assert verdict.require().entry.country == ""
        assert verdict.signer is not None
        assert verdict.signer.country == "VN"


@pytest.mark.parametrize("written", ["1815-08-24", "1899", "2100-01-01"])
def test_an_impossible_birth_year_fails_the_content_and_leaves_the_other_judgements(
    verifier: Verifier, forge: Any, written: str
) -> None:
    verdict = verifier.verify(forge.card(forge.dcc(dob=written)))
    assert verdict.reason == "content_invalid"
    assert [str(check.outcome) for check in verdict.checks if check.stage in ("usage", "validity")] == ["passed"] * 2


@pytest.mark.parametrize("field", ["tg", "vp", "mp", "ma", "dn", "sd", "dt", "is", "ci"])
@pytest.mark.parametrize("value", [..., None, 1.5, [], {}, b"x", True], ids=repr)
def test_every_field_of_a_dose_is_there_and_of_its_type(
    verifier: Verifier, forge: Any, field: str, value: object
) -> None:
    verdict = verifier.verify(forge.card(forge.dcc(v=[forge.vaccination(**{field: value})])))
    assert (verdict.status, verdict.reason) == ("refused", "content_invalid")


@pytest.mark.parametrize(("written", "read"), [(1, 1), (9, 9), (2.0, 2), (3, 3), (10, 10)])
def test_counts_may_be_whole_floats(verifier: Verifier, forge: Any, written: float, read: int) -> None:
    entry = verifier.verify(forge.card(forge.dcc(v=[forge.vaccination(dn=written, sd=written)]))).require().entry
    assert (entry.number, entry.series) == (read, read)  # type: ignore[union-attr]
    assert type(entry.number) is int  # type: ignore[union-attr]


@pytest.mark.parametrize("written", [0, -1, 100, 0.5, float("nan"), float("inf"), 2**64 - 1, "2"])
def test_other_counts_are_refused(verifier: Verifier, forge: Any, written: object) -> None:
    assert verifier.verify(forge.card(forge.dcc(v=[forge.vaccination(dn=written)]))).reason == "content_invalid"


def test_indefinite_lengths_throughout_are_read(verifier: Verifier, forge: Any) -> None:
    payload = cbor2.dumps(forge.claims(), indefinite_containers=True)
    assert payload != cbor.dumps(forge.claims())
    assert verifier.verify(forge.text(forge.message(payload)))


def test_a_negative_test_is_shown_as_what_it_is(verifier: Verifier, forge: Any) -> None:
    certificate = verifier.verify(forge.card(forge.dcc(v=..., t=[forge.test()]))).require()
    assert certificate.kind == "test"
    assert isinstance(certificate.entry, TestResult)
    assert (certificate.entry.type, certificate.entry.result) == ("LP6464-4", "260415000")


def test_a_recovery_is_shown_as_what_it_is(verifier: Verifier, forge: Any) -> None:
    certificate = verifier.verify(forge.card(forge.dcc(v=..., r=[forge.recovery()]))).require()
    assert certificate.kind == "recovery"
    assert isinstance(certificate.entry, Recovery)
    assert certificate.entry.valid_until == date(2026, 9, 28)


def test_float_times_are_read(verifier: Verifier, forge: Any, now: datetime) -> None:
    moment = now.timestamp()
    certificate = verifier.verify(forge.card(iat=moment - 0.25, exp=moment + 86400.75)).require()
    assert certificate.issued_at is not None
    assert abs(certificate.issued_at.timestamp() - moment + 0.25) < 1e-3


def test_an_error_names_the_place_and_not_the_value(verifier: Verifier, forge: Any) -> None:
    verdict = verifier.verify(forge.card(forge.dcc(v=[forge.vaccination(dn="a secret")])))
    detail = next(check.detail for check in verdict.checks if check.stage == "content")
    assert "dn" in detail
    assert "secret" not in detail


@pytest.mark.parametrize(
    "written",
    [
        "2026-06-14T10:00",
        "2026-06-14 10:00:00",
        "2026-06-14T10:00:00.1234567Z",
        "2026-06-14T17:00:00,5+07",
        "2026-06-14T170000+0700",
    ],
)
def test_a_time_is_read_in_every_way_that_cards_have_it(forge: Any, verifier: Verifier, written: str) -> None:
    entry = verifier.verify(forge.card(forge.dcc(v=..., t=[forge.test(sc=written)]))).require().entry
    assert isinstance(entry, TestResult)
    assert entry.sampled_at.astimezone(UTC).replace(microsecond=0) == datetime(2026, 6, 14, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2026-W24-7T10:00:00",
        "2026-06-14T24:00:00",
        "2026-06-14T10:60:00Z",
        "2026-06-14T10:00+07:60",
        "2026-06-14T10:00:00z",
        "2026-06-14T１０:00:00",
    ],
)
def test_what_is_a_time_to_some_versions_of_python_alone_is_none(forge: Any, verifier: Verifier, written: str) -> None:
    assert verifier.verify(forge.card(forge.dcc(v=..., t=[forge.test(sc=written)]))).reason == "content_invalid"
