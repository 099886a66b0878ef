"""What is shipped for whoever runs the portal starts, fits together, and gives each process what it needs and no more."""

import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from databases import postgresql, server
from places import Place
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import ProgrammingError

from portal_app import MAX_BODY, create_app
from portal_app import server as serving
from portal_app.config import PortalSettings
from portal_app.intake.uploading import MOST_TABLE
from vaxcert import Issuer
from vaxcert.registry import Registry, audit, runs, schema
from vaxcert.registry.accounts import entering, keeping, places
from vaxcert.registry.accounts.account import by_login
from vaxcert.registry.accounts.signing import KeptAccounts
from vaxcert.registry.intake import importing
from vaxcert.signer.answering import RegistrySigner
from vaxcert.signer.limits import SigningLimits
from vaxcert.signer.protocol import Signed, SignRequest
from vaxcert.signer.settings import load

__all__ = ["postgresql", "server"]

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = ("portal", "nightly", "training-reset")
# Of systemd-analyze: from 0 to 10.
MOST_EXPOSED = 1.3
PROGRAMS = {"/opt/vaxcert/bin/gunicorn", "/opt/vaxcert/bin/vaxcert", "/bin/sh", "/usr/bin/find", "/bin/kill"}


def unit(name: str) -> str:
    return (DEPLOY / f"vaxcert-{name}").read_text("utf-8")


def said(text: str, key: str) -> list[str]:
    return re.findall(rf"^{key}=(.*)$", text, re.MULTILINE)


@pytest.fixture
def analyse(missing: Callable[[str], None]) -> Callable[..., str]:
    if shutil.which("systemd-analyze") is None:
        missing("no systemd-analyze")

    def ran(*arguments: object) -> str:
        found = subprocess.run(["systemd-analyze", *map(str, arguments)], capture_output=True, text=True, check=False)
        return found.stdout + found.stderr

    return ran


