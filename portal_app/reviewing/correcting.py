"""Corrections: somebody found, what is to change, what that does to their certificates, and only then saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from portal_app import access
from portal_app.access import needs
from portal_app.intake.showing import birthday
from portal_app.reviewing import changes, sight
from portal_app.reviewing.comparing import dose_told
from portal_app.words import language, say
from vaxcert.errors import InputError, NotFoundError, Reason, VaxcertError
from vaxcert.registry.accounts import places, seeing
from vaxcert.registry.accounts.actions import Action
from vaxcert.registry.care import changing, searching
from vaxcert.registry.care import comparing as records
from vaxcert.registry.care.comparing import WholeRecord
from vaxcert.registry.certificates import asking
from vaxcert.registry.records.doses import GivenDose
from vaxcert.tables.records import birth_date
from vaxcert.wording import explain

blueprint = Blueprint("correcting", __name__, url_prefix="/corrections")

_ASKED = ("name", "born", "phone", "national_id")
# A row of the registry has no higher number.
_MOST_DIGITS = 9


@blueprint.get("")
@needs(Action.CORRECT)
def start() -> str:
    """Whom to correct: by number, or by what is known of them."""
    return render_template("reviewing/find.html", asked={}, found=None, wrong={})


@blueprint.post("")
@needs(Action.CORRECT)
def find() -> Any:
    """Find somebody. What is known of them is sent with the form, and stands in no address."""
    form = request.form
    number = form.get("number", "").strip()
    if number:
        if not (number.isascii() and number.isdecimal() and len(number) <= _MOST_DIGITS):
            return _found(None, {"number": say("person_number_wrong")}), 422
        return redirect(url_for("correcting.person", number=int(number)))
    wanted = {name: form.get(name, "").strip() for name in _ASKED}
    try:
        born = birth_date(wanted["born"]) if wanted["born"] else ""
        hits = searching.search(
            access.registry(), name=wanted["name"], date_of_birth=born, phone=wanted["phone"],
            national_id=wanted["national_id"], actor=access.account().actor,
        )  # fmt: skip
    except InputError as error:
        said = say("find_more") if error.reason == "not_enough_given" else explain(error, language())
        return _found(None, {"born": said}), 422
    return _found([records.record(access.registry(), one.side.number) for one in hits], {})


@blueprint.get("/people/<int:number>")
@needs(Action.CORRECT)
def person(number: int) -> Any:
    """Somebody's record, with what can be corrected of it."""
    return _person(records.record(access.registry(), number))


@blueprint.post("/people/<int:number>")
@needs(Action.CORRECT)
def correct_person(number: int) -> Any:
    """Show what a correction changes; once that was seen, save it."""
    record = _mine(records.record(access.registry(), number))
    given = {name: request.form.get(name, record.told.get(name, "")).strip() for name in changes.PERSON}
    reason = request.form.get("reason", "")
    if "edit" in request.form:
        return _person(record, given=given, reason=reason)
    try:
        wanted = changes.of_person(record, given)
        preview = changing.preview_person(access.registry(), record.number, wanted, reason=reason)
        seen = str(preview.before.version_id)
        if "save" in request.form and request.form.get("seen") == seen:
            made = changing.correct_person(
                access.registry(), record.number, wanted, actor=access.account().actor, reason=reason
            )
            return _saved(made, record.person)
    except InputError as error:
        return _person(record, given=given, reason=reason, wrong=_wrong(error)), 422
    before = {name: record.told.get(name, "") for name in wanted}
    return _preview(record, None, before, wanted, given, reason, seen, asking.affected(access.registry(), *preview))


@blueprint.get("/doses/<int:number>")
@needs(Action.CORRECT)
def dose(number: int) -> Any:
    """A dose, with what can be corrected of it."""
    record, given = _dose(number)
    return _dose_page(record, given)


@blueprint.post("/doses/<int:number>")
@needs(Action.CORRECT)
def correct_dose(number: int) -> Any:
    """Show what a correction of a dose changes, or that it is withdrawn; once that was seen, save it."""
    record, old = _dose(number)
    given = {name: request.form.get(name, "").strip() for name in changes.DOSE}
    reason = request.form.get("reason", "")
    if "edit" in request.form:
        return _dose_page(record, old, given=given, reason=reason)
    try:
        wanted = changes.of_dose(old, given)
        preview = changing.preview_dose(access.registry(), number, wanted, reason=reason)
        seen = str(old.version_id)
        if "save" in request.form and request.form.get("seen") == seen:
            made = changing.correct_dose(access.registry(), number, wanted, actor=access.account().actor, reason=reason)
            return _saved(made, record.person)
    except InputError as error:
        return _dose_page(record, old, given=given, reason=reason, wrong=_wrong(error)), 422
    before = {name: changes.dose_text(old, name) for name in wanted}
    after = {name: given[name] for name in wanted}
    return _preview(record, old, before, after, given, reason, seen, asking.affected(access.registry(), *preview))


