"""What the TUF client refuses, told apart: tampered with, older than what is held, past its end, or not to be had."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tuf.api.exceptions import (
    BadVersionNumberError,
    DownloadError,
    DownloadHTTPError,
    DownloadLengthMismatchError,
    ExpiredMetadataError,
    RepositoryError,
)

from vaxcert.errors import ConfigurationError, DamagedError, NotFoundError, Reason, UnreachableError

# The first that an error is. More bytes than were announced are somebody's attempt, not a lost connection.
_KINDS: tuple[tuple[type[Exception], type[ConfigurationError], Reason], ...] = (
    (BadVersionNumberError, DamagedError, Reason.ROLLED_BACK),
    (ExpiredMetadataError, ConfigurationError, Reason.TRUST_LIST_STALE),
    (RepositoryError, DamagedError, Reason.NOT_AUTHENTIC),
    (DownloadLengthMismatchError, DamagedError, Reason.NOT_AUTHENTIC),
    (DownloadError, UnreachableError, Reason.UNREACHABLE),
)
_NOT_THERE = 404


@contextmanager
def refusing() -> Iterator[None]:
    """Have what the TUF client raises in the block said as our errors.

    Raises `DamagedError`, `NotFoundError` where the source has no such file, `UnreachableError`, and
    `ConfigurationError` for what is past its end.
    """
    try:
        yield
    except (RepositoryError, DownloadError) as error:
        told = f"not taken over: {error} ({type(error).__name__})"
        if isinstance(error, DownloadHTTPError) and error.status_code == _NOT_THERE:
            raise NotFoundError(told) from None
        _, kind, reason = next(entry for entry in _KINDS if isinstance(error, entry[0]))
        raise kind(told, reason) from None
