"""After a dose: its certificate, taking it back on the same day, and what happened to somebody after it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from portal_app import access
from portal_app.access import needs
from portal_app.desk import at, saving
from portal_app.words import language, say
from vaxcert.errors import ConfigurationError, InputError, NotFoundError, Reason
from vaxcert.registry.accounts import seeing
from vaxcert.registry.accounts.actions import Action
from vaxcert.registry.desk import entering, events, showing
from vaxcert.registry.desk.showing import PersonRecord
from vaxcert.registry.states import EventKind
from vaxcert.tables.values.days import day
from vaxcert.wording import explain
from vaxcert.wording import say as reason_words
from vaxcert.wording.desk import EVENTS

blueprint = at.blueprint("desk_dose")

# What the signer says where nothing has to be done but to ask again.
_AGAIN = (Reason.SIGNER_AWAY, Reason.LIMIT_REACHED)


@blueprint.get("/doses/<int:number>")
@needs(Action.SEARCH)
def dose(number: int) -> Any:
    """What is saved, its certificate or why there is none, and what comes next."""
    one = _whose(number, "dose")
    if one is None:
        return _ask_why(number)
    code = request.args.get("withheld", "")
    reason = Reason(code) if code in set(Reason) else None
    noted = events.of_dose(access.registry(), number, actor=access.account().actor)
    return render_template(
        "desk/dose.html", one=one, held=one.dose(number), noted=noted, kinds=_kinds(), again=reason in _AGAIN,
        withheld=reason_words(reason, language()) if reason else "", session=at.chosen(),
    )  # fmt: skip


@blueprint.post("/doses/<int:number>/certificate")
@needs(Action.PRINT)
def certificate(number: int) -> Any:
    """Ask the signer again."""
    if _whose(number, "certificate") is None:
        return _ask_why(number)
    return saving.certified(number)


@blueprint.get("/doses/<int:number>/undo")
@needs(Action.RECORD)
def undo(number: int) -> Any:
    """Whether it is meant, and why."""
    return _undoing(number, "", "")


@blueprint.post("/doses/<int:number>/undo")
@needs(Action.RECORD)
def undone(number: int) -> Any:
    """Take the dose back."""
    one = _whose(number, "undo")
    if one is None:
        return _ask_why(number)
    if one.dose(number).given.dose.site not in at.sites():
        raise NotFoundError(f"dose {number}: of another site")
    reason = request.form.get("reason", "").strip()
    if not reason:
        return _undoing(number, say("desk_undo_why"), ""), 422
    try:
        done = entering.undo(
            access.registry(), number, actor=access.account().actor, withdraw="withdraw" in request.form, reason=reason
        )
    except NotFoundError:
        raise
    except (InputError, ConfigurationError) as error:
        told = say("desk_built_upon") if error.reason is Reason.BUILT_UPON else explain(error, language())
        return _undoing(number, "", told), 422
    flash(say("desk_withdrawn" if done.withdrawn else "desk_undone"))
    # Who was new with this dose is not on record any more.
    return redirect(url_for("desk_finding.find"))


@blueprint.get("/doses/<int:number>/event")
@needs(Action.RECORD)
def event(number: int) -> Any:
    """A form for what happened after the dose."""
    return _noting(number, {"began_on": at.day(access.registry().today())}, {})


@blueprint.post("/doses/<int:number>/event")
@needs(Action.RECORD)
def note(number: int) -> Any:
    """Note what happened."""
    if _whose(number, "event") is None:
        return _ask_why(number)
    values = {name: request.form.get(name, "").strip() for name in ("kind", "began_on", "serious", "details")}
    if not values["kind"]:
        return _noting(number, values, {"kind": say("desk_event_kind_choose")}), 422
    try:
        began = day(values["began_on"])
        events.note(
            access.registry(), number, kind=values["kind"], began_on=began, serious=bool(values["serious"]),
            details=values["details"], actor=access.account().actor,
        )  # fmt: skip
    except InputError as error:
        told = at.wrong(error)
        return _noting(number, values, {"began_on" if name == "date" else name: one for name, one in told.items()}), 422
    flash(say("desk_event_noted"))
    return redirect(url_for("desk_dose.dose", number=number))


def _whose(number: int, page: str) -> PersonRecord | None:
    """Whose dose it is; None where whoever asks has to give a reason first."""
    registry, who = access.registry(), access.account()
    one = showing.of_dose(registry, number, actor=who.actor)
    if not at.is_open_to(one.number):
        return None
    seeing.viewed(registry, who, [one.number], page)
    return one


def _ask_why(number: int) -> Any:
    one = showing.of_dose(access.registry(), number, actor=access.account().actor)
    return redirect(url_for("desk_person.person", number=one.number))


def _kinds() -> dict[str, str]:
    return {str(kind): EVENTS[kind].of(language()) for kind in EventKind}


def _undoing(number: int, wrong: str, refused: str) -> Any:
    one = _whose(number, "undo")
    if one is None:
        return _ask_why(number)
    values = request.form
    return render_template(
        "desk/undo.html", one=one, held=one.dose(number), wrong=wrong, refused=refused, values=values
    )


def _noting(number: int, values: dict[str, str], wrong: dict[str, str]) -> Any:
    one = _whose(number, "event")
    if one is None:
        return _ask_why(number)
    return render_template(
        "desk/event.html", one=one, held=one.dose(number), values=values, wrong=wrong, kinds=_kinds()
    )
