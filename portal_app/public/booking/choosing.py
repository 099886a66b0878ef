"""Where and when somebody may come."""

from __future__ import annotations

from itertools import groupby

from flask import abort, render_template

from portal_app.public.booking import at
from vaxcert.booking import offers

blueprint = at.blueprint("booking")


@blueprint.get("", strict_slashes=False)
def places() -> str:
    """The places."""
    return render_template("public/booking/places.html", places=offers.places(at.bookings()))


@blueprint.get("/at/<site>")
def days(site: str) -> str:
    """The days and times of one place."""
    listed = offers.listed(at.bookings(), site=site)
    if not listed:
        return render_template("public/booking/places.html", places=offers.places(at.bookings()), gone=True)
    by_day = [(day, list(some)) for day, some in groupby(listed, key=lambda one: one.day)]
    return render_template("public/booking/days.html", place=listed[0], days=by_day)


def offered(number: int) -> offers.OfferedSession:
    """One time at one place; 404 for a number that none has."""
    return offers.get(at.bookings(), number) or abort(404)
