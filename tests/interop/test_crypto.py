"""Edge cases of signatures and messages that others have collected."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from vaxcert import CardError, KeyMaterialError, TrustedKey, TrustStore
from vaxcert.errors import EnvelopeError, KeyUnavailableError, SignatureError
from vaxcert.trust.algorithms import algorithm_of
from vaxcert.wire import Algorithm, cbor, cose

ALWAYS = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


def trusted(public_key: Any, kid: bytes = b"") -> TrustedKey:
    return TrustedKey(
        kid=kid, public_key=public_key, algorithm=algorithm_of(public_key), not_before=ALWAYS[0], not_after=ALWAYS[1]
    )


def is_ours(group: dict[str, Any]) -> bool:
    """Raw signatures with SHA-256; for PSS also its mask function and a salt as long as the hash."""
    if group["type"] == "RsassaPssVerify":
        return (group["sha"], group["mgfSha"], group["sLen"]) == ("SHA-256", "SHA-256", 32)
    return (group["type"], group["sha"]) == ("EcdsaP1363Verify", "SHA-256")


def test_valid_signatures_verify_and_invalid_ones_do_not(vectors: Path, wycheproof: str) -> None:
    asserted = 0
    for group in json.loads((vectors / wycheproof).read_text("utf-8"))["testGroups"]:
        der = group.get("publicKeyDer") or group["publicKeyAsn"]
        try:
            key = trusted(load_der_public_key(bytes.fromhex(der)))
        except KeyMaterialError:
            asserted += len(group["tests"])  # a key that is refused verifies nothing
            continue
        for case in group["tests"]:
            verified = key.verify(bytes.fromhex(case["sig"]), bytes.fromhex(case["msg"]))
            if case["result"] != "acceptable":
                asserted += 1
                good = case["result"] == "valid" and is_ours(group)
                assert verified is good, f"case {case['tcId']}: {case['comment']}"
    assert asserted > 0


def unpadded(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")


def test_the_working_groups_messages_open_or_are_refused_as_they_say(vectors: Path, cose_example: str) -> None:
    case = json.loads((vectors / cose_example).read_text("utf-8"))
    signer = case["input"].get("sign0", {})
    key = signer.get("key", {})
    message = bytes.fromhex(case["output"]["cbor"])
    if key.get("crv") != "P-256":
        # No key of another kind is ever held; one of ours under the same id must not be tried on it either.
        other = ec.generate_private_key(ec.SECP256R1()).public_key()
        with pytest.raises((EnvelopeError, SignatureError, KeyUnavailableError)):
            sealed = cose.decode(message)
            TrustStore([trusted(other, sealed.kid or b"")]).open(sealed, "hcert", frozenset(Algorithm))
        return
    numbers = ec.EllipticCurvePublicNumbers(unpadded(key["x"]), unpadded(key["y"]), ec.SECP256R1())
    store = TrustStore([trusted(numbers.public_key(), key["kid"].encode())])
    external = signer.get("external")
    try:
        opened = store.open(cose.decode(message), "hcert", frozenset(Algorithm))
    except CardError as error:
        assert case.get("fail") or external, f"{case['title']}: {error}"
        if not external:
            return
        # A certificate has no data outside the message, so this one is rightly refused; with it, it verifies.
        item: Any = cbor.loads(message)
        protected, _, payload, signature = getattr(item, "value", item)
        structure = cbor2.dumps(["Signature1", protected, bytes.fromhex(external), payload])
        (held,) = store
        assert held.verify(signature, structure)
        return
    assert not case.get("fail")
    assert not external
    assert opened.payload == case["input"]["plaintext"].encode()
