"""The same rows in any order of files are the same people and the same questions."""

from collections import defaultdict
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from places import Place
from sqlalchemy import func, select

from vaxcert.registry import schema
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


def taken(folder: Path, now: datetime, tables: list[tuple[str, list[dict[str, str]]]]) -> tuple[Any, Any]:
    """Whose rows are together, and of whose rows it is asked whether they are."""
    with TemporaryDirectory(dir=folder) as name:
        place = Place(Path(name), f"sqlite:///{name}/registry.db", now)
        from vaxcert.registry.intake import importing

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


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(st.lists(st.lists(row, min_size=1, max_size=3), min_size=2, max_size=4), st.randoms())
def test_any_order_of_files_gives_the_same_people_and_the_same_questions(
    tmp_path: Path, now: datetime, files: list[list[dict[str, str]]], chance: Any
) -> None:
    tables = [(f"unit-{number}.csv", rows) for number, rows in enumerate(files)]
    first = taken(tmp_path, now, tables)
    turned = tables.copy()
    chance.shuffle(turned)
    assert taken(tmp_path, now, turned) == first
