"""Cards that state several things: all are read and shown, and any of them can speak against the card."""

from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import msgspec
import pytest
from forge import NOW

from vaxcert import Dose, SigningKey, TrustStore, Verifier, codes, showing
from vaxcert.trust import revocation
from vaxcert.trust.revocation import Hashes, Kind, Revocations, Source

FIRST = {"dn": 1, "dt": "2026-05-01", "ci": "URN:UVCI:01:VN:MAU/ONE#A"}
SECOND = {"dn": 2, "dt": "2026-06-01", "ci": "URN:UVCI:01:VN:MAU/TWO#B"}
NEGATIVE, POSITIVE = "260415000", codes.DETECTED


def two_doses(forge: Any, first: dict[str, Any] | None = None, second: dict[str, Any] | None = None) -> Any:
    return forge.dcc(v=[forge.vaccination(**(FIRST | (first or {}))), forge.vaccination(**(SECOND | (second or {})))])


@pytest.mark.parametrize("version", ["1.0.0", "1.0.1", "1.2.1", "1.3.0"])
def test_two_doses_are_one_card_with_the_latest_first(verifier: Verifier, forge: Any, version: str) -> None:
    for dcc in (two_doses(forge), forge.dcc(v=two_doses(forge)["v"][::-1])):
        certificate = verifier.verify(forge.card(dcc | {"ver": version})).require()
        assert [entry.number for entry in certificate.entries if isinstance(entry, Dose)] == [2, 1]
        assert certificate.certificate_id == SECOND["ci"]
        assert certificate.entry.date == date(2026, 6, 1)  # type: ignore[union-attr]


def test_doses_of_one_day_are_told_by_their_number(verifier: Verifier, forge: Any) -> None:
    dcc = two_doses(forge, first={"dt": "2026-06-01"})
    for entries in (dcc["v"], dcc["v"][::-1]):
        certificate = verifier.verify(forge.card(dcc | {"v": entries})).require()
        assert [entry.number for entry in certificate.entries if isinstance(entry, Dose)] == [2, 1]


def test_a_dose_a_test_and_a_recovery_are_read_from_one_card(verifier: Verifier, forge: Any) -> None:
    dcc = forge.dcc(t=[forge.test(sc="2026-06-14T10:00:00Z")], r=[forge.recovery(fr="2026-02-01")])
    certificate = verifier.verify(forge.card(dcc)).require()
    assert [type(entry).__name__ for entry in certificate.entries] == ["TestResult", "Dose", "Recovery"]
    assert certificate.kind == "test"


def test_every_entry_is_shown_with_its_own_id(verifier: Verifier, forge: Any) -> None:
    lines = showing.lines(verifier.verify(forge.card(two_doses(forge))), "en")
    assert [line.text for line in lines if line.field == "dose"] == ["2/2", "1/2"]
    assert [line.text for line in lines if line.field == "certificate_id"] == [SECOND["ci"], FIRST["ci"]]


def faults(forge: Any) -> dict[str, tuple[str, Any]]:
    dose = forge.vaccination
    return {
        "an earlier dose before birth": ("event_before_birth", two_doses(forge, first={"dt": "1989-01-01"})),
        "a later dose to come": ("event_in_future", two_doses(forge, second={"dt": "2026-07-01"})),
        "a dose number that nobody has": ("content_invalid", two_doses(forge, first={"dn": 100})),
        "a dose that cannot be read": ("content_invalid", two_doses(forge, first={"dt": "yesterday"})),
        "a positive test behind a dose": ("test_positive", forge.dcc(t=[forge.test(tr=POSITIVE)])),
        "a positive test before a negative one": (
            "test_positive",
            forge.dcc(
                v=...,
                t=[
                    forge.test(tr=POSITIVE, sc="2026-05-01T10:00:00Z"),
                    forge.test(tr=NEGATIVE, sc="2026-06-14T10:00:00Z"),
                ],
            ),
        ),
        "an entry that is null": ("content_invalid", forge.dcc(v=[dose(), None])),
    }


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("fault", faults(MagicMock()))
def test_what_speaks_against_one_entry_speaks_against_the_card(
    verifier: Verifier, forge: Any, fault: str, order: int
) -> None:
    reason, dcc = faults(forge)[fault]
    dcc = {name: value[::order] if isinstance(value, list) else value for name, value in dcc.items()}
    assert verifier.verify(forge.card(dcc)).reason == reason


