"""A certificate to be printed: on A4 or as a card, by the browser, or as a PDF. Nothing of it is kept anywhere."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, render_template, request, url_for
from markupsafe import Markup

from portal_app import access
from portal_app.access import needs
from portal_app.desk import at
from vaxcert.registry.accounts import seeing
from vaxcert.registry.accounts.actions import Action
from vaxcert.registry.certificates import lookup, pictures
from vaxcert.registry.certificates.lookup import FoundCertificate
from vaxcert.registry.desk import showing

blueprint = at.blueprint("desk_paper")

LAYOUTS = ("a4", "card")


@blueprint.get("/doses/<int:number>/paper")
@needs(Action.PRINT)
def paper(number: int) -> Any:
    """The page that is printed; asked with `print=1`, the browser is told to print it."""
    found = _found(number)
    if not isinstance(found, FoundCertificate):
        return found
    layout = request.args.get("layout", "a4")
    texts = pictures.texts(found)
    return render_template(
        "desk/paper.html", layout=layout if layout in LAYOUTS else "a4", one=texts, test=found.test, number=number,
        # Drawn by this package from a text of its own.
        code=Markup(texts["code"]),  # noqa: S704
        at_once="print" in request.args,
    )  # fmt: skip


@blueprint.get("/doses/<int:number>/paper.pdf")
@needs(Action.PRINT)
def pdf(number: int) -> Any:
    """The same as a PDF, for a printer elsewhere."""
    found = _found(number)
    if not isinstance(found, FoundCertificate):
        return found
    response = Response(pictures.page(found), mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=f"certificate-{number}.pdf")
    return response


def _found(number: int) -> Any:
    """The certificate of a dose whose holder whoever asks is shown; else where to go instead."""
    registry, who = access.registry(), access.account()
    one = showing.of_dose(registry, number, actor=who.actor)
    if not at.is_open_to(one.number):
        return redirect(url_for("desk_person.person", number=one.number))
    seeing.viewed(registry, who, [one.number], "paper")
    return lookup.of_dose(registry, number, actor=who.actor) or redirect(url_for("desk_dose.dose", number=number))
