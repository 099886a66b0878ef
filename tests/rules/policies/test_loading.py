"""A policy's file is followed as it stands, or refused with what is wrong with it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaxcert import ConfigurationError
from vaxcert.errors import NotFoundError, Reason
from vaxcert.rules import modes
from vaxcert.rules.policies import load, ready, ready_names
from vaxcert.rules.policies.loading import parse

HEAD = 'title = { en = "Gate", vi = "Cổng" }\ndiseases = ["COVID-19"]\n'
NESTED = "[[any]]\n" + "".join(f"[[{'.'.join(['any'] * depth)}]]\n" for depth in range(2, 8)) + "doses = 1\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "title"), ("doses = 2", "title"), ('title = { en = "a", vi = "b" }\ndoses = 2', "diseases"), (HEAD, "asks for nothing"),
     (HEAD + "complete = false", "asks for nothing"), (HEAD + "dose = 2", "`dose`"), (HEAD + "doses = 0", "doses"),
     (HEAD + 'doses = "2"', "doses"), (HEAD + "doses = true", "doses"), (HEAD + "doses = 2\nexempt = {}", "under"),
     (HEAD + "days_since_last = {}", "from"), (HEAD + "days_since_last = { from = 9, to = 1 }", "after"),
     (HEAD + "test = {}", "hours"), (HEAD + 'test = { hours = 2, kind = "pcr" }', "`kind`"), (HEAD + "any = [{}]", "asks for nothing"),
     (HEAD + 'doses = 1\nbanned_sites = ["vp 1"]', "banned_sites"), (HEAD + 'doses = 1\nzone = "Here"', "zone"),
     (HEAD.replace("COVID-19", "flu?") + "doses = 1", "diseases"), (HEAD + NESTED, "within one another"), ("x = [", "TOML"),
     (HEAD + "doses = 1\nproducts = [\"Pfizer vaccine\"]", "products")],
)  # fmt: skip
def test_what_cannot_be_followed_is_refused_and_says_why(text: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match="gate: ") as caught:
        parse(text, "gate")
    assert caught.value.reason is Reason.POLICY_UNCLEAR
    assert says in str(caught.value)


@pytest.mark.parametrize("mode", ["", "Gate", "-gate", "a" * 41, "a/b", "cổng"])
def test_a_mode_has_a_name_that_goes_into_commands_and_addresses(mode: str) -> None:
    with pytest.raises(ConfigurationError):
        parse(HEAD + "doses = 1", mode)


@given(st.text(max_size=200))
def test_no_text_raises_anything_else(text: str) -> None:
    for whole in (text, HEAD + text):
        try:
            parse(whole, "gate")
        except ConfigurationError:
            pass


WORDS = st.sampled_from(
    ["doses", "any", "all", "test", "hours", "exempt", "under", "recovery", "days", "from", "zone", "title", "x"]
)
VALUES = st.recursive(
    st.one_of(st.integers(), st.booleans(), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=3)),
    max_leaves=12,
)


@given(st.dictionaries(WORDS, VALUES, max_size=4))
def test_no_words_in_any_order_raise_anything_else(words: dict[str, object]) -> None:
    import json

    lines = [f"{name} = {_toml(value)}" for name, value in words.items() if name != "title"]
    try:
        parse(HEAD + "\n".join(lines), "gate")
    except ConfigurationError:
        pass
    assert json.dumps(lines)


def _toml(value: object) -> str:
    import json

    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {_toml(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value)


def test_a_folder_gives_a_mode_for_each_of_its_files(tmp_path: Path) -> None:
    (tmp_path / "gate.toml").write_text(HEAD + "doses = 1", "utf-16")
    (tmp_path / "ward.toml").write_text(HEAD + "doses = 2", "utf-8-sig")
    (tmp_path / "notes.txt").write_text("none")
    assert list(load(tmp_path)) == ["gate", "ward"]
    assert list(modes.at(str(tmp_path / "gate.toml"))) == ["gate"]
    assert not any(one.signed for one in load(tmp_path).values())


def test_what_is_not_there_is_named_with_what_is(tmp_path: Path) -> None:
    for place in (str(tmp_path), "nowhere"):
        with pytest.raises(NotFoundError):
            modes.at(place)
    with pytest.raises(NotFoundError, match="polio"):
        ready("nothing")
    assert ready_names() == ["meningococcal", "polio", "yellow-fever"]
    assert modes.at("polio")["polio"].title.vi
