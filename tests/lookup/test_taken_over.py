"""Each process of the public's side, taken over: with what its user has, and nothing else, what could be read or changed?"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from vaxcert import SigningKey, typed
from vaxcert.lookup.answering import RegistryLookup
from vaxcert.lookup.protocol import FindRequest, FoundOne, NothingFound, Reported, ReportRequest, StandingRequest
from vaxcert.registry import Registry, schema

ROOT = Path(__file__).parents[2]
PUBLIC, LOOKUP, GROUP = 54_321, 54_322, 54_323

# As the unit starts it: the user, its group, its settings, and no other variable.
TAKEN = """
import os, sys
from pathlib import Path
folder, uid, gid = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
from portal_app.public import create_public_app
# Python's own files may be out of another user's reach: what is imported late is imported before.
create_public_app()
os.setgroups([])
os.setgid(gid)
os.setuid(uid)
app = create_public_app()
for path in sorted(folder.rglob("*")) + [folder / name for name in sys.argv[4:]]:
    for what, flag in (("reads", os.O_RDONLY), ("writes", os.O_WRONLY)):
        try:
            os.close(os.open(path, flag | os.O_NOFOLLOW))
        except OSError:
            continue
        if path.is_file():
            print(what, path.relative_to(folder))
client = app.extensions["lookup"]
print("found", client.find(name="a", born="b", number="c", code="d"))
print("holds", sorted(name for name, one in app.extensions.items() if type(one).__module__.startswith("vaxcert.registry")))
print("knows", sorted(name for name in os.environ if name.startswith(("VAXCERT", "PG"))))
"""
HIDDEN = (
    "etc/registry.key",
    "etc/lookup.toml",
    "data/registry.db",
    "data/registry.db-wal",
    "data/registry.db-shm",
    "etc/dsc.key",
)


@pytest.fixture
def machine() -> Iterator[Path]:
    """A folder that other users may go through, as they may through those of the units."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name)
        path.chmod(0o711)
        yield path


@pytest.mark.skipif(os.geteuid() != 0, reason="who is not root can be no other user")
def test_who_takes_the_public_pages_over_reads_nothing_of_the_registry(machine: Path, slip: Any, looking: Any) -> None:
    import shutil

    for folder, mode in (("etc", 0o711), ("data", 0o700), ("run", 0o711)):
        (machine / folder).mkdir(mode=mode)
    slip.place.registry.engine.dispose()
    for name, mode in (("etc/registry.key", 0o400), ("data/registry.db", 0o600)):
        shutil.copy(slip.place.folder / Path(name).name, machine / name)
        (machine / name).chmod(mode)
    for name in ("lookup.toml", "dsc.key"):
        (machine / "etc" / name).touch(mode=0o400)
    for name in ("etc", "data", "run", *HIDDEN):
        if (machine / name).exists():
            os.chown(machine / name, LOOKUP, LOOKUP)
    (machine / "etc" / "public.toml").write_text(f'lookup = "{machine}/run/lookup.sock"\nplain = true\n')
    (machine / "etc" / "public.toml").chmod(0o444)
    looking(machine / "run", peers=[PUBLIC], group=GROUP)
    environment = {
        "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "VAXCERT_PUBLIC_CONFIG": f"{machine}/etc/public.toml"
    }  # fmt: skip
    command = [
        sys.executable,
        "-c",
        TAKEN,
        str(machine),
        str(PUBLIC),
        str(GROUP),
        *HIDDEN,
        "etc/public.toml",
        "run/lookup.sock",
    ]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment)
    assert ran.stdout.splitlines() == [
        "reads etc/public.toml", "found None", "holds []", "knows ['VAXCERT_PUBLIC_CONFIG']"
    ], ran.stderr  # fmt: skip


def test_its_own_settings_name_no_secret_and_its_unit_has_no_way_to_the_registry() -> None:
    unit = (ROOT / "deploy" / "vaxcert-public.service").read_text("utf-8")
    told = (ROOT / "deploy" / "public.toml").read_text("utf-8")
    # Where appointments are taken, of their own database alone.
    assert set(re.findall(r"postgresql://[^?\s]+", told + unit)) == {"postgresql://vaxcert-public@/vaxcert_booking"}
    assert "vaxcert?host" not in told + unit and "registry_key" not in told
    assert re.findall(r"^InaccessiblePaths=(.*)$", unit, re.MULTILINE)[0].split()[-1] == "-/run/postgresql"
    (user,) = re.findall(r"^User=(.*)$", unit, re.MULTILINE)
    lookup = (ROOT / "deploy" / "vaxcert-lookup.service").read_text("utf-8")
    assert f"SupplementaryGroups={user}" in lookup and f"User={user}" not in lookup
    # Who asks is told by the user's number, which the one that answers has to see as it is.
    assert not re.search(r"^PrivateUsers=", lookup, re.MULTILINE)


