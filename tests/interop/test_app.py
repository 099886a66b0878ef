"""Every card of other systems through the app: an answer each, and nothing of anybody in any log or header."""

import io
import json
import logging
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest

from vaxcert import TrustStore
from vaxcert.names import printable

GERMAN, GERMAN_KEY = "hcert/trust/german-demo-dsc-list.json", "hcert/trust/german-demo-dsc-list-signing-key.pem"


@pytest.fixture
def app(vectors: Path) -> Any:
    """Over the German list, as a trial."""
    from verifier_app import create_app
    from verifier_app.config import Settings
    from verifier_app.desk import Desk

    data, key = (vectors / GERMAN).read_bytes(), (vectors / GERMAN_KEY).read_bytes()
    trust = TrustStore.from_published(data, signed_by=key, environment="test")
    folder = Path(__file__).parents[2] / "keys" / "examples"
    settings = Settings(trust=folder, trial=True, rate=1_000_000)
    desk = Desk(settings, trust=trust)
    yield create_app(settings, desk=desk)
    desk.close()


def texts_of(vectors: Path) -> list[str]:
    cases = sorted(vectors.glob("hcert/dgc-testdata/*/*.json"))
    found = [json.loads(path.read_text("utf-8")).get("PREFIX", "") for path in cases]
    for pattern in ("who/*QR.txt", "who/*Contents.txt", "nzcp/*/*.txt", "shc/**/*.txt", "icao/*.txt", "divoc/*.txt"):
        found += [path.read_text("utf-8", "replace") for path in sorted(vectors.glob(pattern))]
    return found


def personal(verdict: Any) -> set[str]:
    """What of a verdict is somebody's."""
    certificate = verdict["certificate"]
    if certificate is None:
        return set()
    person = certificate["person"]
    ids = {entry["certificate_id"] for entry in certificate["entries"]}
    # A year alone is nobody's, and may be the length of an answer.
    return {one for one in ({*person.values()} | ids) if isinstance(one, str) and len(one) > 4}


def test_no_card_of_anybody_leaves_a_trace_in_a_log_or_a_header(
    vectors: Path, app: Any, caplog: pytest.LogCaptureFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    caplog.set_level(logging.DEBUG)
    client = app.test_client()
    secrets: set[str] = set()
    headers = []
    texts = texts_of(vectors)
    opened = 0
    for text in texts:
        answer = client.post("/verify", json={"text": text})
        assert answer.status_code in (200, 413), text[:20]
        if answer.status_code == 200:
            found = personal(answer.json)
            opened += bool(found)
            secrets |= found
        page = client.post("/check", data={"text": text})
        assert page.status_code in (200, 413, 422)
        headers += [str(answer.headers), str(page.headers)]
        if len(text) > 60:
            secrets.add(text[:60])
    assert opened > 100
    logged = "\n".join(f"{record.getMessage()} {record.exc_info} {record.args}" for record in caplog.records)
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for secret in secrets:
        assert secret not in logged
        assert not any(secret in one for one in headers)
        assert secret.encode() not in written


def test_what_a_page_shows_of_real_cards_is_what_was_signed_and_harmless(vectors: Path, app: Any) -> None:
    client = app.test_client()
    shown = 0
    for text in texts_of(vectors)[:150]:
        verdict = client.post("/verify", json={"text": text}).json
        page = client.post("/check", data={"text": text}).data.decode()
        assert f'class="verdict {verdict["status"]}"' in page or 'class="verdict test"' in page
        assert "<script" not in page
        if verdict.get("certificate"):
            born = printable(verdict["certificate"]["person"]["date_of_birth"])
            shown += born[:4] in page
        else:
            assert '<p class="name">' not in page
    assert shown > 50


def test_hostile_pictures_get_an_answer_of_the_senders_fault(vectors: Path, app: Any) -> None:
    client = app.test_client()

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    huge = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 50_000, 50_000, 1, 0, 0, 0, 0))
    pictures = {
        "50,000 × 50,000": huge + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b""),
        "cut": huge[:20],
        "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        "nothing": b"",
        "noise": bytes(range(256)) * 40,
    }
    for name, content in pictures.items():
        for kind in ("image/png", "image/jpeg", "image/webp", "application/pdf"):
            answer = client.post("/verify", data=content, content_type=kind)
            assert answer.status_code == 422, (name, kind)
        upload = {"picture": (io.BytesIO(content), "x.png")}
        assert client.post("/check", data=upload, content_type="multipart/form-data").status_code == 422
