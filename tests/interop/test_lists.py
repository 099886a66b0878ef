"""Real published lists: every key usable, or its refusal explained; and what they open of real cards."""

import base64
import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from vaxcert import KeyMaterialError, TrustedKey, TrustStore, Verdict, Verifier
from vaxcert.errors import ConfigurationError
from vaxcert.trust import lists
from vaxcert.trust.lists.chain import Chain, under

GERMAN, GERMAN_KEY = "hcert/trust/german-demo-dsc-list.json", "hcert/trust/german-demo-dsc-list-signing-key.pem"


def reasons(published: lists.Published) -> Counter[str]:
    return Counter(str(entry.reason) for entry in published.refused)


def test_whos_production_list_gives_all_keys_but_those_of_other_curves(vectors: Path) -> None:
    path = vectors / "who/trust/tng-cdn-prod-v2-did.json"
    published = lists.read(path.read_bytes())
    methods = json.loads(path.read_bytes())["verificationMethod"]
    assert (len(published.keys), reasons(published)) == (497, {"key_type_unsupported": 4})
    assert len(published.keys) + len(published.refused) == len(methods)
    certificates = {base64.b64decode(method["publicKeyJwk"]["x5c"][0]) for method in methods}
    assert {key.certificate for key in published.keys} <= certificates
    # Not one country of a certificate that its participant does not answer for.
    assert all(key.country is None or len(key.country) == 2 for key in published.keys)
    assert "IO" not in {key.country for key in published.keys}
    signers = [key for key in published.keys if key.formats]
    lenient, strict = (len(under(signers, published.authorities, how)[0]) for how in (Chain.LENIENT, Chain.STRICT))
    assert len(signers) >= lenient >= strict > len(signers) * 0.9


def test_whos_list_in_its_first_version_names_vietnam(vectors: Path) -> None:
    published = lists.read((vectors / "who/trust/tng-cdn-dev-v1-did-part.json").read_bytes())
    assert (len(published.keys), published.refused) == (15, ())
    (vietnam,) = (key for key in published.keys if key.country == "VN")
    assert vietnam.algorithm == "PS256"
    assert vietnam.kid == base64.b64decode("ZtJVElOdWm0=")


def test_the_german_list_is_signed_and_gives_all_keys_but_a_weak_one(vectors: Path) -> None:
    data, key = (vectors / GERMAN).read_bytes(), (vectors / GERMAN_KEY).read_bytes()
    store = TrustStore.from_published(data, signed_by=key, environment="test")
    assert len(store) == 609
    assert [(entry.reason, entry.detail) for entry in store.refused] == [("key_weak", "RSA of 1024 bits")]
    for at in (0, 50, 200, len(data) // 2, len(data) - 3):
        changed = bytearray(data)
        changed[at] ^= 1
        with pytest.raises(ConfigurationError):
            TrustStore.from_published(bytes(changed), signed_by=key, environment="test")


def test_new_zealands_and_hl7s_keys_are_all_usable(vectors: Path) -> None:
    (nz,) = lists.read((vectors / "nzcp/valid/did.json").read_bytes()).keys
    assert (nz.kid, nz.issuer, nz.formats) == (b"key-1", "did:web:nzcp.covid19.health.nz", {"nzcp"})
    keys = (vectors / "shc/hl7/issuer.jwks.json").read_bytes()
    assert {str(one.reason) for one in lists.read(keys).refused} == {"issuer_missing"}
    published = lists.read(keys, issuer="https://issuer.example")
    assert (len(published.keys), published.refused) == (2, ())
    assert {key.formats for key in published.keys} == {frozenset(("shc",))}


@lru_cache
def german(vectors: Path) -> TrustStore:
    return TrustStore.from_published(
        (vectors / GERMAN).read_bytes(), signed_by=(vectors / GERMAN_KEY).read_bytes(), environment="test"
    )


def own(context: Any) -> TrustedKey | None:
    try:
        return TrustedKey.from_certificate(base64.b64decode(context["CERTIFICATE"]))
    except (KeyError, KeyMaterialError):
        return None


def judged(store: TrustStore, text: str) -> Verdict:
    """An hour after it was issued; what cannot be opened, in 2021."""
    some_day = datetime(2021, 6, 1, tzinfo=UTC)
    probe = Verifier(store).verify(text, at=some_day).certificate
    at = probe.issued_at + timedelta(hours=1) if probe and probe.issued_at else some_day
    return Verifier(store).verify(text, at=at)


def test_the_german_list_opens_the_cases_whose_keys_it_holds_and_refuses_none_for_another_reason(
    vectors: Path, country: str, record_property: Callable[[str, object], None]
) -> None:
    store = german(vectors)
    held = {(key.kid, key.fingerprint): key for key in store}
    for path in sorted((vectors / country).rglob("*.json")):
        case = json.loads(path.read_text("utf-8"))
        text, key = case.get("PREFIX", ""), own(case.get("TESTCTX", {}))
        if not text or key is None:
            continue
        by_list, by_key = judged(store, text), judged(TrustStore([key]), text)
        if by_key.signer is None:
            # Its own certificate does not open it either: a case of a broken card.
            assert by_list.status != "accepted"
            continue
        is_held = (key.kid, key.fingerprint) in held
        score = ("cards that the German list opens, by country", country.split("/")[-1], "opened", is_held)
        record_property("score", score)
        if is_held:
            assert by_list.reason == by_key.reason, path.name
            assert by_list.signer is not None
            assert by_list.signer.country == held[key.kid, key.fingerprint].country
        else:
            assert (by_list.status, by_list.reason) == ("undetermined", "key_unknown"), path.name
