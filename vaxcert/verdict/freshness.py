"""How old a list of keys is, and until when it may be relied on."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from vaxcert.errors import Reason

# A list that was not synced for so long after its end is rarer than a clock that was set to another year.
SUSPECT_AFTER = timedelta(days=30)


class Freshness(msgspec.Struct, frozen=True):
    """How old a list of keys is and until when it may be relied on, as its publisher signed it.

    `state` is "none" for plain folders and unsigned lists, which cannot say.
    """

    state: str = "none"
    published_at: datetime | None = None
    valid_until: datetime | None = None

    def problem(self, now: datetime) -> Reason | None:
        """Why the list may not be relied on at the moment that a clock shows, or None.

        `clock_rolled_back` before it was published, `trust_list_stale` after its end, `clock_suspect` 30 days later.
        """
        if self.published_at is not None and now < self.published_at:
            return Reason.CLOCK_ROLLED_BACK
        if self.valid_until is not None and now > self.valid_until:
            return Reason.CLOCK_SUSPECT if now - self.valid_until > SUSPECT_AFTER else Reason.TRUST_LIST_STALE
        return None
