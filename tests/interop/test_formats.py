"""Other systems' published cards, each with the verdict that it has to get, and no connection for any of them."""

from __future__ import annotations

import json
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from vaxcert import TrustStore, Verdict, Verifier
from vaxcert.sorting import cards_in, to_judge
from vaxcert.trust.lists import jwks
from vaxcert.trust.lists import read as read_list

AT = datetime(2025, 1, 1, tzinfo=UTC)
ISSUER = "https://spec.smarthealth.cards/examples/issuer"
TABLE = Path(__file__).with_name("formats.txt")
EXPECTED = dict(
    line.split(" | ") for line in TABLE.read_text("utf-8").splitlines() if line and not line.startswith("#")
)
FOLDERS = ("shc", "nzcp", "who", "icao")


@pytest.fixture
def verifier(vectors: Path) -> Verifier:
    keys = []
    for name, issuer in (
        ("shc/hl7/issuer.jwks.json", ISSUER),
        ("nzcp/valid/did.json", ""),
        ("who/trust/tng-cdn-dev-v1-did-part.json", ""),
    ):
        content = (vectors / name).read_bytes()
        keys += TrustStore.from_published(content, unsigned=True, environment="test", issuer=issuer)
    return Verifier(TrustStore(keys, environment="test"))


def told(verdict: Verdict) -> str:
    stage = next((str(one.stage) for one in verdict.checks if verdict.reason and one.reason is verdict.reason), "")
    return " ".join(filter(None, (str(verdict.status), stage, verdict.reason and str(verdict.reason))))


def texts(vectors: Path) -> dict[str, str]:
    """All that is published of cards as text, by path."""
    return {
        str(path.relative_to(vectors)): path.read_text("utf-8")
        for folder in FOLDERS
        for path in sorted((vectors / folder).rglob("*"))
        if path.is_file() and path.suffix != ".png" and "trust" not in path.parts
    }


def test_every_published_card_has_its_verdict_and_asks_nobody(
    verifier: Verifier, vectors: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(*_: Any, **__: Any) -> Any:
        raise AssertionError("a connection was opened for a verification")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, opened)
    found = {}
    for path, text in texts(vectors).items():
        if "qr_chunk_too_small" in path:
            continue
        found[path] = " + ".join(told(verifier.verify(one, at=AT)) for one in to_judge(cards_in(text)))
    # A copy that has more is judged without a crash; what is in the table is as it says.
    assert {path: said for path, said in found.items() if path in EXPECTED} == {
        path: said for path, said in EXPECTED.items() if path in found
    }
    assert set(EXPECTED) <= set(found)


def test_parts_of_a_card_alone_and_together(verifier: Verifier, vectors: Path) -> None:
    small = {path: text for path, text in texts(vectors).items() if "qr_chunk_too_small" in path}
    assert len(small) == 17
    for text in small.values():
        assert told(verifier.verify(text, at=AT)) == "undetermined format parts_missing"
    (whole,) = to_judge(small.values())
    assert verifier.verify(whole, at=AT).require().format == "shc"
    hl7 = [text for path, text in texts(vectors).items() if path.startswith("shc/hl7/example-02-f-")]
    (whole,) = to_judge(hl7)
    # A patient summary: genuine, and nothing in it is read here.
    assert told(verifier.verify(whole, at=AT)) == "undetermined content content_unknown"


def test_with_its_issuers_list_of_withdrawn_cards_a_card_is_judged(vectors: Path) -> None:
    keys = read_list((vectors / "shc/hl7/issuer.jwks.json").read_bytes(), issuer=ISSUER).keys
    token = (vectors / "shc/hl7/example-00-d-jws.txt").read_text("utf-8")
    for rids, expected in (([], "accepted"), (["MKyCxh7p6uQ"], "refused revocation revoked")):
        kid = next(key.kid.decode() for key in keys if key.rids.wanted)
        listed = json.dumps({"kid": kid, "method": "rid", "ctr": 1, "rids": rids}).encode()
        store = TrustStore(jwks.with_withdrawn_cards(keys, [listed]), environment="test")
        assert told(Verifier(store).verify(token, at=AT)) == expected
