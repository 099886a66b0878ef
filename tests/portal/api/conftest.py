"""The interface for programs over a registry, with a signer of the test's own."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from flask import Flask, Request
from places import Place

from portal_app.api.routes import Integrator, blueprint
from vaxcert import Issuer, SigningKey
from vaxcert.errors import Reason, UnreachableError
from vaxcert.registry import Registry, runs
from vaxcert.registry.certificates import one
from vaxcert.registry.intake.rows import Said, TableRow
from vaxcert.registry.intake.taking import take
from vaxcert.registry.records.doses import RecordedDose
from vaxcert.registry.records.ledger import Ledger
from vaxcert.registry.records.people import Profile
from vaxcert.registry.states import RunKind
from vaxcert.signer.protocol import SignedDose

TOKENS = {
    "token-of-clinic-one": Integrator("program:one", frozenset({"VP01"})),
    "token-of-clinic-two": Integrator("program:two", frozenset({"VP01", "VP02"})),
}


FIRST = next(iter(TOKENS))


class Recorder:
    """Records as an import does, each request's id once."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(
        self, registry: Registry, *, profile: Profile, dose: RecordedDose, actor: str, request_id: UUID
    ) -> Any:
        self.calls += 1
        with registry.writing() as connection:
            number = runs.begin(registry, connection, RunKind.IMPORT, actor)
            ledger = Ledger(registry, connection, number, actor)
            row = TableRow(1, 1, "1", (), {}, (request_id.hex,))
            take(connection, ledger, [row], lambda _: Said(profile, dose))
            runs.end(registry, connection, number, {})
            from sqlalchemy import select

            from vaxcert.registry import schema

            table = schema.source_row
            found = connection.execute(select(table).where(table.c.digest == request_id.hex).order_by(table.c.id)).all()
        return SimpleNamespace(dose_id=found[-1].dose_id, outcome=found[-1].outcome)


class InProcess:
    """Signs without a socket; `away`: does not answer."""

    def __init__(self, registry: Registry, issuer: Issuer) -> None:
        self.registry, self.issuer, self.away = registry, issuer, False

    def sign(self, dose: int, *, account: str, site: str = "") -> SignedDose:
        if self.away:
            raise UnreachableError("the signer does not answer", Reason.SIGNER_AWAY)
        made = one.issue(self.registry, self.issuer, dose, asker=one.Asker(account, "portal", site))
        return SignedDose(made.dose_id, made.certificate_id, made.new, made.expires_at, made.text)


class Clinic:
    """A program that asks."""

    def __init__(self, place: Place, signer: InProcess, recorder: Recorder) -> None:
        self.place, self.signer, self.recorder = place, signer, recorder
        app = Flask(__name__)

        def authenticate(request: Request) -> Integrator | None:
            kind, _, token = request.headers.get("Authorization", "").partition(" ")
            return TOKENS.get(token) if kind == "Bearer" else None

        app.register_blueprint(blueprint(place.registry, signer, authenticate, recorder), url_prefix="/api")
        self.app, self.http = app, app.test_client()

    def post(
        self, path: str = "/api/doses", *, key: str = "", token: str = FIRST, headers: Any = (), **given: Any
    ) -> Any:  # fmt: skip
        head = {"Authorization": f"Bearer {token}"} | ({"Idempotency-Key": key} if key else {}) | dict(headers)
        return self.http.post(path, headers=head, **given)


@pytest.fixture
def place(tmp_path: Path, now: datetime) -> Iterator[Place]:
    made = Place(tmp_path, f"sqlite:///{tmp_path / 'registry.db'}", now)
    yield made
    made.registry.engine.dispose()


@pytest.fixture
def clinic(place: Place, key: SigningKey) -> Clinic:
    issuer = Issuer(key, country="VN", authority="TEST", valid_for=timedelta(days=365), clock=lambda: place.now)
    return Clinic(place, InProcess(place.registry, issuer), Recorder())


@pytest.fixture
def dose() -> dict[str, Any]:
    return {
        "family_name": "Nguyễn", "given_name": "Mẫu Thử", "date_of_birth": "1990-05-17", "phone": "0912345678",
        "product": "EU/1/20/1528", "number": 1, "series": 2, "date": "2026-06-01", "site": "VP01", "lot": "L1",
    }  # fmt: skip