@pytest.fixture
def login(postgresql: Any, tmp_path: Path, key: SigningKey, now: datetime, slip: Any) -> Iterator[tuple[Any, str, str]]:
    """A registry on PostgreSQL with a holder in it, its address for the look-up's login, and that login's name."""
    from uuid import uuid4

    import psycopg

    owner = postgresql()
    (tmp_path / "other").mkdir()
    other = type(slip)(tmp_path / "other", owner, key, now)
    name = f"lookup_{uuid4().hex[:8]}"
    script = (ROOT / "deploy" / "lookup.sql").read_text("utf-8").replace(':"login"', name)
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(script)  # type: ignore[call-overload]
        yield other, owner.replace("postgres@", f"{name}@"), name
        other.place.registry.engine.dispose()
        connection.execute(f"DROP OWNED BY {name}; DROP ROLE {name}")  # type: ignore[call-overload]


def test_the_look_ups_login_is_enough_for_all_that_it_answers(login: Any) -> None:
    slip, url, _ = login
    with Registry.open(url, slip.place.key_file, clock=lambda: slip.place.now) as registry:
        lookup = RegistryLookup(registry, sleep=lambda _: None)
        found = lookup.answer(FindRequest(**slip.told), "public")
        assert isinstance(found, FoundOne)
        assert isinstance(lookup.answer(FindRequest(**(slip.told | {"number": "1"})), "public"), NothingFound)
        reported = lookup.answer(ReportRequest(found.passed, "name", "Mẫu"), "public")
        assert isinstance(reported, Reported)
        asked = StandingRequest(typed.read(reported.ticket), "1990-05-17")
        assert not isinstance(lookup.answer(asked, "public"), NothingFound)


READS = {
    "alembic_version", "setting", "person", "person_version", "dose_version", "certificate", "run", "audit",
    "holder_code", "holder_ticket", "lookup_count",
}  # fmt: skip
WRITES = {
    ("audit", "INSERT"), ("holder_ticket", "INSERT"), ("lookup_count", "INSERT"), ("setting", "UPDATE value"),
    ("holder_code", "UPDATE failures"), ("holder_ticket", "UPDATE failures"), ("lookup_count", "UPDATE times"),
}  # fmt: skip


def test_the_look_ups_login_reads_what_it_needs_and_writes_entries_counters_and_tickets_alone(login: Any) -> None:
    import psycopg

    _, url, name = login
    tables = [*schema.metadata.tables, "alembic_version"]
    with psycopg.connect(url.replace(f"{name}@", "postgres@")) as connection:

        def may(table: str, what: str) -> bool:
            row = connection.execute("SELECT has_table_privilege(%s, %s, %s)", (name, table, what)).fetchone()
            return row is not None and bool(row[0])

        assert {table for table in tables if may(table, "SELECT")} == READS
        written = {
            (table, what) for table in tables for what in ("INSERT", "UPDATE", "DELETE", "TRUNCATE") if may(table, what)
        }
        columns = connection.execute(
            "SELECT table_name, column_name FROM information_schema.column_privileges "
            "WHERE grantee = %s AND privilege_type = 'UPDATE'", (name,)
        ).fetchall()  # fmt: skip
    assert written | {(table, f"UPDATE {column}") for table, column in columns} == WRITES


def test_what_is_shipped_for_the_look_up_starts_and_every_setting_is_explained() -> None:
    import msgspec

    from portal_app.public.config import PublicSettings
    from vaxcert.lookup import settings

    found = settings.load(ROOT / "deploy" / "lookup.toml")
    unit = (ROOT / "deploy" / "vaxcert-lookup.service").read_text("utf-8")
    assert str(found.socket).startswith(f"/run/{re.findall(r'^RuntimeDirectory=(.*)$', unit, re.MULTILINE)[0]}/")
    assert found.peers == (found.group,) == ("vaxcert-public",)
    told = re.findall(r"^([a-z_]+) +\S", (settings.__doc__ or "").partition("\n\n")[2], re.MULTILINE)
    assert sorted(told) == sorted(field.name for field in msgspec.structs.fields(settings.LookupSettings))
    public = PublicSettings.from_variables({"VAXCERT_PUBLIC_CONFIG": str(ROOT / "deploy" / "public.toml")})
    assert public.lookup == found.socket and public.proxies == 1
