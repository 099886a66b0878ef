"""Points in time as signed claims have them: seconds since 1970, whole or not (RFC 7519 and RFC 8392, section 2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from vaxcert.errors import ContentError, Reason

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Years 1 to 9999 are what a date can name. Milliseconds taken for seconds land far beyond.
_EARLIEST, _LATEST = -62_135_596_800, 253_402_300_799


def moment(value: object, name: str) -> datetime:
    """The moment of a claim that `name` calls, aware, UTC. Raises `ContentError` for what is none.

    Floats stand in many real cards; bool is an int to Python alone.
    """
    if type(value) is int and 0 <= value < 1 << 32:
        return datetime.fromtimestamp(value, UTC)  # twice as fast, and the same on every system up to 2106
    # Of NaN no comparison holds; an integer may be larger than any float.
    if isinstance(value, bool) or not isinstance(value, int | float) or not _EARLIEST <= value <= _LATEST:
        raise ContentError(Reason.CONTENT_INVALID, f"{name} is missing or no point in time")
    return _EPOCH + timedelta(seconds=value)
