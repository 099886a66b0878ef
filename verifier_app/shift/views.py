"""What a page fetches to go on without this server: itself, its settings, the publication, and the worker."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, url_for

from verifier_app.api import desk
from verifier_app.shift import parts

blueprint = Blueprint("shift", __name__)


@blueprint.before_request
def _offered() -> None:
    if not parts.is_offered():
        abort(404)


@blueprint.get("/page.html")
def shell() -> str:
    """The page as a device keeps it."""
    return parts.page()


@blueprint.get("/page.json")
def settings() -> Response:
    """What the page begins with."""
    return _as(parts.contents()[_path("settings")], "application/json")


@blueprint.get("/words.json")
def words() -> Response:
    """The words of verdicts."""
    return _as(parts.contents()[_path("words")], "application/json")


@blueprint.get("/page.webmanifest")
def manifest() -> Response:
    """What a phone needs to put the page among its apps."""
    return _as(parts.contents()[_path("manifest")], "application/manifest+json")


@blueprint.get("/worker.js")
def worker() -> Response:
    """The worker, which keeps the page; of this version as long as nothing of it changes."""
    return _as(parts.worker().encode(), "text/javascript")


@blueprint.get("/published/", defaults={"path": ""})
@blueprint.get("/published/<path:path>")
def published(path: str) -> Any:
    """What the publisher has signed for pages, from this server's store. A page checks it itself."""
    found = desk().trust.pages.get(path)
    if found is None:
        abort(404)
    try:
        return _as(found.read_bytes(), "application/octet-stream")
    except OSError:
        # Of a generation that has just gone: it asks again.
        abort(404)


def _path(name: str) -> str:
    return url_for(f"shift.{name}")


def _as(content: bytes, kind: str) -> Response:
    return Response(content, mimetype=kind)
