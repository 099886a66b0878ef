"""What the manager's page reads, at ten provinces: from the sums, or by a count of everybody; what a change costs.

The registry is filled row by row in the database's own tables, without matching: minutes less, and the same to count.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

COMMUNES, DISTRICTS, SITES = 12, 12, 12
PRODUCTS = ("EU/1/20/1528", "EU/1/20/1507", "EU/1/21/1529", "BBIBP-CorV", "Abdala")
FIRST = date(2026, 1, 5)


def people(count: int, pick: random.Random) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Yield people and their doses, as rows."""
    spellings = ("Huyện {}", "H. {}", "{}")
    for number in range(1, count + 1):
        place = pick.randrange(DISTRICTS)
        district = pick.choices(spellings, (90, 5, 5))[0].format(f"Ví Dụ {'ABCDEFGHIKLM'[place]}")
        born = date(1930, 1, 1) + timedelta(days=pick.randrange(33_000))
        person = {
            "id": number, "person_id": number, "district": district,
            "commune": f"Xã {place}-{pick.randrange(COMMUNES)}",
            "date_of_birth": born.isoformat(), "priority_group": str(pick.randrange(1, 10)),
            "match_key": f"k{number}", "near_key": f"n{number}",
        }  # fmt: skip
        product, day = pick.choice(PRODUCTS), FIRST + timedelta(days=pick.randrange(250))
        doses = [
            {"product": product, "number": dose, "date": day + timedelta(days=28 * (dose - 1)),
             "site": f"VP{place + 1:02}", "lot": f"L{place + 1:02}{pick.randrange(9)}"}
            for dose in range(1, pick.choices((1, 2), (4, 6))[0] + 1)
        ]  # fmt: skip
        yield person, doses


def fill(registry: Any, count: int) -> None:
    """Fill an empty registry with so many people."""
    from sqlalchemy import insert

    from vaxcert.registry import runs, schema, sums
    from vaxcert.registry.states import RunKind

    pick, dose = random.Random(7), 0
    with registry.writing() as connection:
        run = runs.begin(registry, connection, RunKind.IMPORT, "clerk", source="filled")
        told = {"run_id": run, "changed_at": registry.now(), "changed_by": "clerk", "reason": "filled"}
        names = dict.fromkeys(("family_name", "given_name"), "Mẫu")
        names |= dict.fromkeys(("family_name_transliterated", "given_name_transliterated"), "MAU")
        rows: dict[Any, list[dict[str, Any]]] = {
            table: [] for table in (schema.person, schema.person_version, schema.dose, schema.dose_version)
        }
        for number, (person, doses) in enumerate(people(count, pick), 1):
            rows[schema.person].append({"id": number, "run_id": run})
            rows[schema.person_version].append(person | told | names)
            for one in doses:
                dose += 1
                rows[schema.dose].append({"id": dose, "run_id": run, "person_id": number})
                stated = {"id": dose, "dose_id": dose, "state": "good", "disease": "840539006", "series": 2}
                rows[schema.dose_version].append(one | stated | told)
            if number % 20_000 == 0 or number == count:
                for table, some in rows.items():
                    connection.execute(insert(table), some)
                    some.clear()
        runs.end(registry, connection, run, {})
        start = time.perf_counter()
        sums.rebuild(connection)
        print(f"  {'all sums counted anew':<44} {time.perf_counter() - start:8.2f} s   ({dose:,} doses)", flush=True)


def timed(name: str, work: Callable[[], Any]) -> None:
    start = time.perf_counter()
    work()
    print(f"  {name:<44} {time.perf_counter() - start:8.2f} s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=740_000)
    parser.add_argument("--url", help="an empty PostgreSQL database; a file beside others of SQLite without it")
    parser.add_argument("--full", action="store_true", help="count everybody too")
    options = parser.parse_args()
    from vaxcert.registry import Registry
    from vaxcert.registry.care import changing
    from vaxcert.registry.reports import coverage, kept, quality

    with tempfile.TemporaryDirectory() as folder:
        url = options.url or f"sqlite:///{folder}/registry.db"
        with Registry.create(url, Path(folder) / "registry.key") as registry:
            print(f"{registry.engine.dialect.name}, {options.people:,} people", flush=True)
            fill(registry, options.people)
            for by in (("district",), ("district", "commune"), ("priority_group",), ("age",), ("product",), ("day",)):
                timed(f"by {' and '.join(by)}, from the sums", partial(kept.coverage, registry, by))
                if options.full:
                    timed("  the same, from everybody", partial(coverage.coverage, registry, by))
            one = kept.Area("Ví Dụ A")
            timed("by age, of one district", lambda: kept.coverage(registry, ("age",), of=one))
            timed(
                "stock, use, courses",
                lambda: [kept.stock(registry), kept.given_since(registry, 14), kept.courses(registry)],
            )
            timed(
                "units, rejects, questions",
                lambda: [quality.units(registry), quality.not_taken(registry), quality.waiting(registry)],
            )
            timed(
                "one correction",
                lambda: changing.correct_person(registry, 7, {"commune": "Xã Khác"}, actor="clerk", reason="told"),
            )


if __name__ == "__main__":
    main()
