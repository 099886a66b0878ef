"""The manager's page at ten provinces, on both databases: each request as a browser makes it, what it reads from the
sums or by a count of everybody, and what a change costs.

The registry is filled row by row in the database's own tables, without matching: minutes less, and the same to count.
"""

import argparse
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from registry import postgresql

COMMUNES, DISTRICTS, SITES = 12, 12, 12
PRODUCTS = ("EU/1/20/1528", "EU/1/20/1507", "EU/1/21/1529", "BBIBP-CorV", "Abdala")
FIRST = date(2026, 1, 5)
PASSWORD = "a long enough password"  # noqa: S105  (of made-up people)
TIMES = 7


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


def lists(registry: Any, folder: Path, count: int) -> None:
    """Sites, what they received, targets, and a manager's account."""
    from vaxcert.registry.accounts import keeping, training
    from vaxcert.registry.intake import lists as module

    training.declare(registry, actor="clerk")
    places = [(f"VP{place + 1:02}", f"Ví Dụ {'ABCDEFGHIKLM'[place]}") for place in range(SITES)]
    lots = [(site, f"L{site[2:]}{lot}", lot) for site, _ in places for lot in range(9)]
    texts = {
        "sites": ["site,name,district", *(f"{site},Trạm Y tế Mẫu {site},{district}" for site, district in places)],
        "deliveries": ["site,lot,product,doses,received_on",
                       *(f"{site},{lot},{PRODUCTS[at % 5]},{count // 50},2026-01-04" for site, lot, at in lots)],
        "targets": ["district,priority_group,people", *(f"{name},,{count // 10}" for _, name in places)],
    }  # fmt: skip
    for kind, rows in texts.items():
        path = folder / f"{kind}.csv"
        path.write_text("\n".join(rows) + "\n", "utf-8")
        module.load(registry, kind, path, actor="clerk")
    keeping.create(registry, "manager", keeping.Wanted("Mẫu", ["manager"]), actor="clerk", password=PASSWORD)


def fill(registry: Any, count: int) -> None:
    """Fill an empty registry with so many people."""
    from sqlalchemy import insert, text

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
        connection.commit()
        # As the database does by itself a minute later.
        connection.execute(text("ANALYZE"))
        start = time.perf_counter()
        sums.rebuild(connection)
        print(f"  {'all sums counted anew':<44} {time.perf_counter() - start:8.2f} s   ({dose:,} doses)", flush=True)


def timed(name: str, work: Callable[[], Any], times: int = 1) -> None:
    took = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    most = f"   (slowest of {times}: {max(took):.2f})" if times > 1 else ""
    print(f"  {name:<44} {statistics.median(took):8.2f} s{most}", flush=True)


def pages(registry: Any) -> None:
    """Whole requests of somebody who signed in: the page of everywhere, one district's, and a table as a file."""
    from portal_app import create_app
    from portal_app.config import PortalSettings

    app = create_app(PortalSettings(db="unused", plain=True, training=True), registry=registry)
    client = app.test_client()
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)
    assert found is not None
    form = {"csrf_token": found[1], "username": "manager", "password": PASSWORD}
    assert client.post("/sign-in", data=form).status_code == 302

    def asked(path: str) -> None:
        assert client.get(path).status_code == 200, path

    size = len(client.get("/numbers").data)
    timed(f"the page of everywhere ({size // 1024} KiB)", partial(asked, "/numbers"), TIMES)
    timed("the page of one district", partial(asked, "/numbers?district=Ví Dụ A"), TIMES)
    timed("communes as CSV", partial(asked, "/numbers/commune.csv"), TIMES)


def measure(url: str, folder: Path, people: int, *, full: bool) -> None:
    """Fill a registry in an empty database, and measure."""
    from vaxcert.registry import Registry
    from vaxcert.registry.care import changing
    from vaxcert.registry.reports import coverage, kept, quality

    with Registry.create(url, folder / "registry.key") as registry:
        print(f"{registry.engine.dialect.name}, {people:,} people", flush=True)
        lists(registry, folder, people)
        fill(registry, people)
        pages(registry)
        for by in (("district",), ("district", "commune"), ("priority_group",), ("age",), ("product",), ("day",)):
            timed(f"by {' and '.join(by)}, from the sums", partial(kept.coverage, registry, by))
            if full:
                timed("  the same, from everybody", partial(coverage.coverage, registry, by))
        timed("by age, of one district", lambda: kept.coverage(registry, ("age",), of=kept.Area("Ví Dụ A")))
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


def main() -> None:
    """Measure on SQLite, and on PostgreSQL where there is a server to start."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=740_000)
    parser.add_argument("--quick", action="store_true", help="2,000 people: says that it works, not how fast")
    parser.add_argument("--only", choices=["SQLite", "PostgreSQL"], help="on this database alone")
    parser.add_argument("--full", action="store_true", help="count everybody too")
    options = parser.parse_args()
    for kind in ("SQLite", "PostgreSQL"):
        if options.only not in (None, kind):
            continue
        with tempfile.TemporaryDirectory(prefix="vaxcert-managing-") as name, postgresql() as server:
            url = f"sqlite:///{name}/registry.db" if kind == "SQLite" else server
            if url is None:
                print(f"{kind}: no server to start")
                continue
            measure(url, Path(name), 2_000 if options.quick else options.people, full=options.full)


if __name__ == "__main__":
    main()
