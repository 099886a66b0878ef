"""Look-ups of holders at a rate: how long each takes, and whether that tells what was found, or what was right.

Through the look-up's socket, its process beside this one: hits and every kind of miss. Then the same questions through
the pages as they are run, by HTTP.
"""

import argparse
import grp
import os
import pwd
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import urllib3
from signer import table

from vaxcert import Issuer, SigningKey, typed
from vaxcert.errors import VaxcertError
from vaxcert.lookup.answering import LASTS
from vaxcert.lookup.client import LookupClient
from vaxcert.registry import Registry
from vaxcert.registry.certificates import issuing
from vaxcert.registry.holders import codes
from vaxcert.registry.intake import importing
from vaxcert.registry.records.everybody import everybody
from vaxcert.registry.records.now import numbers

# What is typed wrongly. Of these alone the first is of a code that nobody has.
WRONG: dict[str, Callable[[], dict[str, str]]] = {
    "no such code": lambda: {"code": typed.new()},
    "another name": lambda: {"name": "Lê Thử"},
    "another birth date": lambda: {"born": "1901-01-01"},
    "another number": lambda: {"number": "123456789"},
}
SLIPS = 400


def auc(one: list[float], other: list[float]) -> float:
    """How often the first is larger than the second, of all pairs; 0.5 where nothing tells them apart."""
    ordered = sorted(other)
    wins = sum((bisect_left(ordered, x) + bisect_right(ordered, x)) / 2 for x in one)
    return wins / (len(one) * len(other))


def prepared(folder: Path, url: str, people: int) -> list[dict[str, str]]:
    """A registry of so many people with certificates, and the slips of some."""
    table(folder / "unit.csv", people)
    with Registry.create(url, folder / "registry.key") as registry:
        importing.run(registry, folder / "unit.csv", actor="bench")
        valid = timedelta(days=365)
        issuing.run(
            registry, Issuer(SigningKey.generate("VN"), country="VN", authority="TEST", valid_for=valid), actor="b"
        )
        with registry.reading() as connection:
            some = list(everybody(connection))[:SLIPS]
        slips = []
        for one in some:
            person, (_, identity) = one.profile.person, numbers(registry, one.profile)
            code = typed.read(codes.hand_out(registry, one.person_id, actor="bench").text)
            slips.append({"name": person.full_name, "born": person.date_of_birth, "number": identity, "code": code})
    return slips


def started(folder: Path, url: str) -> tuple[list[subprocess.Popen[bytes]], str]:
    """The look-up and the public's pages, as an operator starts them; the pages' address."""
    user, group = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name
    (folder / "lookup.toml").write_text(
        f'socket = "{folder / "lookup.sock"}"\ngroup = "{group}"\npeers = ["{user}"]\ndb = "{url}"\n'
        f'registry_key = "{folder / "registry.key"}"\n'
    )
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    told = {
        "VAXCERT_LOOKUP": str(folder / "lookup.sock"), "VAXCERT_PUBLIC_PLAIN": "1", "VAXCERT_PUBLIC_RATE": "100000",
        "VAXCERT_PUBLIC_DAILY": "1000000",
    }  # fmt: skip
    pages = ["-m", "gunicorn", "--config", "python:portal_app.public.server", "--bind", f"127.0.0.1:{port}"]
    commands = (
        ["-m", "vaxcert", "lookup", "run", "--config", str(folder / "lookup.toml")],
        [*pages, "portal_app.public:create_public_app()"],
    )
    running = [
        subprocess.Popen([sys.executable, *one], env=os.environ | told, stdout=subprocess.DEVNULL) for one in commands
    ]
    for _ in range(600):
        try:
            urllib3.request("GET", f"http://127.0.0.1:{port}/find", retries=False)
            LookupClient(folder / "lookup.sock").find(name="a", born="b", number="c", code=typed.new())
            return running, f"http://127.0.0.1:{port}"
        except (urllib3.exceptions.HTTPError, VaxcertError):
            time.sleep(0.1)
    raise SystemExit("they did not start")


