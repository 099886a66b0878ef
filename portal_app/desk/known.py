"""A dose of somebody on record: which one, from which lot, and what speaks against it before it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import msgspec
from flask import redirect, render_template, request, url_for

from portal_app import access
from portal_app.access import needs
from portal_app.desk import at, saving
from vaxcert.errors import InputError, Reason
from vaxcert.names import normalise, printable
from vaxcert.registry.accounts import seeing
from vaxcert.registry.accounts.actions import Action
from vaxcert.registry.desk import entering, people, sessions, showing
from vaxcert.registry.desk.people import Answers
from vaxcert.registry.desk.sessions import Session
from vaxcert.registry.desk.showing import PersonRecord
from vaxcert.registry.records.people import TOLD, Profile

blueprint = at.blueprint("desk_known")


@blueprint.get("/people/<int:number>/dose")
@needs(Action.RECORD)
def form(number: int) -> Any:
    """The dose that would be next, with what speaks against it."""
    session = at.chosen()
    if session is None:
        return at.to_choose()
    if not at.is_open_to(number):
        return redirect(url_for("desk_person.person", number=number))
    registry, who = access.registry(), access.account()
    found = people.by_number(registry, number, actor=who.actor)
    values = {"number": str(at.next_number(session, found.next_numbers)), "lot": session.lot}
    request_id = sessions.request_of(registry, session.id, found.side.number) or uuid4()
    return _page(session, found.side.number, values, {}, request_id)


@blueprint.post("/people/<int:number>/dose")
@needs(Action.RECORD)
def record(number: int) -> Any:
    """Save the dose, or show what has to be read before."""
    if not at.is_open_to(number):
        return redirect(url_for("desk_person.person", number=number))
    session = at.named(request.form.get("session", ""))
    request_id = saving.request_id(request.form)
    if session is None:
        return at.to_choose()
    registry, who = access.registry(), access.account()
    values = {name: request.form.get(name, "").strip() for name in ("number", "lot", "reason", "guardian")}
    try:
        at.check_today(session)
        dose = at.dose(session, values["number"], values["lot"])
        said = Answers(person=number, warnings=saving.seen(request.form), reason=values["reason"])
        profile = _with_guardian(number, values["guardian"]) if values["guardian"] else None
        entry = entering.record(
            registry, profile=profile, dose=dose, actor=who.actor, request_id=request_id, session=session.id, said=said
        )
    except InputError as error:
        again = saving.fresh(error, request_id)
        return _page(session, number, values, saving.words(error), again, asked=saving.asks(error))
    return saving.certified(entry.dose_id)


def _with_guardian(number: int, guardian: str) -> Profile:
    known = showing.whole(access.registry(), number, actor=access.account().actor).profile
    if len(guardian) > TOLD["guardian"]:
        raise InputError("guardian", Reason.TOO_LONG, most=TOLD["guardian"])
    if printable(guardian) != guardian:
        raise InputError("guardian", Reason.UNPRINTABLE)
    return msgspec.structs.replace(known, guardian=normalise(guardian))


def _page(
    session: Session, number: int, values: Mapping[str, str], wrong: Mapping[str, str], request_id: UUID, *,
    asked: bool = True,
) -> Any:  # fmt: skip
    registry, who = access.registry(), access.account()
    one: PersonRecord = showing.whole(registry, number, actor=who.actor)
    seeing.viewed(registry, who, [one.number], "dose")
    try:
        dose = at.dose(session, values["number"], values["lot"])
        profile = msgspec.structs.replace(one.profile, guardian=values["guardian"]) if values.get("guardian") else None
        against = entering.ahead(registry, profile, dose, Answers(person=number))
    except InputError:
        against = []
    page = render_template(
        "desk/known.html", one=one, session=session, lots=at.lots(session), values=values, wrong=wrong,
        request_id=request_id, against=against, others=[one for one in at.of_today() if one.is_open],
    )  # fmt: skip
    return (page, 422) if wrong and not asked else page
