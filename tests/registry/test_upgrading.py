"""A registry of an earlier version is brought to this one's with all that is in it; one of a later version is left."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, inspect, select, text

from vaxcert import ConfigurationError, registry
from vaxcert.registry import schema
from vaxcert.registry.certificates import issuing
from vaxcert.registry.comparing.likeness import Why, given_back
from vaxcert.registry.database import Registry
from vaxcert.registry.records import rejected
from vaxcert.registry.records.completeness import FindingKind
from vaxcert.wording import questions, reports, rows

# What the fifth migration brings, by table.
FIFTH = {
    "person_version": ("sex", "nationality", "commune", "guardian", "occupation", "group_told", "address",
                       "insurance_number", "other_phones"),
    "dose_version": ("site_told",), "run": ("understood",), "reject": ("dose", "more", "cells", "whose", "national_id_hash"),
}  # fmt: skip


# The tables that later migrations bring, in the order in which they can be dropped.
LATER: dict[str, tuple[str, ...]] = {
    # Of this one a column and its index.
    "0011": (),
    "0010": ("lookup_count", "holder_ticket", "holder_code"),
    "0009": ("run_site", "tally"),
    "0008": ("retry", "signing", "bulk_request"),
    "0007": ("adverse_event", "desk_entry", "attendance", "desk_session"),
    "0006": ("access_reason", "access_token", "screen_session", "account_role", "account"),
}


def without(connection: Any, first: str) -> None:
    """Have the tables as the migration before this one left them."""
    connection.execute(text("DROP INDEX ix_person_version_home_key"))
    connection.execute(text("ALTER TABLE person_version DROP COLUMN home_key"))
    for revision, tables in LATER.items():
        if revision >= first:
            for table in tables:
                connection.execute(text(f"DROP TABLE {table}"))
            if revision == "0007":
                connection.execute(text("DROP INDEX ix_dose_version_lot_site"))
    before = max([one for one in LATER if one < first], default="0005")
    connection.execute(text("UPDATE alembic_version SET version_num = :before"), {"before": before})


def without_the_fifth(connection: Any) -> None:
    """Have the tables as the fourth migration left them."""
    without(connection, "0006")
    for name in ("whose", "national_id_hash"):
        connection.execute(text(f"DROP INDEX ix_reject_{name}"))
    for table, columns in FIFTH.items():
        for column in columns:
            connection.execute(text(f"ALTER TABLE {table} DROP COLUMN {column}"))
    connection.execute(text("UPDATE alembic_version SET version_num = '0004'"))


def test_the_newest_migration_is_the_one_that_the_program_looks_for() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(registry.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == schema.REVISION


def test_the_first_versions_tables_get_what_came_later_and_keep_what_they_hold(
    place: Any, issuer: Any, key: Any
) -> None:
    # As the first version had it: without the columns and the index that the second migration brings.
    place.take({}, {"full_name": "Trần Ví Dụ", "phone": "2"})
    with place.registry.writing() as connection:
        without_the_fifth(connection)
        connection.execute(text("DROP INDEX ix_person_version_date_of_birth"))
        for name in ("prophylaxis", "holder", "country", "issuer"):
            connection.execute(text(f"ALTER TABLE dose_version DROP COLUMN {name}"))
        connection.execute(text("ALTER TABLE certificate DROP COLUMN test"))
        connection.execute(text("ALTER TABLE reject DROP COLUMN said"))
        connection.execute(text("UPDATE person_version SET near_key = 'x', match_key = 'y', phone_hash = 'z'"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    place.registry.engine.dispose()
    with Registry.open(place.url, place.key_file, clock=lambda: place.now) as opened:
        place.registry = opened
        assert [one.profile.person.family_name for one in place.people()] == ["Nguyễn", "Trần"]
        assert issuing.run(opened, issuer, actor="chief").issued == {"new": 2}
        # Whom the first version had is found by what this version compares.
        assert place.take({"dose": "2/2", "date": "2026-04-01"}).counts["matched"] == 1
        assert place.take({"phone": "", "dose": "3/2", "date": "2026-05-01"}).counts["matched"] == 1
        with opened.reading() as connection:
            assert connection.scalar(text("SELECT version_num FROM alembic_version")) == schema.REVISION
    with Registry.open(place.url, place.key_file) as again:
        assert issuing.run(again, issuer, actor="chief").issued == {"next dose": 1}


@pytest.mark.parametrize("revision", sorted(LATER))
def test_a_registry_of_before_gets_the_later_tables_and_keeps_what_it_holds(place: Any, revision: str) -> None:
    place.take({}, {"full_name": "Trần Ví Dụ", "phone": "2"})
    before = place.state()
    with place.registry.writing() as connection:
        without(connection, revision)
    place.registry.engine.dispose()
    with Registry.open(place.url, place.key_file, clock=lambda: place.now) as opened:
        place.registry = opened
        assert place.state() == before
        tables = schema.metadata.tables
        brought = [name for one, names in LATER.items() if one >= revision for name in names]
        with opened.reading() as connection:
            rows = {name: len(connection.execute(tables[name].select()).all()) for name in brought}
            made = {name: inspect(connection).get_indexes(name) for name in (*brought, "dose_version")}
        # Sums are counted anew once; what else came later has nothing to hold yet.
        assert {name for name, number in rows.items() if number} <= {"tally", "run_site"}
        # What the migration makes is what the tables are declared as.
        for name, indexes in made.items():
            unique = {index["name"] for index in indexes if index["unique"]}
            assert {index["name"] for index in indexes} - unique == {
                index.name for index in tables[name].indexes if not index.unique
            }


REJECTED = [
    ("missing, and it does not follow from the product", "thiếu, và không suy ra được từ mã vắc xin"),
    ("longer than 30 characters", "quá dài: hơn 30 ký tự"),
    ("not a whole number from 1 to 9", "không phải số nguyên từ 1 đến 9"),
    ("in the future", "ở tương lai"),
    ("cannot be written in A–Z; give family_name_transliterated", "không chuyển được sang A–Z"),
    ("what no version ever said", "không hợp lệ"),
]


def test_sentences_that_were_kept_become_codes_that_read_the_same(place: Any) -> None:
    place.take({}, {"full_name": "Trần Ví Dụ", "phone": "2"})
    migration = import_module("vaxcert.registry.migrations.versions.0003_codes")
    values = {"run_id": 1, "kind": "person", "first": 1, "second": 2}
    with place.registry.writing() as connection:
        without_the_fifth(connection)
        connection.execute(text("ALTER TABLE reject DROP COLUMN said"))
        for number, sentence in enumerate(migration.QUESTIONS, 1):
            kept = {**values, "id": number, "reasons": f"{sentence}; two names"}
            connection.execute(insert(schema.review).values(**kept))
        for line, (sentence, _) in enumerate(REJECTED, 1):
            query = "INSERT INTO reject (id, run_id, line, field, problem) VALUES (:line, 1, :line, 'date', :problem)"
            connection.execute(text(query), {"line": line, "problem": sentence})
        connection.execute(text("UPDATE alembic_version SET version_num = '0002'"))
    place.registry.engine.dispose()
    with Registry.open(place.url, place.key_file, clock=lambda: place.now) as opened:
        place.registry = opened
        with opened.reading() as connection:
            codes = connection.scalars(select(schema.review.c.reasons).order_by(schema.review.c.id)).all()
            told = [questions.told(given_back(one)).en for one in codes]
            assert told == [f"{sentence}; two names" for sentence in migration.QUESTIONS]
            read = [rows.phrase(problem).vi for _, problem in rejected.problems(connection, 1)]
        assert [said.startswith(f"ngày tiêm: {wanted}") for said, (_, wanted) in zip(read, REJECTED, strict=True)] == [
            True
        ] * len(REJECTED)


def test_every_code_that_is_kept_has_words_and_no_word_is_left_over() -> None:
    assert set(questions.REASONS) == set(Why)
    assert set(reports.FINDINGS) == set(FindingKind)


def test_a_registry_of_a_later_version_is_left_alone(place: Any) -> None:
    with place.registry.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigurationError, match="later vaxcert"):
        Registry.open(place.url, place.key_file)


def test_a_registry_in_memory_is_refused(tmp_path: Path) -> None:
    for url in ("sqlite://", "sqlite:///:memory:"):
        with pytest.raises(ConfigurationError, match="in memory would keep nothing"):
            Registry.create(url, tmp_path / "key")
    assert not (tmp_path / "key").exists()
