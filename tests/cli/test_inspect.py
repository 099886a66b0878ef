"""`vaxcert inspect`: every step, and where it broke."""

from pathlib import Path
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaxcert.wire.diagnostic import diagnostic


def test_every_step_of_a_good_card_is_shown(run: Any, keys: Path, card: str) -> None:
    ran = run("inspect", "--trust", keys, card)
    assert ran.status == 0
    titles = [line.removeprefix("── ").split(",")[0] for line in ran.out.splitlines() if line.startswith("── ")]
    assert titles == [
        "text", "base45 decoded", "inflated", "COSE protected header", "COSE unprotected header", "key id", "signature",
        "claims", "certificate of the key", "checks", "accepted",
    ]  # fmt: skip
    assert '"fn": "Nguyễn"' in ran.out
    assert "1: -7" in ran.out


def test_without_keys_the_signature_is_said_to_be_unchecked(run: Any, card: str) -> None:
    ran = run("inspect", card)
    assert ran.status == 0
    assert "signature not checked" in ran.out


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("HC2:ABC", "format"),
        ("HC1:abc", "encoding"),
        ("HC1:ABC", "compression"),
        ("HC1:" + "0" * 5000, "format"),
    ],
)
def test_where_it_broke_is_said(run: Any, tmp_path: Path, text: str, stage: str) -> None:
    (tmp_path / "card.txt").write_text(text)
    ran = run("inspect", tmp_path / "card.txt")
    assert ran.status == 4
    assert f"broken at {stage}" in ran.out


def test_with_keys_the_status_is_the_verdicts(run: Any, keys: Path, card: str) -> None:
    assert run("inspect", "--trust", keys, "HC1:ABC").status == 1
    assert run("inspect", "--trust", keys, "--at", "2099-01-01T00:00Z", card).status == 1


def test_what_is_unreadable_ends_with_4(run: Any) -> None:
    assert run("inspect", "no such file").status == 4


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (1, "1"), (-260, "-260"), ("a\"b\n", '"a\\"b\\n"'), (b"\x01\xff", "h'01ff'"), (None, "null"), (True, "true"),
        ([], "[]"), ([1, [2]], "[1, [2]]"), ({}, "{}"), ({1: "x"}, '{\n  1: "x"\n}'), (1.5, "1.5"),
        (float("nan"), "NaN"), (float("-inf"), "-Infinity"), (cbor2.CBORTag(18, [1]), "18([1])"),
        (cbor2.undefined, "undefined"), (cbor2.CBORSimpleValue(19), "simple(19)"),
    ],
)  # fmt: skip
def test_items_are_written_in_diagnostic_notation(item: object, expected: str) -> None:
    assert diagnostic(item) == expected


@given(st.recursive(st.integers() | st.text(max_size=5) | st.binary(max_size=5), lambda x: st.lists(x, max_size=3)))
def test_diagnostic_notation_never_fails(item: object) -> None:
    assert diagnostic(item)
