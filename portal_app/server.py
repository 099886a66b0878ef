"""How gunicorn runs the portal: `gunicorn --config python:portal_app.server 'portal_app:create_app()'`.

Threads, since most of the time is waited for the database. Slow clients are kept by the server in front.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from portal_app import nightly

workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
# Each may be hashing a password, in 64 MiB.
threads = 8
timeout = 60
loglevel = "warning"
# Numbers alone are in addresses, but nobody needs to know either who asked when: the audit log has it.
accesslog = None
# What comes from in front the app looks at itself, and as far as it was told to.
forwarded_allow_ips = ""
forwarder_headers = ""
# Nobody needs another way into it.
control_socket_disable = True

# What `vaxcert portal` wants said once the app answers.
NOTICE = "VAXCERT_PORTAL_NOTICE"


def post_worker_init(worker: Any) -> None:
    """Say what is to be said once the app answers, and begin what is done at night."""
    nightly.begin(worker.wsgi)
    notice = os.environ.pop(NOTICE, "")
    if notice and worker.age == 1:
        sys.stderr.write(notice)
        sys.stderr.flush()
