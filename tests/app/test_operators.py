"""For whoever runs the app or builds on it: paths, other origins, numbers, log lines, packed files."""

import gzip
import json
import logging
import re
import signal
import socket
import subprocess
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import urllib3

from vaxcert import ConfigurationError, SigningKey

ORIGIN = "https://clinic.example"


# Under a path


def test_under_a_prefix_every_address_of_the_app_begins_with_it(site: Any) -> None:
    client = site.app(VAXCERT_APP_PROXIES="1").test_client()
    behind = {"X-Forwarded-Prefix": "/checks/east"}
    for path in ("/", "/status"):
        page = client.get(path, headers=behind).text
        addresses = re.findall(r'(?:href|src|action|data-check|data-state|data-worker)="([^"]+)"', page)
        assert len(addresses) > 2
        assert all(address.startswith("/checks/east/") for address in addresses), addresses
    verdict = client.post("/check", data={"text": "HC1:X"}, headers=behind).text
    assert 'href="/checks/east/"' in verdict
    chosen = client.get("/?lang=en", headers=behind)
    assert chosen.headers["Location"] == "/checks/east/"
    assert "Path=/checks/east/;" in chosen.headers["Set-Cookie"]
    assert client.get("/openapi.json", headers=behind).json["servers"] == [{"url": "/checks/east"}]
    assert client.get("/static/app.css", headers=behind).status_code == 200
    # A slash at the end is the same path.
    assert client.get("/?lang=en", headers={"X-Forwarded-Prefix": "/a/"}).headers["Location"] == "/a/"


HOSTILE = [
    "//evil.example", "/a//b", "/..", "/a/../b", "/a..", "https://evil.example", "evil", "/", "/a b", '/"><script>',
    "/a?b", "/a#b", "/%2e%2e", "/a\\b", "/\u00e9", "/a;b", "/" + "a" * 300, "/a, /b c", "",
]  # fmt: skip


@pytest.mark.parametrize("prefix", HOSTILE)
def test_a_hostile_prefix_changes_nothing(site: Any, prefix: str) -> None:
    client = site.app(VAXCERT_APP_PROXIES="1").test_client()
    plain, hostile = client.get("/"), client.get("/", headers={"X-Forwarded-Prefix": prefix})
    assert (hostile.status_code, hostile.data) == (200, plain.data)
    assert client.get("/?lang=en", headers={"X-Forwarded-Prefix": prefix}).headers["Location"] == "/"


def test_a_prefix_counts_behind_as_many_servers_as_were_told_alone(site: Any) -> None:
    def location(proxies: str, prefix: str) -> str:
        client = site.app(VAXCERT_APP_PROXIES=proxies).test_client()
        return str(client.get("/?lang=en", headers={"X-Forwarded-Prefix": prefix}).headers["Location"])

    assert location("0", "/forged") == "/"
    # What the sender said itself stands further left.
    assert location("1", "/forged, /real") == "/real/"
    assert location("2", "/forged, /real, /inner") == "/real/"
    assert location("2", "/only") == "/"


# Other origins


@pytest.mark.parametrize(
    "origins",
    ["*", "null", "https://a.example/", "https://a.example/path", "http://a.example", "a.example", "https://A.example",
     "https://a.example:443", "http://localhost:80", "https://a.example:70000", "https://u@a.example", "ftp://a.example",
     "https://a.example https://*.example", "https://"],
)  # fmt: skip
def test_an_origin_that_is_none_or_goes_without_tls_ends_the_start(site: Any, origins: str) -> None:
    with pytest.raises(ConfigurationError, match="VAXCERT_APP_CORS"):
        site.app(VAXCERT_APP_CORS=origins)


