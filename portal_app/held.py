"""A form that is sent when its session is over: it comes back, as it was typed, to whoever typed it.

too late → sealed into a page that asks for password or PIN again → code → a page with what was typed, to be sent

Sealed with the registry's key, it is in no address, cookie or file, and a page holds it as nobody reads it. Whoever
signs in as somebody else gets nothing of it. Nothing is done before its owner sends it, with the new session's token.
"""

from __future__ import annotations

import base64
import binascii
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import msgspec
from flask import Flask, Response, g, render_template, request, url_for
from flask_security import current_user
from markupsafe import Markup

from portal_app import access, problems
from portal_app.access import SentTooLateError
from portal_app.accounts import today
from vaxcert.errors import DamagedError
from vaxcert.registry import Registry

# A day at a desk.
KEPT = timedelta(hours=12)
_SEALED_AS, _FIELD = "form sent too late", "held"
_CODE = "security.two_factor_token_validation"
_WAYS_IN = ("security.login", _CODE, "switching.switch")
# Their fields are passwords and PINs.
_NEVER = ("security", "switching", "own")
# Of what was typed, what is shown again by its name: fields of all forms, and their words.
SHOWN = {
    "full_name": "desk_full_name", "date_of_birth": "desk_date_of_birth", "phone": "desk_phone",
    "national_id": "desk_national_id", "guardian": "desk_guardian", "address": "desk_address", "lot": "desk_lot",
    "details": "desk_event_details",
}  # fmt: skip


class HeldForm(msgspec.Struct, frozen=True):
    """What an account sent, and where. `at`: seconds since 1970. People's data."""

    account: int
    path: str
    fields: list[tuple[str, str]]
    at: float

    def __repr__(self) -> str:
        return f"<HeldForm of {self.account}>"

    def shown(self) -> list[tuple[str, str]]:
        """What is shown of it again: the names of words, and what was typed."""
        return [(SHOWN[name], value) for name, value in self.fields if name in SHOWN and value.strip()]


def sealed(registry: Registry, form: HeldForm) -> str:
    """A form as a text that nobody reads or changes."""
    return base64.urlsafe_b64encode(registry.secrets.encrypt(_SEALED_AS, msgspec.json.encode(form).decode())).decode()


def opened(registry: Registry, text: str) -> HeldForm | None:
    """The form that was sealed; None for what is none, or too old."""
    try:
        data = registry.secrets.decrypt(_SEALED_AS, base64.b64decode(text, altchars=b"-_", validate=True))
    except (DamagedError, binascii.Error, ValueError):
        return None
    form = msgspec.json.decode(data, type=HeldForm)
    age = registry.now().timestamp() - form.at
    return form if 0 <= age <= KEPT.total_seconds() else None


def install(app: Flask) -> None:
    """Have forms that are sent too late be held, and given back."""
    app.register_error_handler(SentTooLateError, _too_late)
    app.after_request(_give_back)
    app.context_processor(lambda: {"held_field": _field})


def _field() -> Markup:
    """The field that carries a held form on, through all pages until somebody is signed in."""
    text = request.form.get(_FIELD, "") if request.method == "POST" else ""
    return Markup('<input type="hidden" name="{}" value="{}">').format(_FIELD, text) if text else Markup("")


def _too_late(error: SentTooLateError) -> Any:
    who, registry = error.account, access.registry()
    fields = [one for one in request.form.items(multi=True) if one[0] != "csrf_token"]
    if request.blueprint in _NEVER or not any(value for _, value in fields):
        return problems.answer(401)
    form = HeldForm(who.id, request.full_path.rstrip("?"), fields, registry.now().timestamp())
    page = render_template(
        "accounts/again.html", account=who, sealed=sealed(registry, form), by_pin=who in today.with_pin(registry)
    )
    return page, 401


def _give_back(response: Response) -> Response:
    if request.method != "POST" or request.endpoint not in _WAYS_IN or response.status_code != 302:
        return response
    text = request.form.get(_FIELD, "")
    if not text:
        return response
    if not current_user.is_authenticated:
        if urlsplit(response.location or "").path == url_for(_CODE):
            # Which a redirection would lose.
            return _page(response, render_template("accounts/code.html", first=True))
        return response
    form = opened(access.registry(), text)
    if form is None or form.account != current_user.id or current_user.account.must_change:
        return response
    g.account = current_user.account
    return _page(response, render_template("accounts/returned.html", form=form))


def _page(response: Response, text: str) -> Response:
    response.set_data(text)
    response.status_code, response.mimetype = 200, "text/html"
    del response.headers["Location"]
    return response
