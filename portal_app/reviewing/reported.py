"""What holders say is wrong with their certificates: the queue, and one after the other with the record beside it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from portal_app import access
from portal_app.access import needs
from portal_app.reviewing import sight
from portal_app.reviewing.comparing import dose_told
from portal_app.words import language, say
from vaxcert.errors import InputError, NotFoundError, Reason, VaxcertError
from vaxcert.registry.accounts.actions import Action
from vaxcert.registry.care import comparing as records
from vaxcert.registry.holders import tickets
from vaxcert.registry.holders.tickets import Ticket
from vaxcert.registry.states import TicketOutcome, TicketState
from vaxcert.wording import explain

blueprint = Blueprint("reported", __name__, url_prefix="/reported")

# Of a queue that is longer, the oldest.
_MOST = 200


@blueprint.get("")
@needs(Action.ANSWER)
def queue() -> str:
    """What waits for an answer, or was answered and not closed; no word of anybody's, and no name."""
    state = TicketState.ANSWERED if request.args.get("state") == TicketState.ANSWERED else TicketState.OPEN
    listed = tickets.listed(access.registry(), state=state)
    return render_template(
        "reviewing/reported.html", listed=listed[:_MOST], many=len(listed), most=_MOST, state=state,
        states=(TicketState.OPEN, TicketState.ANSWERED),
    )  # fmt: skip


@blueprint.get("/<int:number>")
@needs(Action.ANSWER)
def one(number: int) -> str:
    """One of them: what was said, and the record."""
    return _page(tickets.one(access.registry(), number))


@blueprint.post("/<int:number>")
@needs(Action.ANSWER)
def answer(number: int) -> Any:
    """Tell its holder what became of it."""
    ticket = tickets.one(access.registry(), number)
    outcome, words = request.form.get("outcome", ""), request.form.get("words", "")
    if _shown(ticket).whole is None:
        return _page(ticket, wrong={"": say("question_masked")}), 422
    if outcome not in set(TicketOutcome):
        return _page(ticket, wrong={"outcome": say("reported_no_outcome")}, words=words), 422
    try:
        tickets.answer(access.registry(), number, outcome, words, actor=access.account().actor)
    except NotFoundError:
        raise
    except VaxcertError as error:
        field = error.field if isinstance(error, InputError) else ""
        told = say("reported_meanwhile") if error.reason is Reason.CHANGED_MEANWHILE else explain(error, language())
        return _page(ticket, wrong={field: told}, outcome=outcome, words=words), 422
    flash(say("reported_answered", number=number))
    return redirect(url_for("reported.queue"))


@blueprint.post("/<int:number>/close")
@needs(Action.ANSWER)
def close(number: int) -> Any:
    """Take one that was answered out of the queue."""
    ticket = tickets.one(access.registry(), number)
    try:
        tickets.close(access.registry(), number, actor=access.account().actor)
    except NotFoundError:
        raise
    except VaxcertError:
        return _page(ticket, wrong={"": say("reported_meanwhile")}), 422
    flash(say("reported_closed", number=number))
    return redirect(url_for("reported.queue", state=TicketState.ANSWERED))


@blueprint.post("/<int:number>/reason")
@needs(Action.ANSWER)
def reason(number: int) -> Any:
    """Say why somebody of another site has to be shown."""
    ticket = tickets.one(access.registry(), number)
    if wrong := sight.give_reason((ticket.person,)):
        return _page(ticket, reason_wrong=say(wrong)), 422
    return redirect(url_for("reported.one", number=number))


def _shown(ticket: Ticket) -> sight.ShownRecord:
    (shown,) = sight.shown((records.record(access.registry(), ticket.person),), "reported")
    return shown


def _page(
    ticket: Ticket, *, wrong: dict[str, str] | None = None, outcome: str = "", words: str = "", reason_wrong: str = ""
) -> str:
    shown, said = _shown(ticket), None
    if shown.whole is not None:
        # That it was read stands in the audit log.
        said = tickets.opened(access.registry(), ticket.number, actor=access.account().actor)
    return render_template(
        "reviewing/report.html", ticket=ticket, shown=shown, said=said, wrong=wrong or {},
        outcome=outcome or ticket.outcome, words=words or (said.answer if said else ""), outcomes=list(TicketOutcome),
        most=tickets.MOST_WORDS, dose_told=dose_told, reason_wrong=reason_wrong, **sight.reasons(),
    )  # fmt: skip
