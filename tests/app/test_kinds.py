"""What is sent is what its bytes say, at the interface for programs and on the page."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from verifier_app.kinds import BodyKind, kind_of

NAMES = ("image/jpg", "image/pjpeg", "image/x-png", "application/octet-stream", "text/plain", "application/json", None)


def saved(picture: bytes, form: str) -> bytes:
    from PIL import Image

    stream = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").save(stream, form)
    return stream.getvalue()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "PDF"])
def test_a_picture_is_read_whatever_it_is_called(
    client: Any, text: str, picture: Callable[[str], bytes], form: str
) -> None:
    content = saved(picture(text), form)
    for name in NAMES if form == "JPEG" else NAMES[-2:]:
        answer = client.post("/verify", data=content, content_type=name)
        assert (answer.status_code, answer.json.get("status")) == (200, "accepted"), name
    upload = {"picture": (io.BytesIO(content), "photo.txt", "text/plain")}
    shown = client.post("/check", data=upload, content_type="multipart/form-data")
    assert b'class="verdict test"' in shown.data


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_text_is_read_whatever_it_is_called(client: Any, text: str, encoding: str) -> None:
    asked = json.dumps({"text": text}).encode(encoding)
    for name in (*NAMES, "application/x-www-form-urlencoded", "image/png"):
        assert client.post("/verify", data=asked, content_type=name).json["status"] == "accepted", name
    alone = f"\n{text}\r\n".encode(encoding)
    for name in ("text/plain", "text/plain; charset=utf-8", "application/octet-stream", None):
        assert client.post("/verify", data=alone, content_type=name).json["status"] == "accepted", name
    for content in (asked, alone):
        upload = {"picture": (io.BytesIO(content), "photo.png", "image/png")}
        shown = client.post("/check", data=upload, content_type="multipart/form-data")
        assert b'class="verdict test"' in shown.data


@pytest.mark.parametrize(
    ("start", "declared", "kind"),
    [
        (b"%PDF-1.4", "text/html", BodyKind.PICTURE),
        (b"\n" * 1019 + b"%PDF-", "", BodyKind.PICTURE),
        (b"\n" * 1020 + b"%PDF-", "", None),
        (b'{"text": "%PDF-"}', "application/pdf", BodyKind.JSON),
        (b"HC1:A%PDF-", "text/plain", BodyKind.TEXT),
        (b"HC1:A", "image/png", BodyKind.PICTURE),
        (b"HC1:A", "text/html", None),
        (b"RIFF\0\0\0\0WAVE", "", None),
        (b"RIFF\0\0\0\0WAVE", "image/webp", BodyKind.PICTURE),
        (b"\xff\xd8\xff", "multipart/form-data", None),
        (b"", "", None),
        (b"[]", "application/json", BodyKind.JSON),
        (b"GIF89a", "image/gif", None),
        (b"\xfe\xff", "", None),
    ],
)
def test_the_first_bytes_decide_and_the_type_where_they_do_not(
    start: bytes, declared: str, kind: BodyKind | None
) -> None:
    assert kind_of(start, declared) is kind


def test_a_text_that_is_none_or_too_long_is_told(client: Any) -> None:
    def asked(content: bytes) -> tuple[int, str]:
        answer = client.post("/verify", data=content, content_type="text/plain")
        return answer.status_code, answer.json["type"].rpartition(":")[2]

    assert asked(b"HC1:\xff") == (400, "bad_request")
    assert asked(b"HC1:" + b"A" * 70_000) == (413, "too_large")
    upload = {"picture": (io.BytesIO(b"HC1:" + b"A" * 70_000), "long.txt")}
    assert client.post("/check", data=upload, content_type="multipart/form-data").status_code == 413


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("Xin chào,\n\n> {}\n\nTrân trọng", None),
        ("]Q1{}", None),
        ("hc1m" + "6bfoxnù" * 20, "keyboard_layout"),
        ("WIFI:S:quan-ca-phe;;", "not_a_certificate"),
        ("B64:UEsDB" + "Q" * 200, "format_unsupported"),
    ],
)
def test_a_text_gets_the_same_answer_in_a_field_in_a_file_and_from_a_program(
    client: Any, text: str, written: str, reason: str | None
) -> None:
    sent = written.format(text)
    assert client.post("/verify", json={"text": sent}).json["reason"] == reason
    assert client.post("/verify", data=sent.encode(), content_type="text/plain").json["reason"] == reason
    upload = {"picture": (io.BytesIO(sent.encode()), "code.txt")}
    for data in ({"text": sent}, upload):
        shown = client.post("/check", data=data, content_type="multipart/form-data").data.decode()
        assert shown.count('<section class="verdict') == 1
        assert f'data-code="{reason or ""}"' in shown


def test_two_cards_in_one_text_get_a_verdict_each(client: Any, text: str) -> None:
    both = f"{text}\n{text[:-3]}AAA\n"
    assert client.post("/verify", json={"text": both}).json["type"].endswith(":several")
    shown = client.post("/check", data={"text": both}).data.decode()
    assert shown.index('class="verdict refused"') < shown.index('class="verdict test"')
    assert client.post("/check", data={"text": "\n".join(text + "A" * at for at in range(9))}).status_code == 400
