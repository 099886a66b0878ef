"""The description of the interface for programs (OpenAPI 3.1), which the tests hold the app to."""

from __future__ import annotations

from typing import Any

import msgspec

import vaxcert
from vaxcert import Certificate, Environment, Outcome, Reason, Stage, Status
from vaxcert.wording.kinds import KINDS
from verifier_app.kinds import PICTURES
from verifier_app.problems import URN
from verifier_app.words import DETAILS

_TITLES = {
    400: "The JSON cannot be read, or has another shape",
    401: "No token, or a wrong one",
    408: "Too slow to arrive",
    413: "Larger than 10 MB; text: 70 kB",
    415: "Neither JSON, PNG, JPEG, WebP, PDF nor a text that begins like a card",
    422: "The picture holds no code, several, or is none; or there are no such rules",
    429: "Too many requests from one address in a minute",
    503: "Too busy; try again after `Retry-After` seconds",
}
_OF_PICTURES = (400, 408, 413, 415, 422, 429, 503)


def document(*, token: bool, debug: bool, prefix: str = "") -> dict[str, Any]:
    """The description as served.

    `token`: whether the app wants one; `debug`: whether it answers `POST /inspect`; `prefix`: the path that it stands
    under.
    """
    _, shapes = msgspec.json.schema_components((Certificate,), ref_template="#/components/schemas/{name}")
    paths: dict[str, Any] = {
        "/verify": {"post": _verify(token)},
        "/healthz": {"get": _get("healthz", "Whether the app runs", "Running")},
        "/readyz": {"get": _get("readyz", "Whether cards can be accepted: the list may be relied on", "Ready", 503)},
        "/openapi.json": {"get": _get("openapi", "This description", "OpenAPI 3.1")},
    }
    if debug:
        paths["/inspect"] = {"post": _inspect(token)}
    components: dict[str, Any] = {"schemas": {**shapes, "Asked": _ASKED, "Verdict": _VERDICT, "Problem": _PROBLEM}}
    if token:
        components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "vaxcert verifier",
            "version": vaxcert.__version__,
            "description": "Judges health certificates against published keys. Keeps nothing of anybody.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": prefix or "/"}],
        "paths": paths,
        "components": components,
    }


def _verify(token: bool) -> dict[str, Any]:
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in PICTURES}
    content["application/octet-stream"] = {"schema": {"type": "string", "format": "binary"}}
    content["text/plain"] = {"schema": {**_STRING, "pattern": "^(HC1:|shc:/|NZCP:/)"}}
    return {
        "operationId": "verify",
        "summary": "Judge a card, now",
        "description": "What is sent is told by its first bytes; its media type decides where these do not.",
        "requestBody": {"required": True, "content": {"application/json": {"schema": _ref("Asked")}, **content}},
        "parameters": [_LANGUAGE, _MODE],
        "responses": _answers("The verdict; `status` says which", _ref("Verdict"), token, *_OF_PICTURES),
        **_security(token),
    }


def _inspect(token: bool) -> dict[str, Any]:
    step = _object({"title": _STRING, "content": _STRING})
    broken = _object({"stage": _enum(Stage), "reason": _enum(Reason)})
    shape = _object({"steps": _list(step), "broken": _maybe(broken), "verdict": _ref("Verdict")})
    return {
        "operationId": "inspect",
        "summary": "Show every step of a card, unchecked: for developers",
        "requestBody": {"required": True, "content": {"application/json": {"schema": _ref("Asked")}}},
        "parameters": [_LANGUAGE],
        "responses": _answers("The steps", shape, token, 400, 408, 413, 415, 429, 503),
        **_security(token),
    }


def _get(name: str, summary: str, good: str, *problems: int) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": summary,
        "responses": _answers(good, {"type": "object"}, False, *problems),
    }


