"""What an administrator has to see to, as `vaxcert registry doctor` says it; of people there is nothing in it."""

from __future__ import annotations

from typing import NamedTuple

from flask import Blueprint, render_template

from portal_app import access
from portal_app.access import needs
from portal_app.words import language
from vaxcert.names import printable
from vaxcert.registry.accounts.actions import Action
from vaxcert.registry.reports import doctor
from vaxcert.wording.doctor import MATTERS, TO_DO, WELL, told

blueprint = Blueprint("caring", __name__, url_prefix="/admin")


class ToldMatter(NamedTuple):
    """A matter in words: whether something is to do, how it stands, what it is about, and what to do."""

    well: bool
    mark: str
    title: str
    stands: str
    which: str
    do: str


@blueprint.get("/check-up")
@needs(Action.ACCOUNTS)
def check_up() -> str:
    """Every matter, those where something is to do first."""
    lang, found = language(), []
    for one in doctor.look(access.registry()):
        stands, do = told(one.matter, one.said, amiss=one.amiss)
        which = printable(", ".join(one.which))
        title, mark = MATTERS[one.matter].title.of(lang), (WELL if one.well else TO_DO).of(lang)
        found.append(ToldMatter(one.well, mark, title, stands.of(lang), which, "" if one.well else do.of(lang)))
    return render_template("managing/check_up.html", matters=sorted(found, key=lambda one: one.well))
