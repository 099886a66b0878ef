"""How gunicorn runs the app: `gunicorn --config python:verifier_app.server 'verifier_app:create_app()'`.

Threads, since most of the time is waited for pictures; two processes, since one runs Python on one core. What waits
longer than a moment is told to come again (see `verifier_app.protection.Admission`): gunicorn alone would let it wait
for seconds, and phones give up.
"""

from __future__ import annotations

import os
from typing import Any

workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 32
# What is slower is ended by the app itself.
timeout = 60
loglevel = "warning"
# No card is in an address, but nobody needs to know either who asked when.
accesslog = None


def post_worker_init(worker: Any) -> None:
    """Let the app know how many requests wait for a thread."""
    pool = getattr(worker, "tpool", None)
    waiting = getattr(getattr(pool, "_work_queue", None), "qsize", None)
    if waiting is not None:
        worker.wsgi.extensions["gate"].waiting = waiting
