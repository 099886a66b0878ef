"""What changed the registry: runs with what came of each, rows to be mended, and what is taken back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for

from portal_app import access
from portal_app.access import needs
from portal_app.intake import showing
from portal_app.intake.checked import on_a_page
from portal_app.intake.waiting import ENDINGS, WaitingTables
from portal_app.words import language, say
from vaxcert.errors import NotFoundError, Reason, VaxcertError
from vaxcert.registry import runs
from vaxcert.registry.accounts.actions import Action
from vaxcert.registry.care import changing
from vaxcert.registry.care import history as done
from vaxcert.registry.intake import mending
from vaxcert.registry.runs import Run
from vaxcert.registry.states import RunKind, RunState
from vaxcert.wording import Words, explain
from vaxcert.wording.rows import phrase

blueprint = Blueprint("history", __name__, url_prefix="/runs")

# Doses that were recorded one by one are the desk's; of these there are too many.
_KINDS = (RunKind.IMPORT, RunKind.CORRECTION, RunKind.DECISION, RunKind.ISSUE, RunKind.DELETION)
_UNDONE = (RunKind.IMPORT, RunKind.CORRECTION, RunKind.DECISION)
_AT_ONCE = 50
_FORMS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@blueprint.app_context_processor
def _told() -> dict[str, Any]:
    return {"local": showing.local, "who_did": showing.who, "birthday": showing.birthday, "run_counts": showing.counts}


@blueprint.get("")
@needs(Action.IMPORT)
def listed() -> str:
    """The newest runs; `before`: those before this number."""
    registry, before = access.registry(), request.args.get("before", type=int)
    found = done.newest(registry, _KINDS, before=before, most=_AT_ONCE)
    busy = registry.busy()
    return render_template(
        "intake/runs.html", runs=[(one, showing.stands(one, busy)) for one in found],
        older=found[-1].id if len(found) == _AT_ONCE else None,
    )  # fmt: skip


@blueprint.get("/<int:number>")
@needs(Action.IMPORT)
def run(number: int) -> str:
    """One run, as it was understood and what came of it."""
    return _page(number)


@blueprint.get("/<int:number>/rejects")
@needs(Action.IMPORT)
def rejects(number: int) -> Any:
    """The rows that an import did not take, as a table to be mended."""
    registry, found = access.registry(), done.one(access.registry(), number)
    if not _may_have_rows(found):
        abort(403)
    form = request.args.get("form", "xlsx")
    if form not in _FORMS:
        raise NotFoundError("no such form", Reason.NO_SUCH_RECORD)
    with WaitingTables(current_app.extensions["settings"]).scratch() as folder:
        path = folder / f"rejects.{form}"
        mending.write(registry, number, path, actor=access.account().actor, lang="vi" if language() == "vi" else "en")
        content = path.read_bytes()
    name = f"run-{number}-rejects.{form}"
    return Response(content, mimetype=None, headers={
        "Content-Type": _FORMS[form], "Content-Disposition": f'attachment; filename="{name}"',
    })  # fmt: skip


@blueprint.get("/<int:number>/undo")
@needs(Action.IMPORT)
def ask(number: int) -> Any:
    """What taking a run back does, and what stands against it."""
    return _undo_page(number)


@blueprint.post("/<int:number>/undo")
@needs(Action.IMPORT)
def undo(number: int) -> Any:
    """Take a run back, where nothing builds upon it."""
    _check_may_undo(number)
    try:
        runs.undo(access.registry(), number, actor=access.account().actor)
    except NotFoundError:
        raise
    except VaxcertError:
        return _undo_page(number), 422
    flash(say("run_undone", run=number))
    return redirect(url_for("history.run", number=number))


@blueprint.post("/<int:number>/withdraw")
@needs(Action.IMPORT)
def withdraw(number: int) -> Any:
    """Withdraw the doses of an import from which certificates were issued."""
    _check_may_undo(number)
    reason = request.form.get("reason", "")
    try:
        made, left = changing.withdraw(access.registry(), number, actor=access.account().actor, reason=reason)
    except NotFoundError:
        raise
    except VaxcertError as error:
        return _undo_page(number, wrong=explain(error, language()), reason=reason), 422
    flash(say("run_withdrawn", run=number))
    if left:
        flash(say("run_withdrawn_left", n=left))
    return redirect(url_for("history.run", number=made))


def _page(number: int) -> str:
    registry, found = access.registry(), done.one(access.registry(), number)
    rejected = found.counts.get("rejected", 0) if found.kind is RunKind.IMPORT else 0
    return render_template(
        "intake/run.html", run=found, stands=showing.stands(found, registry.busy()), rejected=rejected,
        problems=_problems(number) if rejected else [], rows_open=_may_have_rows(found),
        can_undo=_can_undo(found) and _may_have_rows(found), endings=ENDINGS,
    )  # fmt: skip


def _check_may_undo(number: int) -> None:
    """Whether a run is taken back here, and by whoever asks: what a desk recorded is taken back there."""
    found = done.one(access.registry(), number)
    if not _can_undo(found):
        raise NotFoundError(f"run {number}: nothing to take back", Reason.NO_SUCH_RECORD)
    if not _may_have_rows(found):
        abort(403)


def _undo_page(number: int, *, wrong: str = "", reason: str = "") -> Any:
    _check_may_undo(number)
    registry, found = access.registry(), done.one(access.registry(), number)
    return render_template(
        "intake/undo.html", run=found, upon=runs.built_upon(registry, number), wrong=wrong, reason=reason,
        is_import=found.kind is RunKind.IMPORT,
    )  # fmt: skip


def _problems(number: int) -> list[tuple[Words, int]]:
    return [(on_a_page(phrase(problem)), count) for problem, count in mending.problems(access.registry(), number)]


def _can_undo(found: Run) -> bool:
    return found.kind in _UNDONE and found.state is not RunState.UNDONE


def _may_have_rows(found: Run) -> bool:
    """Whether a run is an account's to have its rows or to take back: of whoever works everywhere, or did it."""
    who = access.account()
    return not (who.site or who.area) or found.actor == who.actor
