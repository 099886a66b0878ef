"""How the list of keys stands: what staff see in amber before it goes stale, and what the page asks for again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask_babel import force_locale, format_timedelta

import vaxcert
from vaxcert import Reason, wording
from verifier_app.desk import Desk
from verifier_app.showing import moment

# Staff see amber while there is still time to sync.
SOON = timedelta(hours=12)


class Told(NamedTuple):
    """A line of the status: the words' name, the value, and the point in time that it is, if it is one."""

    label: str
    text: str
    moment: datetime | None = None


def name(desk: Desk) -> str:
    """The state of the list: "ready", "soon" (to be synced), "stale" (cards cannot be accepted), "clock" (nor now,
    for this clock is wrong) or "unsigned"."""
    freshness = desk.trust.freshness
    if (problem := freshness.problem(desk.clock())) is not None:
        return "stale" if problem is Reason.TRUST_LIST_STALE else "clock"
    if freshness.valid_until is not None and freshness.valid_until - desk.clock() < SOON:
        return "soon"
    return "unsigned" if freshness.state == "none" else "ready"


def lines(desk: Desk, lang: str) -> list[Told]:
    """What the status says."""
    trust, now = desk.trust, desk.clock()
    freshness, revocations = trust.freshness, trust.revocations
    told = [Told("keys", f"{len(trust)}")]
    if revocations is not None:
        told.append(Told("revocations", f"{sum(revocations.counts().values())}"))
    for when, point, span in ((freshness.published_at, "published", "age"), (freshness.valid_until, "until", "left")):
        if when is not None:
            told += [Told(point, moment(when, lang), when), Told(span, _span(when, now, lang))]
    return [*told, Told("server_clock", moment(now, lang), now), Told("version", f"vaxcert {vaxcert.__version__}")]


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
