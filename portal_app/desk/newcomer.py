"""Somebody who was not found: who they could be all the same, and then on record, with a dose or on the list."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from flask import flash, redirect, render_template, request, url_for

from portal_app import access
from portal_app.access import needs
from portal_app.desk import at, saving, typed
from portal_app.words import say
from vaxcert.errors import InputError, Reason
from vaxcert.registry import groups
from vaxcert.registry.accounts import places, seeing
from vaxcert.registry.accounts.actions import Action
from vaxcert.registry.desk import adding, entering, people, sessions
from vaxcert.registry.desk.people import Answers, Candidate
from vaxcert.registry.desk.sessions import Session
from vaxcert.registry.desk.warnings import DoseWarning
from vaxcert.registry.records.people import Profile
from vaxcert.registry.states import AccessReason

blueprint = at.blueprint("desk_newcomer")

NOBODY = "0"


@dataclass
class Form:
    """The form as it stands, and what there is to say about it."""

    session: Session
    values: dict[str, str]
    request_id: UUID
    wrong: dict[str, str] = field(default_factory=dict)
    candidates: list[Candidate] = field(default_factory=list)
    against: list[DoseWarning] = field(default_factory=list)
    chosen: str = ""

    def page(self, status: int = 200) -> Any:
        """The form as a page."""
        registry = access.registry()
        with registry.reading() as connection:
            known = groups.listed(connection)
            districts = sorted({one.district for one in places.sites(connection) if one.district})
        shown = [one.side.number for one in self.candidates]
        open_to = at.open_to(shown) if shown else set()
        seeing.viewed(registry, access.account(), open_to, "new person")
        page = render_template(
            "desk/new.html", form=self, session=self.session, values=self.values, wrong=self.wrong, groups=known,
            districts=districts, lots=at.lots(self.session), open_to=open_to,
            reasons=list(AccessReason), others=[one for one in at.of_today() if one.is_open],
        )  # fmt: skip
        return page, status


@blueprint.get("/new")
@needs(Action.ADD_PERSON)
def empty() -> Any:
    """An empty form."""
    session = at.chosen()
    if session is None:
        return at.to_choose()
    return Form(session, {"lot": session.lot, "number": "1"}, uuid4()).page()


@blueprint.post("/new")
@needs(Action.ADD_PERSON)
def begin() -> Any:
    """The form, with what was typed to find them."""
    session = at.chosen()
    if session is None:
        return at.to_choose()
    texts, _ = typed.texts(request.form)
    return Form(session, texts | {"lot": session.lot, "number": "1"}, uuid4()).page()


@blueprint.post("/new/save")
@needs(Action.ADD_PERSON)
def save() -> Any:
    """Save them, once it is sure that they are none of those on record, or which of them."""
    session = at.named(request.form.get("session", ""))
    if session is None:
        return at.to_choose()
    registry, actor = access.registry(), access.account().actor
    texts, card = typed.texts(request.form)
    values = texts | {name: request.form.get(name, "").strip() for name in ("number", "lot", "reason", "why")}
    form = Form(session, values, saving.request_id(request.form), chosen=request.form.get("person", ""))
    said = typed.read(registry, texts, card)
    if said.problems or said.profile is None:
        form.wrong = at.told(said.problems)
        return form.page(422)
    # What was sent before is not asked about again: it would find itself.
    form.candidates = [] if _again(form.request_id) else people.who(registry, said.profile, actor=actor)
    if form.chosen not in ("", NOBODY) and form.chosen not in {str(one.side.number) for one in form.candidates}:
        # Of nobody who stood there: the name was changed since, or somebody typed a number.
        form.chosen = ""
        if not _again(form.request_id):
            form.wrong = {"person": say("desk_candidates_unseen")}
            return form.page(422)
    if form.candidates and (undecided := _undecided(form)):
        form.wrong = {"person": undecided}
        return form.page()
    if form.chosen == NOBODY and any(one.sure for one in form.candidates):
        form.wrong = {"person": say("desk_on_record_surely")}
        return form.page(422)
    person = int(form.chosen) if form.chosen not in ("", NOBODY) else None
    if person is not None and not at.is_open_to(person):
        if values["why"] not in set(AccessReason):
            form.wrong = {"why": say("desk_reason_choose")}
            return form.page(422)
        seeing.give_reason(registry, access.account(), person, AccessReason(values["why"]))
        form.wrong = {"person": say("desk_look_again")}
        return form.page()
    try:
        at.check_today(session)
        if request.form.get("do") == "list":
            return _listed(form, said.profile, person)
        return _recorded(form, said.profile, person)
    except InputError as error:
        form.wrong = saving.words(error)
        form.request_id = saving.fresh(error, form.request_id)
        return form.page(200 if saving.asks(error) else 422)


def _again(request_id: UUID) -> bool:
    return entering.known(access.registry(), request_id) or adding.known(access.registry(), request_id)


def _undecided(form: Form) -> str:
    """What has to be said first of who could be meant, or ""."""
    numbers = {str(one.side.number) for one in form.candidates}
    unseen = numbers - set(request.form.getlist("shown"))
    if unseen or form.chosen not in numbers | {NOBODY}:
        # A first look preselects whom it surely is.
        sure = [str(one.side.number) for one in form.candidates if one.sure]
        if unseen:
            form.chosen = sure[0] if len(sure) == 1 else ""
        return say("desk_candidates_unseen")
    return ""


def _others(form: Form, person: int | None) -> frozenset[int]:
    return frozenset(one.side.number for one in form.candidates if one.side.number != person)


def _listed(form: Form, profile: Profile, person: int | None) -> Any:
    registry, actor = access.registry(), access.account().actor
    if person is None:
        person = adding.add(
            registry, profile, session=form.session.id, request_id=form.request_id, actor=actor,
            others=_others(form, None),
        )  # fmt: skip
    else:
        sessions.expect(registry, form.session.id, [person], actor=actor)
        sessions.check_in(registry, form.session.id, person, actor=actor)
    flash(say("desk_checked_in"))
    return redirect(url_for("desk_person.person", number=person))


def _recorded(form: Form, profile: Profile, person: int | None) -> Any:
    if not access.allowed(Action.RECORD):
        raise InputError("person", Reason.NOT_VALID)
    registry, actor = access.registry(), access.account().actor
    dose = at.dose(form.session, form.values["number"], form.values["lot"])
    said = Answers(
        person=person, others=_others(form, person), warnings=saving.seen(request.form), reason=form.values["reason"]
    )
    try:
        entry = entering.record(
            registry, profile=profile, dose=dose, actor=actor, request_id=form.request_id, session=form.session.id,
            said=said,
        )  # fmt: skip
    except InputError as error:
        if error.reason in (Reason.WARNINGS_UNSEEN, Reason.MISSING):
            form.against = entering.ahead(registry, profile, dose, said)
        raise
    return saving.certified(entry.dose_id)
