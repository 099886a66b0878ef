"""One dose recorded as at a desk, into a registry with a whole province in it: how long each takes, on both databases.

Candidates are looked up before, as a desk does; the second half are next doses of people who are on record.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from measure import ROOT
from registry import Work, postgresql

COMIRNATY = "EU/1/20/1528"


def stocked(registry: Any) -> int:
    """A site with 100,000 doses of a lot, and a session there."""
    from sqlalchemy import insert

    from vaxcert.registry import schema
    from vaxcert.registry.desk import sessions

    with registry.writing() as connection:
        connection.execute(insert(schema.site).values(code="DESK1", name="", district=""))
        connection.execute(insert(schema.lot).values(number="DESK-LOT", product=COMIRNATY))
        delivery = {"site": "DESK1", "lot": "DESK-LOT", "doses": 100_000, "received_on": date(2026, 1, 1)}
        connection.execute(insert(schema.delivery).values(**delivery))
    return sessions.open_session(registry, site="DESK1", product=COMIRNATY, lot="DESK-LOT", actor="nurse")


def recorded(registry: Any, doses: int) -> None:
    """Record so many doses, one after the other, and print what they took."""
    from vaxcert.registry.desk import entering, people, sessions
    from vaxcert.registry.desk.people import Answers
    from vaxcert.registry.states import WarningKind

    session = sessions.get(registry, stocked(registry))
    took: dict[str, list[float]] = {"candidates": [], "somebody new": [], "a next dose": []}
    shown = {"warnings": frozenset(WarningKind), "reason": "measured"}
    for number in range(doses):
        born = f"{1950 + number % 50}-{1 + number % 12:02}-{1 + number % 28:02}"
        told = {"full_name": f"Nguyễn Mẫu {chr(65 + number % 26)}{chr(65 + number // 26 % 26)}", "date_of_birth": born}
        profile = people.read(registry, told).profile
        assert profile is not None
        start = time.perf_counter()
        seen = people.who(registry, profile, actor="nurse")
        took["candidates"].append(time.perf_counter() - start)
        others = frozenset(one.side.number for one in seen)
        dose = sessions.dose(session, 1)
        start = time.perf_counter()
        entry = entering.record(
            registry, profile=profile, dose=dose, actor="nurse", request_id=uuid4(), session=session.id,
            said=Answers(others=others, **shown),
        )  # fmt: skip
        took["somebody new"].append(time.perf_counter() - start)
        start = time.perf_counter()
        entering.record(
            registry, profile=None, dose=sessions.dose(session, 2), actor="nurse", request_id=uuid4(),
            session=session.id, said=Answers(person=entry.person_id, **shown),
        )  # fmt: skip
        took["a next dose"].append(time.perf_counter() - start)
    for name, times in took.items():
        ms = sorted(1_000 * one for one in times)
        late = ms[int(0.95 * len(ms))]
        print(f"  {name:<14} median {statistics.median(ms):6.1f} ms   p95 {late:6.1f}   most {ms[-1]:6.1f}")


def main() -> None:
    """Measure on SQLite, and on PostgreSQL where there is a server to start."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="A hundredth of the province.")
    parser.add_argument("--only", choices=["SQLite", "PostgreSQL"], help="On this database alone.")
    parser.add_argument("--doses", type=int, default=200)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vaxcert-desk-") as name, postgresql() as server:
        folder = Path(name)
        command = [sys.executable, ROOT / "examples" / "make_province.py", folder / "province"]
        subprocess.run([*command, "--times", "0.01"] if given.quick else command, check=True, stdout=subprocess.DEVNULL)
        for kind, url in (("SQLite", f"sqlite:///{folder / 'registry.db'}"), ("PostgreSQL", server)):
            if given.only not in (None, kind):
                continue
            if url is None:
                print(f"{kind}: no server to start")
                continue
            print(kind)
            place = folder / kind
            place.mkdir()
            work = Work(url, place, folder / "province")
            work.imported()
            recorded(work.registry, 5 if given.quick else given.doses)


if __name__ == "__main__":
    main()