def at_a_rate(questions: list[Any], rate: float, ask: Callable[[Any], None]) -> float:
    """Ask each when its time has come; seconds that it took in all."""
    start = time.perf_counter()
    with ThreadPoolExecutor(96) as pool:
        for number, question in enumerate(questions):
            wait = start + number / rate - time.perf_counter()
            if wait > 0:
                time.sleep(wait)
            pool.submit(ask, question)
    return time.perf_counter() - start


def told(kind: str, times: list[float]) -> None:
    times.sort()
    slow = sum(one > 1.5 * LASTS for one in times)
    print(
        f"{kind:>18}: {len(times):>5}  median {statistics.median(times) * 1e3:.1f} ms, "
        f"99% {times[len(times) * 99 // 100] * 1e3:.0f} ms, a second time waited for: {slow}"
    )


def by_socket(folder: Path, slips: list[dict[str, str]], each: int, rate: float) -> None:
    client = LookupClient(folder / "lookup.sock", timeout=60)
    took: dict[str, list[float]] = {"found": [], **{kind: [] for kind in WRONG}}

    def ask(kind: str) -> None:
        slip = random.choice(slips)
        began = time.perf_counter()
        found = client.find(**(slip if kind == "found" else slip | WRONG[kind]()))
        lasted = time.perf_counter() - began
        # A code that was tried ten times with the wrong person is closed: then a hit is none.
        if (found is not None) == (kind == "found"):
            took[kind].append(lasted)

    asked = ["found"] * each + [kind for kind in WRONG for _ in range(each // len(WRONG))]
    random.shuffle(asked)
    lasted = at_a_rate(asked, rate, ask)
    print(f"by the socket: {len(asked)} look-ups, {len(asked) / lasted:.0f} a second")
    print(f"without the answer that was due: {len(asked) - sum(map(len, took.values()))}")
    for kind, times in took.items():
        told(kind, times)
    missed = [one for kind in WRONG for one in took[kind]]
    print(f"found or not, told apart: AUC {auc(took['found'], missed):.3f} (0.5: not at all)")
    known = [one for kind in list(WRONG)[1:] for one in took[kind]]
    print(f"a code that somebody has, or nobody: AUC {auc(known, took['no such code']):.3f}")


def by_pages(url: str, slips: list[dict[str, str]], count: int, rate: float) -> None:
    with urllib3.PoolManager(maxsize=96) as pool:
        page = pool.request("GET", f"{url}/find")
        (token,) = set(re.findall(r'name="csrf_token" value="([^"]+)"', page.data.decode()))
        cookie = page.headers["Set-Cookie"].partition(";")[0]
        took: dict[int, list[float]] = {}

        def ask(kind: str) -> None:
            slip = random.choice(slips)
            form = {"csrf_token": token, **(slip if kind == "found" else slip | WRONG[kind]())}
            began = time.perf_counter()
            answer = pool.request(
                "POST", f"{url}/find", fields=form, encode_multipart=False, headers={"Cookie": cookie}
            )
            took.setdefault(answer.status, []).append(time.perf_counter() - began)

        asked = [kind for _ in range(count // 2) for kind in ("found", "no such code")]
        lasted = at_a_rate(asked, rate, ask)
    print(f"by the pages: {len(asked)} look-ups, {len(asked) / lasted:.0f} a second")
    for status, times in sorted(took.items()):
        told(f"answered {status}", times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=2_000, help="hits, and misses")
    parser.add_argument("--rate", type=float, default=50, help="look-ups a second")
    parser.add_argument("--people", type=int, default=1_000)
    parser.add_argument("--url", default="", help="an empty PostgreSQL database; else SQLite")
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    each, people = (48, 100) if given.quick else (given.each, given.people)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = given.url or f"sqlite:///{folder / 'registry.db'}"
        slips = prepared(folder, url, people)
        running, address = started(folder, url)
        try:
            by_socket(folder, slips, each, given.rate)
            by_pages(address, slips, each, given.rate)
        finally:
            for one in running:
                one.send_signal(signal.SIGTERM)
                one.wait(30)


if __name__ == "__main__":
    main()
