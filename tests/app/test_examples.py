"""The example clients, as a developer types them, and the settings that are shown for a province."""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
TOKEN = "sixteen characters"


@pytest.fixture
def address(site: Any, serve: Any) -> str:
    return str(serve(site.app(VAXCERT_APP_TOKEN=TOKEN)))


@pytest.mark.parametrize(
    ("program", "script"),
    [(sys.executable, "verify.py"), ("node", "verify.mjs"), ("sh", "verify.sh")],
    ids=["python", "javascript", "curl"],
)
def test_the_clients_tell_good_cards_from_others(
    address: str, text: str, picture: Any, tmp_path: Path, missing: Any, program: str, script: str
) -> None:
    for needed in (program, "curl") if program == "sh" else (program,):
        if shutil.which(needed) is None:
            missing(f"no {needed} on the path")
    (tmp_path / "card.png").write_bytes(picture(text))

    def ran(card: str, token: str = TOKEN) -> Any:
        return subprocess.run(
            [program, str(ROOT / "examples" / "api" / script), address, card],
            cwd=tmp_path, env={**os.environ, "VAXCERT_APP_TOKEN": token}, capture_output=True, text=True, timeout=60,
        )  # fmt: skip

    for card in (text, "card.png"):
        good = ran(card)
        assert (good.returncode, "accepted" in good.stdout) == (0, True), good
        assert "TEST" in good.stdout or '"environment":"test"' in good.stdout
    bad = ran("HC1:NOTHING")
    assert "refused" in bad.stdout
    assert "accepted" not in bad.stdout
    stranger = ran(text, "a wrong token, and long enough")
    assert "accepted" not in stranger.stdout
    assert stranger.returncode != 0


def test_the_settings_for_a_province_are_good_ones(tmp_path: Path) -> None:
    from verifier_app.config import Settings

    found = Settings.from_variables({"VAXCERT_APP_CONFIG": str(ROOT / "deploy" / "app.toml")})
    assert (found.trust, found.proxies, found.trial, found.debug) == (Path("/srv/vaxcert/store"), 1, False, False)


def test_a_server_takes_the_configuration_that_comes_with_the_app(site: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor
    from types import SimpleNamespace

    from verifier_app import server

    app = site.app(VAXCERT_APP_AT_ONCE="2")
    with ThreadPoolExecutor(1) as pool:
        server.post_worker_init(SimpleNamespace(tpool=pool, wsgi=app))
        waiting = app.extensions["gate"].waiting
        assert waiting() == 0
        let_go = threading.Event()
        for _ in range(5):
            pool.submit(let_go.wait)
        try:
            # One is at work, and more wait than fit.
            assert waiting() >= 3
            assert app.test_client().get("/").status_code == 503
            assert app.test_client().get("/healthz").status_code == 200
        finally:
            let_go.set()
    assert app.test_client().get("/").status_code == 200
    server.post_worker_init(SimpleNamespace(wsgi=app))
