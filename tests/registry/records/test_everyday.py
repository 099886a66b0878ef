"""An everyday province: nobody is made of two, and few answers make nearly everybody one."""

import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from night import some
from sqlalchemy import func, select

from vaxcert.registry import schema
from vaxcert.registry.care import reviewing
from vaxcert.registry.intake import importing

ROOT = Path(__file__).parents[3]


def made(folder: Path, seed: int) -> dict[tuple[str, int], str]:
    """A province of 740 people; whose each row is."""
    script = ROOT / "examples" / "make_province.py"
    command = [sys.executable, script, folder, "--everyday", "--times", "0.01", "--seed", str(seed)]
    subprocess.run(command, check=True)
    rows = (folder / "truth.csv").read_text("utf-8").splitlines()[1:]
    return {(file, int(line)): person for file, line, person, _ in (row.split(",") for row in rows)}


def taken(place: Any) -> dict[tuple[str, int], int]:
    run, row, dose, owner = schema.run, schema.source_row, schema.dose, schema.person
    query = (
        select(run.c.source, row.c.line, func.coalesce(owner.c.merged_into, owner.c.id).label("of"))
        .join(run, run.c.id == row.c.run_id)
        .join(dose, dose.c.id == row.c.dose_id)
        .join(owner, owner.c.id == dose.c.person_id)
    )
    with place.registry.reading() as connection:
        return {(one.source, one.line): one.of for one in connection.execute(query)}


@pytest.mark.one_database
@pytest.mark.slow
@pytest.mark.parametrize("seed", some([1, 2], 1))
def test_nobody_is_made_of_two_and_whoever_stays_two_is_asked_about(place: Any, tmp_path: Path, seed: int) -> None:
    place.now = place.now.replace(month=11)
    truth = made(tmp_path / "province", seed)
    for path in sorted((tmp_path / "province").glob("unit-*.csv")):
        importing.run(place.registry, path, actor="clerk")
    while questions := reviewing.questions(place.registry, first=10_000):
        of: defaultdict[int, set[str]] = defaultdict(set)
        for where, person in taken(place).items():
            of[person].add(truth.get(where, ""))
        assert max(map(len, of.values())) == 1
        answers = []
        for one in questions:
            same = bool(of[one.first.number] & of[one.second.number])
            answers.append((one.id, "first" if one.kind == "dose" else "same" if same else "different"))
        reviewing.decide_all(place.registry, answers, actor="chief")
    where = taken(place)
    people: defaultdict[str, set[int]] = defaultdict(set)
    for row, person in truth.items():
        if row in where:
            people[person].add(where[row])
    apart = sum(len(some) > 1 for some in people.values())
    assert apart <= 0.03 * len(people)
