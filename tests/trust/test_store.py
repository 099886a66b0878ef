"""The store: candidates by key id, one environment, and the only way to an Opened."""

from datetime import datetime
from typing import Any

import msgspec
import pytest

from vaxcert import ConfigurationError, SigningKey, TrustedKey, TrustStore
from vaxcert.errors import KeyUnavailableError, SignatureError
from vaxcert.trust import Opened
from vaxcert.trust.store import MAX_KEYS_PER_KID
from vaxcert.wire import Algorithm, Sealed

HCERT = ("hcert", frozenset(Algorithm))


def sealed(key: SigningKey, **changes: Any) -> Sealed:
    made = Sealed(b"data", b"payload", key.sign(b"data"), key.kid, "ES256")
    return msgspec.structs.replace(made, **changes)


def renamed(key: TrustedKey, **changes: Any) -> TrustedKey:
    return msgspec.structs.replace(key, **changes)


def test_a_message_is_opened_by_the_key_that_signed_it(key: SigningKey) -> None:
    opened = TrustStore([key.trusted()]).open(sealed(key), *HCERT)
    assert opened.payload == b"payload"
    assert opened.signer is key.trusted()


def test_nobody_else_makes_an_opened(key: SigningKey) -> None:
    with pytest.raises(TypeError):
        Opened(sealed(key), key.trusted())


@pytest.mark.parametrize(
    ("changes", "error", "reason"),
    [
        ({"kid": None}, KeyUnavailableError, "key_id_missing"),
        ({"kid": b"another!"}, KeyUnavailableError, "key_unknown"),
        ({"kid": b""}, KeyUnavailableError, "key_unknown"),
        ({"signing_input": b"date"}, SignatureError, "signature_invalid"),
        ({"signature": bytes(64)}, SignatureError, "signature_invalid"),
        ({"signature": b""}, SignatureError, "signature_invalid"),
        ({"alg": "PS256"}, SignatureError, "algorithm_not_allowed"),
        ({"alg": "COSE 5"}, SignatureError, "algorithm_not_allowed"),
        ({"alg": "none"}, SignatureError, "algorithm_not_allowed"),
        ({"alg_unprotected": "PS256"}, SignatureError, "algorithm_not_allowed"),
        ({"alg": None, "alg_unprotected": "PS256"}, SignatureError, "algorithm_not_allowed"),
    ],
)
def test_each_fault_has_its_own_reason(
    key: SigningKey, changes: dict[str, Any], error: type[Exception], reason: str
) -> None:
    with pytest.raises(error) as refused:
        TrustStore([key.trusted()]).open(sealed(key, **changes), *HCERT)
    assert refused.value.reason == reason  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "changes", [{"alg": None}, {"alg": None, "alg_unprotected": "ES256"}, {"alg_unprotected": "ES256"}]
)
def test_the_key_decides_where_the_card_says_nothing_or_the_same(key: SigningKey, changes: dict[str, Any]) -> None:
    assert TrustStore([key.trusted()]).open(sealed(key, **changes), *HCERT).signer is key.trusted()


def test_a_format_may_allow_less_than_the_key_can(key: SigningKey) -> None:
    with pytest.raises(SignatureError) as refused:
        TrustStore([key.trusted()]).open(sealed(key), "hcert", frozenset((Algorithm.PS256,)))
    assert refused.value.reason == "algorithm_not_allowed"


@pytest.mark.parametrize("first", [True, False])
def test_every_key_that_shares_the_id_is_tried(key: SigningKey, first: bool) -> None:
    other = renamed(SigningKey.generate("FR").trusted(), kid=key.kid)
    keys = [key.trusted(), other] if first else [other, key.trusted()]
    opened = TrustStore(keys).open(sealed(key), *HCERT)
    assert opened.signer.country == "VN"


def test_as_many_keys_as_the_bound_are_tried_and_one_more_makes_it_undetermined(key: SigningKey) -> None:
    others = [renamed(SigningKey.generate().trusted(), kid=key.kid) for _ in range(MAX_KEYS_PER_KID)]
    assert TrustStore([*others[1:], key.trusted()]).open(sealed(key), *HCERT)
    with pytest.raises(KeyUnavailableError) as refused:
        TrustStore([*others, key.trusted()]).open(sealed(key), *HCERT)
    assert refused.value.reason == "too_many_keys"


def test_ten_thousand_keys_under_one_id_cost_nothing_to_hold(key: SigningKey) -> None:
    store = TrustStore(renamed(key.trusted(), kid=b"same-kid", subject=str(n), country=f"{n}") for n in range(10_000))
    assert len(store) == MAX_KEYS_PER_KID + 1


def test_a_key_listed_twice_and_once_withdrawn_is_withdrawn(key: SigningKey) -> None:
    for keys in ([False, True], [True, False]):
        store = TrustStore(renamed(key.trusted(), withdrawn=withdrawn) for withdrawn in keys)
        assert store.open(sealed(key), *HCERT).signer.withdrawn


def test_a_key_for_the_format_is_preferred_to_its_twin_for_another(key: SigningKey) -> None:
    twin = renamed(key.trusted(), formats=frozenset(("other",)))
    assert TrustStore([twin, key.trusted()]).open(sealed(key), *HCERT).signer is key.trusted()


def test_the_same_entry_twice_is_held_once_and_said(key: SigningKey) -> None:
    store = TrustStore([key.trusted(), TrustedKey.from_certificate(key.certificate)])
    assert len(store) == 1
    assert [entry.reason for entry in store.refused] == ["duplicate"]


def test_the_keys_decide_the_environment_unless_it_is_declared(key: SigningKey) -> None:
    marked, unmarked = key.trusted(), renamed(SigningKey.generate().trusted(), environment=None)
    assert TrustStore([marked]).environment == "test"
    assert TrustStore([unmarked]).environment == "production"
    assert TrustStore([]).environment == "production"
    assert TrustStore([unmarked], environment="test").environment == "test"
    with pytest.raises(ConfigurationError):
        TrustStore([marked, unmarked])
    with pytest.raises(ConfigurationError):
        TrustStore([marked], environment="staging")


def test_a_production_store_leaves_test_keys_out(key: SigningKey) -> None:
    store = TrustStore([key.trusted()], environment="production")
    assert len(store) == 0
    assert [entry.reason for entry in store.refused] == ["environment_differs"]
    with pytest.raises(KeyUnavailableError):
        store.open(sealed(key), *HCERT)


def test_a_plain_store_says_that_it_cannot_tell_how_fresh_it_is(trust: TrustStore, now: datetime) -> None:
    assert trust.freshness.state == "none"
    trust.assure_fresh(now)
    assert [key.country for key in trust] == ["VN"]
