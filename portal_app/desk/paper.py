"""A certificate to be printed: on A4 or as a card, by the browser, or as a PDF; and its holder's slip.

Nothing of it is kept anywhere. A slip's code is made when it is asked for, and is on that page alone.
"""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, redirect, render_template, request, url_for
from markupsafe import Markup

from portal_app import access
from portal_app.access import needs
from portal_app.desk import at
from vaxcert.registry.accounts import seeing
from vaxcert.registry.accounts.actions import Action
from vaxcert.registry.certificates import lookup, pictures
from vaxcert.registry.certificates.lookup import FoundCertificate
from vaxcert.registry.desk import showing
from vaxcert.registry.desk.showing import PersonRecord
from vaxcert.registry.holders import codes

blueprint = at.blueprint("desk_paper")

LAYOUTS = ("a4", "card")


@blueprint.get("/doses/<int:number>/paper")
@needs(Action.PRINT)
def paper(number: int) -> Any:
    """The page that is printed; asked with `print=1`, the browser is told to print it."""
    whose = _whose(number)
    if whose is None:
        return _ask_why(number)
    found = lookup.of_dose(access.registry(), number, actor=access.account().actor)
    if found is None:
        return redirect(url_for("desk_dose.dose", number=number))
    return _paper(found, number, layout=request.args.get("layout", ""), at_once="print" in request.args)


@blueprint.post("/doses/<int:number>/paper")
@needs(Action.PRINT)
def with_slip(number: int) -> Any:
    """The same with a new code for its holder; the code alone where there is no certificate yet."""
    whose = _whose(number)
    if whose is None:
        return _ask_why(number)
    found = lookup.of_dose(access.registry(), number, actor=access.account().actor)
    code = codes.of_dose(access.registry(), number, actor=access.account().actor).text
    if found is None:
        return _slip(whose, code, url_for("desk_dose.dose", number=number))
    return _paper(found, number, layout=request.form.get("layout", ""), at_once=True, slip=_told(whose, code))


@blueprint.post("/people/<int:number>/code")
@needs(Action.PRINT)
def new_code(number: int) -> Any:
    """A new code for whoever lost the slip; the one before counts no more."""
    registry, who = access.registry(), access.account()
    one = showing.whole(registry, number, actor=who.actor)
    back = url_for("desk_person.person", number=one.number)
    if not at.is_open_to(one.number):
        return redirect(back)
    seeing.viewed(registry, who, [one.number], "code")
    return _slip(one, codes.hand_out(registry, one.number, actor=who.actor).text, back)


@blueprint.get("/doses/<int:number>/paper.pdf")
@needs(Action.PRINT)
def pdf(number: int) -> Any:
    """The same as a PDF, for a printer elsewhere."""
    if _whose(number) is None:
        return _ask_why(number)
    found = lookup.of_dose(access.registry(), number, actor=access.account().actor)
    if found is None:
        return redirect(url_for("desk_dose.dose", number=number))
    response = Response(pictures.page(found), mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=f"certificate-{number}.pdf")
    return response


def _whose(number: int) -> PersonRecord | None:
    """Whose dose it is; None where whoever asks has to give a reason first."""
    registry, who = access.registry(), access.account()
    one = showing.of_dose(registry, number, actor=who.actor)
    if not at.is_open_to(one.number):
        return None
    seeing.viewed(registry, who, [one.number], "paper")
    return one


def _ask_why(number: int) -> Any:
    one = showing.of_dose(access.registry(), number, actor=access.account().actor)
    return redirect(url_for("desk_person.person", number=one.number))


def _paper(
    found: FoundCertificate, number: int, *, layout: str, at_once: bool, slip: dict[str, str] | None = None
) -> str:
    texts = pictures.texts(found)
    return render_template(
        "desk/paper.html", layout=layout if layout in LAYOUTS else "a4", one=texts, test=found.test, number=number,
        # Drawn by this package from a text of its own.
        code=Markup(texts["code"]),  # noqa: S704
        at_once=at_once, slip=slip,
    )  # fmt: skip


def _slip(one: PersonRecord, code: str, back: str) -> str:
    return render_template("desk/slip.html", slip=_told(one, code), back=back)


def _told(one: PersonRecord, code: str) -> dict[str, str]:
    """What stands on a slip."""
    person = one.profile.person
    where = current_app.extensions["settings"].public
    return {"code": code, "name": person.full_name, "born": at.born(person.date_of_birth), "where": where}