def test_systemd_takes_every_unit(analyse: Callable[..., str], tmp_path: Path) -> None:
    for path in (*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")):
        # Programs that this machine has not at these places.
        (tmp_path / path.name).write_text(re.sub("/opt/vaxcert/bin/[a-z]+", "/bin/true", path.read_text("utf-8")))
    for path in sorted(tmp_path.iterdir()):
        found = [line for line in analyse("verify", "--man=no", path).splitlines() if str(tmp_path) in line]
        assert found == [], path.name


def test_units_are_hardened_as_the_verifiers_is(analyse: Callable[..., str]) -> None:
    for name in UNITS:
        told = analyse("security", "--offline=true", DEPLOY / f"vaxcert-{name}.service")
        exposed = re.findall(r"Overall exposure level for \S+: ([0-9.]+)", told)
        assert exposed and float(exposed[0]) <= MOST_EXPOSED, (name, told[-200:])


def test_units_start_programs_that_are_installed_with_commands_that_there_are() -> None:
    from vaxcert.cli import cli

    for name in UNITS:
        for line in said(unit(f"{name}.service"), "Exec(?:Start|Reload)"):
            assert line.split()[0] in PROGRAMS
            for group, command in re.findall(r"/bin/vaxcert ([a-z]+) ([a-z-]+)", line):
                assert command in cli.commands[group].commands  # type: ignore[attr-defined]
    assert all(re.search(r"^OnCalendar=", unit(f"{name}.timer"), re.MULTILINE) for name in UNITS[1:])


def test_the_portals_user_is_one_that_the_signer_answers_and_reads_no_signing_key() -> None:
    signer, text = load(DEPLOY / "signer.toml"), unit("portal.service")
    (user,), (group,) = said(text, "User"), said(text, "Group")
    assert user in signer.peers and group == signer.group
    assert user not in signer.approvers
    key = Path(signer.key).parent
    (hidden,) = said(text, "InaccessiblePaths")
    assert f"-{key}" in hidden.split() and f"-{signer.log.parent}" in hidden.split()
    assert "signer/" not in "".join(said(text, "LoadCredential"))
    assert len({user, *said(unit("signer.service"), "User"), *said(unit("nightly.service"), "User")}) == 3


def test_every_process_gets_the_registrys_key_by_itself() -> None:
    for name in UNITS:
        text = unit(f"{name}.service")
        (credential,) = said(text, "LoadCredential")
        assert credential.startswith("registry.key:/etc/vaxcert/")
        assert "Environment=VAXCERT_REGISTRY_KEY=%d/registry.key" in text


def test_the_shipped_settings_are_taken_and_say_what_the_defaults_are() -> None:
    found = PortalSettings.from_variables({"VAXCERT_PORTAL_CONFIG": str(DEPLOY / "portal.toml")})
    assert found.signer == load(DEPLOY / "signer.toml").socket
    plain = PortalSettings(db="")
    for name in ("language", "idle", "rate", "training", "plain"):
        assert getattr(found, name) == getattr(plain, name), name
    assert found.files == Path("/var/lib") / said(unit("portal.service"), "StateDirectory")[0]
    # The server in front of nginx.conf.
    assert found.proxies == 1


def test_the_settings_for_training_that_are_commented_out_are_taken_too(tmp_path: Path) -> None:
    text = (DEPLOY / "portal.toml").read_text("utf-8")
    commented = re.findall(r"^# ([a-z]+ = .*)$", text, re.MULTILINE)
    assert len(commented) == 3
    path = tmp_path / "portal.toml"
    path.write_text(text + "\n".join(commented) + "\n", "utf-8")
    found = PortalSettings.from_variables({"VAXCERT_PORTAL_CONFIG": str(path)})
    assert (found.training, found.reset) == (True, PortalSettings(db="").reset)


def test_every_setting_is_told_in_the_guide_and_where_settings_are_made() -> None:
    from portal_app import config

    names = set(config._IN_FILE.values())
    assert names == set(PortalSettings.__struct_fields__)
    guide = (ROOT / "docs" / "portal.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(VAXCERT_\w+)` \| `(\w+)` \|", guide, re.MULTILINE))
    assert rows == config._IN_FILE
    assert dict(re.findall(r"^(VAXCERT_\w+) +(\w+) ", config.__doc__ or "", re.MULTILINE)) == config._IN_FILE


def test_the_server_in_front_is_told_its_name_and_writes_no_names_to_a_disk() -> None:
    text = re.sub(r"#.*", "", (DEPLOY / "portal-nginx.conf").read_text("utf-8"))
    assert "$host" not in text and "$http_host" not in text
    told = dict(re.findall(r"^\s*([a-z_]+) ([^;{\n]+);", text, re.MULTILINE))
    assert told["client_body_in_file_only"] == told["access_log"] == "off"
    assert told["proxy_max_temp_file_size"] == "0"
    # Else a body that is longer is written to a file before it is handed on.
    assert told["client_body_buffer_size"] == told["client_max_body_size"]
    assert int(told["client_max_body_size"].removesuffix("m")) * 2**20 > max(MAX_BODY, MOST_TABLE + 2**20)
    (listening,) = re.findall(r"--bind (\S+)", unit("portal.service"))
    assert told["proxy_pass"] == f"http://{listening}"


def test_there_is_memory_for_as_many_passwords_as_there_are_threads() -> None:
    (most,) = said(unit("portal.service"), "MemoryMax")
    hashing = serving.workers * serving.threads * 64 * 2**20
    assert hashing + serving.workers * 250_000_000 + 4 * 300_000_000 <= int(most.removesuffix("M")) * 2**20


