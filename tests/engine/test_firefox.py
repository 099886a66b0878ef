"""The table, and cards of the mutator, once in a second engine: Debian's Firefox, whose page posts its verdicts here."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from both import ENGINE, JUDGE, Case, Server, differences
from mutated import each_mutation, seeds
from mutator import HALVES, World
from reasons import FILES, judged, table

from vaxcert.rules import bundle

CASES = 200
SECONDS = 180
# A profile that asks nobody anything at its start.
_QUIET = """
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("app.normandy.enabled", false);
user_pref("app.update.enabled", false);
user_pref("browser.safebrowsing.malware.enabled", false);
user_pref("browser.safebrowsing.phishing.enabled", false);
user_pref("extensions.getAddons.cache.enabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("network.dns.disablePrefetch", true);
user_pref("services.settings.server", "data:,");
user_pref("toolkit.telemetry.enabled", false);
"""
_SCRIPT = f"""
window.engine = await import('/engine.js')
const said = []
try {{
  for (const [bundle, cases] of await (await fetch('/given.json')).json()) {{
    window.trust = await engine.Trust.of(bundle)
    said.push(await ({JUDGE})(cases))
  }}
}} catch (error) {{ said.push([{{threw: String(error)}}]) }}
await fetch('/said', {{method: 'POST', body: JSON.stringify(said)}})
"""


@pytest.fixture
def firefox(missing: Callable[[str], None], tmp_path: Path) -> Callable[[str], subprocess.Popen[bytes]]:
    """Starts the browser on a page, with a profile of its own."""
    program = os.environ.get("VAXCERT_FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")
    if program is None:
        missing("no firefox on the path")
    if not ENGINE.is_file():
        missing("the engine is not there: `make assets`")

    def started(url: str) -> subprocess.Popen[bytes]:
        profile = tmp_path / "profile"
        profile.mkdir()
        (profile / "user.js").write_text(_QUIET)
        command = [str(program), "--headless", "--no-remote", "--profile", str(profile), url]
        environ = os.environ | {"HOME": str(tmp_path), "MOZ_CRASHREPORTER_DISABLE": "1"}
        return subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    return started


def said_by(firefox: Callable[[str], subprocess.Popen[bytes]], given: list[tuple[Any, list[Case]]]) -> Any:
    """The verdicts that a page in it posts, of the cards of each bundle."""
    server = Server()
    asked = [[bundle, [[case.text, case.options] for case in cases]] for bundle, cases in given]
    server.files |= {
        "/": ("text/html", server.files["/"][1] + b'<script type="module" src="/judge.js"></script>'),
        "/judge.js": ("text/javascript", _SCRIPT.encode()),
        "/given.json": ("application/json", json.dumps(asked).encode()),
    }
    with server.running():
        browser = firefox(server.url)
        try:
            assert server.arrived.wait(SECONDS), "no verdicts came"
        finally:
            browser.terminate()
            browser.wait(30)
    (said,) = server.posted
    return said


@pytest.mark.slow
def test_a_second_browsers_engine_gives_the_same_verdicts(
    firefox: Callable[[str], subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    world = World(tmp_path)
    mutated = [*each_mutation(world), *(case for half in HALVES for case in seeds(world, half, range(CASES)))]
    given = [(bundle.of(world.verifier.trust), mutated)]
    asks: list[Any] = [(world.verifier, None)]
    for setting, keys, rows in table(tmp_path).rows.values():
        verifier, options = judged(setting, keys)
        given.append((bundle.of(verifier.trust, FILES, signed=True), [row._replace(options=options) for row in rows]))
        asks.append((verifier, setting.at))
    said = said_by(firefox, given)
    assert len(said) == len(given), said[-1]
    wrong = []
    for (verifier, at), (_, cases), verdicts in zip(asks, given, said, strict=True):
        wrong += differences(verifier, cases, verdicts, lambda one, case, at=at: one.verify(case.text, at))  # type: ignore[misc]
    assert not wrong, "\n".join([f"{len(wrong)} cards:", *wrong[:20]])
    assert {"accepted", "refused", "undetermined"} == {verdict["status"] for verdict in said[0]}
