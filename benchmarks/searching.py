"""Somebody looked for while a nurse types, among 740,000 people: how long each way takes, on both databases.

People are written straight into the tables, with names as common as they are: two in five are called Nguyễn.
"""

import argparse
import random
import statistics
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from registry import postgresql

FAMILIES = ["Nguyễn"] * 40 + ["Trần"] * 12 + ["Lê"] * 10 + ["Phạm"] * 7 + ["Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ"] * 5
MIDDLES = ["Thị", "Văn", "Mẫu", "Hữu", "Minh", "Ngọc", "Đức", "Thanh"]
GIVEN = [
    "Thử",
    "An",
    "Bình",
    "Chi",
    "Dũng",
    "Giang",
    "Hà",
    "Hương",
    "Khánh",
    "Lan",
    "Mai",
    "Nam",
    "Oanh",
    "Phúc",
    "Quân",
]


def filled(registry: Any, people_count: int) -> None:
    """Have so many people on record, and no dose."""
    from sqlalchemy import insert

    from vaxcert import Person
    from vaxcert.registry import runs, schema
    from vaxcert.registry.records import people
    from vaxcert.registry.records.people import Number
    from vaxcert.registry.states import RunKind

    chance, first = random.Random(1), date(1935, 1, 1)
    # Sealed once: what takes long is that, and nobody is found by it.
    sealed = registry.secrets.encrypt("phone", "0900000000")
    with registry.writing() as connection:
        run = runs.begin(registry, connection, RunKind.IMPORT, "benchmark")
        since = {
            "superseded_by": None,
            "changed_at": registry.now(),
            "changed_by": "benchmark",
            "reason": "",
            "run_id": run,
        }
        for start in range(1, people_count + 1, 10_000):
            numbers = range(start, min(start + 10_000, people_count + 1))
            rows = []
            for number in numbers:
                given = f"{chance.choice(MIDDLES)} {chance.choice(GIVEN)}"
                born = (first + timedelta(days=chance.randrange(31_000))).isoformat()
                person = Person(family_name=chance.choice(FAMILIES), given_name=given, date_of_birth=born)
                phone = Number(registry.secrets.hash("phone", f"09{number:08}"), sealed)
                one = people.Profile(person=person, district="Tam Đảo", phone=phone)
                rows.append({"id": number, "person_id": number, **since, **people.columns(one)})
            connection.execute(
                insert(schema.person),
                [{"id": number, "run_id": run, "merged_into": None, "merged_by_run": None} for number in numbers],
            )
            connection.execute(insert(schema.person_version), rows)
        runs.end(registry, connection, run, {})
    with registry.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")


def looked_for(registry: Any, times: int) -> None:
    """Look for people in each way, and print what it took."""
    from vaxcert.registry.desk import finding, people

    chance = random.Random(2)
    ways: dict[str, list[float]] = {}
    for _ in range(times):
        year, number = chance.randrange(1940, 2015), chance.randrange(1, 70_000)
        for way, told in {
            "rare name, year": {"full_name": "ho oanh", "date_of_birth": str(year)},
            "common name, year": {"full_name": "nguyen th", "date_of_birth": str(year)},
            "nobody, year": {"full_name": "khong ai", "date_of_birth": str(year)},
            "name, day": {"full_name": "nguyen", "date_of_birth": f"{year}-05-17"},
            "telephone": {"phone": f"09{number:08}"},
            "all of it": {"full_name": "Nguyễn Mẫu Thử", "date_of_birth": f"{year}-05-17", "phone": f"09{number:08}"},
        }.items():
            said = people.read(registry, told)
            start = time.perf_counter()
            finding.find(registry, told, said.profile if not said.problems else None, actor="nurse")
            ways.setdefault(way, []).append(1_000 * (time.perf_counter() - start))
    for way, took in ways.items():
        ms = sorted(took)
        late = ms[int(0.95 * len(ms))]
        print(f"  {way:<18} median {statistics.median(ms):6.1f} ms   p95 {late:6.1f}   most {ms[-1]:6.1f}", flush=True)


def main() -> None:
    """Measure on SQLite, and on PostgreSQL where there is a server to start."""
    from vaxcert.registry import Registry

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="A few people; says that it works, not how fast.")
    parser.add_argument("--only", choices=["SQLite", "PostgreSQL"], help="On this database alone.")
    parser.add_argument("--people", type=int, default=740_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vaxcert-searching-") as name, postgresql() as server:
        folder = Path(name)
        for kind, url in (("SQLite", f"sqlite:///{folder / 'registry.db'}"), ("PostgreSQL", server)):
            if given.only not in (None, kind):
                continue
            if url is None:
                print(f"{kind}: no server to start")
                continue
            place = folder / kind
            place.mkdir()
            with Registry.create(url, place / "registry.key") as registry:
                print(kind)
                filled(registry, 2_000 if given.quick else given.people)
                looked_for(registry, 2 if given.quick else 30)


if __name__ == "__main__":
    main()
