"""What the tests share: a clock that stands still, keys, and cards that can be taken apart and put together."""

import os
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from forge import NOW, Forge
from hypothesis import HealthCheck, settings

import vaxcert
from vaxcert import Dose, Issuer, Person, SigningKey, TrustStore, Verifier

settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", settings.get_profile("default"), max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

HEADINGS = "Họ và tên;Ngày sinh;Vắc xin;Mũi;Ngày tiêm;Mã cơ sở"
REQUIRE = os.environ.get("VAXCERT_REQUIRE") == "1"


def pytest_configure(config: pytest.Config) -> None:
    if os.environ.get("VAXCERT_INSTALLED") == "1" and "site-packages" not in str(vaxcert.__file__):
        raise pytest.UsageError("the tests were to run on the installed package, but import the tree")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long and does the same on either database has SQLite in every run, and PostgreSQL at night."""
    for item in items:
        if item.get_closest_marker("one_database") and "postgresql" in item.callspec.params.values():
            item.add_marker("nightly")


@pytest.fixture
def missing() -> Callable[[str], None]:
    """Skip because a component is missing; under VAXCERT_REQUIRE=1 that is a failure."""

    def say(what: str) -> None:
        if REQUIRE:
            pytest.fail(f"{what}, and VAXCERT_REQUIRE=1 wants it")
        pytest.skip(what)

    return say


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def key() -> SigningKey:
    """A TEST key of VN, valid for two years from 30 days before `now`."""
    return SigningKey.generate("VN", now=NOW - timedelta(days=30))


@pytest.fixture(scope="session")
def person() -> Person:
    return Person(family_name="Nguyễn", given_name="Mẫu Thử", date_of_birth="1990-05-17")


@pytest.fixture(scope="session")
def dose() -> Dose:
    return Dose(product="EU/1/20/1528", number=2, series=2, date=date(2026, 6, 1))


@pytest.fixture(scope="session")
def issuer(key: SigningKey) -> Issuer:
    return Issuer(key, country="VN", authority="Sở Y tế (TEST)", valid_for=timedelta(days=365), clock=lambda: NOW)


@pytest.fixture(scope="session")
def text(issuer: Issuer, person: Person, dose: Dose) -> str:
    """A good card."""
    return issuer.issue(person, dose).text


@pytest.fixture(scope="session")
def trust(key: SigningKey) -> TrustStore:
    return TrustStore([key.trusted()])


@pytest.fixture(scope="session")
def verifier(trust: TrustStore) -> Verifier:
    return Verifier(trust, clock=lambda: NOW)


@pytest.fixture(scope="session")
def forge(key: SigningKey) -> Forge:
    return Forge(key)


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """A CSV with the Vietnamese headings and the given lines, or as many good ones."""

    def make(*lines: str, good: int = 0, name: str = "doses.csv") -> Path:
        rows = [f"Nguyễn Mẫu Thử {_letters(i)};17/05/1990;Comirnaty;1/2;01/06/2026;VP01" for i in range(good)]
        path = tmp_path / name
        path.write_text("\n".join((HEADINGS, *rows, *lines)) + "\n", "utf-8")
        return path

    return make


def _letters(number: int) -> str:
    """A number as letters, since names have no digits."""
    return "".join("ABCDEFGHIJ"[int(digit)] for digit in str(number))


@pytest.fixture(scope="session")
def playwright() -> Iterator[Any]:
    """What starts browsers: one a process, since two are in one another's way."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as found:
        yield found
