"""How the list of keys stands: what staff see in amber before it goes stale, and what the page asks for again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import force_locale, format_timedelta

import vaxcert
from verifier_app.desk import Desk
from verifier_app.showing import moment

# Staff see amber while there is still time to sync.
SOON = timedelta(hours=12)


def name(desk: Desk) -> str:
    """The state of the list: "ready", "soon" (to be synced), "stale" (cards cannot be accepted) or "unsigned"."""
    freshness = desk.trust.freshness
    if not desk.is_ready():
        return "stale"
    if freshness.valid_until is not None and freshness.valid_until - desk.clock() < SOON:
        return "soon"
    return "unsigned" if freshness.state == "none" else "ready"


def lines(desk: Desk, lang: str) -> list[tuple[str, str]]:
    """What the status page says: the words' name, and the value."""
    trust, now = desk.trust, desk.clock()
    freshness, revocations = trust.freshness, trust.revocations
    told = [("keys", f"{len(trust)}")]
    if revocations is not None:
        told.append(("revocations", f"{sum(revocations.counts().values())}"))
    if freshness.published_at is not None:
        told += [
            ("published", moment(freshness.published_at, lang)),
            ("age", _span(freshness.published_at, now, lang)),
        ]
    if freshness.valid_until is not None:
        told += [("until", moment(freshness.valid_until, lang)), ("left", _span(freshness.valid_until, now, lang))]
    return [*told, ("version", f"vaxcert {vaxcert.__version__}")]


def plain(desk: Desk) -> dict[str, Any]:
    """The state as plain values, for a page that stays open all day."""
    return {"state": name(desk), "environment": str(desk.trust.environment)}


def _span(when: datetime, now: datetime, lang: str) -> str:
    with force_locale(lang):
        return str(format_timedelta(when - now, threshold=1.5, add_direction=True))
