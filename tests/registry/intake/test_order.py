"""The same rows in any order of files are the same people and the same questions."""

import shutil
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import Place
from sqlalchemy import func, select

from vaxcert.registry import Registry, schema
from vaxcert.registry.intake import importing
from vaxcert.registry.records.asking import open_questions

row = st.fixed_dictionaries(
    {
        "full_name": st.sampled_from(
            ["Nguyễn Mẫu Thử", "Nguyễn Mẫu Thử", "NGUYEN MAU THU", "Nguyễn Mẫu Thừ", "Nguyễn Thử"]
        ),
        "date_of_birth": st.sampled_from(["1990-05-06", "1990-05-06", "1990-06-05", "1990-01-01"]),
        "phone": st.sampled_from(["", "0912345678", "0912345678", "0987654321"]),
        "national_id": st.sampled_from(["", "", "099090000001", "099090000002", "099123456"]),
        "district": st.sampled_from(["", "Tam Đảo", "Tam Đảo", "Yên Lạc"]),
        "dose": st.sampled_from(["1/2", "2/2"]),
        "date": st.sampled_from(["2026-03-01", "2026-03-02", "2026-04-01"]),
        "lot": st.just("L1"),
        "site": st.just("VP01"),
    }
)


class Copied(Place):
    """A registry without anybody in it, copied rather than made."""

    def __init__(self, empty: Place, folder: Path) -> None:
        for name in ("registry.db", "registry.key"):
            shutil.copy(empty.folder / name, folder / name)
        self.folder, self.url, self.now, self.files = folder, f"sqlite:///{folder}/registry.db", empty.now, 0
        self.key_file = folder / "registry.key"
        self.registry = Registry.open(self.url, self.key_file, clock=lambda: self.now)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("empty")
    place = Place(folder, f"sqlite:///{folder}/registry.db", datetime(2026, 6, 15, 9, 30, tzinfo=UTC))
    place.registry.engine.dispose()
    return place


def taken(empty: Place, tables: list[tuple[str, list[dict[str, str]]]]) -> tuple[Any, Any]:
    """Whose rows are together, and of whose rows it is asked whether they are."""
    with TemporaryDirectory(dir=empty.folder) as name:
        place = Copied(empty, Path(name))
        for file, rows in tables:
            importing.run(place.registry, place.table(*rows, name=file), actor="clerk")
        run, source, dose, owner = schema.run, schema.source_row, schema.dose, schema.person
        head = func.coalesce(owner.c.merged_into, owner.c.id).label("of")
        query = (
            select(run.c.source, source.c.line, head)
            .join(run, run.c.id == source.c.run_id)
            .join(dose, dose.c.id == source.c.dose_id)
            .join(owner, owner.c.id == dose.c.person_id)
        )
        with place.registry.reading() as connection:
            of: defaultdict[int, set[tuple[str, int]]] = defaultdict(set)
            for one in connection.execute(query):
                of[one.of].add((one.source, one.line))
            people = {number: frozenset(rows) for number, rows in of.items()}
            asked = {
                (frozenset(people[number] for number in one.pair), one.reasons)
                for one in open_questions(connection)
                if one.kind == "person"
            }
        place.registry.engine.dispose()
    return set(people.values()), asked


@settings(deadline=None, max_examples=25)
@given(st.lists(st.lists(row, min_size=1, max_size=3), min_size=2, max_size=4), st.randoms())
def test_any_order_of_files_gives_the_same_people_and_the_same_questions(
    empty: Place, files: list[list[dict[str, str]]], chance: Any
) -> None:
    tables = [(f"unit-{number}.csv", rows) for number, rows in enumerate(files)]
    first = taken(empty, tables)
    turned = tables.copy()
    chance.shuffle(turned)
    assert taken(empty, turned) == first
