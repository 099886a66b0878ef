"""Whatever stands in a unit's table, its rows are taken or noted, on both databases, and nothing of it gets into a log."""

import csv
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vaxcert import ConfigurationError
from vaxcert.names import printable
from vaxcert.registry import runs
from vaxcert.registry.care import changing, privacy, reviewing, searching
from vaxcert.registry.certificates import issuing, lookup
from vaxcert.registry.intake import importing
from vaxcert.registry.records.people import columns
from vaxcert.registry.reports.coverage import coverage
from vaxcert.registry.reports.tables import as_csv

FIELDS = ("full_name", "date_of_birth", "national_id", "phone", "district", "priority_group", "product", "dose", "date",
          "site", "lot", "disease", "prophylaxis", "holder", "country", "issuer")  # fmt: skip
GOOD = {"full_name": "Nguyễn Mẫu Thử", "date_of_birth": "1990-05-17", "national_id": "001090000001", "phone": "0912345678",
        "district": "Tam Đảo", "priority_group": "1", "product": "EU/1/20/1528", "dose": "1/2", "date": "2026-03-01",
        "site": "VP01", "lot": "L1"}  # fmt: skip

cells = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=100),
    st.sampled_from(
        [
            "\x00",
            "x\x00y",
            "=cmd()",
            "\u202ex",
            "\x1b[2J",
            "Ü" * 60,
            "ẞ" * 80,
            "1/1",
            "9/9",
            "2026-02-29",
            "VN",
            "x" * 41,
            "1900",
        ]
    ),
)
rows = st.lists(
    st.dictionaries(st.sampled_from(FIELDS), cells, max_size=4).map(lambda changes: GOOD | changes), max_size=6
)


@pytest.mark.one_database
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows)
def test_every_row_is_taken_or_noted(place: Any, rows: list[dict[str, str]]) -> None:
    path = place.folder / "rows.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, FIELDS)
        table.writeheader()
        table.writerows(rows)
    try:
        report = importing.run(place.registry, path, actor="clerk")
    except ConfigurationError as error:
        # A quotation mark or a NUL may make it no CSV at all: then it says so, and nothing of it was taken.
        assert "CSV" in str(error) or "table" in str(error)
        return
    assert report.rows == sum(report.counts.values()) <= len(rows)
    again = importing.run(place.registry, path, actor="clerk")
    assert again.counts.get("again", 0) + again.counts["rejected"] == report.rows == again.rows
    for one in place.people():
        assert all(printable(text) == text for text in columns(one.profile).values() if isinstance(text, str))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"district": "x" * 81}, "district: too_long"), ({"national_id": "12" * 16}, "national_id: too_long"),
        ({"priority_group": "77"}, "no_such_group"), ({"family_name": "N" * 81}, "family_name"),
    ],
)  # fmt: skip
def test_a_correction_meets_the_same_limits_as_a_row(place: Any, changes: dict[str, str], says: str) -> None:
    from vaxcert import InputError

    place.take({})
    with pytest.raises(InputError, match=says):
        changing.correct_person(place.registry, 1, changes, actor="a", reason="why")
    for dose, what in (
        ({"lot": "x" * 41}, "lot"),
        ({"site": "không"}, "site"),
        ({"holder": "x" * 81}, "holder"),
        ({"country": "vn"}, "country"),
    ):
        with pytest.raises(InputError, match=what):
            changing.correct_dose(place.registry, 1, dose, actor="a", reason="why")
    with pytest.raises(InputError, match="reason: too_long"):
        changing.correct_person(place.registry, 1, {"district": "x"}, actor="a", reason="x" * 201)
    changing.correct_person(place.registry, 1, {"given_name": "Mẫu\x00 Thử Ba\u202e"}, actor="a", reason="why")
    assert place.people()[0].profile.person.given_name == "Mẫu Thử Ba"


