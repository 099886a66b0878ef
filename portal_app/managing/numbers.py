"""The manager's page: counts of everywhere or of one district, and each table of it as a file for spreadsheets.

No name, no number of a person and no list behind a count: what stands here leads to nobody's record.
"""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, request

from portal_app import access
from portal_app.access import needs
from portal_app.managing import showing
from portal_app.words import language
from vaxcert.registry.accounts import places
from vaxcert.registry.accounts.actions import Action
from vaxcert.registry.reports import kept, listing, tables
from vaxcert.registry.reports.kept import EVERYWHERE, Area
from vaxcert.registry.reports.overview import Overview, overview

blueprint = Blueprint("managing", __name__, url_prefix="/numbers")


@blueprint.get("", strict_slashes=False)
@needs(Action.COUNT)
def numbers() -> str:
    """All that there is to read, of everywhere or of one district."""
    own = _own()
    told = overview(access.registry(), of=_asked(own))
    return render_template("managing/numbers.html", page=showing.page(access.registry(), told, language()), own=own)


@blueprint.get(
    "/<any(district, commune, priority_group, age, product, day, due, supply, units, not_taken, waiting):what>.csv"
)
@needs(Action.COUNT)
def table(what: str) -> Response:
    """One table as CSV, as the command line writes it to a file: with the mark that spreadsheets look for."""
    told = overview(access.registry(), of=_asked(_own()))
    answer = Response(_csv(told, what).encode("utf-8-sig"), mimetype="text/csv")
    # The day, and no district: a file's name goes further than the file.
    day = told.tables["day"].as_of
    answer.headers["Content-Disposition"] = f'attachment; filename="{what}-{day:%Y-%m-%d}.csv"'
    return answer


def _csv(told: Overview, what: str) -> str:
    if what in told.tables:
        return tables.as_csv(told.tables[what])
    local = access.registry().local
    if what == "due":
        return listing.as_csv(listing.due(told.due))
    if what == "supply":
        return listing.as_csv(listing.supplies(told.supplies))
    if what == "units":
        return listing.as_csv(listing.units(told.units, local))
    if what == "not_taken":
        return listing.as_csv(listing.not_taken(told.not_taken, local))
    return listing.as_csv(listing.waiting(told.waiting, local))


def _own() -> Area:
    """What whoever asks is told of: an area's account of its district, a site's of the district that the site is in."""
    who = access.account()
    if not who.site:
        return Area(who.area)
    with access.registry().reading() as connection:
        district = next((one.district for one in places.sites(connection) if one.code == who.site), "")
    if not district:
        # Which is no reason to be told of everywhere.
        abort(403)
    return Area(district)


def _asked(own: Area) -> Area:
    wanted = request.args.get("district", "")
    if own != EVERYWHERE:
        return own if wanted in ("", own.district) else abort(403)
    return kept.area(access.registry(), wanted) if wanted else EVERYWHERE
