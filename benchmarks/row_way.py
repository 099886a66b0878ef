"""The way of a row into the registry: how many functions, modules and returns it passes, from read to entered.

Counted is each function of vaxcert once (comprehensions belong to the function that they stand in), the modules that
these stand in, and the `return` statements in them, by their syntax trees. Twice: for the row's own turn, which is from
being judged to being entered; and for its whole block, with what is read from the database before and written after.
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

TAKING = "vaxcert/registry/intake/taking.py"
BLOCK, TURN = {"take"}, {"judge", "_entered"}
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
    """What was passed inside of some functions, themselves too: functions by their code."""

    def __init__(self, entrances: set[str]) -> None:
        self.passed: set[CodeType] = set()
        self._entrances = entrances
        self._inside: FrameType | None = None

    def __call__(self, frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event == "call" and self._inside is None and self._enters(frame):
            self._inside = frame
        if event == "call" and self._inside and "/vaxcert/" in code.co_filename and not code.co_name.startswith("<"):
            self.passed.add(code)
        if event == "return" and frame is self._inside:
            self._inside = None

    def _enters(self, frame: FrameType) -> bool:
        """Whether what is called now is an entrance: in the module of taking over, or called from there."""
        before = frame.f_back
        files = [one.f_code.co_filename for one in (frame, before) if one is not None]
        return frame.f_code.co_name in self._entrances and any(name.endswith(TAKING) for name in files)

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
    for told, entrances in (("its own turn", TURN), ("its whole block", BLOCK)):
        print(f"{told:<42} functions  modules  returns")
        together = Way(entrances)
        with tempfile.TemporaryDirectory() as name:
            for outcome, way in _ways(Path(name), entrances):
                _tell(outcome, way)
                together.passed |= way.passed
        _tell("all of them", together)
        if arguments.names:
            print("\n".join(together.names()))


def _ways(folder: Path, entrances: set[str]) -> Iterator[tuple[str, Way]]:
    """Take each of the rows over, in a table of its own."""
    from vaxcert.registry import Registry
    from vaxcert.registry.intake import importing

    with Registry.create(f"sqlite:///{folder / 'registry.db'}", folder / "registry.key") as registry:
        for number, (told, row) in enumerate(ROWS.items()):
            path, way = folder / f"unit-{number}.csv", Way(entrances)
            with path.open("w", encoding="utf-8", newline="") as stream:
                table = csv.DictWriter(stream, FIRST)
                table.writeheader()
                table.writerow(row)
            with way.watching():
                counts = importing.run(registry, path, actor="clerk").counts
            yield f"{told}: {next(outcome for outcome, count in counts.items() if count)}", way


def _tell(told: str, way: Way) -> None:
    print(f"{told:<42} {len(way.passed):>9} {len(way.modules()):>8} {way.returns():>8}")


if __name__ == "__main__":
    main()
