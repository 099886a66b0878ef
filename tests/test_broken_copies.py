"""The suite notices when a check is gone: every deliberately broken copy of a step makes it fail."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SUITE = ["test_verify.py", "test_threats.py", "wire", "trust", "formats"]


def names() -> list[str]:
    source = (HERE / "broken.py").read_text("utf-8")
    return [line[5 : line.index("(")] for line in source.splitlines() if line.startswith("def _")]


def run(broken: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "VAXCERT_BREAK": broken,
        "PYTHONPATH": os.pathsep.join([str(HERE), *sys.path]),
    }
    options = ["-q", "-x", "-p", "broken", "-p", "no:cacheprovider"]
    return subprocess.run(
        [sys.executable, "-P", "-m", "pytest", *options, *(str(HERE / part) for part in SUITE)],
        capture_output=True,
        text=True,
        env=environment,
        cwd=HERE.parent,
        check=False,
    )


@pytest.mark.slow
def test_the_suite_passes_with_nothing_broken() -> None:
    ran = run("")
    assert ran.returncode == 0, ran.stdout[-2000:]


@pytest.mark.slow
@pytest.mark.parametrize("broken", [name for name in names() if name != "nothing"])
def test_the_suite_fails_with_one_check_gone(broken: str) -> None:
    ran = run(broken)
    assert ran.returncode == 1, f"nothing noticed {broken}: {ran.stdout[-2000:]}{ran.stderr[-2000:]}"
    assert " failed" in ran.stdout
