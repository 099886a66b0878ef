"""The portal: screens for those who vaccinate, review, manage and keep accounts, over the registry of a province.

    gunicorn 'portal_app:create_app()'        configured by VAXCERT_DB and others (see `portal_app.config`)

request → who is it, and may they? (`needs`) → the registry's own functions → page

It holds no signing key and reads no table by itself. Pages work without scripts.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask
from flask_babel import Babel

from portal_app import access, api, arrivals, desk, held, pages, problems, protection, words
from portal_app.accounts import administering, own, security, switching
from portal_app.config import PortalSettings
from portal_app.intake import history, uploading
from portal_app.managing import caring, numbers
from portal_app.opening import booking_of, opened, signer_of
from portal_app.reviewing import certifying, correcting, groups, questions, reported
from portal_app.rows import RowNumber

if TYPE_CHECKING:
    from vaxcert.booking import Bookings
    from vaxcert.registry import Registry
    from vaxcert.signer.client import SignerClient


# Of a form; files are let in by the pages that take them.
MAX_BODY = 200_000

BLUEPRINTS = (
    pages.blueprint, *desk.BLUEPRINTS, *arrivals.BLUEPRINTS, uploading.blueprint, history.blueprint,
    questions.blueprint, groups.blueprint, reported.blueprint, correcting.blueprint, certifying.blueprint,
    numbers.blueprint, own.blueprint, switching.blueprint, administering.blueprint, caring.blueprint,
)  # fmt: skip


def create_app(
    settings: PortalSettings | Mapping[str, str] | None = None,
    *,
    registry: Registry | None = None,
    signer: SignerClient | None = None,
    booking: Bookings | None = None,
) -> Flask:
    """The app. `settings`: ready, or variables as in the environment; without them, the environment's.

    `registry`, `signer`, `booking` stand in for those that the settings name. Raises `ConfigurationError` where there
    is no registry, where a training portal is asked for over one that was not made for it, and for a page that says not
    who may see it.
    """
    if not isinstance(settings, PortalSettings):
        settings = PortalSettings.from_variables(settings)
    registry = opened(settings, registry)
    app = Flask(__name__)
    # Else a number that no row can have is a fault of the database's.
    app.url_map.converters["int"] = RowNumber
    # Else `//accounts` is sent on to the same path of whatever host the request names.
    app.url_map.merge_slashes = False
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY,
        # A fault is answered and its place is logged; its message could be somebody's name.
        PROPAGATE_EXCEPTIONS=False,
        **protection.cookies(settings, registry.secrets.hash("portal", "sessions")),
    )
    app.extensions["settings"] = settings
    app.extensions["registry"] = registry
    app.extensions["signer"] = signer or signer_of(settings)
    app.extensions["booking"] = booking or booking_of(settings)
    # Fetched by `make assets`: without it a search answers once it is sent.
    app.extensions["quick"] = Path(app.static_folder or "", "vendor", "htmx.min.js").is_file()
    Babel(app, locale_selector=words.language)
    problems.install(app)
    # Before what looks at tokens of forms: whoever may not is told that, whatever they sent.
    access.install(app)
    protection.install(app, settings)
    security.install(app, registry, settings)
    held.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.register_blueprint(api.mounted(registry), url_prefix="/api")
    access.close(app)
    return app
