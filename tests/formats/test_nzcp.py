"""NZ COVID Passes: strictly read, opened by their issuer's own key alone, one fault one reason."""

from __future__ import annotations

import uuid
from typing import Any

import msgspec
import pytest
from forge import NOW, Forge
from hypothesis import given
from hypothesis import strategies as st
from nz_passes import DID, FAULTS, card, claims, text, trusted

from vaxcert import SigningKey, TrustStore, Verifier
from vaxcert.wire import cbor


@pytest.fixture(scope="module")
def verifier(key: SigningKey) -> Verifier:
    return Verifier(TrustStore([trusted(key)]), clock=lambda: NOW)


def test_a_pass_is_accepted_and_says_whose_it_is_and_no_dose(verifier: Verifier, forge: Forge) -> None:
    verdict = verifier.verify(card(forge) + "\r\n")
    certificate = verdict.require()
    assert (certificate.format, certificate.kind, certificate.person.full_name) == ("nzcp", "pass", "Nguyễn Mẫu Thử")
    assert certificate.certificate_id == f"urn:uuid:{uuid.UUID(int=7)}"


@pytest.mark.parametrize("name", FAULTS)
def test_one_fault_has_one_reason_at_one_stage(verifier: Verifier, forge: Forge, name: str) -> None:
    status, stage, reason, make = FAULTS[name]
    verdict = verifier.verify(make(forge))
    wrong = {(str(one.stage), str(one.reason)) for one in verdict.checks if str(one.outcome) in ("failed", "unknown")}
    assert (str(verdict.status), wrong) == (status, {(stage, reason)})


@given(st.binary(max_size=200))
def test_any_bytes_as_claims_get_a_verdict(payload: bytes) -> None:
    key, store = _signer()
    assert Verifier(store, clock=lambda: NOW).verify(card(Forge(key), payload)).status != "accepted"


@given(st.binary(min_size=1, max_size=90))
def test_what_is_written_in_base32_is_read_again_and_nothing_else_is(data: bytes) -> None:
    from vaxcert.formats.nzcp import message

    assert message(text(data)) == data


def test_a_pass_of_a_key_for_the_eu_alone_is_none(key: SigningKey, forge: Forge) -> None:
    wrong = msgspec.structs.replace(trusted(key), formats=frozenset(("hcert",)))
    assert Verifier(TrustStore([wrong]), clock=lambda: NOW).verify(card(forge)).reason == "format_not_allowed"


def test_the_claims_of_a_certificate_under_the_prefix_are_no_pass(verifier: Verifier, forge: Forge) -> None:
    assert verifier.verify(text(forge.message(forge.claims()))).status == "refused"
    assert cbor.loads(cbor.dumps(claims()))[1] == DID


def _signer(made: list[Any] = []) -> tuple[SigningKey, TrustStore]:  # noqa: B006  (one key for all examples)
    if not made:
        key = SigningKey.generate("VN", now=NOW)
        made.append((key, TrustStore([trusted(key)])))
    return made[0]