def test_pages_of_a_listed_origin_may_ask_and_read_and_of_no_other(site: Any, text: str) -> None:
    client = site.app(VAXCERT_APP_CORS=f"{ORIGIN}, http://localhost:3000 http://[::1]:1").test_client()
    good = client.post("/verify", json={"text": text}, headers={"Origin": ORIGIN})
    assert good.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "Retry-After" in good.headers["Access-Control-Expose-Headers"]
    local = client.get("/openapi.json", headers={"Origin": "http://localhost:3000"})
    assert local.headers["Access-Control-Allow-Origin"] == "http://localhost:3000"
    # A problem can be read as well.
    assert "Access-Control-Allow-Origin" in client.post("/verify", headers={"Origin": ORIGIN}).headers
    for origin in ("https://evil.example", "null", "https://clinic.example.evil.example", f"{ORIGIN}:8443", ""):
        other = client.post("/verify", json={"text": text}, headers={"Origin": origin})
        assert not [name for name, _ in other.headers if name.startswith("Access-Control")], origin
        assert "Origin" in other.headers["Vary"]
    for path in ("/", "/status", "/state", "/healthz", "/static/app.css"):
        assert "Access-Control-Allow-Origin" not in client.get(path, headers={"Origin": ORIGIN}).headers
    assert "Access-Control-Allow-Origin" not in client.post("/check", headers={"Origin": ORIGIN}).headers


