"""The public's side: a holder looks a certificate up, and whoever wants an injection books one. An app of its own.

    gunicorn --config python:portal_app.public.server 'portal_app.public:create_public_app()'

request → within the address block's limits? → form → the look-up service at its socket, or the bookings → page

It has no login, no key of the registry and no way to its tables. Pages work without scripts.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Flask

from portal_app.public import booking as booking_pages
from portal_app.public import limiting, looking, pages, problems, protection
from portal_app.public.booking.guarding import Guard
from portal_app.public.config import PublicSettings
from portal_app.public.sealing import Sealing
from vaxcert.booking import Bookings
from vaxcert.lookup.client import Lookup, LookupClient

# Of a form: a name, a date, some numbers, a sealed certificate.
MAX_BODY = 32_000

BLUEPRINTS: tuple[Blueprint, ...] = (pages.blueprint, looking.blueprint, *booking_pages.BLUEPRINTS)


def create_public_app(
    settings: PublicSettings | Mapping[str, str] | None = None,
    *,
    lookup: Lookup | None = None,
    booking: Bookings | None = None,
) -> Flask:
    """The app. `settings`: ready, or variables as in the environment; without them, the environment's.

    `lookup`, `booking` stand in for those that the settings name; what neither names is not offered. Raises
    `ConfigurationError`.
    """
    if not isinstance(settings, PublicSettings):
        settings = PublicSettings.from_variables(settings)
    app = Flask("portal_app")
    # Else `//find` is sent on to the same path of whatever host the request names.
    app.url_map.merge_slashes = False
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY,
        # A fault is answered and its place is logged; its message could be somebody's name.
        PROPAGATE_EXCEPTIONS=False,
        **protection.cookies(settings),
    )
    app.extensions["settings"] = settings
    app.extensions["lookup"] = lookup or (None if settings.lookup is None else LookupClient(settings.lookup))
    app.extensions["sealing"] = Sealing(protection.key(settings, "sealed"))
    if booking is None and settings.booking:
        booking = Bookings.open(settings.booking, settings.booking_key)
    app.extensions["booking"] = booking
    app.extensions["booking_guard"] = Guard(settings)
    problems.install(app)
    protection.install(app, settings)
    limiting.install(app, settings)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app
