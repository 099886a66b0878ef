"""What the tests share: a clock that stands still, keys, and cards that can be taken apart and put together."""

import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

import vaxcert
from vaxcert import Dose, Issuer, Person, SigningKey, TrustStore, Verifier
from vaxcert.formats import hcert
from vaxcert.wire import base45, cbor, cose, deflate

settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", settings.get_profile("default"), max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

HEADINGS = "Họ và tên;Ngày sinh;Vắc xin;Mũi;Ngày tiêm;Mã cơ sở"
NOW = datetime(2026, 6, 15, 9, 30, tzinfo=UTC)
REQUIRE = os.environ.get("VAXCERT_REQUIRE") == "1"


def pytest_configure(config: pytest.Config) -> None:
    if os.environ.get("VAXCERT_INSTALLED") == "1" and "site-packages" not in str(vaxcert.__file__):
        raise pytest.UsageError("the tests were to run on the installed package, but import the tree")


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


class Forge:
    """Makes cards step by step, each step replaceable by a wrong one."""

    def __init__(self, key: SigningKey) -> None:
        self.key = key

    def dcc(self, **changes: Any) -> dict[str, Any]:
        """The map of a good vaccination certificate, with other values or, for `...`, without a key."""
        good: dict[str, Any] = {
            "ver": "1.3.0",
            "nam": {"fn": "Nguyễn", "fnt": "NGUYEN", "gn": "Mẫu Thử", "gnt": "MAU<THU"},
            "dob": "1990-05-17",
            "v": [self.vaccination()],
        }
        return {name: value for name, value in (good | changes).items() if value is not ...}

    def vaccination(self, **changes: Any) -> dict[str, Any]:
        good: dict[str, Any] = {
            "tg": "840539006",
            "vp": "1119349007",
            "mp": "EU/1/20/1528",
            "ma": "ORG-100030215",
            "dn": 2,
            "sd": 2,
            "dt": "2026-06-01",
            "co": "VN",
            "is": "Sở Y tế (TEST)",
            "ci": "URN:UVCI:01:VN:VP01/AAAAAAAAAAAAAAAA#B",
        }
        return {name: value for name, value in (good | changes).items() if value is not ...}

    def test(self, **changes: Any) -> dict[str, Any]:
        good: dict[str, Any] = {
            "tg": "840539006",
            "tt": "LP6464-4",
            "nm": "Sample PCR",
            "sc": "2026-06-14T10:00:00Z",
            "tr": "260415000",
            "tc": "Sample centre",
            "co": "VN",
            "is": "Sở Y tế (TEST)",
            "ci": "URN:UVCI:01:VN:BBBBBBBBBBBBBBBB#C",
        }
        return {name: value for name, value in (good | changes).items() if value is not ...}

    def recovery(self, **changes: Any) -> dict[str, Any]:
        good: dict[str, Any] = {
            "tg": "840539006",
            "fr": "2026-04-01",
            "df": "2026-04-12",
            "du": "2026-09-28",
            "co": "VN",
            "is": "Sở Y tế (TEST)",
            "ci": "URN:UVCI:01:VN:CCCCCCCCCCCCCCCC#D",
        }
        return {name: value for name, value in (good | changes).items() if value is not ...}

    def claims(self, dcc: Any = None, **changes: Any) -> dict[Any, Any]:
        """CWT claims of a card issued an hour before NOW for a year; `iss`, `iat`, `exp` may be given."""
        moment = int(NOW.timestamp())
        good: dict[Any, Any] = {
            1: changes.get("iss", "VN"),
            4: changes.get("exp", moment + 365 * 86400),
            6: changes.get("iat", moment - 3600),
            -260: {1: self.dcc() if dcc is None else dcc},
        }
        return {label: value for label, value in good.items() if value is not ...}

    def message(
        self,
        payload: bytes | dict[Any, Any],
        *,
        protected: dict[Any, Any] | bytes | None = None,
        unprotected: dict[Any, Any] | None = None,
        sign: Callable[[bytes], bytes] | None = None,
        tag: bytes = b"\xd2",
    ) -> bytes:
        """A COSE_Sign1 with any headers, signed by the key."""
        body = payload if isinstance(payload, bytes) else cbor.dumps(payload)
        if protected is None:
            protected = {1: -7, 4: self.key.kid}
        head = protected if isinstance(protected, bytes) else cbor.dumps(protected)
        signature = (sign or self.key.sign)(cose.signing_input(head, body))
        return tag + cbor.dumps([head, unprotected or {}, body, signature])

    def text(self, message: bytes) -> str:
        return hcert.PREFIX + base45.encode(deflate.deflate(message))

    def card(self, dcc: Any = None, **changes: Any) -> str:
        return self.text(self.message(self.claims(dcc, **changes)))


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
