"""A key, and tables of made-up people."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from vaxcert import Environment
from vaxcert.batch import Order
from vaxcert.trust.own import authority

HEAD = "Họ và tên;Ngày sinh;Vắc xin;Mũi;Ngày tiêm;Mã cơ sở"
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


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """A CSV with the Vietnamese headings and the given lines, or as many good ones."""

    def make(*lines: str, good: int = 0, name: str = "doses.csv") -> Path:
        rows = [f"Nguyễn Mẫu Thử {_letters(i)};17/05/1990;Comirnaty;1/2;01/06/2026;VP01" for i in range(good)]
        path = tmp_path / name
        path.write_text("\n".join((HEAD, *rows, *lines)) + "\n", "utf-8")
        return path

    return make


def _letters(number: int) -> str:
    """A number as letters, since names have no digits."""
    return "".join("ABCDEFGHIJ"[int(digit)] for digit in str(number))
