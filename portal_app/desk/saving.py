"""What both ways to record a dose share: its id, what was read before, words for what is refused, and the signer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from flask import redirect, url_for
from werkzeug.datastructures import MultiDict

from portal_app import access
from portal_app.desk import at
from portal_app.words import say
from vaxcert.errors import InputError, Reason, VaxcertError
from vaxcert.registry.states import WarningKind

# What is no mistake: somebody has to look first.
_ASKS = (Reason.WARNINGS_UNSEEN, Reason.CANDIDATES_UNSEEN)
# Reasons that are told in other words here, with what to do.
_TOLD = {
    Reason.NOT_IN_STOCK: "desk_not_in_stock",
    Reason.SESSION_CLOSED: "desk_session_closed",
    Reason.NOT_OF_THE_SESSION: "desk_not_of_session",
    Reason.WARNINGS_UNSEEN: "desk_warnings_unseen",
    Reason.CANDIDATES_UNSEEN: "desk_candidates_unseen",
    Reason.ON_RECORD_SURELY: "desk_on_record_surely",
    Reason.SOMEBODY_ELSE: "desk_somebody_else",
    Reason.TAKEN_BACK: "desk_taken_back",
    Reason.RECORDED_OTHERWISE: "desk_recorded_otherwise",
}


def request_id(form: Mapping[str, str]) -> UUID:
    """The id under which a form is saved once; a new one where it is spoilt."""
    try:
        return UUID(form.get("request_id", ""))
    except ValueError:
        return uuid4()


def seen(form: MultiDict[str, str]) -> frozenset[WarningKind]:
    """The kinds of warnings that stood on the form."""
    return frozenset(WarningKind(one) for one in form.getlist("seen") if one in set(WarningKind))


def fresh(error: InputError, used: UUID) -> UUID:
    """The id for the next try: another one where this is used up."""
    return uuid4() if error.reason in (Reason.TAKEN_BACK, Reason.RECORDED_OTHERWISE) else used


def asks(error: InputError) -> bool:
    """Whether nothing is wrong, but something has to be read first."""
    return error.reason in _ASKS


def words(error: InputError) -> dict[str, str]:
    """An error by its field, with what to do."""
    if error.reason is Reason.MISSING and error.field == "reason":
        return {"reason": say("desk_reason_needed")}
    told = _TOLD.get(error.reason)
    return {error.field: say(told)} if told else at.wrong(error)


def certified(dose_id: int) -> Any:
    """Ask for the certificate of a dose that is saved, and go to its page, which says why there is none."""
    withheld = ask(dose_id)
    return redirect(url_for("desk_dose.dose", number=dose_id, withheld=withheld or None))


def ask(dose_id: int) -> str:
    """Have a dose's certificate signed; return why there is none, as a reason's code, or ""."""
    signer, who, session = access.signer(), access.account(), at.chosen()
    if signer is None:
        return str(Reason.SIGNER_AWAY)
    site = who.site or (session.site if session else "")
    try:
        signer.sign(dose_id, account=who.actor, site=site)
    except VaxcertError as error:
        return str(error.reason)
    return ""
