"""What is sent stays in memory, and decides nothing that is not its own."""

import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import create_environ, run_wsgi_app

from verifier_app import desk, server
from verifier_app.config import Settings

ROOT = Path(__file__).parents[2]
UNITS = {"K": 1_000, "M": 1_000_000, "G": 1_000_000_000}


def test_an_upload_is_never_in_a_file(client: Any, picture: Any, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise AssertionError("a temporary file")

    for name in ("TemporaryFile", "SpooledTemporaryFile", "NamedTemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, fail)
    # As the framework knows it.
    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", fail)
    # What stands after a PNG's end is ignored. Put together here: the framework's client would use a file.
    told = b'--b\r\nContent-Disposition: form-data; name="picture"; filename="a.png"\r\n\r\n'
    content = told + picture(text) + b"\0" * 3_000_000 + b"\r\n--b--\r\n"
    answer = client.post("/check", data=content, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 200
    assert "Nguyễn" in answer.text


def test_no_request_is_sent_on_to_the_host_that_it_names(client: Any) -> None:
    asked = 0
    for path in ("", "/", "/check", "/verify", "/status", "/state", "/healthz", "/static/app.css", "/nowhere"):
        doubled = path.replace("/", "//")
        for form in (path, f"/{path}", f"{path}/", f"/.{path}", doubled, f"{path}//x", f"//evil.example{path}"):
            for method, query in (("GET", ""), ("POST", ""), ("GET", "lang=en")):
                environ = create_environ(method=method, base_url="https://evil.example", query_string=query)
                environ |= {"PATH_INFO": form, "HTTP_X_FORWARDED_HOST": "evil.example"}
                content, _, headers = run_wsgi_app(client.application, environ, buffered=True)
                assert headers.get("Location", "/") == "/", form
                asked += 1
                getattr(content, "close", lambda: None)()
    assert asked == 189


def test_a_server_in_front_is_told_its_name_and_takes_none_from_who_asks() -> None:
    settings = re.sub(r"#.*", "", (ROOT / "deploy" / "nginx.conf").read_text("utf-8"))
    # $host is what the sender says.
    assert "$host" not in settings
    assert "$http_host" not in settings
    assert "return 301 https://$server_name$request_uri;" in settings


def test_a_server_in_front_writes_no_body_to_a_disk_and_waits_for_nobody_without_end() -> None:
    lines = re.findall(r"^\s*([a-z_]+) ([^;#]+);", (ROOT / "deploy" / "nginx.conf").read_text("utf-8"), re.MULTILINE)
    told = dict(lines)
    assert told["proxy_request_buffering"] == told["proxy_buffering"] == told["client_body_in_file_only"] == "off"
    assert told["proxy_max_temp_file_size"] == "0"
    for name in ("client_header_timeout", "client_body_timeout", "send_timeout", "proxy_read_timeout"):
        assert 0 < int(told[name].removesuffix("s")) <= 60
    # Per address, so that one does not have all that there are.
    assert "limit_conn" in told
    # What the app takes, and no less.
    assert int(told["client_max_body_size"].removesuffix("m")) * 2**20 > Settings(trust=Path()).max_body


def test_34_all_readers_and_all_bodies_together_keep_the_units_memory() -> None:
    from verifier_app.load.worker import MAX_HELD

    unit = (ROOT / "deploy" / "vaxcert-app.service").read_text("utf-8")
    amount, scale = re.findall(r"^MemoryMax=(\d+)([KMG])$", unit, re.MULTILINE)[0]
    readers = server.workers * Settings(trust=Path()).readers * desk.READER_MEMORY
    # Held as they came, as a form's file, and as what a reader is given.
    bodies = server.workers * 3 * MAX_HELD
    # A process without anybody's body, and the one that starts them: 90 MB measured.
    processes = (server.workers + 1) * 100_000_000
    assert readers + bodies + processes <= int(amount) * UNITS[scale]


def test_a_reader_of_the_app_has_the_memory_that_is_reckoned_with(site: Any) -> None:
    app = site.app(VAXCERT_APP_READERS="3")
    readers = list(app.extensions["desk"]._readers.queue)
    assert [reader._memory_limit for reader in readers] == [desk.READER_MEMORY] * 3
