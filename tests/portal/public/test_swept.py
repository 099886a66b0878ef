"""Every address of the public's side, by every method, with hostile parts, bodies and cookies: never a fault, never kept."""

import re
from pathlib import Path
from typing import Any

import pytest
from counters import Counter

METHODS = ("GET", "POST", "DELETE", "OPTIONS")
PARTS = ("1", "9" * 30, "VP01", "%00", "%FF%FE", "..%2f..%2fetc%2fpasswd", "<script>", "picture")
BODIES: tuple[dict[str, Any], ...] = (
    {"data": b"\xff\xfe\x00", "content_type": "application/x-www-form-urlencoded"},
    {"data": b"--x\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\n", "content_type": "multipart/form-data; boundary=x"},
    {"data": b"--x", "content_type": "multipart/form-data"},
    {"data": b"{" * 5_000, "content_type": "application/json"},
    {"data": b"a=" + b"b" * 40_000, "content_type": "application/x-www-form-urlencoded"},
    {"data": b"&".join(b"f%d=x" % number for number in range(3_000)), "content_type": "application/x-www-form-urlencoded"},
)  # fmt: skip
HEADERS = (
    {"Cookie": "public=%00; lang=\xff; public=eyJ0aWNrZXQiOlsxXX0.x.y"}, {"Accept-Language": "," * 3_000},
    {"Host": "evil.example"}, {"X-Forwarded-For": "'; DROP TABLE booking; --", "X-Forwarded-Proto": "gopher"},
    {"Range": "bytes=0-1"}, {"If-None-Match": "*"}, {"Referer": "\x01"},
)  # fmt: skip


@pytest.fixture
def client(citizen: Any, tmp_path: Path, now: Any) -> Any:
    """A browser at an app that offers all there is, over a look-up and bookings."""
    (tmp_path / "counter").mkdir()
    counter = Counter(tmp_path / "counter", f"sqlite:///{tmp_path / 'counter' / 'booking.db'}", now)
    counter.offer(3)
    app = citizen.app()
    app.extensions["booking"] = counter.public
    # What no test can name beforehand is a fault here, and not a page about one.
    app.config["PROPAGATE_EXCEPTIONS"] = True
    yield app.test_client()
    counter.close()


def addresses(app: Any) -> list[str]:
    """Every address, with a hostile part in each place of one."""
    found = []
    for rule in app.url_map.iter_rules():
        parts = PARTS if "<" in rule.rule else ("",)
        found += [re.sub(r"<[^>]+>", part, rule.rule) for part in parts]
    return found


def answered(client: Any, path: str, method: str, **more: Any) -> None:
    answer = client.open(path, method=method, **more)
    told = (method, path[:80], str(more)[:80])
    assert answer.status_code < 500, told
    assert "<script>" not in answer.text, told
    if answer.status_code != 308 and not path.startswith("/static"):
        assert answer.headers["Cache-Control"] == "no-store", told
    assert "evil.example" not in answer.headers.get("Location", ""), told


def test_every_address_answers_every_method(client: Any) -> None:
    swept = 0
    for path in addresses(client.application):
        for method in METHODS:
            answered(client, path, method)
            swept += 1
    assert swept > 200


def test_every_form_answers_a_body_that_is_none(client: Any) -> None:
    for rule in client.application.url_map.iter_rules():
        if "POST" in (rule.methods or ()):
            for body in BODIES:
                answered(client, re.sub(r"<[^>]+>", "1", rule.rule), "POST", **body)


def test_every_page_answers_headers_that_lie(client: Any) -> None:
    for rule in client.application.url_map.iter_rules():
        for headers in HEADERS:
            answered(client, re.sub(r"<[^>]+>", "1", rule.rule), "GET", headers=headers)
