"""`/metrics` for Prometheus: a process of its own, which sums up what all processes of the server have counted.

    python -m verifier_app.watching.exporter DESCRIPTOR     of a socket that is bound already

`verifier_app.server` starts it, and it ends with its parent. It looks at the synced list itself, so that its age is
right where no card comes.
"""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.multiprocess import MultiProcessCollector

from vaxcert import ConfigurationError, TrustStore
from vaxcert.errors import place_of
from verifier_app.config import Settings
from verifier_app.watching import logs
from verifier_app.watching.counts import FOLDER


class ListGauges:
    """The list of keys as it is now: how many, and for how long it will do. Nothing where it cannot be loaded."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._trust: TrustStore | None = None

    def collect(self) -> Iterator[Any]:
        """Yield the gauges."""
        try:
            self._trust = self._trust.current() if self._trust else TrustStore.load(self._settings.trust)
        except ConfigurationError:
            return
        yield GaugeMetricFamily("vaxcert_keys", "Keys held", len(self._trust))
        if (until := self._trust.freshness.valid_until) is not None:
            left = (until - datetime.now(UTC)).total_seconds()
            yield GaugeMetricFamily("vaxcert_list_left_seconds", "Until the list is stale; negative since then", left)


class Exporter(ThreadingHTTPServer):
    """Serves the numbers until its parent is gone."""

    daemon_threads = True

    def __init__(self, listening: socket.socket, registry: CollectorRegistry) -> None:
        super().__init__(listening.getsockname()[:2], Scrape, bind_and_activate=False)
        self.socket.close()
        self.socket = listening
        self.registry = registry
        self._parent = os.getppid()

    def service_actions(self) -> None:
        """Twice a second: see whether the server is still there."""
        if os.getppid() != self._parent:
            # It was killed, and could not tidy up itself.
            shutil.rmtree(os.environ[FOLDER], ignore_errors=True)
            os._exit(0)

    def handle_error(self, *_: Any) -> None:
        """Log where it happened; the library's own way quotes the message, and is no JSON."""
        error = sys.exception()
        # A scraper that went away is none.
        if error is not None and not isinstance(error, OSError):
            logs.exporter.error("fault: %s", place_of(error))


class Scrape(BaseHTTPRequestHandler):
    """One scrape."""

    timeout = 5
    server: Exporter

    def do_GET(self) -> None:
        """Answer `/metrics`, and nothing else."""
        if self.path != "/metrics":
            self.send_error(404)
            return
        encode, kind = choose_encoder(self.headers.get("Accept", ""))
        body = encode(self.server.registry)
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Log nothing: it would be a line each quarter of a minute."""


def main(descriptor: int) -> None:
    """Serve at a socket that listens already."""
    settings, registry = Settings.from_variables(), CollectorRegistry()
    logs.prepare(settings.log)
    MultiProcessCollector(registry, path=os.environ[FOLDER])  # type: ignore[no-untyped-call]
    registry.register(ListGauges(settings))
    Exporter(socket.socket(fileno=descriptor), registry).serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]))
