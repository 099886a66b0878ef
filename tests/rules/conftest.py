"""Rules and cards that are nobody's."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from ruling import country_rule

from vaxcert import Certificate, Dose, Person
from vaxcert.rules import CardFacts


@pytest.fixture
def rule() -> Callable[..., dict[str, Any]]:
    """A rule of the EU's form that every card meets, with other fields where they are given."""
    return country_rule


@pytest.fixture
def vaccinated() -> CardFacts:
    """A card of two doses, the second on 1 June 2026, signed by VN."""
    return CardFacts.of(two_doses(), country="VN", kid=b"\1" * 8)


def two_doses(version: str = "1.3.0") -> Certificate:
    doses = [
        Dose(
            product="EU/1/20/1528",
            number=number,
            series=2,
            date=date(2026, 4 + number, 1),
            country="VN",
            issuer="Sở Y tế (TEST)",
            certificate_id=f"URN:UVCI:01:VN:VP0{number}/ABC#K",
        )
        for number in (2, 1)
    ]
    return Certificate(
        format="hcert",
        version=version,
        person=Person(family_name="Nguyễn", given_name="Mẫu Thử", date_of_birth="1990-05-17"),
        entries=tuple(doses),
        issuer="VN",
        issued_at=datetime(2026, 6, 1, 8, tzinfo=UTC),
        expires_at=datetime(2027, 6, 1, 8, tzinfo=UTC),
    )
