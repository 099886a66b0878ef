"""What is shipped for whoever runs the public's side: it starts, fits together, and is explained."""

import re
import tomllib
from pathlib import Path

from portal_app.public import MAX_BODY, config, server
from portal_app.public.config import PublicSettings

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy"
UNIT = (DEPLOY / "vaxcert-public.service").read_text("utf-8")


def test_settings_are_taken_with_and_without_appointments_and_each_is_explained(tmp_path: Path) -> None:
    shipped = (DEPLOY / "public.toml").read_text("utf-8")
    path = tmp_path / "public.toml"
    path.write_text(shipped + "\n".join(re.findall(r"^# ([a-z_]+ = .*)$", shipped, re.MULTILINE)) + "\n", "utf-8")
    found = PublicSettings.from_variables({"VAXCERT_PUBLIC_CONFIG": str(path)})
    assert found.booking.startswith("postgresql://vaxcert-public@/") and found.booking_key.is_absolute()
    assert set(config._IN_FILE.values()) == set(PublicSettings.__struct_fields__)
    assert dict(re.findall(r"^(VAXCERT_\w+) +(\w+) ", config.__doc__ or "", re.MULTILINE)) == config._IN_FILE
    guide = (ROOT / "docs" / "public.md").read_text("utf-8")
    table = guide[guide.index("| variable | in the file |") :].partition("\n\n")[0]
    named = [one for row in table.splitlines()[2:] for one in re.findall(r"`(\w+)`", row.split("|")[2])]
    assert sorted(named) == sorted(config._IN_FILE.values())


def test_the_server_in_front_is_told_its_name_and_keeps_no_body_address_or_page() -> None:
    text = re.sub(r"#.*", "", (DEPLOY / "nginx-public.conf").read_text("utf-8"))
    assert "$host" not in text and "$http_host" not in text
    told = dict(re.findall(r"^\s*([a-z_]+) ([^;{\n]+);", text, re.MULTILINE))
    assert [told[name] for name in ("client_body_in_file_only", "access_log", "proxy_cache", "gzip")] == ["off"] * 4
    assert told["proxy_max_temp_file_size"] == "0" and "X-Forwarded-For $remote_addr" in text
    # Else a body that is longer is written to a file before it is handed on.
    assert told["client_body_buffer_size"] == told["client_max_body_size"]
    assert int(told["client_max_body_size"].removesuffix("k")) * 1024 >= MAX_BODY
    (listening,) = re.findall(r"--bind (\S+)", UNIT)
    assert told["proxy_pass"] == f"http://{listening}"


def test_the_container_is_made_of_what_is_there_and_starts_what_the_unit_starts() -> None:
    text = (DEPLOY / "Containerfile.public").read_text("utf-8")
    for sources in re.findall(r"^COPY (?!--from)(.*) \S+$", text, re.MULTILINE):
        assert all((ROOT / source).exists() for source in sources.split()), sources
    started = re.findall(r'"([^"]+)"', re.findall(r"^CMD (.*)$", text, re.MULTILINE)[-1])
    (by_unit,) = re.findall(r"^ExecStart=/opt/vaxcert/bin/(.*)$", UNIT, re.MULTILINE)
    assert [one for one in started if ":8091" not in one] == [one for one in by_unit.split() if ":8091" not in one]
    assert "USER 10002" in text
    (lock,) = re.findall(r"-r /requirements/([\w.]+) && pip install", text)
    names = r"^([a-z0-9-]+)(?:\[\w+\])?=="
    locked = set(re.findall(names, (ROOT / "requirements" / lock).read_text("utf-8"), re.MULTILINE))
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    wanted = {re.split(r"[\[<>=]", one)[0] for extra in ("portal", "batch") for one in extras[extra]} - {"vaxcert"}
    assert wanted <= locked, wanted - locked


def test_the_unit_lets_as_many_threads_run_as_the_server_starts() -> None:
    (tasks,) = re.findall(r"^TasksMax=(\d+)$", UNIT, re.MULTILINE)
    # Beside them each process has its own, and one more is there above all.
    assert server.workers * (server.threads + 2) + 1 < int(tasks)
