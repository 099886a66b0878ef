"""What programs may ask: to record a dose, and for the certificate of one that they recorded.

asked → whose token? → a key? → JSON → a dose of their site that makes sense → noted → recorded → the signer

A request that comes again under its key records nothing twice, and has the same certificate. What is recorded is so
whether or not the signer answers: then the answer says so (202), and the same request brings the certificate later.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol
from uuid import UUID, uuid5

import msgspec
from flask import Blueprint, Request, Response, abort, current_app, g, jsonify, request
from werkzeug.exceptions import HTTPException

from portal_app.access import needs
from portal_app.api import openapi, problems
from portal_app.api.asked import MOST_BODY, DoseRecord, ShapeError, read
from vaxcert.errors import (
    ConfigurationError,
    InputError,
    NotFoundError,
    Reason,
    UnreachableError,
    VaxcertError,
    place_of,
)
from vaxcert.registry import Registry
from vaxcert.registry.accounts.actions import Action
from vaxcert.registry.connecting import is_of_database
from vaxcert.registry.desk.entering import RecordedEntry
from vaxcert.registry.records.doses import RecordedDose
from vaxcert.registry.records.now import entered_by
from vaxcert.registry.records.people import Profile
from vaxcert.registry.retries import remember
from vaxcert.signer.protocol import SignedDose
from vaxcert.wording import explain

# Of all requests' ids, those that programs' keys make; any constant would do.
_NAMESPACE = UUID("6f0f2f0c-6a53-5d0e-9a4f-5d1f1c1f6c52")
# A structured field's string (RFC 8941), or the same without its quotes.
_KEY = re.compile(r'"?([\x21\x23-\x5b\x5d-\x7e]{8,100})"?', re.ASCII)
# What passes by itself: the same request may be sent again after so many seconds.
_AGAIN = {Reason.SIGNER_AWAY: "30", Reason.LIMIT_REACHED: "600"}


class Integrator(NamedTuple):
    """Whose token a request has: the account that it acts as, and the codes of the sites that it records for."""

    account: str
    sites: frozenset[str]


class Recording(Protocol):
    """Records a dose, and the same `request_id` once."""

    def __call__(
        self, registry: Registry, *, profile: Profile, dose: RecordedDose, actor: str, request_id: UUID
    ) -> RecordedEntry:
        """Record it, or say what became of it before. Raises `InputError`."""


class Certifying(Protocol):
    """Has a dose's certificate issued: the client of the signer."""

    def sign(self, dose: int, *, account: str, site: str = "") -> SignedDose:
        """The certificate of a dose. Raises `VaxcertError`."""


def blueprint(
    registry: Registry,
    signer: Certifying,
    authenticate: Callable[[Request], Integrator | None],
    record: Recording,
) -> Blueprint:
    """The routes, to be registered under a prefix. `authenticate`: whose token a request has; None for a wrong one."""
    made = Blueprint("api", __name__)

    # Each route there is, and each there will be.
    @made.before_request
    def enter() -> Response | None:
        request.max_content_length = MOST_BODY
        g.integrator = authenticate(request)
        return problems.answer(401) if g.integrator is None else None

    @made.post("/doses")
    @needs(Action.API)
    def dose() -> Response:
        key, wanted = _key(), _asked()
        who: Integrator = g.integrator
        if key is None:
            return problems.answer(400, "no_key")
        if isinstance(wanted, Response):
            return wanted
        if wanted.site not in who.sites:
            return problems.answer(403)
        said = wanted.said(registry)
        if said.problems or said.profile is None or said.dose is None:
            return problems.answer(422, errors=said.problems)
        try:
            new = remember(registry, who.account, key, wanted.canonical())
        except ConfigurationError:
            return problems.answer(422, "request_differs")
        made_id = uuid5(_NAMESPACE, f"{who.account}\x1f{key}")
        entry = record(registry, profile=said.profile, dose=said.dose, actor=who.account, request_id=made_id)
        return _answer(entry.dose_id, wanted.site, 201 if new else 200, outcome=str(entry.outcome))

    @made.post("/doses/<int(max=2147483647):number>/certificate")
    @needs(Action.API)
    def certificate(number: int) -> Response:
        who: Integrator = g.integrator
        try:
            with registry.reading() as connection:
                mine = entered_by(connection, number) == who.account
        except NotFoundError:
            mine = False
        # That there is a dose which another entered is nobody's business either.
        return _answer(number, "", 200) if mine else problems.answer(404)

    @made.get("/openapi.json")
    @needs(Action.API)
    def description() -> Response:
        return jsonify(openapi.document(request.script_root + request.path.removesuffix("/openapi.json")))

    @made.after_request
    def keep_nothing(response: Response) -> Response:
        response.headers["Cache-Control"] = "no-store"
        return response

    @made.errorhandler(InputError)
    def not_valid(error: InputError) -> Response:
        return problems.answer(422, errors=[error.problem])

    @made.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        return problems.answer(error.code or 500)

    @made.errorhandler(VaxcertError)
    @made.errorhandler(Exception)
    def fault(error: Exception) -> Response:
        passing = isinstance(error, VaxcertError) or is_of_database(error)
        current_app.logger.error("%s: %s", "unavailable" if passing else "fault", place_of(error))
        return problems.answer(503 if passing else 500)

    def _answer(number: int, site: str, status: int, **more: str) -> Response:
        who: Integrator = g.integrator
        told: dict[str, Any] = {"dose": number, **more, "certificate": None, "withheld": None}
        headers = {}
        try:
            signed = signer.sign(number, account=who.account, site=site)
        except VaxcertError as error:
            if isinstance(error, UnreachableError) or error.reason in _AGAIN:
                status, headers["Retry-After"] = 202, _AGAIN.get(error.reason, "30")
            told["withheld"] = {"reason": error.reason, "detail": explain(error, problems.language())}
        else:
            told["certificate"] = {
                "id": signed.certificate, "text": signed.text, "expires_at": signed.expires_at.isoformat()
            }  # fmt: skip
        response = jsonify(told)
        response.status_code = status
        response.headers.update(headers)
        return response

    return made


def _key() -> str | None:
    found = _KEY.fullmatch(request.headers.get("Idempotency-Key", ""))
    return found[1] if found else None


def _asked() -> DoseRecord | Response:
    """The request's JSON, or the problem with it."""
    if request.mimetype != "application/json":
        abort(415)
    try:
        return read(request.get_data(cache=False))
    except ShapeError as error:
        return problems.answer(422, errors=error.problems)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        abort(400)
