"""The suite notices when a check is gone: every deliberately broken copy of a step makes it fail."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from night import some

HERE = Path(__file__).parent
# What notices most comes first: the others are not begun then.
SUITE = [
    "test_verify.py", "test_threats.py", "test_threats_lists.py", "trust/test_keys.py", "trust/test_store.py", "wire",
    "formats", "trust",
]  # fmt: skip
# What no card can show: folders and stores are opened before there is one.
OF_STORES = ("environments_mixed", "authorities_sign_cards", "repositories_are_folders")
STORES = ["trust/test_folder.py", "trust/test_store.py"]
# The mutator notices each of the others in seconds; that the rest of the suite does too is asked by `make mutate`.
EVERYWHERE = os.environ.get("VAXCERT_BROKEN") == "everywhere"
# Of what the mutator notices, so many are asked in every run, and the others at night.
EACH_RUN = 4
HELPERS = ("nothing", "nothing_of_a_kind_revoked")


def names() -> list[str]:
    source = (HERE / "broken.py").read_text("utf-8")
    found = [line[5 : line.index("(")] for line in source.splitlines() if line.startswith("def _")]
    return [name for name in found if name not in HELPERS]


def run(broken: str, suite: Sequence[str] = SUITE) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "VAXCERT_BREAK": broken,
        "VAXCERT_MUTATIONS": "2000",
        "PYTHONPATH": os.pathsep.join([str(HERE), *sys.path]),
    }
    options = ["-q", "-x", "-p", "broken", "-p", "no:cacheprovider"]
    if suite in (SUITE, STORES):
        # What is slow there breaks a process at work again and again, which no broken check changes.
        options += ["-m", "not slow"]
    return subprocess.run(
        [sys.executable, "-P", "-m", "pytest", *options, *(str(HERE / part) for part in suite)],
        capture_output=True,
        text=True,
        env=environment,
        cwd=HERE.parent,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("suite", [SUITE if EVERYWHERE else STORES, ["test_mutator.py"]], ids=["suite", "mutator"])
def test_the_suite_passes_with_nothing_broken(suite: list[str]) -> None:
    ran = run("", suite)
    assert ran.returncode == 0, ran.stdout[-2000:]


@pytest.mark.slow
@pytest.mark.parametrize("broken", names() if EVERYWHERE else OF_STORES)
def test_the_suite_fails_with_one_check_gone(broken: str) -> None:
    check(run(broken, SUITE if EVERYWHERE else STORES), broken)


@pytest.mark.slow
@pytest.mark.parametrize("broken", some([name for name in names() if name not in OF_STORES], EACH_RUN))
def test_the_mutator_by_itself_notices_that_a_check_is_gone(broken: str) -> None:
    check(run(broken, ["test_mutator.py"]), broken)


def check(ran: subprocess.CompletedProcess[str], broken: str) -> None:
    assert ran.returncode == 1, f"nothing noticed {broken}: {ran.stdout[-2000:]}{ran.stderr[-2000:]}"
    assert " failed" in ran.stdout
