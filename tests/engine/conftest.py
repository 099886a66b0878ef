"""The engine in a page of Debian's Chromium, beside a server of the test's own."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from both import ENGINE, ROOT, Engine, Server

VECTORS = Path(os.environ.get("VAXCERT_VECTORS", ROOT.parent / "shared" / "vectors"))
CASES = Path(os.environ.get("VAXCERT_CASES", ROOT.parent / "shared" / "cases"))
ESBUILD = ROOT / "node_modules" / ".bin" / "esbuild"

# Without these the browser looks for its maker's servers at every start.
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip


@pytest.fixture(scope="session")
def _pages(request: pytest.FixtureRequest) -> Iterator[Callable[[], Any] | str]:
    """Makes pages, or says what is missing for it."""
    program = os.environ.get("VAXCERT_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        yield "no chromium on the path"
        return
    if not ENGINE.is_file():
        yield "the engine is not there: `make assets`"
        return
    with Server().running() as server:
        browser = request.getfixturevalue("playwright").chromium.launch(executable_path=program, args=list(QUIET))

        def opened() -> Any:
            page = browser.new_page()
            page.goto(server.url)
            return page

        yield opened
        browser.close()


@pytest.fixture
def engine(_pages: Any, missing: Callable[[str], None]) -> Iterator[Engine]:
    """The engine in a page of its own."""
    if isinstance(_pages, str):
        missing(_pages)
    page = _pages()
    yield Engine(page)
    page.close()


@pytest.fixture(scope="session")
def _parts(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The engine's parts, each to be asked by itself, as a script."""
    bundled = tmp_path_factory.mktemp("parts") / "parts.js"
    command = [ESBUILD, Path(__file__).with_name("parts.ts"), "--bundle", "--format=esm", f"--outfile={bundled}"]
    subprocess.run([*map(str, command), "--log-level=warning"], check=True)
    return bundled.read_bytes()


@pytest.fixture
def ask(
    _pages: Any, missing: Callable[[str], None], request: pytest.FixtureRequest
) -> Iterator[Callable[..., list[Any]]]:
    """Asks a part of the engine, in a page, about each of several things."""
    if isinstance(_pages, str):
        missing(_pages)
    if not ESBUILD.exists():
        missing("no esbuild: `make assets`")
    script = request.getfixturevalue("_parts")
    page = _pages()
    page.route("**/parts.js", lambda route: route.fulfill(body=script, content_type="text/javascript"))
    page.evaluate("async () => { window.parts = await import('/parts.js') }")

    def asked(part: str, given: list[Any]) -> list[Any]:
        found = []
        for at in range(0, len(given), 1_000):
            found += page.evaluate("([part, given]) => parts.ask(part, given)", [part, given[at : at + 1_000]])
        return found

    yield asked
    page.close()


@pytest.fixture
def vectors(missing: Callable[[str], None]) -> Path:
    """The folder of other systems' vectors; skips, or fails where they are required, if it is not there."""
    if not VECTORS.is_dir():
        missing(f"no vectors in {VECTORS}: set VAXCERT_VECTORS")
    return VECTORS


@pytest.fixture
def cases(missing: Callable[[str], None]) -> Path:
    """The folder of small inputs of the field; skips, or fails where they are required, if it is not there."""
    if not CASES.is_dir():
        missing(f"no cases in {CASES}: set VAXCERT_CASES")
    return CASES
