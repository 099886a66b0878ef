"""How the list of keys stands: what staff see in amber before it goes stale, and what the page asks for again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import force_locale, format_timedelta

import vaxcert
from vaxcert import Reason, wording
from verifier_app.desk import Desk
from verifier_app.showing import moment

# Staff see amber while there is still time to sync.
SOON = timedelta(hours=12)


def name(desk: Desk) -> str:
    """The state of the list: "ready", "soon" (to be synced), "stale" (cards cannot be accepted), "clock" (nor now,
    for this clock is wrong) or "unsigned"."""
    freshness = desk.trust.freshness
    if (problem := freshness.problem(desk.clock())) is not None:
        return "stale" if problem is Reason.TRUST_LIST_STALE else "clock"
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
    return [*told, ("server_clock", moment(now, lang)), ("version", f"vaxcert {vaxcert.__version__}")]


def clock_wrong(desk: Desk, lang: str) -> str:
    """What is to be said of a clock that the list contradicts, or ""."""
    published = desk.trust.freshness.published_at
    if name(desk) != "clock" or published is None:
        return ""
    return wording.clock_wrong(moment(desk.clock(), lang), moment(published, lang), lang)


def plain(desk: Desk) -> dict[str, Any]:
    """The state as plain values, for a page that stays open all day."""
    return {"state": name(desk), "environment": str(desk.trust.environment)}


def _span(when: datetime, now: datetime, lang: str) -> str:
    with force_locale(lang):
        return str(format_timedelta(when - now, threshold=1.5, add_direction=True))
