"""A registry with sites and lots, and bookings on SQLite or PostgreSQL."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from counters import Counter
from databases import postgresql, server

__all__ = ["postgresql", "server"]


@pytest.fixture(params=["sqlite", "postgresql"])
def counter(request: pytest.FixtureRequest, tmp_path: Path, now: datetime) -> Iterator[Counter]:
    url = (
        f"sqlite:///{tmp_path / 'booking.db'}" if request.param == "sqlite" else request.getfixturevalue("postgresql")()
    )
    made = Counter(tmp_path, url, now)
    yield made
    made.close()
