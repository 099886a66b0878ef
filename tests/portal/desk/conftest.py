"""A desk at VP01 with lots in stock, a session, and somebody who signs; and other people's screens."""

import csv
import re
from collections.abc import Callable
from typing import Any

import pytest

COMIRNATY, SPIKEVAX = "EU/1/20/1528", "EU/1/20/1507"
LOTS = (
    ("VP01", "L1", COMIRNATY, "60", "2026-05-01"), ("VP01", "L9", COMIRNATY, "9", "2026-05-01"),
    ("VP01", "M1", SPIKEVAX, "5", "2026-05-01"), ("VP02", "L2", COMIRNATY, "9", "2026-05-01"),
)  # fmt: skip


class Signer:
    """Signs in this process as the signer does in its own; `away`: does not answer."""

    def __init__(self, registry: Any, issuer: Any) -> None:
        self.registry, self.issuer, self.away, self.asked = registry, issuer, False, []

    def sign(self, dose: int, *, account: str, site: str = "") -> Any:
        from vaxcert.errors import Reason, UnreachableError
        from vaxcert.registry.certificates.one import Asker, issue
        from vaxcert.signer.protocol import SignedDose

        if self.away:
            raise UnreachableError("away", Reason.SIGNER_AWAY)
        self.asked.append((dose, account, site))
        made = issue(self.registry, self.issuer, dose, asker=Asker(account, site=site))
        return SignedDose(dose, made.certificate_id, made.new, made.expires_at, made.text)


class Desk:
    """What the day at VP01 begins with."""

    def __init__(self, house: Any, issuer: Any) -> None:
        from vaxcert.registry.desk import sessions
        from vaxcert.registry.intake import lists

        self.house, self.registry = house, house.registry
        path = house.folder / "deliveries.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows((("site", "lot", "product", "doses", "received_on"), *LOTS))
        lists.load(self.registry, "deliveries", path, actor="chief")
        self.signer = Signer(self.registry, issuer)
        self.session = sessions.open_session(self.registry, site="VP01", product=COMIRNATY, lot="L1", actor="test")

    def person(self, name: str = "Nguyễn Mẫu Thử", born: str = "17/05/1990", *, site: str = "VP01", **told: str) -> int:
        """Somebody on record with a first dose of some weeks ago at a site."""
        return self.dose(name, born, site=site, **told).person_id

    def dose(self, name: str, born: str, *, site: str = "VP01", number: int = 1, days: int = 60, **told: str) -> Any:
        from vaxcert.registry.desk import people

        said = people.read(self.registry, {"full_name": name, "date_of_birth": born, **told})
        assert not said.problems
        return self.given(said.profile, site=site, number=number, days=days)

    def hostile(self, name: str, born: str) -> int:
        """Somebody whose name no door takes any more, as they may stand in a registry all the same."""
        from datetime import timedelta

        from vaxcert import Person
        from vaxcert.registry import runs
        from vaxcert.registry.records.doses import RecordedDose
        from vaxcert.registry.records.ledger import Ledger
        from vaxcert.registry.records.people import profile
        from vaxcert.registry.states import DoseState, RunKind

        family, _, given = name.partition(" ")
        latin = {"family_name_transliterated": "NGUYEN", "given_name_transliterated": "MAU<THU"}
        person = Person(family_name=family, given_name=given, date_of_birth=born, **latin)
        told = {"district": name[:80], "guardian": name[:160], "commune": name[:80], "address": name}
        whose = profile(person, told, groups=frozenset(), keeper=self.registry.secrets)
        day = self.registry.today() - timedelta(days=60)
        dose = RecordedDose(product=COMIRNATY, number=1, series=2, date=day, site="VP01", lot="L1")
        with self.registry.writing() as connection:
            run = runs.begin(self.registry, connection, RunKind.IMPORT, "before")
            ledger = Ledger(self.registry, connection, run, "before")
            number = ledger.new_person(whose).person_id
            ledger.new_dose(number, dose, DoseState.GOOD)
            ledger.write()
            runs.end(self.registry, connection, run, {})
        return number

    def given(self, profile: Any, *, site: str = "VP01", number: int = 1, days: int = 60) -> Any:
        """Have a dose of some days ago on record."""
        from datetime import timedelta
        from uuid import uuid4

        from vaxcert.registry.desk import entering
        from vaxcert.registry.records.doses import RecordedDose

        given = RecordedDose(
            product=COMIRNATY, number=number, series=2, date=self.registry.today() - timedelta(days=days), site=site,
            lot="L1" if site == "VP01" else "L2",
        )  # fmt: skip
        return entering.record(self.registry, profile=profile, dose=given, actor="before", request_id=uuid4())

    def doses(self, person: int) -> list[tuple[int, str, str]]:
        """Somebody's doses that count: number, lot, state."""
        from vaxcert.registry.desk import showing

        one = showing.whole(self.registry, person, actor="test")
        return [(held.given.dose.number, held.given.dose.lot, str(held.certificate)) for held in one.doses]

    def everybody(self) -> int:
        """How many people are on record."""
        from sqlalchemy import func, select

        from vaxcert.registry import schema

        with self.registry.reading() as connection:
            query = select(func.count()).select_from(schema.person).where(schema.person.c.merged_into.is_(None))
            return int(connection.scalar(query) or 0)


@pytest.fixture
def desk(house: Any, issuer: Any) -> Desk:
    return Desk(house, issuer)


@pytest.fixture
def at(desk: Desk, visit: Callable[..., Any]) -> Callable[..., Any]:
    """A browser at the portal that the desk's signer signs for."""

    def come(login: str = "vaccinator", **settings: Any) -> Any:
        one = visit(login, **settings)
        one.client.application.extensions["signer"] = desk.signer
        return one

    return come


def hidden(page: str, name: str) -> list[str]:
    """The values of a form's hidden fields of this name."""
    return re.findall(rf'name="{name}" value="([^"]*)"', page)


@pytest.fixture
def fields() -> Callable[[str, str], list[str]]:
    return hidden
