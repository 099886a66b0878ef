"""What the app hands to a page that goes on without it: each part with its hash, the publication, and nothing else."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from gates import Gate

from vaxcert import ConfigurationError


@pytest.fixture
def gate(tmp_path: Path, now: datetime) -> Iterator[Gate]:
    made = Gate(tmp_path / "gate", now)
    yield made
    made.close()


def told(worker: str) -> Any:
    found = re.match(r"const KEPT = (.*);\n", worker)
    assert found is not None
    return json.loads(found[1])


def test_each_part_that_the_worker_keeps_is_what_the_app_sends(gate: Gate) -> None:
    client = gate.app().test_client()
    kept = told(client.get("/worker.js").text)
    assert len(kept["files"]) > 30
    for address, expected in kept["files"].items():
        answer = client.get(address)
        assert (answer.status_code, hashlib.sha256(answer.data).hexdigest()) == (200, expected), address
    # All that the page loads is among them.
    page = client.get(kept["page"]).text
    wanted = re.findall(r'(?:href|src|data-worker|data-device|data-sayings)="(/[^"?]*\.\w+)"', page)
    assert set(wanted) <= kept["files"].keys()


def test_the_page_that_is_kept_is_nobodys_own(gate: Gate) -> None:
    app = gate.app()
    plain = app.test_client()
    chosen = app.test_client()
    chosen.set_cookie("lang", "en")
    chosen.set_cookie("mode", "ward")
    assert chosen.get("/page.html").text == plain.get("/page.html").text
    assert chosen.get("/worker.js").text == plain.get("/worker.js").text
    assert 'lang="vi"' in plain.get("/page.html").text


def test_a_change_of_any_part_is_another_version(gate: Gate) -> None:
    client = gate.app().test_client()
    before = told(client.get("/worker.js").text)["version"]
    assert told(client.get("/worker.js").text)["version"] == before
    assert told(gate.app(VAXCERT_APP_LANGUAGE="en").test_client().get("/worker.js").text)["version"] != before
    # The publication is not one of them: it comes by its own way.
    gate.publish()
    assert told(client.get("/worker.js").text)["version"] == before


def test_the_publication_is_handed_on_as_it_is_published_and_nothing_else_of_the_store_is(gate: Gate) -> None:
    client = gate.app().test_client()
    out = gate.folder / "out"
    for path in (
        out / "metadata" / "timestamp.json",
        *(out / "metadata").glob("[0-9]*.json"),
        *(out / "targets" / "pages").iterdir(),
    ):
        answer = client.get(f"/published/{path.relative_to(out).as_posix()}")
        assert answer.data == path.read_bytes(), path
    # The next root is not there yet, which is where a page stops asking.
    for name in ("metadata/2.root.json", "targets/trust.json", "state.json", "../state.json", "%2e%2e/state.json", ""):
        assert client.get(f"/published/{name}").status_code == 404, name


def test_a_root_that_was_rotated_is_handed_on_with_those_before(gate: Gate) -> None:
    client = gate.app().test_client()
    gate.publisher.rotate(("timestamp",), passphrase="publisher's secret", root_passphrase="root's secret")
    gate.publish()
    for version in (1, 2):
        path = gate.folder / "out" / "metadata" / f"{version}.root.json"
        assert client.get(f"/published/metadata/{version}.root.json").data == path.read_bytes()
    assert json.loads(client.get("/page.json").data)["root"] == path.read_text()


@pytest.mark.parametrize("address", ["/page.html", "/page.json", "/words.json", "/worker.js", "/page.webmanifest", "/published/metadata/timestamp.json"])  # fmt: skip
def test_where_nothing_is_published_for_pages_or_the_operator_says_no_there_is_none_of_it(
    gate: Gate, client: Any, address: str
) -> None:
    for without in (client, gate.app(VAXCERT_APP_ON_DEVICE="0").test_client()):
        assert without.get(address).status_code == 404
        assert "data-device" not in without.get("/").text
    assert gate.app().test_client().get(address).status_code == 200


def test_an_operators_own_rules_come_with_the_page_and_are_said_to_be_unsigned(gate: Gate, tmp_path: Path) -> None:
    (tmp_path / "door.toml").write_bytes(b'title = { en = "Door", vi = "C" }\ndiseases = ["COVID-19"]\ndoses = 1\n')
    client = gate.app(VAXCERT_APP_RULES=str(tmp_path / "door.toml"), VAXCERT_APP_MODE="door").test_client()
    settings = json.loads(client.get("/page.json").data)
    assert [(one["mode"], one["signed"]) for one in settings["rules"]] == [("door", False)]
    assert settings["usual"] == "door"
    assert json.loads(gate.app().test_client().get("/page.json").data)["rules"] is None


def test_pages_may_fetch_from_the_one_other_server_that_is_set(gate: Gate) -> None:
    client = gate.app(VAXCERT_APP_PUBLISHED="https://lists.example/a/published").test_client()
    assert json.loads(client.get("/page.json").data)["published"] == "https://lists.example/a/published/"
    policy = client.get("/page.html").headers["Content-Security-Policy"]
    assert "connect-src 'self' https://lists.example;" in policy
    assert "connect-src 'self';" in gate.app().test_client().get("/").headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "address", ["lists.example", "http://lists.example/", "https://lists.example/?a", "https://lists.example/ x",
                "https://LISTS.example/", "https://lists.example/;script-src", "ftp://lists.example/"],
)  # fmt: skip
def test_an_address_that_no_page_may_fetch_from_is_refused(gate: Gate, address: str) -> None:
    with pytest.raises(ConfigurationError, match="VAXCERT_APP_PUBLISHED"):
        gate.app(VAXCERT_APP_PUBLISHED=address)


def test_files_for_a_server_of_files_are_written_or_it_is_said_why_not(gate: Gate, site: Any, tmp_path: Path) -> None:
    from verifier_app.shift import parts

    with gate.app().test_request_context("/"):
        names = parts.write(tmp_path / "www")
    kept = told((tmp_path / "www" / "worker.js").read_text("utf-8"))
    for address, expected in kept["files"].items():
        assert hashlib.sha256((tmp_path / "www" / address[1:]).read_bytes()).hexdigest() == expected
    assert sorted(names) == sorted(one.relative_to(tmp_path / "www").as_posix() for one in (tmp_path / "www").rglob("*") if one.is_file())  # fmt: skip
    assert 'data-check=""' in (tmp_path / "www" / "index.html").read_text("utf-8")
    with site.app().test_request_context("/"), pytest.raises(ConfigurationError, match="nothing for pages"):
        parts.write(tmp_path / "other")