@blueprint.post("/people/<int:number>/reason")
@needs(Action.CORRECT)
def reason(number: int) -> Any:
    """Say why somebody of another site has to be shown."""
    record = records.record(access.registry(), number)
    if wrong := sight.give_reason((record.person,)):
        return _person(record, reason_wrong=say(wrong)), 422
    return redirect(url_for("correcting.person", number=record.person))


def _found(found: list[WholeRecord] | None, wrong: Mapping[str, str]) -> str:
    shown = None if found is None else sight.shown(found, "search")
    return render_template("reviewing/find.html", asked=request.form, found=shown, wrong=wrong, most=searching.MOST)


def _form(record: WholeRecord) -> dict[str, str]:
    """What is on record, as people write it."""
    return record.told | {"date_of_birth": birthday(record.told["date_of_birth"])}


def _mine(record: WholeRecord) -> WholeRecord:
    """A record that whoever asks is shown whole; of others nothing is changed."""
    registry, who = access.registry(), access.account()
    with registry.reading() as connection:
        if record.person not in seeing.open_to(registry, connection, who, {record.person}):
            abort(403)
    return record


def _dose(number: int) -> tuple[WholeRecord, GivenDose]:
    record = _mine(records.record(access.registry(), records.owner_of(access.registry(), number)))
    given = next((given for given in record.doses if given.dose_id == number), None)
    if given is None:
        raise NotFoundError(f"dose {number}: another record of it counts", Reason.NO_SUCH_RECORD)
    return record, given


def _wrong(error: VaxcertError) -> dict[str, str]:
    """What is wrong, by field; "" for the form as a whole."""
    field = error.field if isinstance(error, InputError) else ""
    known = (*changes.PERSON, *changes.DOSE, "reason")
    return {field if field in known else "": explain(error, language())}


def _person(
    record: WholeRecord, *, given: Mapping[str, str] | None = None, reason: str = "",
    wrong: Mapping[str, str] | None = None, reason_wrong: str = "",
) -> str:  # fmt: skip
    (shown,) = sight.shown((record,), "correction")
    return render_template(
        "reviewing/person.html", record=shown.whole, shown=shown, given=given or _form(record), reason=reason,
        wrong=wrong or {}, fields=changes.PERSON, more=changes.MORE, dose_told=dose_told,
        reason_wrong=reason_wrong, **sight.reasons(),
    )  # fmt: skip


def _dose_page(
    record: WholeRecord, old: GivenDose, *, given: Mapping[str, str] | None = None, reason: str = "",
    wrong: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    sight.shown((record,), "correction")
    with access.registry().reading() as connection:
        sites = places.sites(connection)
    choices = [(one.code, f"{one.code} {one.name}") for one in sites]
    if old.dose.site and old.dose.site not in dict(choices):
        choices.insert(0, (old.dose.site, old.dose.site))
    told = given or {name: changes.dose_text(old, name) for name in changes.DOSE}
    return render_template(
        "reviewing/dose.html", record=record, old=old, given=told, reason=reason, wrong=wrong or {},
        site_choices=choices, products=changes.products(old),
    )  # fmt: skip


def _preview(
    record: WholeRecord, old: GivenDose | None, before: Mapping[str, str], after: Mapping[str, str],
    given: Mapping[str, str], reason: str, seen: str, affected: asking.Affected,
) -> str:  # fmt: skip
    sight.shown((record,), "correction")
    return render_template(
        "reviewing/preview.html", record=record, old=old, before=before, after=after, given=given, reason=reason,
        seen=seen, affected=affected, changed_meanwhile="save" in request.form,
        told=changes.told,
    )  # fmt: skip


def _saved(run: int, person: int) -> Any:
    flash(say("corrected", run=run))
    try:
        records.record(access.registry(), person)
    except NotFoundError:
        return redirect(url_for("correcting.start"))
    return redirect(url_for("correcting.person", number=person))
