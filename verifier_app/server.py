"""How gunicorn runs the app: `gunicorn --config python:verifier_app.server 'verifier_app:create_app()'`.

Threads, since most of the time is waited for pictures; two processes, since one runs Python on one core. A request
gets a thread once all of it is there (see `verifier_app.load.worker`): whoever sends slowly keeps nobody waiting. What
waits longer than a moment is told to come again (`verifier_app.guarding.protection.Admission`): gunicorn alone would
let it wait for seconds, and phones give up.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from typing import Any

from vaxcert import ConfigurationError
from verifier_app.config import host_and_port, of_the_server
from verifier_app.watching import counts, logs

workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "verifier_app.load.worker.Worker"
threads = 32
# Below the files that a system lets a process have open (1,024), by far.
worker_connections = 500
# What is slower is ended by the app itself.
timeout = 60
loglevel = "warning"
# No card is in an address, but nobody needs to know either who asked when.
accesslog = None
# Of what comes from in front the app looks at itself, and as far as it was told: `verifier_app.guarding.proxies`.
forwarded_allow_ips = ""
forwarder_headers = ""
# Nobody needs another way into it.
control_socket_disable = True

# What `vaxcert serve` wants said once the app answers.
NOTICE = "VAXCERT_SERVE_NOTICE"
_exporters: list[subprocess.Popen[bytes]] = []


def on_starting(server: Any) -> None:
    """Before there is any worker: its log lines, and what serves `/metrics`. A `RuntimeError` is told as it is."""
    try:
        form, metrics = of_the_server()
    except ConfigurationError as error:
        raise RuntimeError(str(error)) from None
    logs.prepare_server(server.log.error_log, form)
    if metrics:
        _export(metrics)


def on_reload(server: Any) -> None:
    """Anew for the log, which the server has set up anew. The address of `/metrics` stays until it is started again."""
    # What is set wrongly since, the new workers say.
    with suppress(ConfigurationError):
        logs.prepare_server(server.log.error_log, of_the_server()[0])


def on_exit(_: Any) -> None:
    """End what serves `/metrics`, and what was counted with it."""
    for exporter in _exporters:
        exporter.terminate()
        shutil.rmtree(os.environ[counts.FOLDER], ignore_errors=True)


def _export(address: str) -> None:
    """Bind here, so that an address in use ends the start, and serve in a process that has no part in requests."""
    host, port = host_and_port(address)
    try:
        listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise RuntimeError(
            f"VAXCERT_APP_METRICS: {address} cannot be listened at ({os.strerror(error.errno or 0)})"
        ) from None
    # Workers inherit it, and the library looks at it when it is imported there. Nobody else may read the folder.
    os.environ[counts.FOLDER] = tempfile.mkdtemp(prefix="vaxcert-metrics-")
    command = [sys.executable, "-P", "-m", "verifier_app.watching.exporter", str(listening.fileno())]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with listening:
        # A session of its own: Ctrl-C at a terminal is for the server, which ends it.
        started = subprocess.Popen(
            command, env=environ, pass_fds=[listening.fileno()], start_new_session=True, stdin=subprocess.DEVNULL
        )
    _exporters.append(started)


def post_worker_init(worker: Any) -> None:
    """Let the app know how many requests wait for a thread, and say what is to be said once it answers."""
    pool = getattr(worker, "tpool", None)
    waiting = getattr(getattr(pool, "_work_queue", None), "qsize", None)
    if waiting is not None:
        worker.wsgi.extensions["gate"].waiting = waiting
    notice = os.environ.pop(NOTICE, "")
    if notice and worker.age == 1:
        # The last thing on the terminal, and not where the app could not start.
        sys.stderr.write(notice)
        sys.stderr.flush()
