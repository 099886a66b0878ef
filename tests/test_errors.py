"""Errors are told apart by their types and codes; their sentences are for people, and no code reads them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from vaxcert import errors
from vaxcert.cli.shared.exits import error_status
from vaxcert.errors import Reason, VaxcertError

ROOT = Path(__file__).parents[1]
MODULES = sorted(
    path for package in ("vaxcert", "verifier_app", "portal_app") for path in (ROOT / package).rglob("*.py")
)
KINDS = {
    kind.__name__: kind
    for kind in (
        errors.ConfigurationError,
        errors.DamagedError,
        errors.NotFoundError,
        errors.UnreachableError,
        errors.ImageError,
    )
}

_SEARCHES = {"startswith", "endswith", "find", "rfind", "index", "count", "partition", "rpartition", "search", "match",
             "fullmatch", "findall", "get"}  # fmt: skip


def sentences_read(source: str) -> Iterator[int]:
    """The lines on which code compares or searches what an exception says."""
    tree = ast.parse(source)
    caught = {node.name for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.name}
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and re.search(
            r"(Error|Exception|Warning)\b", ast.unparse(node.annotation or node)
        ):
            caught.add(node.arg)

    def is_said(node: ast.AST) -> bool:
        match node:
            case ast.Call(func=ast.Name(id="str" | "repr"), args=[ast.Name(id=name)]):
                return name in caught
            case ast.Attribute(value=ast.Name(id=name), attr="args" | "detail" | "problem" | "msg" | "strerror"):
                return name in caught
            case ast.Name(id=name):
                return name in kept
        return False

    def says(node: ast.AST) -> bool:
        return any(is_said(one) for one in ast.walk(node))

    def says_a_sentence(key: ast.AST) -> bool:
        # A `Problem` is a value, made to be counted by.
        return says(key) and not (isinstance(key, ast.Attribute) and key.attr == "problem")

    kept: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and is_said(node.value):
            kept |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    for node in ast.walk(tree):
        match node:
            case ast.Compare(left=left, comparators=others) if any(map(says, (left, *others))):
                # Whether there is a sentence at all is no question of its words.
                if not all(isinstance(one, ast.Constant) and one.value is None for one in others):
                    yield node.lineno
            case ast.Call(func=ast.Attribute(value=value, attr=name), args=given) if name in _SEARCHES:
                if says(value) or any(map(says, given)):
                    yield node.lineno
            case ast.Match(subject=subject) if says(subject):
                yield node.lineno
            case ast.Subscript(slice=key) if says_a_sentence(key):
                yield node.lineno


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_code_compares_or_searches_what_an_error_says(path: Path) -> None:
    assert not list(sentences_read(path.read_text("utf-8")))


@pytest.mark.parametrize(
    "line",
    [
        'str(error) == "no such key"',
        '"no such key" in str(error)',
        'str(error).lower().startswith("no")',
        're.search("no such", str(error))',
        'error.args[0] != "no such key"',
        'error.detail == "no such key"',
        '"key" in error.detail',
        'error.problem == "key: missing"',
        "WORDS[str(error)]",
        "WORDS.get(error.detail)",
    ],
)
def test_a_line_that_reads_what_an_error_says_is_found(line: str) -> None:
    assert list(sentences_read(f"try:\n    work()\nexcept ValueError as error:\n    x = {line}\n")) == [4]
    assert list(sentences_read(f"def told(error: ConfigurationError) -> bool:\n    return {line}\n")) == [2]


def test_a_sentence_that_was_put_aside_is_still_one() -> None:
    source = "try:\n    work()\nexcept ValueError as error:\n    told = str(error)\n    x = 'no' in told\n"
    assert list(sentences_read(source)) == [5]


def raised() -> Iterator[tuple[str, str, Reason]]:
    """Where an error is made, or is named beside its code in a table: the place, the type and the code."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                parts: list[ast.expr] = [node.func, *node.args]
            elif isinstance(node, ast.Tuple):
                parts = node.elts
            else:
                continue
            kinds = [part.id for part in parts if isinstance(part, ast.Name) and part.id in KINDS]
            if not kinds:
                continue
            found = [
                one.attr
                for part in parts
                for one in ast.walk(part)
                if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id == "Reason"
            ]
            place = f"{path.relative_to(ROOT)}:{node.lineno}"
            for name in found:
                yield place, kinds[0], Reason[name]
            if not found and isinstance(node, ast.Call) and len(node.args) == 1:
                yield place, kinds[0], KINDS[kinds[0]].usual


def documented() -> dict[Reason, set[int]]:
    """The exit statuses that docs/reasons.md gives for each code."""
    table = (ROOT / "docs" / "reasons.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", table, re.MULTILINE)
    return {Reason(code): {int(status) for status in re.findall(r"\((\d+)\)", where)} for code, where in rows}


def test_every_error_is_made_with_a_code_whose_documented_status_is_its_own() -> None:
    statuses = documented()
    wrong = [
        (place, kind, str(reason))
        for place, kind, reason in raised()
        if error_status(KINDS[kind]("")) not in statuses[reason]
    ]
    assert not wrong


def test_every_documented_status_is_one_that_some_error_of_that_code_ends_with() -> None:
    made: dict[Reason, set[int]] = {}
    for _, kind, reason in raised():
        made.setdefault(reason, set()).add(error_status(KINDS[kind]("")))
    # What an operating system says becomes an error in one place, which is told the code.
    for reason in (Reason.NOT_READABLE, Reason.NOT_WRITABLE):
        made.setdefault(reason, set()).add(2)
    assert {reason: found for reason, found in documented().items() if found} == made


def test_only_the_kinds_of_configuration_errors_and_pictures_have_statuses_of_their_own() -> None:
    def kinds(of: type[VaxcertError]) -> Iterator[type[VaxcertError]]:
        for kind in of.__subclasses__():
            yield kind
            yield from kinds(kind)

    told = {kind.__name__ for kind in kinds(errors.VaxcertError) if hasattr(kind, "usual")}
    assert told == set(KINDS)