def test_a_browser_that_asks_first_is_answered_and_never_told_to_send_cookies(site: Any) -> None:
    client = site.app(
        VAXCERT_APP_CORS=ORIGIN, VAXCERT_APP_TOKEN="sixteen characters", VAXCERT_APP_RATE="1"
    ).test_client()
    asks = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    for _ in range(3):
        answer = client.options("/verify", headers=asks)
        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert answer.headers["Access-Control-Allow-Methods"] == "POST"
        assert answer.headers["Access-Control-Allow-Headers"] == "Authorization, Content-Type"
        assert "Access-Control-Allow-Credentials" not in answer.headers
    stranger = client.options("/verify", headers={**asks, "Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in stranger.headers


def test_without_the_setting_no_origin_is_let_in(client: Any) -> None:
    for answer in (
        client.post("/verify", headers={"Origin": ORIGIN}),
        client.options("/verify", headers={"Origin": ORIGIN}),
    ):
        assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]
        assert "Origin" not in answer.headers.get("Vary", "")


# Packed files


def test_the_apps_own_files_are_packed_for_whoever_takes_them_so(client: Any) -> None:
    for name, kind in (("js/app.js", "text/javascript"), ("app.css", "text/css"), ("icon.svg", "image/svg+xml")):
        plain = client.get(f"/static/{name}")
        packed = client.get(f"/static/{name}", headers={"Accept-Encoding": "br, gzip"})
        assert "Content-Encoding" not in plain.headers
        assert (packed.headers["Content-Encoding"], packed.mimetype) == ("gzip", kind)
        assert gzip.decompress(packed.data) == plain.data
        assert len(packed.data) < len(plain.data)
        assert packed.headers["ETag"] != plain.headers["ETag"]
        assert {plain.headers["Vary"], packed.headers["Vary"]} == {"Accept-Encoding"}
        assert packed.headers["Cache-Control"] == "max-age=3600"
        plain.close()
    refused = client.get("/static/app.css", headers={"Accept-Encoding": "gzip;q=0, *;q=0"})
    assert "Content-Encoding" not in refused.headers
    refused.close()


def test_a_packed_file_that_a_browser_has_is_not_sent_again(client: Any) -> None:
    takes = {"Accept-Encoding": "gzip"}
    tag = client.get("/static/app.css", headers=takes).headers["ETag"]
    again = client.get("/static/app.css", headers={**takes, "If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    part = client.get("/static/app.css", headers={**takes, "Range": "bytes=0-9"})
    assert (part.status_code, len(part.data), "Content-Encoding" in part.headers) == (206, 10, False)
    part.close()


def test_a_file_that_has_changed_is_packed_anew_and_none_outside_is_reached(
    site: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = site.app()
    (tmp_path / "files").mkdir()
    (tmp_path / "secret.js").write_text("secret")
    monkeypatch.setattr(app, "static_folder", str(tmp_path / "files"))
    client, takes = app.test_client(), {"Accept-Encoding": "gzip"}
    for content in ("first", "second one"):
        (tmp_path / "files" / "a.js").write_text(content)
        assert gzip.decompress(client.get("/static/a.js", headers=takes).data).decode() == content
    for path in ("../secret.js", "%2e%2e/secret.js", "none.js", "a\0.js"):
        assert client.get(f"/static/{path}", headers=takes).status_code == 404


def test_no_verdict_is_packed(client: Any, text: str) -> None:
    takes = {"Accept-Encoding": "gzip"}
    for answer in (
        client.post("/verify", json={"text": text}, headers=takes), client.post("/check", data={"text": text}, headers=takes),
        client.get("/", headers=takes),
    ):  # fmt: skip
        assert "Content-Encoding" not in answer.headers


# Numbers and log lines, of real servers


@pytest.fixture
def port() -> int:
    return free()


def free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def end(server: "subprocess.Popen[str]") -> str:
    """All that it said."""
    if server.poll() is None:
        server.terminate()
    return server.communicate(timeout=30)[1] if server.stderr and not server.stderr.closed else ""


def ask(url: str, path: str = "/healthz", **options: Any) -> Any:
    """The answer, once the server is up; each by a connection of its own, so that all processes get some."""
    method = "POST" if {"json", "body", "fields"} & options.keys() else "GET"
    for _ in range(200):
        try:
            with urllib3.PoolManager(retries=False) as pool:
                return pool.request(method, url + path, **options)
        except urllib3.exceptions.HTTPError:
            time.sleep(0.05)
    raise AssertionError("it did not answer within ten seconds")


def numbers(port: int) -> dict[str, float]:
    lines = ask(f"http://127.0.0.1:{port}", "/metrics").data.decode().splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}


@pytest.mark.parametrize("workers", [1, 3])
def test_the_numbers_are_those_of_all_processes_together(
    gunicorn: Any, picture: Any, port: int, text: str, workers: int
) -> None:
    from PIL import Image

    url, _ = gunicorn(workers, VAXCERT_APP_METRICS=f"127.0.0.1:{port}")
    ask(url)
    for _ in range(12):
        assert ask(url, "/verify", json={"text": "HC1:X"}).json()["status"] == "refused"
    image = {"body": picture(text), "headers": {"Content-Type": "image/png"}}
    assert ask(url, "/verify", **image).json()["reason"] == "key_unknown"
    from io import BytesIO

    stream = BytesIO()
    Image.new("L", (200, 200), 255).save(stream, "PNG")
    assert ask(url, "/verify", body=stream.getvalue(), headers=image["headers"]).status == 422
    assert ask(url, "/Nguyen/Van/A").status == 404
    found = numbers(port)
    assert found['vaxcert_verdicts_total{came="text",reason="base45_invalid",status="refused"}'] == 12
    assert found['vaxcert_verdicts_total{came="picture",reason="key_unknown",status="undetermined"}'] == 1
    assert found['vaxcert_pictures_total{codes="none"}'] == 1
    assert found['vaxcert_problems_total{code="no_code"}'] == 1
    assert found['vaxcert_problems_total{code="not_found"}'] == 1
    assert found['vaxcert_request_seconds_count{route="/verify"}'] == 14
    assert found['vaxcert_request_seconds_count{route="none"}'] == 1
    assert found["vaxcert_keys"] == 1
    assert 2 * 86_400 < found["vaxcert_list_left_seconds"] < 4 * 86_400
    assert not any("Nguyen" in name or "HC1" in name for name in found)
    # The app's own address has none, and the other has nothing else.
    assert ask(url, "/metrics").status == 404
    assert ask(f"http://127.0.0.1:{port}", "/verify").status == 404


def test_the_age_of_the_list_is_right_where_no_card_comes(gunicorn: Any, live: Any, port: int) -> None:
    gunicorn(VAXCERT_APP_METRICS=f"127.0.0.1:{port}")
    before = numbers(port)
    live.now += timedelta(hours=3)
    live.publisher.add(SigningKey.generate("VN", now=live.now - timedelta(days=1)).certificate)
    live.publish()
    after = numbers(port)
    assert (before["vaxcert_keys"], after["vaxcert_keys"]) == (1, 2)
    assert 10_000 < after["vaxcert_list_left_seconds"] - before["vaxcert_list_left_seconds"] < 11_000


def test_what_serves_the_numbers_ends_with_the_server_even_where_that_is_killed(
    gunicorn: Any, port: int, tmp_path: Path
) -> None:
    for finish in (subprocess.Popen.terminate, subprocess.Popen.kill):
        _, server = gunicorn(VAXCERT_APP_METRICS=f"127.0.0.1:{port}")
        numbers(port)
        (folder,) = tmp_path.glob("vaxcert-metrics-*")
        assert folder.stat().st_mode & 0o077 == 0
        finish(server)
        server.wait(30)
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) and not folder.exists():
                    break
            time.sleep(0.1)
        else:
            raise AssertionError("it is still there")


def test_an_address_of_the_numbers_that_is_in_use_ends_the_start_in_words(gunicorn: Any, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        _, server = gunicorn(VAXCERT_APP_METRICS=f"127.0.0.1:{port}")
        assert server.wait(30) == 1
        said = end(server)
    assert f"Error: VAXCERT_APP_METRICS: 127.0.0.1:{port} cannot be listened at (Address already in use)" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    "address",
    ["0.0.0.0:9102", "192.0.2.1:9102", "[::]:9102", "localhost:9102", "127.0.0.1", "127.0.0.1:0", ":9102", "9102"],
)
def test_numbers_are_told_to_this_machine_alone(site: Any, address: str) -> None:
    with pytest.raises(ConfigurationError, match="VAXCERT_APP_METRICS: not an address of this machine alone"):
        site.app(VAXCERT_APP_METRICS=address)


def test_numbers_without_what_counts_or_tells_them_end_the_start(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    with pytest.raises(ConfigurationError, match="needs gunicorn with"):
        site.app(VAXCERT_APP_METRICS="127.0.0.1:9102")
    monkeypatch.setattr("verifier_app.config.find_spec", lambda _: None)
    with pytest.raises(
        ConfigurationError, match=r"prometheus_client is missing: of vaxcert\[app\], which is not installed"
    ):
        site.app(VAXCERT_APP_METRICS="[::1]:9102")


def test_a_count_that_fails_does_not_cost_a_verdict(site: Any, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from verifier_app.watching.counts import PrometheusCounts

    app = site.app()
    counts = app.extensions["counts"] = PrometheusCounts()

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    for name in ("_verdicts", "_pictures", "_problems", "_seconds"):
        monkeypatch.setattr(getattr(counts, name), "labels", full)
    client = app.test_client()
    assert client.post("/verify", json={"text": text}).json["status"] == "accepted"
    assert client.post("/verify", data=b"x", content_type="image/png").status_code == 422


def test_as_json_each_line_is_an_object_and_says_nothing_of_anybody(gunicorn: Any, text: str) -> None:
    url, server = gunicorn(VAXCERT_APP_LOG="json")
    secret = "HC1:NGUYEN"
    ask(url)
    ask(url, "/verify", json={"text": secret})
    ask(url, f"/{secret}?q={secret}")
    ask(url, "/static/app.css")
    with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))) as raw:
        # Blanks are letters of Base45: such an address is no HTTP, and gunicorn's own line would quote it.
        raw.sendall(f"GET /{secret} A B HTTP/1.1\r\n\r\n".encode())
        assert b"400" in raw.recv(1000)
    said = end(server)
    lines = [json.loads(line) for line in said.splitlines()]
    told = {(line["method"], line["route"], line["status"]) for line in lines if line["event"] == "request"}
    assert {("GET", "/healthz", 200), ("POST", "/verify", 200), ("GET", "none", 404)} <= told
    assert ("GET", "/static/<path:filename>", 200) in told
    for line in lines:
        assert datetime.fromisoformat(line["time"]).utcoffset() == timedelta(0)
        assert {"level", "logger"} <= line.keys()
        assert line["event"] != "request" or line["ms"] >= 0
    assert "a request that is not HTTP" in {line["event"] for line in lines}
    assert "NGUYEN" not in said
    assert "127.0.0.1" not in said


def test_as_text_there_is_no_line_a_request_and_none_quotes_what_is_not_http(gunicorn: Any) -> None:
    url, server = gunicorn()
    ask(url)
    ask(url, "/verify", json={"text": "HC1:NGUYEN"})
    with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))) as raw:
        raw.sendall(b"GET /HC1:NGUYEN A B HTTP/1.1\r\n\r\n")
        raw.recv(1000)
    said = end(server)
    assert [line.split("] ")[-1] for line in said.splitlines()] == ["a request that is not HTTP"]


