"""The interface for programs: its description is true, and nothing that is sent makes it fail."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from vaxcert import ConfigurationError
from vaxcert.cli.demo import tamper

TOKEN = "sixteen characters"


@pytest.mark.parametrize(
    ("variables", "headers"),
    [
        ({"VAXCERT_APP_TRIAL": "1", "VAXCERT_APP_DEBUG": "1"}, []),
        ({"VAXCERT_APP_TOKEN": TOKEN}, ["--header", f"Authorization: Bearer {TOKEN}"]),
    ],
    ids=["debug", "token"],
)
def test_every_answer_is_as_described(
    site: Any, serve: Any, tmp_path: Path, variables: dict[str, str], headers: list[str]
) -> None:
    url = serve(site.app(VAXCERT_APP_RATE="1000000", **variables))
    config = Path(__file__).with_name("schemathesis.toml")
    cases = os.environ.get("VAXCERT_API_CASES", "60")
    options = ["--checks", "all", "--max-examples", cases, "--seed", "1", "--no-color", *headers]
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run", f"{url}/openapi.json"]
    ran = subprocess.run([*command, *options], cwd=tmp_path, capture_output=True, text=True, timeout=500)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "Tested: 4" in ran.stdout if "VAXCERT_APP_DEBUG" in variables else "Tested: 3" in ran.stdout
    assert "No issues found" in ran.stdout


def test_the_description_names_what_is_there_and_nothing_else(site: Any) -> None:
    plain = site.app().test_client().get("/openapi.json").json
    assert sorted(plain["paths"]) == ["/healthz", "/openapi.json", "/readyz", "/verify"]
    assert "securitySchemes" not in plain["components"]
    debug = site.app(VAXCERT_APP_TRIAL="1", VAXCERT_APP_DEBUG="1", VAXCERT_APP_TOKEN=TOKEN).test_client()
    assert "/inspect" in debug.get("/openapi.json").json["paths"]
    assert "401" in debug.get("/openapi.json").json["paths"]["/verify"]["post"]["responses"]


def test_verdicts_are_as_described(site: Any, text: str, forge: Any) -> None:
    import jsonschema

    client = site.app().test_client()
    document = client.get("/openapi.json").json
    schema = {"$ref": "#/components/schemas/Verdict", "components": document["components"]}
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    cards = [
        text,
        tamper(text),
        "nothing",
        forge.card(forge.dcc(v=..., t=[forge.test()])),
        forge.card(forge.dcc(v=..., r=[forge.recovery()])),
        forge.card(exp=1),
    ]
    kinds = set()
    for card in cards:
        verdict = client.post("/verify", json={"text": card}).json
        validator.validate(verdict)
        kinds |= {entry["kind"] for entry in (verdict["certificate"] or {"entries": []})["entries"]}
    assert kinds == {"vaccination", "test", "recovery"}
    wrong = {**verdict, "status": "fine"}
    assert not validator.is_valid(wrong)


def test_every_step_is_shown_in_debug_mode_alone(site: Any, text: str) -> None:
    assert site.app().test_client().post("/inspect", json={"text": text}).status_code == 404
    with pytest.raises(ConfigurationError, match="VAXCERT_APP_TRIAL"):
        site.app(VAXCERT_APP_DEBUG="1")
    client = site.app(VAXCERT_APP_TRIAL="1", VAXCERT_APP_DEBUG="1").test_client()
    answer = client.post("/inspect", json={"text": text}).json
    assert [step["title"] for step in answer["steps"]][2].startswith("inflated")
    assert (answer["broken"], answer["verdict"]["status"]) == (None, "accepted")
    broken = client.post("/inspect", json={"text": "HC1:ABC"}).json
    assert broken["broken"] == {"stage": "compression", "reason": "compression_invalid"}
    assert client.post("/inspect", data=b"x", content_type="image/png").status_code == 415


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ('languge = "vi"', "languge: no such setting"),
        ('language = "fr"', "language: neither vi nor en"),
        ("return_after = 601", "return_after: not a number from 0 to 600"),
        ("trial = 2", "trial: neither 0 nor 1"),
        ('token = "a secret', "not a TOML file"),
    ],
)
def test_a_file_that_is_wrong_is_refused_and_not_quoted(tmp_path: Path, lines: str, says: str) -> None:
    from verifier_app.config import Settings

    (tmp_path / "app.toml").write_text(lines)
    with pytest.raises(ConfigurationError, match=says) as raised:
        Settings.from_variables({"VAXCERT_TRUST": "store", "VAXCERT_APP_CONFIG": str(tmp_path / "app.toml")})
    assert "secret" not in str(raised.value)
    with pytest.raises(ConfigurationError, match="not a TOML file"):
        Settings.from_variables({"VAXCERT_TRUST": "store", "VAXCERT_APP_CONFIG": str(tmp_path / "none.toml")})


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_file_is_read_as_its_editor_saved_it(tmp_path: Path, encoding: str) -> None:
    from verifier_app.config import Settings

    (tmp_path / "app.toml").write_bytes('trust = "/srv/kho khóa"\r\n'.encode(encoding))
    found = Settings.from_variables({"VAXCERT_APP_CONFIG": str(tmp_path / "app.toml")})
    assert found.trust == Path("/srv/kho khóa")


def test_a_file_says_all_and_a_variable_wins_over_it(tmp_path: Path) -> None:
    from verifier_app.config import Settings

    (tmp_path / "app.toml").write_text(
        'trust = "/srv/store"\ntrial = true\nlanguage = "en"\nreturn_after = 5\nsame_card = 0\n'
        'token = "sixteen characters"\nrate = 9\nat_once = 8\nreaders = 1\nproxies = 1\ndebug = true\n'
        'cors = "https://clinic.example, http://localhost:3000"\nmetrics = "127.0.0.1:9102"\nlog = "json"\n'
    )
    given = {"VAXCERT_APP_CONFIG": str(tmp_path / "app.toml"), "VAXCERT_APP_RATE": "77"}
    found = Settings.from_variables(given)
    assert found == Settings(
        trust=Path("/srv/store"), trial=True, debug=True, language="en", return_after=5, same_card=0,
        token="sixteen characters", rate=77, at_once=8, readers=1, proxies=1,
        cors=("https://clinic.example", "http://localhost:3000"), metrics="127.0.0.1:9102", log="json",
    )  # fmt: skip


def test_more_than_fit_at_once_are_told_to_come_again(site: Any, text: str) -> None:
    app = site.app(VAXCERT_APP_AT_ONCE="1")
    inner = []

    def slow(card: str, mode: str) -> Any:
        # Asked while the first is being judged, as another thread would.
        if not inner:
            inner.append(app.test_client().post("/verify", json={"text": card}))
            inner.append(app.test_client().get("/healthz"))
        return judged(card, mode)

    desk = app.extensions["desk"]
    judged, desk.verify = desk.verify, slow
    client = app.test_client()
    assert client.post("/verify", json={"text": text}).json["status"] == "accepted"
    assert (inner[0].status_code, inner[0].json["type"]) == (503, "urn:vaxcert:problem:busy")
    assert inner[0].headers["Retry-After"] == "1"
    assert inner[1].status_code == 200
    # The place is free again, after a fault as well.
    desk.verify = lambda *_: 1 / 0
    assert [client.post("/verify", json={"text": text}).status_code for _ in range(3)] == [500, 500, 500]
    desk.verify = judged
    assert client.post("/verify", json={"text": text}).json["status"] == "accepted"


def test_behind_a_server_each_phone_has_its_own_limit(site: Any, text: str) -> None:
    shared = site.app(VAXCERT_APP_RATE="2").test_client()
    own = site.app(VAXCERT_APP_RATE="2", VAXCERT_APP_PROXIES="1").test_client()

    def asked(client: Any, forwarded: str) -> int:
        return int(client.post("/verify", json={"text": text}, headers={"X-Forwarded-For": forwarded}).status_code)

    # Without proxies a header that anybody can write changes nothing.
    assert [asked(shared, f"192.0.2.{last}") for last in range(4)] == [200, 200, 429, 429]
    assert [asked(own, f"192.0.2.{last}") for last in range(4)] == [200] * 4
    # What a phone itself says stands further left, and does not count.
    assert [asked(own, f"198.51.100.{last}, 192.0.2.9") for last in range(4)] == [200, 200, 429, 429]


def test_pictures_that_are_none_are_told_to_people_too(site: Any) -> None:
    client = site.app().test_client()
    for content, expected in ((b"no picture", 422), (b"", 422)):
        answer = client.post(
            "/check", data={"picture": (io.BytesIO(content), "a.png")}, content_type="multipart/form-data"
        )
        assert answer.status_code == expected


def test_every_setting_is_documented() -> None:
    from verifier_app import config

    table = (Path(__file__).parents[2] / "docs" / "app.md").read_text("utf-8")
    rows = re.findall(r"^\| `(VAXCERT_\w+)` \| (?:`(\w+)`)? ?\|", table, re.MULTILINE)
    assert dict(rows) == {**config._IN_FILE, "VAXCERT_APP_CONFIG": ""}
