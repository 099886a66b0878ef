"""What is held somewhere, as JSON."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vaxcert import TrustedKey
    from vaxcert.trust.holdings import Holdings
    from vaxcert.trust.synced.repository import Loaded

# What ends within this time is to be seen to.
SOON = timedelta(days=60)


def facts(held: Holdings, now: datetime) -> dict[str, Any]:
    """What is held somewhere, as plain values for JSON."""
    import msgspec

    from vaxcert.issuelog import iso

    said: dict[str, Any] = {
        "form": held.form,
        "keys": [key_facts(key) for key in held.keys],
        "countries": dict(Counter(key.country or "??" for key in held.keys).most_common()),
        "expired": sum(now > key.not_after for key in held.keys),
        "end_within_60_days": sum(now <= key.not_after < now + SOON for key in held.keys),
        "refused": [{"source": one.source, "reason": str(one.reason), "detail": one.detail} for one in held.refused],
    }
    if (loaded := held.synced) is not None:
        published, until = times(loaded)
        said |= {
            "environment": str(loaded.listing.environment),
            "publication": loaded.metadata.version,
            "published_at": iso(published),
            "expires_at": iso(loaded.metadata.expires_at),
            "valid_until": iso(until),
            "source": loaded.state.source,
            "revocations": loaded.revocations.counts(),
        }
        for key, entry in zip(said["keys"], loaded.entries, strict=True):
            if entry.origin is not None:
                key["origin"] = msgspec.to_builtins(entry.origin)
    return said


def key_facts(key: TrustedKey) -> dict[str, Any]:
    from vaxcert.issuelog import iso

    return {
        "kid": key.kid.hex(),
        "fingerprint": key.fingerprint.hex(),
        "country": key.country,
        "algorithm": str(key.algorithm),
        "subject": key.subject,
        "usages": sorted(key.usages),
        "formats": sorted(key.formats),
        "issuer": key.issuer,
        "not_before": iso(key.not_before),
        "not_after": iso(key.not_after),
        "revoked": key.withdrawn,
    }


def times(loaded: Loaded) -> tuple[datetime, datetime]:
    freshness = loaded.freshness
    assert freshness.published_at and freshness.valid_until  # noqa: S101  (a synced store has both)
    return freshness.published_at, freshness.valid_until
