"""Other systems' certificates, read from where they are kept; and a table of what was reproduced."""

import os
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
VECTORS = Path(os.environ.get("VAXCERT_VECTORS", ROOT.parent / "shared" / "vectors"))
CASES = Path(os.environ.get("VAXCERT_CASES", ROOT.parent / "shared" / "cases"))


@pytest.fixture
def vectors(missing: Callable[[str], None]) -> Path:
    """The folder of vectors; skips, or fails where they are required, if it is not there."""
    if not VECTORS.is_dir():
        missing(f"no vectors in {VECTORS}: set VAXCERT_VECTORS")
    return VECTORS


@pytest.fixture
def cases(missing: Callable[[str], None]) -> Path:
    """The folder of small inputs of the field; skips, or fails where they are required, if it is not there."""
    if not CASES.is_dir():
        missing(f"no cases in {CASES}: set VAXCERT_CASES")
    return CASES


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    # Whatever folders or files there are become cases; a missing folder becomes one case that says so.
    for name, pattern in {
        "country": "hcert/dgc-testdata/*",
        "wycheproof": "crypto/wycheproof/*.json",
        "cose_example": "crypto/cose/*.json",
        "certlogic_suite": "rules/certlogic/*.json",
        "rules_of": "rules/dgc-business-rules-testdata/*",
        "picture": "hcert/quality-assurance/**/*.png",
    }.items():
        if name in metafunc.fixturenames:
            found = sorted(str(path.relative_to(VECTORS)) for path in VECTORS.glob(pattern))
            metafunc.parametrize(name, found or ["none"])


def pytest_terminal_summary(terminalreporter: Any) -> None:
    rows: dict[str, dict[str, dict[str, list[int]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(lambda: [0, 0]))
    )
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for key, value in getattr(report, "user_properties", ()):
            if report.when == "call" and key == "score":
                table, row, column, good = value
                rows[table][row][column][0] += good
                rows[table][row][column][1] += 1
    for table, content in sorted(rows.items()):
        columns = sorted({column for row in content.values() for column in row})
        terminalreporter.section(table)
        width = max(map(len, content)) + 2
        terminalreporter.line(" " * width + "  ".join(columns))
        total: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for cells in content.values():
            for column, (good, all_of_them) in cells.items():
                total[column][0] += good
                total[column][1] += all_of_them
        for row, cells in [*sorted(content.items()), ("all", total)]:
            texts = (f"{cells[c][0]}/{cells[c][1]}" if c in cells else "" for c in columns)
            terminalreporter.line(
                row.ljust(width) + "  ".join(t.rjust(len(c)) for t, c in zip(texts, columns, strict=True))
            )