@pytest.mark.parametrize("which", [FIRST, SECOND])
def test_a_card_is_revoked_by_the_id_of_any_entry(
    key: SigningKey, forge: Any, which: dict[str, Any], tmp_path: Path
) -> None:
    source = Source(Kind.UCI, 1, True)
    (tmp_path / source.name).write_bytes(revocation.packed([revocation.of_uci(which["ci"])]))
    listed = Revocations([(source, Hashes(tmp_path / source.name))])
    judge = Verifier(TrustStore([key.trusted()], revocations=listed), clock=lambda: NOW)
    assert judge.verify(forge.card(two_doses(forge))).reason == "revoked"
    assert judge.verify(forge.card()).status == "accepted"


@pytest.mark.parametrize(
    ("usages", "reason"),
    [
        ({"vaccination"}, "usage_not_allowed"),
        ({"test"}, "usage_not_allowed"),
        ({"vaccination", "test"}, None),
    ],
)
def test_a_key_must_be_for_every_kind_of_entry(key: SigningKey, forge: Any, usages: set[str], reason: str) -> None:
    limited = msgspec.structs.replace(key.trusted(), usages=frozenset(usages))
    verdict = Verifier(TrustStore([limited]), clock=lambda: NOW).verify(forge.card(forge.dcc(t=[forge.test()])))
    assert verdict.reason == reason


OVER, LASTING, TO_COME = (
    {"df": "2025-01-01", "du": "2025-06-01", "fr": "2024-12-20"},
    {"df": "2026-01-01", "du": "2026-12-01", "fr": "2025-12-20"},
    {"df": "2026-08-01", "du": "2026-12-01", "fr": "2026-06-10"},
)


@pytest.mark.parametrize(
    ("days", "reason"),
    [
        ([OVER], "recovery_expired"),
        ([TO_COME], "recovery_not_yet_valid"),
        ([OVER, OVER], "recovery_expired"),
        ([OVER, TO_COME], "recovery_expired"),
        ([TO_COME, TO_COME], "recovery_not_yet_valid"),
        ([OVER, LASTING], None),
        ([TO_COME, LASTING], None),
    ],
)
def test_days_of_recoveries_count_for_the_card_as_a_whole(
    verifier: Verifier, forge: Any, days: list[dict[str, str]], reason: str | None
) -> None:
    recoveries = [forge.recovery(**one) for one in days]
    assert verifier.verify(forge.card(forge.dcc(v=..., r=recoveries))).reason == reason
    # A dose holds whatever became of a recovery.
    assert verifier.verify(forge.card(forge.dcc(r=recoveries))).reason is None


@pytest.mark.parametrize(("kind", "name"), [(4, "who_ddcc"), (99, None), ("1", None)])
def test_a_signed_container_of_another_language_is_undetermined_where_it_has_a_name(
    verifier: Verifier, forge: Any, kind: Any, name: str | None
) -> None:
    claims = forge.claims()
    claims[-260] = {kind: {"u": "vhlink:/x"}}
    verdict = verifier.verify(forge.text(forge.message(claims)))
    assert (verdict.status, verdict.recognised) == (("undetermined", name) if name else ("refused", None))
    assert verdict.reason == ("format_unsupported" if name else "content_unknown")
    assert next(check for check in verdict.checks if check.stage == "content").outcome != "passed"
    message = forge.message(claims)
    forged = forge.text(message[:-1] + bytes([message[-1] ^ 1]))
    assert verifier.verify(forged).reason == "signature_invalid"
