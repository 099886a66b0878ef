"""What a refused sync says: whether somebody meddled with it, or it is old, or it is not to be had."""

from datetime import timedelta
from typing import Any

import pytest
from tuf.api import exceptions

from vaxcert.errors import ConfigurationError, DamagedError, NotFoundError, Reason, UnreachableError
from vaxcert.trust.synced.refusing import refusing


@pytest.mark.parametrize(
    ("raised", "kind", "reason"),
    [
        (exceptions.BadVersionNumberError("x"), DamagedError, Reason.ROLLED_BACK),
        (exceptions.UnsignedMetadataError("x"), DamagedError, Reason.NOT_AUTHENTIC),
        (exceptions.LengthOrHashMismatchError("x"), DamagedError, Reason.NOT_AUTHENTIC),
        (exceptions.RepositoryError("x"), DamagedError, Reason.NOT_AUTHENTIC),
        (exceptions.DownloadLengthMismatchError("x"), DamagedError, Reason.NOT_AUTHENTIC),
        (exceptions.ExpiredMetadataError("x"), ConfigurationError, Reason.TRUST_LIST_STALE),
        (exceptions.DownloadHTTPError("x", 404), NotFoundError, Reason.NOT_FOUND),
        (exceptions.DownloadHTTPError("x", 503), UnreachableError, Reason.UNREACHABLE),
        (exceptions.SlowRetrievalError("x"), UnreachableError, Reason.UNREACHABLE),
        (exceptions.DownloadError("x"), UnreachableError, Reason.UNREACHABLE),
    ],
)
def test_what_is_refused_is_told_apart_by_what_is_to_be_done(
    raised: Exception, kind: type[ConfigurationError], reason: Reason
) -> None:
    with pytest.raises(ConfigurationError, match="not taken over: x") as told, refusing():
        raise raised
    assert (type(told.value), told.value.reason) == (kind, reason)


def test_a_publication_that_is_past_its_end_is_stale_and_not_tampered_with(world: Any) -> None:
    world.now += timedelta(days=400)
    with pytest.raises(ConfigurationError, match="not taken over") as told:
        world.sync()
    assert (type(told.value), told.value.reason) == (ConfigurationError, Reason.TRUST_LIST_STALE)
