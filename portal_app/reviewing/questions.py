"""Questions that only a person can decide: how many there are, and one after the other with both sides."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from portal_app import access, rows
from portal_app.access import needs
from portal_app.reviewing import answers, comparing, sight
from portal_app.words import say
from vaxcert.errors import ConfigurationError, NotFoundError
from vaxcert.registry import runs
from vaxcert.registry.accounts.actions import Action
from vaxcert.registry.care import comparing as records
from vaxcert.registry.care import history, reviewing
from vaxcert.registry.care.comparing import AskedQuestion
from vaxcert.registry.states import ReviewKind, RunKind
from vaxcert.wording.questions import REASONS, told

blueprint = Blueprint("questions", __name__, url_prefix="/questions")


@blueprint.get("")
@needs(Action.ANSWER)
def queue() -> str:
    """How many questions are open, of which kind, and since when."""
    return render_template("reviewing/queue.html", kinds=reviewing.open_by_kind(access.registry()), done=_done())


@blueprint.get("/next")
@needs(Action.ANSWER)
def following() -> Any:
    """The next open question, or that there is none."""
    after, kind = rows.number(request.args, "after") or 0, _kind()
    number = reviewing.next_open(access.registry(), after=after, kind=kind)
    if number is None:
        flash(say("questions_none_left"))
        return redirect(url_for("questions.queue", done=request.args.get("done")))
    return redirect(url_for("questions.one", number=number, kind=kind, done=request.args.get("done")))


@blueprint.get("/<int:number>")
@needs(Action.ANSWER)
def one(number: int) -> str:
    """One question, with both sides beside each other."""
    return _page(records.question(access.registry(), number))


@blueprint.post("/<int:number>")
@needs(Action.ANSWER)
def answer(number: int) -> Any:
    """Answer a question, and go on to the next."""
    asked, chosen = records.question(access.registry(), number), request.form.get("answer", "")
    sides = sight.shown((asked.first, asked.second), "question")
    if any(side.whole is None for side in sides):
        return _page(asked, wrong=say("question_masked")), 422
    if chosen not in reviewing.DECISIONS[asked.kind]:
        return _page(asked, wrong=say("question_no_answer")), 422
    run: int | None = None
    try:
        run = reviewing.decide_all(access.registry(), [(number, chosen)], actor=access.account().actor)
    except NotFoundError:
        # Somebody was quicker. What they said stands.
        flash(say("question_meanwhile", number=number))
    return redirect(_onward(number, done=run))


@blueprint.post("/<int:number>/reason")
@needs(Action.ANSWER)
def reason(number: int) -> Any:
    """Say why people of other sites have to be shown."""
    asked = records.question(access.registry(), number)
    if wrong := sight.give_reason((asked.first.person, asked.second.person)):
        return _page(asked, reason_wrong=say(wrong)), 422
    return redirect(url_for("questions.one", number=number, kind=_kind(), like=_like()))


@blueprint.post("/<int:number>/back")
@needs(Action.ANSWER)
def back(number: int) -> Any:
    """Take the answer to a question back, so that it is open again."""
    asked = records.question(access.registry(), number)
    if asked.decided_run is None:
        flash(say("question_open_already"))
        return redirect(url_for("questions.one", number=number))
    if history.one(access.registry(), asked.decided_run).kind is not RunKind.DECISION:
        # Else what brought it would go: a desk's dose, or a unit's table.
        return _page(asked, wrong=say("question_not_here" if asked.decided_by else "question_closed")), 422
    if any(side.whole is None for side in sight.shown((asked.first, asked.second), "question")):
        return _page(asked, wrong=say("question_masked")), 422
    try:
        runs.undo(access.registry(), asked.decided_run, actor=access.account().actor)
    except NotFoundError:
        raise
    except ConfigurationError:
        flash(say("question_built_upon"))
        return redirect(url_for("history.ask", number=asked.decided_run))
    flash(say("question_taken_back"))
    return redirect(url_for("questions.one", number=number, like=_like()))


def _page(asked: AskedQuestion, *, wrong: str = "", reason_wrong: str = "") -> str:
    first, second = sight.shown((asked.first, asked.second), "question")
    whole = first.whole is not None and second.whole is not None
    of_doses = asked.kind is ReviewKind.DOSE
    found: list[comparing.ComparedLine] = []
    if first.whole is not None and second.whole is not None:
        pair = (first.whole.doses[0], second.whole.doses[0]) if of_doses else None
        found = comparing.dose_lines(*pair) if pair else comparing.lines(first.whole, second.whole)
    return render_template(
        "reviewing/question.html", asked=asked, first=first, second=second, whole=whole, lines=found,
        of_doses=of_doses, one_person=asked.first.person == asked.second.person,
        moments=comparing.moments(asked.first.doses, asked.second.doses) if whole and not of_doses else [],
        why=told(asked.reasons), reasons=REASONS, answers=reviewing.DECISIONS[asked.kind], kind=_kind(), done=_done(),
        like=_like(), onward=_onward(asked.id), together=_together(asked),
        dose_told=comparing.dose_told, wrong=wrong, reason_wrong=reason_wrong, **sight.reasons(),
    )  # fmt: skip


def _kind() -> ReviewKind | None:
    """Of which kind somebody wants questions, or None for any."""
    asked = request.values.get("kind", "")
    return ReviewKind(asked) if asked in set(ReviewKind) else None


def _like() -> str | None:
    """The kind whose sample somebody is at, or None."""
    return request.values.get("like") or None


def _onward(number: int, *, done: int | None = None) -> str:
    """Where it goes on behind a question: in the sample that somebody is at, or among all that are open."""
    if like := _like():
        return url_for("groups.following", kind=like, after=number, done=done)
    return url_for("questions.following", after=number, kind=_kind(), done=done)


def _together(asked: AskedQuestion) -> int:
    """How many questions were answered with one, in the same run; 0 for one that is open."""
    if asked.decided_run is None:
        return 0
    return int(history.one(access.registry(), asked.decided_run).counts.get("decisions", 1))


def _done() -> dict[str, Any] | None:
    """The answer that was given just now by whoever asks, to be taken back; None where there is none."""
    run = answers.just_given()
    question = reviewing.answered_in(access.registry(), run.id) if run else None
    return {"run": run.id, "question": question} if run and question is not None else None
