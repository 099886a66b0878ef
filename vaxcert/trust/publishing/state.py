"""What a publisher remembers from one publication to the next, and what it says of one."""

from __future__ import annotations

from datetime import datetime

import msgspec

from vaxcert.verdict import Environment


class PublisherState(msgspec.Struct, kw_only=True):
    """What a publisher remembers. `versions`: the last of each role, never given twice."""

    environment: Environment
    max_offline_hours: int
    root_keys: int = 1
    root_threshold: int = 1
    versions: dict[str, int] = {}


class Publication(msgspec.Struct, frozen=True, kw_only=True):
    """What a publication holds.

    It is to be renewed before `expires_at`, and published anew (root rotated) before `last_until`. Verifiers that are
    offline rely on it until `valid_until`.
    """

    version: int
    keys: int
    revoked: int
    expires_at: datetime
    valid_until: datetime
    last_until: datetime
