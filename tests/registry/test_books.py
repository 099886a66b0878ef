"""The audit log's chain, and a registry taken out and put in again."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update

from vaxcert import ConfigurationError
from vaxcert.errors import DamagedError
from vaxcert.registry import audit, schema, transfer
from vaxcert.registry.care import reviewing
from vaxcert.registry.database import Registry


def busy(place: Any) -> None:
    place.take({}, {"full_name": "Trần Ví Dụ", "phone": "2", "national_id": "1234562"}, {"product": ""})
    place.take({"phone": "9", "dose": "2/2", "date": "2026-04-01"})
    (question,) = reviewing.questions(place.registry)
    reviewing.decide(place.registry, question.id, "same", actor="chief")


LOGGED = ("audit", "setting")


def test_every_changed_byte_and_every_missing_entry_of_the_audit_log_is_found(place: Any) -> None:
    busy(place)
    count, last = audit.check(place.registry)
    assert count == 3
    with place.registry.reading() as connection:
        rows = [dict(row._mapping) for row in connection.execute(select(schema.audit).order_by(schema.audit.c.id))]
    for row in rows:
        for name in ("at", "actor", "action", "details", "hash"):
            value = row[name]
            for at, letter in enumerate(value):
                _set(place, row["id"], {name: value[:at] + chr(ord(letter) ^ 1) + value[at + 1 :]})
                with pytest.raises(ConfigurationError, match="the audit log"):
                    audit.check(place.registry, last)
            _set(place, row["id"], {name: value})
    assert audit.check(place.registry, last) == (3, last)
    with place.registry.writing() as connection:
        connection.execute(delete(schema.audit).where(schema.audit.c.id == 3))
    for noted in ("", last):
        with pytest.raises(ConfigurationError, match="does not end as this registry sealed it"):
            audit.check(place.registry, noted)
    with place.registry.writing() as connection:
        connection.execute(delete(schema.audit).where(schema.audit.c.id == 1))
    with pytest.raises(ConfigurationError, match="lacks entry 1"):
        audit.check(place.registry)


def test_a_log_that_is_written_anew_without_the_registrys_key_is_found(place: Any) -> None:
    busy(place)
    with place.registry.writing() as connection:
        rows = [dict(row._mapping) for row in connection.execute(select(schema.audit).order_by(schema.audit.c.id))]
        before = "0" * 64
        for row in rows:
            # As whoever has the database could: the actor is another one, and every hash follows from that.
            values = {**row, "actor": "somebody else"}
            before = audit._hash(before, values)
            change = update(schema.audit).where(schema.audit.c.id == row["id"])
            connection.execute(change.values(actor="somebody else", hash=before))
    with pytest.raises(DamagedError) as caught:
        audit.check(place.registry)
    assert caught.value.reason == "audit_log_changed"
    with place.registry.writing() as connection:
        connection.execute(delete(schema.setting).where(schema.setting.c.name == "audit head"))
    with pytest.raises(DamagedError):
        audit.check(place.registry)


def test_that_an_older_state_was_put_back_is_found_by_who_noted_the_end(place: Any) -> None:
    busy(place)
    with place.registry.reading() as connection:
        tables = {table: connection.execute(select(table)).all() for table in (schema.audit, schema.setting)}
    place.take({"full_name": "Lê Hư Cấu"})
    _, noted = audit.check(place.registry)
    with place.registry.writing() as connection:
        for table, rows in tables.items():
            connection.execute(delete(table))
            connection.execute(insert(table), [dict(row._mapping) for row in rows])
    assert audit.check(place.registry)[0] == 3
    with pytest.raises(ConfigurationError, match="its end was cut off"):
        audit.check(place.registry, noted)


def _set(place: Any, number: int, values: dict[str, str]) -> None:
    with place.registry.writing() as connection:
        connection.execute(update(schema.audit).where(schema.audit.c.id == number).values(**values))


def test_what_was_noted_stays_in_a_log_that_grew(place: Any) -> None:
    busy(place)
    _, noted = audit.check(place.registry)
    place.take({"full_name": "Lê Hư Cấu"})
    count, last = audit.check(place.registry, noted)
    assert (count, last != noted) == (4, True)


def test_an_export_goes_into_either_database_and_comes_out_the_same(
    place: Any, postgresql: Any, tmp_path: Path
) -> None:
    busy(place)
    out = tmp_path / "whole.zip"
    counts = transfer.export(place.registry, out, actor="chief")
    assert out.stat().st_mode & 0o077 == 0
    assert counts["person"] == 3
    # The settings hold the seal of the log's end.
    before = {name: value for name, value in transfer.fingerprint(place.registry).items() if name not in LOGGED}
    entries, last = audit.check(place.registry)
    for number, url in enumerate((f"sqlite:///{tmp_path / 'other.db'}", postgresql())):
        with Registry.create(url, place.key_file, clock=lambda: place.now) as other:
            assert transfer.restore(other, out, actor="chief") == counts
            # The same to the byte, and then one entry that says so.
            after = transfer.fingerprint(other)
            assert {name: after[name] for name in after if name not in LOGGED} == before
            assert audit.check(other, last)[0] == entries + 1
            assert audit.entries(other)[-1].action == "restore"
            with pytest.raises(ConfigurationError, match="in use already"):
                transfer.restore(other, out, actor="chief")
            # It goes on where the first one stopped.
            from vaxcert.registry.intake import importing

            again = importing.run(other, place.table({}, name=f"again-{number}.csv"), actor="clerk")
            assert again.counts["again"] == 1
            new = importing.run(other, place.table({"full_name": "Lê Hư Cấu"}, name=f"new-{number}.csv"), actor="clerk")
            assert new.counts["new"] == 1


def test_an_export_that_was_changed_or_is_of_another_key_is_not_taken(place: Any, tmp_path: Path) -> None:
    busy(place)
    out = tmp_path / "whole.zip"
    transfer.export(place.registry, out, actor="chief")

    def changed(name: str, what: Any) -> Path:
        path = tmp_path / "changed.zip"
        with zipfile.ZipFile(out) as source, zipfile.ZipFile(path, "w") as target:
            for part in source.namelist():
                content = source.read(part)
                target.writestr(part, what(content) if part == name else content)
        return path

    def other(key_file: Path, number: int) -> Registry:
        return Registry.create(f"sqlite:///{tmp_path / f'{number}.db'}", key_file, clock=lambda: place.now)

    wrong = (
        ("person_version.jsonl", lambda data: data.replace("Ví Dụ".encode(), "Vì Dụ".encode())),
        ("dose.jsonl", lambda data: b"".join(data.splitlines(True)[:-1])),
        ("manifest.json", lambda data: json.dumps({**json.loads(data), "format": 2})),
        ("manifest.json", lambda data: data.replace(b'"rows": 3', b'"rows": 4', 1)),
        ("manifest.json", lambda _: b"[]"),
        ("manifest.json", lambda _: b"{"),
        (None, None),
    )
    for number, (name, what) in enumerate(wrong):
        path = changed(name, what) if name else tmp_path / "none.zip"
        with other(place.key_file, number) as empty:
            before = transfer.fingerprint(empty)
            with pytest.raises(ConfigurationError):
                transfer.restore(empty, path, actor="chief")
            assert transfer.fingerprint(empty) == before
    with other(tmp_path / "another.key", 9) as stranger, pytest.raises(ConfigurationError, match="another key"):
        transfer.restore(stranger, out, actor="chief")


@pytest.mark.one_database
@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(st.data())
def test_a_damaged_export_is_refused_or_whole_and_never_half(place: Any, data: st.DataObject) -> None:
    out = place.folder / "damaged.zip"
    if not out.exists():
        busy(place)
        transfer.export(place.registry, place.folder / "whole.zip", actor="chief")
    whole = (place.folder / "whole.zip").read_bytes()
    changes = data.draw(
        st.lists(st.tuples(st.integers(0, len(whole) - 1), st.integers(0, 255)), min_size=1, max_size=4)
    )
    damaged = bytearray(whole)
    for at, value in changes:
        damaged[at] = value
    out.write_bytes(damaged[: data.draw(st.sampled_from([len(whole), len(whole), changes[0][0]]))])
    for path in place.folder.glob("other.db*"):
        path.unlink()
    with Registry.create(f"sqlite:///{place.folder / 'other.db'}", place.key_file, clock=lambda: place.now) as other:
        before = transfer.fingerprint(other)
        try:
            transfer.restore(other, out, actor="chief")
        except ConfigurationError:
            assert transfer.fingerprint(other) == before
        else:
            left, right = transfer.fingerprint(other), transfer.fingerprint(place.registry)
            assert {**left, "audit": "", "setting": ""} == {**right, "audit": "", "setting": ""}


def test_the_tables_are_those_that_the_migrations_make(place: Any) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with place.registry.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []


def test_a_database_that_cannot_be_used_is_told_without_its_password(tmp_path: Path) -> None:
    key = tmp_path / "key"
    for url in (
        "postgresql://me:secret@127.0.0.1:1/none",
        "mysql://me:secret@h/d",
        "secret",
        f"sqlite:///{tmp_path}/no/such.db",
    ):
        with pytest.raises(ConfigurationError) as raised:
            Registry.create(url, key)
        assert "secret" not in str(raised.value)
    key.unlink(missing_ok=True)
    with Registry.create(f"sqlite:///{tmp_path / 'r.db'}", key), pytest.raises(ConfigurationError, match="already"):
        Registry.create(f"sqlite:///{tmp_path / 'r.db'}", key)
    (tmp_path / "empty.db").touch()
    with pytest.raises(ConfigurationError, match="no registry in this database"):
        Registry.open(f"sqlite:///{tmp_path / 'empty.db'}", key)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        Registry.open(f"sqlite:///{tmp_path / 'r.db'}", tmp_path / "none")
    with pytest.raises(ConfigurationError, match="there is no registry"):
        Registry.open(f"sqlite:///{tmp_path / 'never.db'}", key)
    assert not (tmp_path / "never.db").exists()
