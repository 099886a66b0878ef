"""Timing in many short rounds, so that whatever the machine does meanwhile meets every case alike.

A second interpreter takes part as a `Peer`: it runs its own cases in the same rounds, one after the other
with ours, never at the same time.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from time import perf_counter_ns
from typing import Any

ROOT = Path(__file__).resolve().parents[1]

Cases = Mapping[str, Callable[[], object]]


def one_round(cases: Cases, calls: int) -> dict[str, float]:
    """Microseconds a call, of each case in turn, after three calls that are not counted."""
    took = {}
    for name, case in cases.items():
        case()
        case()
        case()
        start = perf_counter_ns()
        for _ in range(calls):
            case()
        took[name] = (perf_counter_ns() - start) / calls / 1000
    return took


class Times:
    """All rounds of a run."""

    def __init__(self) -> None:
        self.rounds: dict[str, list[float]] = {}

    def add(self, took: Mapping[str, float]) -> None:
        for name, value in took.items():
            self.rounds.setdefault(name, []).append(value)

    def __contains__(self, name: str) -> bool:
        return name in self.rounds

    def median(self, name: str) -> float:
        return statistics.median(self.rounds[name])

    def minimum(self, name: str) -> float:
        return min(self.rounds[name])

    def ratios(self, name: str, base: str) -> tuple[float, float]:
        """How many times `base` it takes: of the medians, and of the minima."""
        return self.median(name) / self.median(base), self.minimum(name) / self.minimum(base)


class Peer:
    """A script's `--peer` mode in another interpreter, or what `program` runs it with. `missing`: why there is none."""

    def __init__(self, script: str, setup: Mapping[str, Any], program: str | None = None) -> None:
        self.missing = "" if script else "not asked for"
        if not script:
            return
        python = os.environ.get("VAXCERT_PEERS") or str(ROOT / ".venv" / "peers" / "bin" / "python")
        found = shutil.which(program or python)
        if found is None:
            self.missing = f"no {program or f'interpreter at {python}'}"
            return
        self._process = subprocess.Popen(
            [found, script, "--peer"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        try:
            self.says = self._ask(setup)
        except (OSError, ValueError):
            self.missing = f"{found} cannot run it (is what it compares with installed there?)"

    @classmethod
    def none(cls) -> "Peer":
        """Nobody, for runs of one interpreter."""
        return cls("", {})

    def _ask(self, question: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(question), file=self._process.stdin, flush=True)
        return json.loads(self._process.stdout.readline())

    def round(self, calls: int) -> dict[str, float]:
        return {} if self.missing else self._ask(calls)

    def close(self) -> None:
        if not self.missing:
            self._process.communicate()


def serve(prepare: Callable[[dict[str, Any]], tuple[Cases, Any]]) -> None:
    """The other side of a `Peer`: cases and an answer from the first line, then one round a line."""
    cases, answer = prepare(json.loads(sys.stdin.readline()))
    print(json.dumps(answer), flush=True)
    for line in sys.stdin:
        print(json.dumps(one_round(cases, json.loads(line))), flush=True)


def run(cases: Cases, peer: Peer, *, rounds: int, calls: int = 10) -> Times:
    times = Times()
    one_round(cases, calls * 20)  # caches and branch predictors
    peer.round(calls * 20)
    for _ in range(rounds):
        times.add(one_round(cases, calls))
        times.add(peer.round(calls))
    peer.close()
    return times


def rounds_from(description: str) -> int:
    """The number of rounds that the command line asks for."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--quick", action="store_true", help="a few seconds; says that it works, not how fast")
    parser.add_argument("--rounds", type=int, default=1500)
    arguments = parser.parse_args()
    return 100 if arguments.quick else int(arguments.rounds)


def table(times: Times, rows: list[tuple[str, str]]) -> None:
    """Rows of (case, case that it is compared with, or "")."""
    width = max(len(name) for name, _ in rows)
    print(f"{'µs a call':<{width}}   median  minimum   ratio of medians   of minima")
    for name, base in rows:
        if name not in times:
            continue
        line = f"{name:<{width}} {times.median(name):8.1f} {times.minimum(name):8.1f}"
        if base:
            median, minimum = times.ratios(name, base)
            line += f"   {median:8.2f} {minimum:19.2f}   × {base}"
        print(line)


def goal(what: str, wanted: str, median: float, minimum: float) -> None:
    print(f"  {what:<42} to reach {wanted:<8} measured {median:.2f} (medians)  {minimum:.2f} (minima)")


def sample() -> tuple[Any, Any, Any]:
    """A key, and the sample card's person and dose (nobody's: “mẫu thử” means sample)."""
    from datetime import UTC, date, datetime

    from vaxcert import Dose, Person, SigningKey

    key = SigningKey.generate("VN", now=datetime.now(UTC) - timedelta(days=1), years=3)
    person = Person(family_name="Nguyễn", given_name="Mẫu Thử", date_of_birth="1990-05-17")
    dose = Dose(product="EU/1/20/1528", number=2, series=2, date=date(2026, 6, 1))
    return key, person, dose


def our_base45() -> Any:
    """`vaxcert.wire.base45` in an interpreter that has none of vaxcert's dependencies."""
    from importlib.util import module_from_spec, spec_from_file_location

    sys.path.insert(0, str(ROOT))
    spec = spec_from_file_location("our_base45", ROOT / "vaxcert" / "wire" / "base45.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
