"""A card through the library and through the engine in a page, and what the two say otherwise."""

from __future__ import annotations

import http.server
import json
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from vaxcert import Verifier
from vaxcert.wire import base45

ROOT = Path(__file__).parents[2]
ENGINE = ROOT / "verifier_app" / "static" / "vendor" / "engine" / "engine.js"
# The formats that the engine has, and what it says of others.
FORMATS = ("hcert", "shc", "nzcp", "icvp", "ddcc", "vhl")
NOT_HERE = ("format_unsupported", "format_unknown", "not_a_certificate")
# So many cards go to the page at once.
BATCH = 500
_EXACT = 2**53
_PAGE = b"<!doctype html><meta charset=utf-8><title>engine</title><link rel=icon href=data:,>"


class Case(NamedTuple):
    """A card's text, what it is told by where the two differ, and how the page is asked."""

    text: str
    told: str
    options: dict[str, Any] = {}  # noqa: RUF012  (never written to)


class Server:
    """Serves a blank page, the engine and what is put beside them; keeps what is posted to it."""

    def __init__(self) -> None:
        self.files: dict[str, tuple[str, bytes]] = {
            "/": ("text/html", _PAGE),
            "/engine.js": ("text/javascript", ENGINE.read_bytes()),
        }
        self.posted: list[Any] = []
        self.arrived = threading.Event()
        here = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                found = here.files.get(self.path)
                self.answer(*(found or ("text/plain", b"")), status=200 if found else 404)

            def do_POST(self) -> None:
                here.posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.answer("text/plain", b"")
                here.arrived.set()

            def answer(self, kind: str, body: bytes, status: int = 200) -> None:
                self.send_response(status)
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None: ...

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @contextmanager
    def running(self) -> Iterator[Server]:
        """The server, until the block ends."""
        self._thread.start()
        yield self
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Engine:
    """The engine in a page. `trusting` has it judge by a bundle from then on."""

    def __init__(self, page: Any) -> None:
        self.page = page
        page.evaluate("async () => { window.engine = await import('/engine.js') }")

    def trusting(self, bundle: Any) -> None:
        """Judge by a bundle. What the engine throws for it comes out as playwright's error."""
        self.page.evaluate("async value => { window.trust = await engine.Trust.of(value) }", bundle)

    def verdicts(self, cases: Iterable[Case]) -> list[dict[str, Any]]:
        """The page's verdicts; in place of one that it threw for, what it threw."""
        asked = [[case.text, case.options] for case in cases]
        found: list[dict[str, Any]] = []
        for at in range(0, len(asked), BATCH):
            found += self.page.evaluate(JUDGE, asked[at : at + BATCH])
        return found


JUDGE = """async cases => {
  const verdicts = []
  for (const [text, options] of cases) {
    try { verdicts.push(await engine.verify(text, trust, options)) }
    catch (error) { verdicts.push({threw: String(error)}) }
  }
  return verdicts
}"""


def milliseconds(at: datetime) -> int:
    """A moment as the engine is told it."""
    return round(at.timestamp() * 1000)


def differences(
    verifier: Verifier,
    cases: list[Case],
    verdicts: list[dict[str, Any]],
    ask: Callable[[Verifier, Case], Any] = lambda verifier, case: verifier.verify(case.text),
) -> list[str]:
    """What the library says otherwise than the page did, card by card; neither texts nor contents are in it."""
    found = []
    for case, said in zip(cases, verdicts, strict=True):
        expected, said = map(_as_a_page_has_it, (ask(verifier, case).to_dict(), said))
        if expected["format"] not in (None, *FORMATS):
            # Another format of the library's: a page that has it not says so, and accuses nobody.
            known = said["status"] == "undetermined" and said["format"] in (None, *FORMATS)
            if not known or said["reason"] not in NOT_HERE:
                found.append(f"{case.told}: {expected['format']}, told as {said['status']} {said['reason']}")
        elif expected != said and not _may_differ(case.text, expected, said):
            found.append(f"{case.told}: {_told(expected, said)}")
    return found


def _as_a_page_has_it(verdict: Any) -> Any:
    """A verdict with numbers as JavaScript has them, and without what zlib tells of a stream and no browser does."""
    if isinstance(verdict, dict):
        if verdict.get("reason") == "compression_invalid" and "stage" in verdict:
            verdict = verdict | {"detail": "not one whole zlib stream"}
        return {name: _as_a_page_has_it(value) for name, value in verdict.items()}
    if isinstance(verdict, list | tuple):
        return [_as_a_page_has_it(value) for value in verdict]
    if type(verdict) is int and abs(verdict) > _EXACT:
        return float(verdict)
    return verdict


def _may_differ(text: str, expected: Any, said: Any) -> bool:
    """Whether a stream is beyond the bound and damaged behind it: then it may be told as either."""
    reasons = {expected.get("reason"), said.get("reason")}
    if reasons != {"inflated_too_large", "compression_invalid"} or expected["status"] != said["status"]:
        return False
    try:
        zlib.decompress(base45.decode(text[4:]))
    except zlib.error:
        return True
    return False


def _told(expected: dict[str, Any], said: dict[str, Any]) -> str:
    if "threw" in said:
        return f"the page threw {said['threw'][:200]}"
    names = [name for name in expected if expected[name] != said.get(name)]
    shown = {name: (expected[name], said.get(name)) for name in names if name != "certificate"}
    return f"{expected['status']} {expected['reason']} / {said['status']} {said['reason']}; {', '.join(names)} {shown}"
