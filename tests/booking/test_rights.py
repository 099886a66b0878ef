"""The public pages' login on PostgreSQL: it books, and whoever takes it over reads nobody's name and no other table."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from vaxcert.booking import Bookings, offers, taking
from vaxcert.booking.states import BookingState

ROOT = Path(__file__).parents[2]
LOGIN = "vaxcert-public"


# A file of SQLite has rights of its own: those of the system.
pytestmark = pytest.mark.parametrize("counter", ["postgresql"], indirect=True)


@pytest.fixture
def public(request: pytest.FixtureRequest, postgresql: Any, counter: Any) -> Any:
    """The bookings as the login sees them that deploy/booking.sql makes."""
    import psycopg

    with psycopg.connect(counter.url, autocommit=True) as connection:
        connection.execute(f'DROP ROLE IF EXISTS "{LOGIN}"')
    ran = subprocess.run(
        ["psql", counter.url, "--set", f"login={LOGIN}", "--set", "ON_ERROR_STOP=1", "--file", str(ROOT / "deploy" / "booking.sql")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    url = counter.url.replace("postgres@", f"{LOGIN}@")
    yield Bookings.open(url, counter.key, clock=lambda: counter.now)
    with psycopg.connect(counter.url, autocommit=True) as connection:
        connection.execute(f'DROP OWNED BY "{LOGIN}"')
        connection.execute(f'DROP ROLE "{LOGIN}"')


def test_it_books_moves_and_cancels(counter: Any, public: Any) -> None:
    old, new = counter.offer(1), counter.offer(1, days=5)
    made = taking.book(public, counter.somebody(), old, request="form")
    assert not isinstance(made, str) and made.state is BookingState.BOOKED
    assert len(offers.listed(public)) == 2 and offers.groups(public)
    assert taking.move(public, made.ticket, new).at.id == new  # type: ignore[union-attr]
    assert taking.cancel(public, made.ticket).state is BookingState.CANCELLED  # type: ignore[union-attr]
    public.engine.dispose()


def test_it_offers_nothing_deletes_nothing_and_sees_no_table_of_the_registrys(counter: Any, public: Any) -> None:
    import psycopg

    from vaxcert.registry import Registry

    counter.book(counter.offer(1))
    Registry.create(counter.url, counter.folder / "other.key").engine.dispose()
    url = public.engine.url.set(drivername="postgresql").render_as_string()
    public.engine.dispose()
    with psycopg.connect(re.sub(r"\+psycopg", "", url), autocommit=True) as connection:
        held = connection.execute(
            "SELECT tablename, has_table_privilege(quote_ident(tablename), 'SELECT') FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        assert len(held) > 20
        readable = [table for table, may in held if may]
        assert sorted(readable) == ["booking", "booking_group", "booking_offer", "booking_setting"]
        for statement in (
            "DELETE FROM booking", "UPDATE booking_offer SET places = 99", "DELETE FROM booking_group",
            "UPDATE booking_setting SET value = 'x'", "CREATE TABLE public.mine (n int)", "TRUNCATE booking",
        ):  # fmt: skip
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
        told = b"".join(
            value if isinstance(value, bytes) else str(value).encode()
            for row in connection.execute("SELECT * FROM booking") for value in row
        )  # fmt: skip
        assert "Nguyễn".encode() not in told and b"1990-05-17" not in told
