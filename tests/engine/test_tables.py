"""What the engine has of the library's tables is what the library says, and its modules are of one job each."""

import json
import re
import unicodedata

import pytest
from engine_tables import PLACE, in_browsers, text

# Of which version of Unicode Python 3.11 is.
LETTERS_OF = "14.0.0"
SOURCES = sorted(PLACE.parent.rglob("*.ts"))


def test_the_engines_tables_are_the_librarys() -> None:
    held, said = json.loads(PLACE.read_text("utf-8")), json.loads(text())
    # They were written by the lowest Python that is promised; one that knows more letters may tell of them too.
    if unicodedata.unidata_version != LETTERS_OF:
        said["letters"] = {letter: said["letters"][letter] for letter in held["letters"]}
    assert held == said, "run `python tests/support/engine_tables.py`"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"a\s", r"a[ \t\n\r\f\v]"),
        (r"@[\s\x1c]", r"@[ \t\n\r\f\v\x1c]"),
        (r"\S*#", r"[^ \t\n\r\f\v]*#"),
        (r"[0-9 $%*]{3}(?:x|$)", r"[0-9 $%*]{3}(?:x|(?=\n?$))"),
        (r"\|[^|]*\|", r"\|[^|]*\|"),
    ],
)
def test_a_pattern_means_the_same_in_browsers(pattern: str, expected: str) -> None:
    assert in_browsers(pattern) == expected


def test_the_engine_is_told_in_modules_of_one_job() -> None:
    assert len(SOURCES) > 20
    assert {path.name: size for path in SOURCES if (size := len(path.read_text("utf-8").splitlines())) > 300} == {}


def test_the_engine_asks_nobody_and_writes_nothing_down() -> None:
    for path in SOURCES:
        code = re.sub(r"//.*", "", path.read_text("utf-8"))
        assert not re.search(
            r"\b(?:fetch|XMLHttpRequest|WebSocket|sendBeacon|localStorage|indexedDB|console|eval)\b", code
        ), path