def test_a_reload_keeps_the_numbers_and_the_form_of_the_lines(gunicorn: Any, port: int) -> None:
    url, server = gunicorn(VAXCERT_APP_LOG="json", VAXCERT_APP_METRICS=f"127.0.0.1:{port}")
    key = 'vaxcert_verdicts_total{came="text",reason="base45_invalid",status="refused"}'
    ask(url, "/verify", json={"text": "HC1:X"})
    assert numbers(port)[key] == 1
    server.send_signal(signal.SIGHUP)
    time.sleep(2)
    ask(url, "/verify", json={"text": "HC1:X"})
    assert numbers(port)[key] == 2
    with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))) as raw:
        raw.sendall(b"GET /HC1:NGUYEN A B HTTP/1.1\r\n\r\n")
        raw.recv(1000)
    events = [json.loads(line)["event"] for line in end(server).splitlines()]
    assert events == ["request", "request", "a request that is not HTTP"]


def test_a_start_that_fails_says_why_in_a_json_line_too(gunicorn: Any, tmp_path: Path) -> None:
    _, server = gunicorn(VAXCERT_APP_LOG="json", VAXCERT_TRUST=str(tmp_path / "nowhere"))
    server.wait(30)
    lines = [json.loads(line) for line in end(server).splitlines() if line.startswith("{")]
    (fault,) = (line for line in lines if "error" in line)
    assert fault["error"].startswith("NotFoundError at ")
    assert fault["detail"].endswith("nowhere: No such file or directory")
    _, server = gunicorn(VAXCERT_APP_LOG="xml")
    assert server.wait(30) == 1
    assert "Error: VAXCERT_APP_LOG: neither text nor json" in end(server)


