"""Look-ups through the socket at a rate: how long each takes, and whether hits are told from misses by that."""

import argparse
import os
import random
import statistics
import tempfile
import threading
import time
from bisect import bisect_left, bisect_right
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from signer import table

from vaxcert import Issuer, SigningKey, typed
from vaxcert.lookup.answering import LASTS, RegistryLookup
from vaxcert.lookup.client import LookupClient
from vaxcert.lookup.server import LookupServer
from vaxcert.registry import Registry
from vaxcert.registry.certificates import issuing
from vaxcert.registry.holders import codes
from vaxcert.registry.intake import importing
from vaxcert.registry.records.everybody import everybody
from vaxcert.registry.records.now import numbers


def auc(one: list[float], other: list[float]) -> float:
    """How often the first is larger than the second, of all pairs; 0.5 where nothing tells them apart."""
    ordered = sorted(other)
    wins = sum((bisect_left(ordered, x) + bisect_right(ordered, x)) / 2 for x in one)
    return wins / (len(one) * len(other))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=2_000, help="hits, and misses")
    parser.add_argument("--rate", type=float, default=50, help="look-ups a second")
    parser.add_argument("--people", type=int, default=1_000)
    parser.add_argument("--url", default="", help="an empty PostgreSQL database; else SQLite")
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    each, people = (50, 100) if given.quick else (given.each, given.people)
    took: dict[bool, list[float]] = {True: [], False: []}
    with tempfile.TemporaryDirectory(dir=Path(__file__).parent) as name:
        folder = Path(name)
        table(folder / "unit.csv", people)
        url = given.url or f"sqlite:///{folder / 'registry.db'}"
        with Registry.create(url, folder / "registry.key") as registry:
            importing.run(registry, folder / "unit.csv", actor="bench")
            key = SigningKey.generate("VN")
            issuing.run(registry, Issuer(key, country="VN", authority="TEST", valid_for=timedelta(days=365)), actor="b")
            with registry.reading() as connection:
                some = list(everybody(connection))
            slips = []
            for one in some[:100]:
                person, (_, identity) = one.profile.person, numbers(registry, one.profile)
                code = typed.read(codes.hand_out(registry, one.person_id, actor="bench").text)
                slips.append({"name": person.full_name, "born": person.date_of_birth, "number": identity, "code": code})
            path = folder / "lookup.sock"
            with LookupServer(path, RegistryLookup(registry), peers=[os.getuid()]) as server:
                threading.Thread(target=server.serve, daemon=True).start()
                client = LookupClient(path, timeout=60)

                def ask(hit: bool) -> None:
                    slip = random.choice(slips)
                    # Every kind of miss, as often.
                    wrong = random.choice(
                        ({"code": typed.new()}, {"name": "Lê Thử"}, {"born": "1901-01-01"}, {"number": "123456789"})
                    )
                    began = time.perf_counter()
                    found = client.find(**(slip if hit else slip | wrong))
                    lasted = time.perf_counter() - began
                    # A code that was tried ten times with the wrong person is closed: then a hit is none.
                    took[found is not None].append(lasted)

                asked = [True, False] * each
                random.shuffle(asked)
                start = time.perf_counter()
                with ThreadPoolExecutor(96) as pool:
                    for number, hit in enumerate(asked):
                        wait = start + number / given.rate - time.perf_counter()
                        if wait > 0:
                            time.sleep(wait)
                        pool.submit(ask, hit)
                lasted = time.perf_counter() - start
                server.stop()
    print(f"{2 * each} look-ups, {2 * each / lasted:.0f} a second")
    print(f"without an answer: {2 * each - sum(map(len, took.values()))}")
    for kind, times in took.items():
        times.sort()
        slow = sum(one > 1.5 * LASTS for one in times)
        print(
            f"{'found' if kind else 'not found':>9}: {len(times):>5}  median {statistics.median(times) * 1e3:.1f} ms, "
            f"99% {times[len(times) * 99 // 100] * 1e3:.0f} ms, a second time waited for: {slow}"
        )
    print(f"told apart: AUC {auc(took[True], took[False]):.3f} (0.5: not at all)")


if __name__ == "__main__":
    main()
