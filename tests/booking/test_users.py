"""On SQLite, two users of one machine: the public's books and reads nobody's name, the desk's reads who booked."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PUBLIC, DESK, SHARED = 54_331, 54_332, 54_333

# As a unit starts it: the user, and the group that both have.
AS_USER = """
import os, sys, tempfile
from datetime import datetime
from pathlib import Path
folder, uid, now, ticket = Path(sys.argv[1]), int(sys.argv[2]), datetime.fromisoformat(sys.argv[3]), sys.argv[4]
from vaxcert.booking import Bookings, applicants, offers, taking
from vaxcert.booking.applicants import Applicant
from vaxcert.booking.schema import booking
from vaxcert.booking.staff import arriving
# Python's own files may be out of another user's reach: what is imported late is imported before.
applicants.initials(Applicant(full_name="Nguyễn Mẫu", date_of_birth="1990", phone="0"))
with tempfile.TemporaryDirectory() as warm:
    keys = Path(warm, "a.key"), Path(warm, "b.key")
    Bookings.create(f"sqlite:///{warm}/b.db", *keys).engine.dispose()
    with Bookings.open(f"sqlite:///{warm}/b.db", *keys) as bookings:
        taking.by_ticket(bookings, "x"), offers.listed(bookings), taking.cancel(bookings, "x")
os.setgroups([int(sys.argv[5])])
os.setgid(uid)
os.setuid(uid)
os.umask(0o077)
"""
BOOKS = """
with Bookings.open(f"sqlite:///{folder}/data/booking.db", folder / "booking.key", clock=lambda: now) as bookings:
    who = Applicant(full_name="Nguyễn Mẫu Thử", date_of_birth="1990-05-17", phone="0912345678")
    print(taking.book(bookings, who, offers.listed(bookings)[0].id, request="form").ticket)
    with bookings.reading() as connection:
        assert "Mẫu Thử".encode() not in b"".join(row.sealed for row in connection.execute(booking.select()))
for name in ("booking-desk.key", "registry.db", "registry.key"):
    try:
        (folder / name).read_bytes()
        print("reads", name)
    except PermissionError:
        pass
"""
RECEIVES = """
keys = folder / "booking.key", folder / "booking-desk.key"
with Bookings.open(f"sqlite:///{folder}/data/booking.db", *keys, clock=lambda: now) as bookings:
    made = taking.by_ticket(bookings, ticket)
    arriving.arrived(bookings, made.id)
    with bookings.reading() as connection:
        print(applicants.opened(bookings.desk, connection.execute(booking.select()).one().sealed).full_name)
"""


@pytest.fixture
def machine(now: Any) -> Iterator[Path]:
    """A folder as the guide has it made, with places to book."""
    from counters import Counter

    with tempfile.TemporaryDirectory() as name:
        path = Path(name)
        path.chmod(0o711)
        (path / "data").mkdir()
        counter = Counter(path, f"sqlite:///{path}/data/booking.db", now)
        counter.offer(3)
        counter.close()
        os.chown(path / "data", PUBLIC, SHARED)
        (path / "data").chmod(0o2770)
        for file, mode in (("data/booking.db", 0o660), ("booking.key", 0o640)):
            os.chown(path / file, PUBLIC, SHARED)
            (path / file).chmod(mode)
        os.chown(path / "booking-desk.key", DESK, DESK)
        yield path


@pytest.mark.skipif(os.geteuid() != 0, reason="who is not root can be no other user")
def test_each_does_what_it_has_to_and_the_publics_side_reads_no_more(machine: Path, now: Any) -> None:
    def ran(script: str, uid: int, ticket: str = "") -> list[str]:
        command = [sys.executable, "-c", AS_USER + script, str(machine), str(uid), now.isoformat(), ticket, str(SHARED)]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=120,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.split("\n")[:-1]

    (ticket,) = ran(BOOKS, PUBLIC)
    assert ran(RECEIVES, DESK, ticket) == ["Nguyễn Mẫu Thử"]
    # What one of them made beside the file, the other may use.
    assert [line for line in ran(BOOKS.replace("Mẫu Thử", "Mẫu Hai"), PUBLIC) if line.startswith("reads")] == []
