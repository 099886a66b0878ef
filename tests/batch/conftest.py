"""A key, and tables of made-up people."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from vaxcert import Environment
from vaxcert.batch import Order
from vaxcert.trust.own import authority

PASSPHRASE = "mau-thu-mau-thu"


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A TEST signer of VN."""
    folder = tmp_path_factory.mktemp("keys") / "key"
    authority.create(
        folder,
        country="VN",
        name="So Y te Mau",
        passphrase=PASSPHRASE,
        csca_passphrase=PASSPHRASE + "-csca",
        environment=Environment("test"),
        now=datetime.now(UTC),
        usages=("vaccination",),
    )
    return folder


@pytest.fixture
def order(tmp_path: Path, key_folder: Path) -> Callable[..., Order]:
    """An order for a table, with one worker unless told otherwise."""

    def make(table: Path, **changes: object) -> Order:
        given = {"out": tmp_path / "certificates.zip", "key": key_folder, "password": PASSPHRASE}
        return Order(**given | {"table": table, "authority": "Sở Y tế Mẫu"} | changes)  # type: ignore[arg-type]

    return make
