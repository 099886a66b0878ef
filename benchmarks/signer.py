"""Certificates a second: through the signer's socket, with what stands on record of each, beside a bare `Issuer`."""

import argparse
import os
import statistics
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

from vaxcert import Dose, IssueLog, Issuer, Person, SigningKey
from vaxcert.registry import Registry
from vaxcert.registry.certificates.one import Asker, issue
from vaxcert.registry.intake import importing
from vaxcert.signer.answering import RegistrySigner
from vaxcert.signer.client import SignerClient
from vaxcert.signer.limits import SigningLimits
from vaxcert.signer.server import SignerServer

FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Vũ", "Đặng", "Bùi", "Hồ", "Ngô", "Dương")


def table(path: Path, people: int) -> None:
    """A unit's table of people whom nobody takes for one another."""
    lines = ["full_name,date_of_birth,national_id,phone,product,dose,date,site"]
    for i in range(people):
        name = f"{FAMILIES[i % 10]} {''.join('ABCDEĐGHIK'[int(digit)] for digit in f'{i:05}')}".title()
        born = date(1940, 1, 1) + timedelta(days=i * 7 % 25_000)
        lines.append(f"{name},{born},{i + 10**11:012},,EU/1/20/1528,1/2,2026-03-01,VP01")
    path.write_text("\n".join(lines) + "\n", "utf-8")


def rate(count: int, began: float) -> float:
    return count / (perf_counter() - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--each", type=int, default=300, help="certificates a way and round")
    parser.add_argument("--people", type=int, default=20_000, help="on record beside them")
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    rounds, each, people = (2, 20, 200) if given.quick else (given.rounds, given.each, given.people)
    people = max(people, rounds * each * 3)
    person = Person(family_name="Nguyễn", given_name="Mẫu Thử", date_of_birth="1990-05-17")
    dose = Dose(product="EU/1/20/1528", number=2, series=2, date=date(2026, 6, 1))
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory(dir=Path(__file__).parent) as name:
        folder = Path(name)
        key = SigningKey.generate("VN")

        def issuer(log: IssueLog | None) -> Issuer:
            return Issuer(key, country="VN", authority="TEST", valid_for=timedelta(days=365), log=log)

        table(folder / "unit.csv", people)
        with Registry.create(f"sqlite:///{folder / 'registry.db'}", folder / "registry.key") as registry:
            importing.run(registry, folder / "unit.csv", actor="bench")
            logged = issuer(IssueLog(folder / "issued.jsonl"))
            most = dict.fromkeys(SigningLimits.__struct_fields__, 10**9) | {"bulk_over": 10**6}
            signer = RegistrySigner(registry, logged, limits=SigningLimits(**most))
            path = folder / "signer.sock"
            with SignerServer(path, signer, peers=[os.getuid()], approvers=[]) as server:
                thread = threading.Thread(target=server.serve)
                thread.start()
                client, left = SignerClient(path, timeout=120), iter(range(1, people + 1))
                bare = issuer(None)
                ways = {
                    "bare Issuer, no log": lambda _: bare.issue(person, dose),
                    "Issuer with a durable log": lambda _: logged.issue(person, dose),
                    "registry, log and audit, no socket": lambda number: issue(
                        registry, logged, number, asker=Asker("bench")
                    ),
                    "signer's socket, one desk": lambda number: client.sign(number, account="bench"),
                }
                for _ in range(rounds):
                    for way, ask in ways.items():
                        numbers = [0] * each if "Issuer" in way else [next(left) for _ in range(each)]
                        began = perf_counter()
                        for number in numbers:
                            ask(number)
                        found.setdefault(way, []).append(rate(each, began))
                    numbers = [next(left) for _ in range(each)]
                    began = perf_counter()
                    with ThreadPoolExecutor(8) as desks:
                        list(desks.map(lambda number: client.sign(number, account="bench"), numbers))
                    found.setdefault("signer's socket, eight desks at once", []).append(rate(each, began))
                server.stop()
                thread.join()
    base = statistics.median(found["bare Issuer, no log"])
    print(f"{people} people on SQLite, {rounds} rounds of {each} certificates")
    for way, rates in found.items():
        print(f"  {way:<38} {statistics.median(rates):9.0f} a second   ÷ {base / statistics.median(rates):6.1f}")


if __name__ == "__main__":
    main()