def test_19_nothing_of_anybody_gets_into_a_log_at_any_level(
    place: Any, issuer: Any, key: Any, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    for name in (
        "",
        "sqlalchemy",
        "sqlalchemy.engine",
        "sqlalchemy.engine.Engine",
        "sqlalchemy.pool",
        "psycopg",
        "alembic",
        "matplotlib",
    ):
        caplog.set_level(logging.DEBUG, logger=name)
    from vaxcert.registry.database import Registry

    url = place.url.replace("registry.db", "watched.db")
    if not place.url.startswith("sqlite"):
        place.registry.engine.dispose()
        opened = Registry.open(url, place.key_file, clock=lambda: place.now)
    else:
        opened = Registry.create(url, place.key_file, clock=lambda: place.now)
    with opened as registry:
        place.registry = registry
        place.take(GOOD, GOOD | {"phone": "0987654321", "national_id": "", "dose": "2/2", "date": "2026-04-01"})
        (question,) = reviewing.questions(registry)
        reviewing.decide(registry, question.id, "same", actor="chief")
        issuing.run(registry, issuer, actor="chief")
        changing.correct_person(registry, 1, {"date_of_birth": "1990-05-18"}, actor="a", reason="ID seen")
        lookup.look_up(
            registry,
            name=GOOD["full_name"],
            date_of_birth="1990-05-18",
            phone="0912345678",
            actor="desk",
            sleep=lambda _: None,
        )
        searching.search(registry, name=GOOD["full_name"], date_of_birth="1990-05-18", actor="desk")
        as_csv(coverage(registry))
        privacy.export_person(registry, 1, actor="chief")
        privacy.delete_person(registry, 1, actor="chief", reason="asked")
        runs.listed(registry)
    text = caplog.text
    assert "BEGIN" in text or "SELECT" in text, "the engine's log was not listened to"
    for secret in ("Mẫu", "MAU", "1990-05", "0912345678", "912345678", "001090000001", "Tam Đảo", "HC1:"):
        assert secret not in text, secret


def test_after_a_deletion_nothing_of_the_person_is_in_the_files(place: Any, issuer: Any, key: Any) -> None:
    if not place.url.startswith("sqlite"):
        return  # PostgreSQL's files are its own; it is asked to clear them
    place.take({"full_name": "Nguyễn Riêngbiệt Lạkỳ"}, {"full_name": "Trần Ví Dụ", "phone": "2"})
    issuing.run(place.registry, issuer, actor="chief")
    found = lookup.of_person(place.registry, 1)
    files = list(place.folder.glob("registry.db*"))
    wanted = [word.encode() for word in ("Riêngbiệt", "RIENGBIET", "riengbiet")]
    assert all(any(word in path.read_bytes() for path in files) for word in wanted)
    assert privacy.delete_person(place.registry, 1, actor="chief", reason="asked") == [found.certificate_id]
    for path in place.folder.glob("registry.db*"):
        assert not any(word in path.read_bytes() for word in wanted), path.name


def test_numbers_of_who_was_deleted_are_not_given_to_others(place: Any) -> None:
    place.take({}, {"full_name": "Trần Ví Dụ", "phone": "2"})
    privacy.delete_person(place.registry, 2, actor="chief", reason="asked")
    third = place.take({"full_name": "Lê Hư Cấu", "phone": "3"})
    assert [(one.person_id, one.doses[0].dose_id) for one in place.people()] == [(1, 1), (3, 3)]
    runs.undo(place.registry, third.run, actor="chief")
    place.take({"full_name": "Lê Hư Cấu", "phone": "4"})
    assert [one.person_id for one in place.people()] == [1, 4]


def test_retention_reads_no_more_the_more_certificates_there_are(place: Any, issuer: Any, key: Any) -> None:
    from sqlalchemy import event

    place.take(*({"phone": f"01{n:08}", "date_of_birth": f"19{10 + n}-01-01"} for n in range(40)))
    issuing.run(place.registry, issuer, actor="chief")
    asked: list[str] = []
    event.listen(place.registry.engine, "before_cursor_execute", lambda *arguments: asked.append(arguments[2]))
    assert privacy.retain(place.registry, keep=timedelta(days=1), actor="chief") == 0
    assert len(asked) < 10