def _answers(good: str, shape: dict[str, Any], token: bool, *problems: int) -> dict[str, Any]:
    found: dict[str, Any] = {"200": {"description": good, "content": {"application/json": {"schema": shape}}}}
    if 429 in problems:
        found["200"]["headers"] = {name: {**_LEFT[name], "required": True} for name in _LEFT}
    for status in sorted({*problems, *((401,) if token else ())}):
        content = {"application/problem+json": {"schema": _ref("Problem")}}
        headers = {"Content-Language": _header("The language of `title` and `detail`: en or vi")}
        if status in (429, 503):
            headers["Retry-After"] = {**_header("Seconds until it may be asked again"), "required": True}
        found[str(status)] = {"description": _TITLES[status], "headers": headers, "content": content}
    return found


def _header(says: str) -> dict[str, Any]:
    return {"description": says, "schema": _STRING}


def _security(token: bool) -> dict[str, Any]:
    return {"security": [{"token": []}]} if token else {}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _list(shape: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": shape}


def _maybe(shape: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [shape, {"type": "null"}]}


def _enum(values: Any) -> dict[str, Any]:
    return {"type": "string", "enum": [str(value) for value in values]}


_STRING = {"type": "string"}
_MOMENT = {"type": "string", "format": "date-time"}
_ASKED = {
    **_object(
        {
            "text": {"type": "string", "description": "What the code holds, as HC1:…", "examples": ["HC1:…"]},
            "texts": {**_list(_STRING), "minItems": 1, "description": "The codes of one card that is told in several"},
            "mode": {"type": ["string", "null"], "description": "By which policy, in place of the usual one"},
        }
    ),
    "required": [],
    "anyOf": [{"required": ["text"]}, {"required": ["texts"]}],
}
_CHECK = _object({"stage": _enum(Stage), "outcome": _enum(Outcome), "reason": _maybe(_enum(Reason)), "detail": _STRING})
_RULE = _object(
    {"id": _STRING, "outcome": _enum(Outcome), "reason": _maybe(_enum(Reason)), "en": _STRING, "vi": _STRING}
)
_RULES = _object(
    {
        "mode": _STRING,
        "title": _object({"en": _STRING, "vi": _STRING}),
        "signed": {"type": "boolean"},
        "outcome": _enum(Outcome),
        "results": _list(_RULE),
    }
)
_LINK = {
    **_object({"address": _STRING, "label": _STRING, "flags": _STRING, "expires_at": _maybe(_MOMENT)}),
    "description": "Of a code that points at documents elsewhere: what it says. It was not followed.",
}
_VERDICT = _object(
    {
        "status": _enum(Status),
        "reason": _maybe(_enum(Reason)),
        "environment": _enum(Environment),
        "format": _maybe(_STRING),
        "recognised": _maybe(_enum(KINDS)),
        "checks": _list(_CHECK),
        "warnings": _list(_enum(Reason)),
        "freshness": _object({"state": _STRING, "published_at": _maybe(_MOMENT), "valid_until": _maybe(_MOMENT)}),
        "signer": _maybe(_object({"kid": _STRING, "country": _maybe(_STRING), "subject": _STRING})),
        "certificate": _maybe(_ref("Certificate")),
        "card": {**_enum(Status), "description": "The status without the rules of the place"},
        "rules": _maybe(_RULES),
        "link": _maybe(_LINK),
    }
)
_PROBLEM = _object(
    {
        "type": {"type": "string", "enum": [URN + code for code in DETAILS]},
        "title": {**_STRING, "description": "For people, in the language of `Accept-Language`; programs go by `type`"},
        "status": {"type": "integer"},
        "detail": {**_STRING, "description": "For people: what to do about it"},
    }
)
_LANGUAGE = {
    "name": "Accept-Language",
    "in": "header",
    "required": False,
    "description": "Of problems: en (as without it) or vi",
    "schema": _STRING,
}
_MODE = {
    "name": "mode",
    "in": "query",
    "required": False,
    "description": "By which policy to judge, where the body is no JSON that says so",
    "schema": _STRING,
}
_LEFT = {
    "RateLimit-Policy": _header('Requests (q) in a window of seconds (w), from one address: "address";q=300;w=60'),
    "RateLimit": _header('What is left of them (r), and seconds until the window ends (t): "address";r=299;t=60'),
}
