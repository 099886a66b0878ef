"""The way of a row into the registry: how many functions, modules and returns it passes, from read to written.

Counted is what runs between a block of read rows being handed to `vaxcert.registry.intake.taking` and its rows being
written: each function of vaxcert once (comprehensions belong to the function that they stand in), the modules that they
stand in, and the `return` statements in them, by their syntax trees.
"""

import argparse
import ast
import csv
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

ENTRANCE = "vaxcert/registry/intake/taking.py"
FIRST = {
    "full_name": "Nguyễn Mẫu Thử", "date_of_birth": "1990-05-17", "national_id": "001090000001", "phone": "0912345678",
    "district": "Tam Đảo", "priority_group": "1", "product": "EU/1/20/1528", "dose": "1/2", "date": "2026-03-01",
    "site": "VP01", "lot": "L1",
}  # fmt: skip
SECOND = {"dose": "2/2", "date": "2026-04-01"}
ROWS = {
    "a new person": FIRST,
    "a known person's next dose": FIRST | SECOND,
    "one who is not surely known": FIRST | SECOND | {"national_id": "", "phone": "0987654321"},
    "the first row again": FIRST,
}


class Way:
    """What was passed: functions by their code, once the entrance was."""

    def __init__(self) -> None:
        self.passed: set[CodeType] = set()
        self._inside: FrameType | None = None

    def __call__(self, frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event == "call" and self._inside is None and code.co_filename.endswith(ENTRANCE) and _holds_rows(frame):
            self._inside = frame
        if event == "call" and self._inside and "/vaxcert/" in code.co_filename and not code.co_name.startswith("<"):
            self.passed.add(code)
        if event == "return" and frame is self._inside:
            self._inside = None

    @contextmanager
    def watching(self) -> Iterator[None]:
        sys.setprofile(self)
        try:
            yield
        finally:
            sys.setprofile(None)

    def modules(self) -> list[str]:
        return sorted({_module(code) for code in self.passed})

    def returns(self) -> int:
        return sum(map(_returns, self.passed))

    def names(self) -> list[str]:
        return sorted(f"{_module(code)}: {code.co_qualname} ({_returns(code)})" for code in self.passed)


def _holds_rows(frame: FrameType) -> bool:
    """Whether a function is handed rows, in whatever it is called with."""
    return any(isinstance(value, list) and value and hasattr(value[0], "digest") for value in frame.f_locals.values())


def _module(code: CodeType) -> str:
    return code.co_filename.rpartition("/vaxcert/")[2]


def _returns(code: CodeType) -> int:
    """The `return` statements of a function itself, without those of functions in it."""
    tree = ast.parse(Path(code.co_filename).read_text("utf-8"))
    kinds = ast.FunctionDef | ast.Lambda
    (found,) = (
        node for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name == code.co_name
        and min([node.lineno, *(one.lineno for one in node.decorator_list)]) == code.co_firstlineno
    )  # fmt: skip
    waiting: list[ast.AST] = list(found.body)
    count = 0
    while waiting:
        node = waiting.pop()
        count += isinstance(node, ast.Return)
        if not isinstance(node, kinds):
            waiting += ast.iter_child_nodes(node)
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", action="store_true", help="tell each function, with its returns")
    arguments = parser.parse_args()
    from vaxcert.registry import Registry
    from vaxcert.registry.intake import importing

    together = Way()
    print(f"{'a row':<30} {'functions':>9} {'modules':>8} {'returns':>8}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Registry.create(f"sqlite:///{folder / 'registry.db'}", folder / "registry.key") as registry:
            for number, (told, row) in enumerate(ROWS.items()):
                path, way = folder / f"unit-{number}.csv", Way()
                with path.open("w", encoding="utf-8", newline="") as stream:
                    table = csv.DictWriter(stream, FIRST)
                    table.writeheader()
                    table.writerow(row)
                with way.watching():
                    counts = importing.run(registry, path, actor="clerk").counts
                outcome = next(outcome for outcome, count in counts.items() if count)
                _tell(f"{told}: {outcome}", way)
                together.passed |= way.passed
    _tell("all of them", together)
    if arguments.names:
        print("\n".join(together.names()))


def _tell(told: str, way: Way) -> None:
    print(f"{told:<38} {len(way.passed):>5} {len(way.modules()):>8} {way.returns():>8}")


if __name__ == "__main__":
    main()
