"""The engine in a page of Debian's Chromium, beside a server of the test's own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from both import ENGINE, Engine, Server

# Without these the browser looks for its maker's servers at every start.
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip


@pytest.fixture(scope="session")
def _pages() -> Iterator[Callable[[], Any] | str]:
    """Makes pages, or says what is missing for it."""
    program = os.environ.get("VAXCERT_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        yield "no chromium on the path"
        return
    if not ENGINE.is_file():
        yield "the engine is not there: `make assets`"
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, Server().running() as server:
        browser = playwright.chromium.launch(executable_path=program, args=list(QUIET))

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
