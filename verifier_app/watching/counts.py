"""What is counted for `/metrics`: no label is anything that was sent, and each has few values."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import Any

from flask import current_app

from vaxcert import ConfigurationError, Verdict
from verifier_app.config import Settings

# Where the processes of one server put their numbers; the library's own name for it.
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
# Seconds: a text takes milliseconds, a photo up to the readers' limit and the wait for one.
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class NoCounts:
    """Counts nothing: nobody has asked for numbers."""

    def verdict(self, verdict: Verdict, came: str) -> None:
        """A card was judged; `came`: "text", "picture" or "second reader"."""

    def picture(self, codes: int) -> None:
        """A picture was read, and this many different codes were in it."""

    def problem(self, code: str) -> None:
        """A request was answered with the problem of that name."""

    def took(self, route: str, seconds: float) -> None:
        """A request for that route, as it is written in the app, was answered."""


class PrometheusCounts(NoCounts):
    """Counts for Prometheus. A count that fails is no reason for a verdict to fail."""

    def __init__(self, registry: Any = None) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram

        # One of its own: several apps in one process, as tests have them, are not in one another's way.
        registry = registry or CollectorRegistry()
        self._verdicts = Counter("vaxcert_verdicts", "Cards judged", ("status", "reason", "came"), registry=registry)
        self._pictures = Counter("vaxcert_pictures", "Pictures read, by codes in them", ("codes",), registry=registry)
        self._problems = Counter("vaxcert_problems", "Requests answered with a problem", ("code",), registry=registry)
        self._seconds = Histogram(
            "vaxcert_request_seconds", "Time to answer", ("route",), buckets=_BUCKETS, registry=registry
        )

    def verdict(self, verdict: Verdict, came: str) -> None:
        with suppress(OSError, ValueError):
            reason = "none" if verdict.reason is None else str(verdict.reason)
            self._verdicts.labels(str(verdict.status), reason, came).inc()

    def picture(self, codes: int) -> None:
        with suppress(OSError, ValueError):
            self._pictures.labels(("none", "one")[codes] if codes < 2 else "several").inc()

    def problem(self, code: str) -> None:
        with suppress(OSError, ValueError):
            self._problems.labels(code).inc()

    def took(self, route: str, seconds: float) -> None:
        with suppress(OSError, ValueError):
            self._seconds.labels(route).observe(seconds)


def counter(settings: Settings) -> NoCounts:
    """What counts, as the settings say.

    Raises `ConfigurationError` where numbers are asked for and nobody would tell them: that is done by
    `verifier_app.server`, once for all its processes.
    """
    if not settings.metrics:
        return NoCounts()
    if not os.environ.get(FOLDER):
        raise ConfigurationError(
            "VAXCERT_APP_METRICS needs gunicorn with `--config python:verifier_app.server`, which serves the numbers"
        )
    return PrometheusCounts()


def counts() -> NoCounts:
    """What counts for the app that this request came to."""
    found: NoCounts = current_app.extensions["counts"]
    return found
