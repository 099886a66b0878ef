"""A registry on SQLite and on a real PostgreSQL server, with a clock that can be moved."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from databases import empty_registry, postgresql, server
from places import Place

__all__ = ["empty_registry", "postgresql", "server"]

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path, now: datetime) -> Iterator[Place]:
    if request.param == "sqlite":
        made = Place(tmp_path, f"sqlite:///{tmp_path / 'registry.db'}", now)
    else:
        new = request.getfixturevalue("postgresql")
        name, key = request.getfixturevalue("empty_registry")
        shutil.copy(key, tmp_path / "registry.key")
        made = Place(tmp_path, new(name), now, is_there=True)
    yield made
    made.registry.engine.dispose()


@pytest.fixture
def issuer(key: Any, place: Place) -> Any:
    """Signs for the registry, by its clock."""
    from datetime import timedelta

    from vaxcert import Issuer

    return Issuer(key, country="VN", authority="Sở Y tế (TEST)", valid_for=timedelta(days=365), clock=lambda: place.now)


@pytest.fixture
def province(tmp_path: Path) -> Callable[..., Path]:
    """A province so many times as large as the real one."""

    def made(times: float, seed: int = 1) -> Path:
        folder = tmp_path / "province"
        script = ROOT / "examples" / "make_province.py"
        subprocess.run([sys.executable, script, folder, "--times", str(times), "--seed", str(seed)], check=True)
        return folder

    return made
