"""Hostile input through HTTP: an answer each, of the sender's fault where it is no card at all, and none accepted."""

import io
import json
import struct
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import create_environ, run_wsgi_app

from vaxcert.wire import base45, deflate


@pytest.fixture
def client(site: Any) -> Any:
    return site.app(VAXCERT_APP_RATE="1000000").test_client()


def packed(message: bytes) -> str:
    return "HC1:" + base45.encode(deflate.deflate(message))


def texts(forge: Any) -> dict[str, str]:
    """One for each limit of what a hostile card meets."""
    deep = b"\x81" * 5_000 + b"\x00"
    bomb = zlib.compress(b"\0" * 50_000_000, 9)[:3_300]
    return {
        "longer than a symbol": "HC1:" + "A" * 60_000,
        "not base45": "HC1:" + "\u00e9" * 100,
        "base45 past its end": "HC1:" + ":::" * 100,
        "a bomb": "HC1:" + base45.encode(bomb),
        "not compressed": "HC1:" + base45.encode(b"\xd2\x84"),
        "bytes after the stream": "HC1:" + base45.encode(deflate.deflate(b"\xd2\x84\x40\xa0\x40\x40") + b"more"),
        "deep": packed(deep),
        "a list that holds itself": packed(b"\xd8\x1c\x81\xd8\x1d\x00"),
        "a regular expression": packed(b"\xd8\x23\x68(a+)+$!!"),
        "a number of a billion digits": packed(b"\xc4\x82\x1a\x3b\x9a\xca\x00\x01"),
        "a key twice": forge.text(forge.message(b"\xa2\x01\x62VN\x01\x62VN")),
        "not a number as key": forge.text(forge.message(b"\xa1\xf9\x7e\x00\x00")),
        "bytes after the message": packed(forge.message(forge.claims()) + b"\x00"),
        "no signature": packed(b"\xd2\x84\x43\xa1\x01\x26\xa0\x41\xa0\x40"),
        "a promise of four gigabytes": packed(b"\xd2\x84\x5a\xff\xff\xff\xff"),
        "an empty list of doses": forge.card(forge.dcc(v=[])),
        "a truth for a number": forge.card(forge.dcc(v=[forge.vaccination(dn=True)])),
        "a name that acts": forge.card(forge.dcc(nam={"fn": "<script>alert(1)</script>", "fnt": "X"}), exp=1),
        "nothing": "",
        "NUL": "HC1:\x00",
        "half of a pair": "HC1:\ud800",
        "another's scheme": "javascript:alert(1)",
    }


def test_no_hostile_card_is_accepted_and_none_is_the_servers_fault(client: Any, forge: Any) -> None:
    for name, text in texts(forge).items():
        answer = client.post("/verify", data=json.dumps({"text": text}), content_type="application/json")
        assert answer.status_code in (200, 400), name
        if answer.status_code == 200:
            assert answer.json["status"] != "accepted", name
        page = client.post("/check", data={"text": text.encode("utf-8", "replace").decode(), "part": "1"})
        assert page.status_code in (200, 422), name
        assert 'class="verdict accepted"' not in page.data.decode(), name
        assert 'class="verdict test"' not in page.data.decode(), name
        assert "<script" not in page.data.decode(), name


@given(st.text(max_size=300) | st.binary(max_size=300).map(lambda data: packed(data)))
def test_whatever_is_pasted_gets_an_answer(anything: str) -> None:
    client = plain()
    answer = client.post("/verify", data=json.dumps({"text": anything}), content_type="application/json")
    assert answer.status_code in (200, 400)
    assert answer.status_code == 400 or answer.json["status"] in ("refused", "undetermined")


@given(st.binary(max_size=400), st.sampled_from(["application/json", "image/png", "multipart/form-data", "text/html"]))
def test_whatever_is_sent_is_never_the_servers_fault(body: bytes, kind: str) -> None:
    for path in ("/verify", "/check", "/inspect", "/"):
        assert plain().post(path, data=body, content_type=kind).status_code < 500


_PLAIN: list[Any] = []


def plain() -> Any:
    """Over the example keys, once for all examples."""
    from pathlib import Path

    from verifier_app import create_app

    if not _PLAIN:
        keys = Path(__file__).parents[2] / "keys" / "examples"
        variables = {"VAXCERT_TRUST": str(keys), "VAXCERT_APP_TRIAL": "1", "VAXCERT_APP_RATE": "1000000"}
        _PLAIN.append(create_app(variables).test_client())
    return _PLAIN[0]


def pictures() -> dict[str, bytes]:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    def png(width: int, height: int) -> bytes:
        head = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
        return head + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")

    page = "".join(f"{number + 3} 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n" for number in range(21))
    kids = " ".join(f"{number + 3} 0 R" for number in range(21))
    pdf = f"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 21/Kids[{kids}]>>endobj\n{page}trailer<</Root 1 0 R>>"
    return {
        "more than forty megapixels": png(8_000, 5_001),
        "a line of forty million": png(40_000_001, 1),
        "a page that is a picture of PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) run\n",
        "SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
        "21 pages": pdf.encode(),
        "cut": png(30, 30)[:40],
        "a GIF": b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
    }


def test_no_hostile_picture_is_the_servers_fault(client: Any) -> None:
    for name, content in pictures().items():
        for kind in ("image/png", "application/pdf"):
            assert client.post("/verify", data=content, content_type=kind).status_code == 422, name
        upload = {"picture": (io.BytesIO(content), "../../x.png")}
        assert client.post("/check", data=upload, content_type="multipart/form-data").status_code == 422, name


def test_more_than_is_read_is_refused_before_it_is_read(client: Any) -> None:
    class Endless(io.RawIOBase):
        """A body that says no length and never ends."""

        taken = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            self.taken += len(buffer)
            assert self.taken < 12_000_000
            buffer[:] = b"9" * len(buffer)
            return len(buffer)

    for kind, most in (("application/json", 200_000), ("image/png", 11_500_000)):
        body = Endless()
        environ = create_environ("/verify", method="POST", content_type=kind)
        environ |= {"wsgi.input": body, "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
        content, status, _ = run_wsgi_app(client.application, environ, buffered=True)
        assert (status[:3], json.loads(b"".join(content))["type"]) == ("413", "urn:vaxcert:problem:too_large")
        assert body.taken < most
    huge = {"text": "A" * 200_000}
    assert client.post("/check", data=huge).status_code == 413
    many = "&".join(f"f{number}=1" for number in range(3_000))
    assert client.post("/check", data=many, content_type="application/x-www-form-urlencoded").status_code in (413, 422)
