"""The registry with a whole province in it: matched against the truth, issued from and counted, on both databases."""

import argparse
import csv
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from measure import ROOT


def pairs(counts: Counter[Any]) -> int:
    """How many pairs of rows are taken to be of one person."""
    return sum(number * (number - 1) // 2 for number in counts.values())


class Work:
    """What a clinic does in a registry, each step timed."""

    def __init__(self, url: str, folder: Path, province: Path) -> None:
        from vaxcert.registry import Registry

        self.registry = Registry.create(url, folder / "registry.key")
        self.province = province
        with (province / "truth.csv").open(encoding="utf-8") as stream:
            self.truth = {(row["file"], int(row["line"])): row["person"] for row in csv.DictReader(stream)}
        self.rows: list[tuple[str, str]] = []
        self.busy = time.process_time()

    def step(self, name: str, start: float, told: str) -> None:
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        # Beside other work the clock tells little; of a database that is another process this is not all.
        busy, self.busy = time.process_time() - self.busy, time.process_time()
        print(
            f"  {name:<28} {time.perf_counter() - start:8.1f} s ({busy:6.1f} s of its processor)"
            f"   at most {memory:6.0f} MB   {told}",
            flush=True,
        )

    def imported(self) -> None:
        from vaxcert.registry.intake import importing

        start, counts = time.perf_counter(), Counter[str]()
        for path in sorted(self.province.glob("unit-*.csv")):
            counts.update(importing.run(self.registry, path, actor="clerk").counts)
        told = ", ".join(f"{number:,} {name}" for name, number in counts.most_common() if number)
        self.step("import of 12 units", start, told)

    def taken(self) -> dict[tuple[str, int], int]:
        """Each row, and the person that it was taken to be of."""
        from sqlalchemy import func

        from vaxcert.registry import schema

        return self._by_row(func.coalesce(schema.person.c.merged_into, schema.person.c.id))

    def records(self) -> dict[tuple[str, int], int]:
        """Each row, and the record that it is or belongs to, whoever stands for that."""
        from vaxcert.registry import schema

        return self._by_row(schema.person.c.id)

    def _by_row(self, number: Any) -> dict[tuple[str, int], int]:
        from sqlalchemy import select

        from vaxcert.registry import schema

        run, row, dose, owner = schema.run, schema.source_row, schema.dose, schema.person
        query = (
            select(run.c.source, row.c.line, number.label("of"))
            .join(run, run.c.id == row.c.run_id)
            .join(dose, dose.c.id == row.c.dose_id)
            .join(owner, owner.c.id == dose.c.person_id)
        )
        with self.registry.reading() as connection:
            return {(one.source, one.line): one.of for one in connection.execute(query)}

    def matched(self, when: str) -> None:
        taken = self.taken()
        # A row that was rejected is nobody's.
        truth = {where: person for where, person in self.truth.items() if where in taken}
        found = Counter(taken[where] for where in truth)
        true = Counter(truth.values())
        both = Counter((taken[where], person) for where, person in truth.items())
        wrong = len({number for number, _ in both}) - len(both)
        precision, recall = pairs(both) / pairs(found), pairs(both) / pairs(true)
        print(f"  {when}: precision {precision:.5f}, recall {recall:.5f}; {len(found):,} people "
              f"({len(true):,} in truth), {-wrong:,} with somebody else's row")  # fmt: skip

    def decided(self) -> None:
        from vaxcert.registry.care import reviewing

        start, count = time.perf_counter(), 0
        while questions := reviewing.questions(self.registry, first=100_000):
            of = defaultdict(set)
            for where, number in self.taken().items():
                of[number].add(self.truth[where])
            answers = []
            for one in questions:
                same = bool(of[one.first.number] & of[one.second.number])
                answers.append((one.id, "first" if one.kind == "dose" else "same" if same else "different"))
            reviewing.decide_all(self.registry, answers, actor="chief")
            count += len(answers)
        self.step("questions decided", start, f"{count:,}, by the truth")

    def answered(self, per_thousand: int, wrong: float = 0.0) -> str:
        """What a clerk answers who has so many answers per thousand people, a share of them wrong."""
        from clerk import Clerk

        start = time.perf_counter()
        told = str(Clerk(self, per_thousand=per_thousand, wrong=wrong).work_through())
        self.step("questions answered", start, told)
        return told

    def issued(self) -> None:
        from vaxcert import Issuer, SigningKey
        from vaxcert.registry.certificates import issuing

        key = SigningKey.generate("VN")
        issuer = Issuer(key, country="VN", authority="So Y te Mau", valid_for=timedelta(days=365))
        start = time.perf_counter()
        report = issuing.run(self.registry, issuer, actor="chief")
        kept = ", ".join(f"{number:,} {name}" for name, number in report.kept_back.items())
        self.step("certificates", start, f"{sum(report.issued.values()):,} issued; kept back: {kept}")

    def counted(self) -> None:
        from vaxcert.registry.reports.coverage import coverage

        start = time.perf_counter()
        found = {by: coverage(self.registry, (by,)) for by in ("district", "priority_group", "dose")}
        seconds = time.perf_counter() - start
        with (self.province / "people.csv").open(encoding="utf-8") as stream:
            people = list(csv.DictReader(stream))
        equal = True
        for by, column in (("district", "district"), ("priority_group", "group")):
            true = Counter(row[column] for row in people)
            doses = Counter[str]()
            for row in people:
                doses[row[column]] += len(row["doses"])
            told = {cell.key[0]: (cell.people, cell.doses) for cell in found[by].cells}
            equal = equal and told == {name: (number, doses[name]) for name, number in true.items()}
        total = found["district"].total
        told = f"{total.people:,} people, {total.doses:,} doses; {'equal' if equal else 'NOT equal'} to the truth"
        self.step("coverage, three tables", time.perf_counter() - seconds, told)

    def moved(self, folder: Path) -> None:
        from vaxcert.registry import transfer

        start, out = time.perf_counter(), folder / "whole.zip"
        counts = transfer.export(self.registry, out, actor="chief")
        self.step("export", start, f"{sum(counts.values()):,} rows, {out.stat().st_size / 1e6:.1f} MB")


@contextmanager
def postgresql() -> Iterator[str | None]:
    """The address of a database on a server of its own, or None where there is none to start."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        yield None
        return
    programs, folder = found[-1].parent, Path(tempfile.mkdtemp(prefix="vaxcert-pg-"))
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres")

    def run(program: str, *arguments: str) -> None:
        subprocess.run([*as_user, programs / program, *arguments], check=True, stdout=subprocess.DEVNULL, cwd="/")

    data = str(folder / "data")
    run("initdb", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-U", "postgres", "-D", data)
    run("pg_ctl", "-D", data, "-l", str(folder / "log"), "-o", f"-k {folder} -c listen_addresses=''", "-w", "start")
    try:
        yield f"postgresql://postgres@/postgres?host={folder}"
    finally:
        run("pg_ctl", "-D", data, "-m", "fast", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def work(url: str, province: Path, *, everyday: bool, wrong: float) -> None:
    with tempfile.TemporaryDirectory() as name:
        one = Work(url or f"sqlite:///{name}/registry.db", Path(name), province)
        one.imported()
        one.matched("matching by itself")
        if everyday:
            one.answered(per_thousand=40, wrong=wrong)
            one.matched("after 40 answers per 1,000 people")
        else:
            one.decided()
            one.matched("after the questions")
        one.issued()
        one.counted()
        one.moved(Path(name))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few seconds; says that it works, not how fast")
    parser.add_argument("--times", type=float, default=1, help="so many times 74,000 people (default: 1)")
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--everyday", action="store_true", help="a province with names and slips of every day")
    parser.add_argument("--wrong", type=float, default=0.0, help="share of a clerk's answers that are wrong: 0.01")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", nargs=2, metavar=("URL", "PROVINCE"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.work:
        work(arguments.work[0], Path(arguments.work[1]), everyday=arguments.everyday, wrong=arguments.wrong)
        return
    times = 0.02 if arguments.quick else arguments.times
    with tempfile.TemporaryDirectory() as name:
        maker = [sys.executable, str(ROOT / "examples" / "make_province.py"), name, "--times", str(times)]
        maker += ["--seed", str(arguments.seed)] + ["--everyday"] * arguments.everyday
        subprocess.run(maker, check=True)
        # Each in a process of its own, so that memory is told of it alone.
        again = [
            sys.executable,
            __file__,
            *["--everyday"] * arguments.everyday,
            "--wrong",
            str(arguments.wrong),
            "--work",
        ]
        if arguments.only != "postgresql":
            print(f"SQLite, {times:g} × 74,000 people", flush=True)
            subprocess.run([*again, "", name], check=True)
        if arguments.only != "sqlite":
            with postgresql() as url:
                if url is None:
                    print("no PostgreSQL server to start")
                    return
                print(f"PostgreSQL, {times:g} × 74,000 people", flush=True)
                subprocess.run([*again, url, name], check=True)


if __name__ == "__main__":
    main()
