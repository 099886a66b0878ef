"""How gunicorn runs the public app: `gunicorn --config python:portal_app.public.server 'portal_app.public:…'`.

Threads: a look-up takes half a second whatever it finds, and nothing but waiting. 25 of them are at it at 50 look-ups a
second; the rest is for the moments with more, and for other pages.
"""

from __future__ import annotations

import os
import secrets
from typing import Any

from portal_app.public.config import MADE_UP
from portal_app.server import announce

workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 32
timeout = 60
loglevel = "warning"
# Who asked when is nobody's business; what was found stands in the audit log.
accesslog = None
forwarded_allow_ips = ""
forwarder_headers = ""
control_socket_disable = True

# Before there are workers, so that a form of one is taken by the other.
os.environ.setdefault(MADE_UP, secrets.token_hex(32))


def post_worker_init(worker: Any) -> None:
    """Say what is to be said once the app answers. Nothing is done at night here: that is the registry's."""
    announce(worker)
