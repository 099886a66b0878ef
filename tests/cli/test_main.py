"""The command line as a whole."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import vaxcert


def test_help_names_every_command(run: Any) -> None:
    ran = run("--help")
    assert ran.status == 0
    for command in ("demo", "keys", "issue", "verify", "inspect"):
        assert f"\n  {command} " in ran.out


@pytest.mark.parametrize(
    "command", [("keys", "new"), ("keys", "show"), ("issue",), ("verify",), ("inspect",), ("demo",)]
)
def test_every_command_explains_itself(run: Any, command: tuple[str, ...]) -> None:
    ran = run(*command, "--help")
    assert ran.status == 0
    assert len(ran.out) > 300 or command == ("keys", "show")


def test_the_version_is_the_packages(run: Any) -> None:
    assert run("--version").out.strip() == f"vaxcert {vaxcert.__version__}"


@pytest.mark.parametrize("arguments", [(), ("nonsense",), ("verify", "--nonsense")])
def test_wrong_usage_ends_with_2_and_a_hint(run: Any, arguments: tuple[str, ...]) -> None:
    ran = run(*arguments)
    assert ran.status == 2
    assert "Usage" in ran.err + ran.out


def test_help_needs_nothing_heavy() -> None:
    code = (
        "import sys; from vaxcert.cli import cli\n"
        "try: cli.main(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'cryptography', 'cbor2', 'PIL', 'numpy', 'qrcode', 'zxingcpp', 'rich', 'msgspec', 'vaxcert.model'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip().splitlines()[-1] == "[]"


@pytest.mark.slow
def test_the_demo_accepts_all_it_made_and_neither_of_the_two_others(run: Any, tmp_path: Path) -> None:
    table = tmp_path / "doses.csv"
    table.write_text(
        "family_name,given_name,date_of_birth,product,dose_number,doses_in_series,date,site,lot\n"
        "Nguyễn,Mẫu Thử,1990-05-17,EU/1/20/1528,1,2,2026-05-01,VP01,A1\n"
        "Đặng,Ví Dụ,1951,Abdala,3,3,2026-06-01,VP02,B2\n",
        "utf-8",
    )
    ran = run("demo", "--out", tmp_path / "demo", "--doses", table, "--lang", "en")
    assert ran.status == 0, ran.out
    assert "2 accepted" in ran.out
    assert "signature_invalid" in ran.out
    assert "key_unknown" in ran.out
    assert len(list((tmp_path / "demo" / "codes").glob("*.png"))) == 2
    again = run("demo", "--out", tmp_path / "demo", "--doses", table)
    assert again.status == 2
    assert "exists already" in again.err


@pytest.mark.parametrize("content", ["a,b\n1,2\n", "family_name,given_name\nNguyễn,Mẫu\n", "\xff"])
def test_a_table_that_the_demo_cannot_read_is_a_clear_error(run: Any, tmp_path: Path, content: str) -> None:
    (tmp_path / "doses.csv").write_bytes(content.encode("latin-1", "replace"))
    ran = run("demo", "--out", tmp_path / "demo", "--doses", tmp_path / "doses.csv")
    assert ran.status == (65 if content == "\xff" else 2)
    assert "Error: " in ran.err


def test_output_that_nobody_reads_any_more_is_neither_accepted_nor_refused(tmp_path: Path) -> None:
    # More than a pipe holds, so that writing goes on after the reader has gone.
    (tmp_path / "codes.txt").write_text("HC1:nothing\n" * 3_000, "utf-8")
    keys = Path(__file__).parents[2] / "keys" / "examples"
    command = [sys.executable, "-m", "vaxcert", "verify", "--trust", str(keys), str(tmp_path / "codes.txt")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None and running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        said = running.stderr.read()
    assert (running.returncode, said) == (141, b"")