def test_the_container_is_made_of_what_is_there_and_starts_what_the_unit_starts() -> None:
    text = (DEPLOY / "portal.Containerfile").read_text("utf-8")
    for sources in re.findall(r"^COPY (?!--from)(.*) \S+$", text, re.MULTILINE):
        for source in sources.split():
            assert (ROOT / source).exists(), source
    started = re.findall(r'"([^"]+)"', re.findall(r"^CMD (.*)$", text, re.MULTILINE)[-1])
    (by_unit,) = said(unit("portal.service"), "ExecStart")
    assert [word for word in started if ":8090" not in word] == [
        word for word in by_unit.removeprefix("/opt/vaxcert/bin/").split() if ":8090" not in word
    ]
    assert "USER 10002" in text
    (lock,) = re.findall(r"-r /requirements/([\w.]+) && pip install", text)
    locked = set(
        re.findall(r"^([a-z0-9-]+)(?:\[\w+\])?==", (ROOT / "requirements" / lock).read_text("utf-8"), re.MULTILINE)
    )
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    for extra in ("portal", "registry", "batch", "hsm"):
        wanted = {re.split(r"[\[<>=]", one)[0] for one in extras[extra]} - {"vaxcert"}
        assert wanted <= locked, wanted - locked


@pytest.fixture
def roles(postgresql: Any, server: str, tmp_path: Path, now: Any) -> Iterator[Any]:
    """A registry on PostgreSQL, and its address as each role of `roles.sql`."""
    import psycopg

    url = postgresql()
    place = Place(tmp_path, url, now)
    (name,) = re.findall(r"@/(\w+)", url)
    with psycopg.connect(host=server, user="postgres", dbname=name, autocommit=True) as connection:
        connection.execute((DEPLOY / "roles.sql").read_text("utf-8"))
    yield lambda role: f"postgresql://{role}@/{name}?host={server}", place
    place.registry.engine.dispose()


def test_in_the_database_the_portal_and_the_signer_can_do_their_work_and_no_more(roles: Any, key: Any) -> None:
    as_role, place = roles
    site = places.Site("VP01", "Trạm Y tế Mẫu Một", "Tam Đảo")
    places.put_site(place.registry, site, actor="test", new=True)
    person = keeping.Wanted("Lan Mẫu", ["vaccinator"])
    keeping.create(place.registry, "lan", person, actor="test", password="a long password")

    def refused(registry: Registry, *statements: Any) -> None:
        for statement in statements:
            with pytest.raises(ProgrammingError, match="InsufficientPrivilege"), registry.writing() as connection:
                connection.execute(statement)

    with Registry.open(as_role("vaxcert-portal"), place.key_file, clock=lambda: place.now) as portal:
        app = create_app(PortalSettings(db="unused", plain=True), registry=portal)
        assert app.test_client().get("/sign-in").status_code == 200
        with portal.reading() as connection:
            number = by_login(connection, "lan").id  # type: ignore[union-attr]
        entering.entered(portal, number, "password")
        report = importing.run(portal, place.table({}), actor="account:lan")
        runs.undo(portal, report.run, actor="account:lan")
        importing.run(portal, place.table({}), actor="account:lan")
        with portal.reading() as connection:
            dose = int(connection.scalar(select(schema.dose.c.id)) or 0)
        refused(
            portal, delete(schema.audit), update(schema.audit).values(actor="nobody"), text("DROP TABLE certificate")
        )
        audit.check(portal)
    with Registry.open(as_role("vaxcert-signer"), place.key_file, clock=lambda: place.now) as signing:
        issuer = Issuer(key, country="VN", authority="TEST", valid_for=timedelta(days=99), clock=lambda: place.now)
        limits = SigningLimits(account_hour=1)
        signer = RegistrySigner(signing, issuer, accounts=KeptAccounts(signing), limits=limits)
        peer = SimpleNamespace(name="vaxcert-portal", may_approve=False)
        for _ in range(2):
            answer = signer.answer(SignRequest(doses=(dose,), account="account:lan", site="VP01"), peer)
            assert isinstance(answer, Signed) and [one.dose for one in answer.certificates] == [dose], answer
        tables = (schema.person_version, schema.dose_version, schema.account, schema.audit, schema.certificate)
        refused(signing, *map(delete, tables), update(schema.account).values(active=True))