def test_a_fault_is_told_by_its_type_and_place_alone() -> None:
    from verifier_app.watching.logs import Discreet, Lines

    try:
        raise ValueError("Nguyễn")
    except ValueError as error:
        fault = error
    record = logging.LogRecord("gunicorn.error", logging.ERROR, "", 1, "Exception in it", (), (ValueError, fault, None))
    line = json.loads(Lines().format(record))
    assert line["error"].startswith("ValueError at ")
    assert "detail" not in line
    record = logging.LogRecord(
        "gunicorn.error", logging.ERROR, "", 1, "Error handling request %s", ("/Nguyễn",), (ValueError, fault, None)
    )
    assert Discreet().filter(record)
    assert record.getMessage().startswith("fault: ValueError at ")
    for form in (Lines(), logging.Formatter()):
        assert "Nguy" not in form.format(record)


def test_headers_that_only_a_server_in_front_may_set_change_nothing_at_the_server_itself(gunicorn: Any) -> None:
    url, _ = gunicorn()
    forged = {
        "SCRIPT_NAME": "/forged",
        "X-Forwarded-Prefix": "/forged",
        "Script-Name": "/forged",
        "X-Script-Name": "/f",
    }
    answer = ask(url, "/?lang=en", headers=forged, redirect=False)
    assert (answer.status, answer.headers["Location"]) == (302, "/")
    assert b"forged" not in ask(url, "/", headers=forged).data


def test_a_fault_of_what_serves_the_numbers_is_told_by_its_place_and_a_scraper_that_left_not_at_all(
    caplog: pytest.LogCaptureFixture,
) -> None:
    from verifier_app.watching.exporter import Exporter

    for fault in (ValueError("Nguyễn"), BrokenPipeError("Nguyễn")):
        try:
            raise fault
        except Exception:
            Exporter.handle_error(None, None, ("127.0.0.1", 1))  # type: ignore[arg-type]
    (said,) = [record.getMessage() for record in caplog.records]
    assert said.startswith("fault: ValueError at ")
    assert "Nguy" not in said
