"""The answer that somebody gave just now, to be taken back."""

from __future__ import annotations

from flask import request

from portal_app import access, rows
from vaxcert.errors import NotFoundError
from vaxcert.registry.care import history
from vaxcert.registry.runs import Run
from vaxcert.registry.states import RunKind, RunState


def just_given() -> Run | None:
    """The run whose number the address has as `done`, where whoever asks answered in it and it stands; else None."""
    number = rows.number(request.args, "done")
    if number is None:
        return None
    try:
        run = history.one(access.registry(), number)
    except NotFoundError:
        return None
    mine = run.kind is RunKind.DECISION and run.state is RunState.DONE and run.actor == access.account().actor
    return run if mine else None
