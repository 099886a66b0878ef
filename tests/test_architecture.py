"""The map of the house is the house: floors, sizes, names."""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAP = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
MOST_LINES, MOST_MODULES = 300, 15


def modules() -> Iterator[Path]:
    """Of the product; migrations are read by no newcomer."""
    for package in ("vaxcert", "verifier_app", "portal_app"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


@pytest.mark.parametrize("container", ["vaxcert", "vaxcert.trust", "vaxcert.registry"])
def test_the_floors_on_the_map_are_those_of_the_contracts(container: str) -> None:
    (table,) = re.findall(rf"^## Floors of `{re.escape(container)}`\n(.*?)(?=^## |\Z)", MAP, re.MULTILINE | re.DOTALL)
    on_the_map = [re.findall(r"`(\w+)`", row) for row in re.findall(r"^\| (`[^|]*) \|", table, re.MULTILINE)]
    (contract,) = (
        one for one in CONTRACTS if one["type"] == "layers" and one["containers"] == [container] and one["exhaustive"]
    )
    assert on_the_map == [layer.split(" | ") for layer in contract["layers"]]


def test_no_package_may_have_a_circle() -> None:
    (contract,) = (one for one in CONTRACTS if one["type"] == "acyclic_siblings")
    assert contract["ancestors"] == ["vaxcert", "verifier_app", "portal_app"]
    assert not {"ignore_imports", "skip_descendants", "depth"} & contract.keys()


def test_every_place_that_the_map_sends_a_newcomer_to_is_there() -> None:
    (table,) = re.findall(r"^## Where a newcomer adds\n(.*?)^You will", MAP, re.MULTILINE | re.DOTALL)
    places = re.findall(r"`([\w/]+(?:\.\w+|/))`", table)
    assert len(places) > 10
    for place in places:
        path = ROOT / place
        assert (path.parent if path.stem == "NAME" else path).exists(), place


def test_no_module_is_longer_than_one_job() -> None:
    assert {str(path): lines for path in modules() if (lines := path.read_bytes().count(b"\n")) > MOST_LINES} == {}


def test_no_folder_holds_more_modules_than_can_be_taken_in() -> None:
    counts = Counter(path.parent for path in modules() if path.name not in ("__init__.py", "__main__.py"))
    assert {str(folder): count for folder, count in counts.items() if count > MOST_MODULES} == {}


def test_no_two_public_classes_share_a_name() -> None:
    names = Counter(
        node.name
        for path in modules()
        for node in ast.parse(path.read_bytes()).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert {name for name, count in names.items() if count > 1} == set()


def test_every_package_says_what_it_is_in_a_sentence() -> None:
    for path in modules():
        said = ast.get_docstring(ast.parse(path.read_bytes()))
        assert said is not None or path.name == "__main__.py", path
        assert said is None or re.search(r"[.:?!]$", said.split("\n\n")[0].strip()), path
