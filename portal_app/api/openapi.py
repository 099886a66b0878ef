"""The description of the interface for programs that record doses (OpenAPI 3.1), which the tests hold the routes to."""

from __future__ import annotations

from typing import Any

import msgspec

import vaxcert
from portal_app.api.asked import DoseRecord
from portal_app.api.problems import URN
from vaxcert.errors import Reason
from vaxcert.wording.programs import PROGRAMS

_STRING = {"type": "string"}
_DESCRIPTION = {"description": "OpenAPI 3.1", "content": {"application/json": {"schema": {"type": "object"}}}}
_TITLES = {
    400: "The JSON cannot be read, or there is no Idempotency-Key",
    401: "No token, or a wrong one",
    403: "A dose of a site that is not the account's",
    404: "No such dose that this account recorded",
    413: "Larger than 16 kB",
    415: "Not application/json",
    422: "Fields that make no sense (`errors`), or a key that came with another request",
    500: "A fault of the server; send the same request again",
    503: "The registry cannot be used now; send the same request again after `Retry-After` seconds",
}


def document(prefix: str) -> dict[str, Any]:
    """The description as served. `prefix`: the path that the routes stand under."""
    _, shapes = msgspec.json.schema_components((DoseRecord,), ref_template="#/components/schemas/{name}")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "vaxcert: doses and their certificates",
            "version": vaxcert.__version__,
            "description": "Records a dose and hands out its certificate. The same request again changes nothing.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": prefix or "/"}],
        "security": [{"token": []}],
        "paths": {
            "/doses": {
                "post": {
                    "operationId": "recordDose",
                    "summary": "Record a dose, and get its certificate",
                    "parameters": [_KEY, _LANGUAGE],
                    "requestBody": {"required": True, "content": {"application/json": {"schema": _ref("DoseRecord")}}},
                    "responses": {
                        "201": _recorded("Recorded"),
                        "200": _recorded("Recorded before, under the same key"),
                        "202": _recorded("Recorded; no certificate yet: send the same request again", later=True),
                        **_problems(400, 401, 403, 413, 415, 422, 500, 503),
                    },
                }
            },
            "/doses/{dose}/certificate": {
                "post": {
                    "operationId": "getCertificate",
                    "summary": "Get the certificate of a dose that this account recorded",
                    "parameters": [
                        {"name": "dose", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}},
                        _LANGUAGE,
                    ],
                    "responses": {
                        "200": _recorded("The certificate, or why there is none"),
                        "202": _recorded("There is no certificate yet", later=True),
                        **_problems(401, 404, 500, 503),
                    },
                }
            },
            "/openapi.json": {
                "get": {
                    "operationId": "describe",
                    "summary": "This description",
                    "responses": {
                        "200": _DESCRIPTION,
                        **_problems(401, 500),
                    },
                }
            },
        },
        "components": {
            "schemas": {**shapes, "Recorded": _RECORDED, "Problem": _PROBLEM},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }  # fmt: skip


def _recorded(says: str, *, later: bool = False) -> dict[str, Any]:
    made: dict[str, Any] = {"description": says, "content": {"application/json": {"schema": _ref("Recorded")}}}
    if later:
        made["headers"] = {"Retry-After": {"description": "Seconds", "required": True, "schema": _STRING}}
    return made


def _problems(*statuses: int) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": _ref("Problem")}}
    return {str(status): {"description": _TITLES[status], "content": content} for status in statuses}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(fields: dict[str, Any], *optional: str) -> dict[str, Any]:
    required = [name for name in fields if name not in optional]
    return {"type": "object", "properties": fields, "required": required, "additionalProperties": False}


def _maybe(shape: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [shape, {"type": "null"}]}


_REASON = {"type": "string", "enum": [str(reason) for reason in Reason]}
_CERTIFICATE = _object({"id": _STRING, "text": _STRING, "expires_at": {"type": "string", "format": "date-time"}})
_RECORDED = _object(
    {
        "dose": {"type": "integer"},
        "outcome": {**_STRING, "description": "new, matched, known, question or disputed: what became of the record"},
        "certificate": _maybe(_CERTIFICATE),
        "withheld": _maybe(_object({"reason": _REASON, "detail": _STRING})),
    },
    "outcome",
)
_PROBLEM = _object(
    {
        "type": {"type": "string", "enum": [URN + code for code in PROGRAMS]},
        "title": {**_STRING, "description": "For people, in the language of `Accept-Language`; programs go by `type`"},
        "status": {"type": "integer"},
        "detail": {**_STRING, "description": "For people: what to do about it"},
        "errors": {"type": "array", "items": _object({"field": _STRING, "reason": _REASON, "detail": _STRING})},
    },
    "errors",
)
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "8 to 100 printable characters of ASCII: others for each dose, such as a UUID, and the same when "
    "the request is sent again (draft-ietf-httpapi-idempotency-key-header)",
    "schema": {"type": "string", "minLength": 8, "maxLength": 102},
}
_LANGUAGE = {
    "name": "Accept-Language",
    "in": "header",
    "required": False,
    "description": "Of what is for people: en (as without it) or vi",
    "schema": _STRING,
}
