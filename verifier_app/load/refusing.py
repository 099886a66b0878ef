"""Requests that the server has given up before all of them was there: the app says why, as it says everything else."""

from __future__ import annotations

from flask import abort, request

from verifier_app.load.turns import BusyError

# In the environ: 400 (broken, or cut off), 408 (too slow), 503 (too much at once), or 0.
REFUSED = "verifier_app.refused"


def refuse() -> None:
    """Abort a request that the server has given up."""
    status = request.environ.get(REFUSED, 0)
    if status == 503:
        raise BusyError()
    if status:
        abort(status)
