"""Rules with the tests that stand beside them, as countries publish both: `rule.json` and `tests/*.json`.

A test names data (`payload`, `external`) and what the rule's logic is expected to answer. What else may be wrong with a
rule `vaxcert.rules.sets.checking` says; files are read here as their authors' tools read them.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from vaxcert.errors import ConfigurationError, EvaluationError, NotFoundError
from vaxcert.rules.certlogic import Logic, compile_logic
from vaxcert.rules.documents import read_json

RULE, TESTS = "rule.json", "tests"


class Tried(NamedTuple):
    """What the tests of a rule came to.

    `rule`: its folder's name. `folder`: the one above, seen from where the search began; the country, usually.
    `failures`: of each that did not pass its file's name, and why.
    """

    folder: str
    rule: str
    passed: int
    failures: tuple[tuple[str, str], ...]


def run_tests(root: Path) -> Iterator[Tried]:
    """The tests of every `rule.json` at any depth below a folder, rule by rule.

    A rule whose logic is refused fails each of its tests, and fails once where it has none. Raises `NotFoundError`
    where no rule is found.
    """
    found = sorted(root.rglob(RULE))
    if not found:
        raise NotFoundError(f"{root}: no {RULE} in it")
    for path in found:
        yield _run(root, path)


def _run(root: Path, path: Path) -> Tried:
    folder = path.parent
    above = folder.parent if folder != root else folder
    group = above.relative_to(root).as_posix() if above.is_relative_to(root) else "."
    tests = sorted((folder / TESTS).glob("*.json"))
    try:
        source = read_json(path, strict=False)
        logic = compile_logic(source.get("Logic") if isinstance(source, dict) else None)
    except ConfigurationError as error:
        why = f"{error.detail} ({error.reason})"
        names = [test.name for test in tests] or [RULE]
        return Tried(group, folder.name, 0, tuple((name, why) for name in names))
    outcomes = [(test.name, _failure(logic, test)) for test in tests]
    failures = tuple((name, why) for name, why in outcomes if why is not None)
    return Tried(group, folder.name, len(outcomes) - len(failures), failures)


def _failure(logic: Logic, path: Path) -> str | None:
    try:
        test = read_json(path, strict=False)
    except ConfigurationError as error:
        return f"{error.detail} ({error.reason})"
    if not isinstance(test, dict) or not isinstance(test.get("expected"), bool):
        return "no test: an object with expected true or false is needed"
    try:
        answer = logic.evaluate({"payload": test.get("payload"), "external": test.get("external")})
    except EvaluationError as error:
        return f"{error.detail or error.reason} ({error.reason})"
    if answer is test["expected"]:
        return None
    said = {True: "true", False: "false"}.get(answer) if isinstance(answer, bool) else "neither true nor false"
    return f"{said}, expected {'true' if test['expected'] else 'false'}"
