"""The verifier that checkpoint staff use: a small web app without a database, which keeps nothing of anybody.

    gunicorn 'verifier_app:create_app()'        configured by VAXCERT_TRUST and others (see `verifier_app.config`)

request → text or picture → `vaxcert.qr` in a process of its own → `Verifier` → page or JSON → forgotten
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask
from flask_babel import Babel

from verifier_app import api, assets, pages, problems
from verifier_app.config import Settings
from verifier_app.desk import Desk
from verifier_app.guarding import cors, protection, proxies
from verifier_app.load.sent import SentRequest
from verifier_app.shift import views
from verifier_app.watching import requests

# Of text in a form: longer than any card.
MAX_FORM = 100_000


def create_app(settings: Settings | Mapping[str, str] | None = None, *, desk: Desk | None = None) -> Flask:
    """The app. `settings`: ready, or variables as in the environment; without them, the environment's.

    Raises `vaxcert.ConfigurationError` where it could not judge cards rightly: no trust, or, unless it is a trial, one
    that is not signed. `desk` stands in for the one that the settings describe.
    """
    if not isinstance(settings, Settings):
        settings = Settings.from_variables(settings)
    app = Flask(__name__)
    app.request_class = SentRequest
    # Else `//status` is sent on to the same path of whatever host the request names.
    app.url_map.merge_slashes = False
    app.config.update(
        MAX_CONTENT_LENGTH=settings.max_body,
        MAX_FORM_MEMORY_SIZE=MAX_FORM,
        # A fault is answered and its place is logged; its message could be somebody's name.
        PROPAGATE_EXCEPTIONS=False,
    )
    app.extensions["desk"] = desk or Desk(settings)
    app.extensions["settings"] = settings
    Babel(app)
    # The first begins before the others and ends after them.
    requests.install(app, settings)
    problems.install(app)
    cors.install(app, settings)
    protection.install(app, settings)
    assets.install(app)
    app.register_blueprint(api.blueprint)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(views.blueprint)
    app.wsgi_app = proxies.behind(app.wsgi_app, settings.proxies)  # type: ignore[method-assign, assignment]
    return app
