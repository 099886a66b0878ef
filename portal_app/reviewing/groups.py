"""Questions of one kind: a sample is answered one by one, the others at once, and all of that taken back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from portal_app import access, rows
from portal_app.access import needs
from portal_app.reviewing import answers
from portal_app.words import language, say
from vaxcert.errors import ConfigurationError, NotFoundError, Reason, VaxcertError
from vaxcert.registry import runs
from vaxcert.registry.accounts.actions import Action
from vaxcert.registry.care import grouping, history
from vaxcert.registry.care.grouping import QuestionGroup
from vaxcert.registry.states import RunKind
from vaxcert.wording import explain
from vaxcert.wording.questions import told

blueprint = Blueprint("groups", __name__, url_prefix="/questions/groups")


@blueprint.get("")
@needs(Action.ANSWER)
def listed() -> str:
    """All groups, the largest first."""
    # What has one question alone is answered by itself.
    found = [one for one in grouping.groups(access.registry()) if one.questions > 1]
    return render_template("reviewing/groups.html", groups=found, told=told, path=_path, done=_done())


@blueprint.get("/<kind>")
@needs(Action.ANSWER)
def one(kind: str) -> str:
    """One group: how far its sample is, what was answered otherwise, and what an answer for all would do."""
    return _page(kind)


@blueprint.get("/<kind>/next")
@needs(Action.ANSWER)
def following(kind: str) -> Any:
    """The next question of the sample; where all are answered, the group."""
    found, after = _group(kind), rows.number(request.args, "after") or 0
    later = sorted(found.sample if found else (), key=lambda number: (number <= after, number))
    if not later:
        return redirect(url_for("groups.one", kind=kind) if found else url_for("groups.listed"))
    return redirect(url_for("questions.one", number=later[0], like=kind, done=request.args.get("done")))


@blueprint.post("/<kind>")
@needs(Action.ANSWER)
def answer(kind: str) -> Any:
    """Answer all that is left of a group, as each of its sample was."""
    found = _group(kind)
    if found is None:
        raise NotFoundError("no open question is of this kind", Reason.NO_SUCH_RECORD)
    if not _sees_all():
        abort(403)
    if rows.number(request.form, "questions") != found.questions:
        return _page(kind, wrong=say("group_meanwhile")), 422
    try:
        done = grouping.decide_like(
            access.registry(), found.number, request.form.get("answer", ""), actor=access.account().actor
        )
    except ConfigurationError as error:
        return _page(kind, wrong=explain(error, language())), 422
    flash(say("group_done", n=done.answered))
    if done.left:
        flash(say("group_left", n=done.left))
    return redirect(url_for("groups.listed", done=done.run))


@blueprint.post("/back/<int:run>")
@needs(Action.ANSWER)
def back(run: int) -> Any:
    """Take the answer to a group back, so that its questions are open again."""
    found = history.one(access.registry(), run)
    if found.kind is not RunKind.DECISION or "like" not in found.counts:
        raise NotFoundError(f"run {run}: no answer to a group", Reason.NO_SUCH_RECORD)
    if not _sees_all():
        abort(403)
    try:
        runs.undo(access.registry(), run, actor=access.account().actor)
    except NotFoundError:
        flash(say("group_back_already"))
    except VaxcertError:
        flash(say("question_built_upon"))
        return redirect(url_for("history.ask", number=run))
    else:
        flash(say("group_taken_back", n=found.counts["decisions"]))
    return redirect(url_for("groups.listed"))


def _page(kind: str, *, wrong: str = "") -> str:
    found = _group(kind)
    if found is None:
        raise NotFoundError("no open question is of this kind", Reason.NO_SUCH_RECORD)
    return render_template(
        "reviewing/group.html", group=found, kind=kind, why=told(found.kind), sees_all=_sees_all(), wrong=wrong
    )


def _path(group: QuestionGroup) -> str:
    """A group's place in an address: the codes of its reasons."""
    return ".".join(group.kind)


def _group(kind: str) -> QuestionGroup | None:
    return next((one for one in grouping.groups(access.registry()) if _path(one) == kind), None)


def _sees_all() -> bool:
    """Whether whoever asks is shown everybody: of a group people of all sites are made one."""
    who = access.account()
    return not who.site and not who.area


def _done() -> dict[str, int] | None:
    """The answer to a group that was given just now by whoever asks, to be taken back."""
    run = answers.just_given()
    return {"run": run.id, "questions": run.counts["decisions"]} if run and "like" in run.counts else None
