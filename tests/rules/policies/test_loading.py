"""A policy's file is followed as it stands, or refused with what is wrong with it."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaxcert import ConfigurationError
from vaxcert.errors import NotFoundError, Reason
from vaxcert.rules import modes
from vaxcert.rules.policies import mistakes, ready, ready_names
from vaxcert.rules.policies.loading import parse
from vaxcert.rules.policies.policy import Exempt, Policy, RecoveryAsked, Span, TestAsked, Title

HEAD = 'title = { en = "Gate", vi = "Cổng" }\ndiseases = ["COVID-19"]\n'
RULE = (
    b'{"Identifier": "GR-DE-0001", "Type": "Acceptance", "Country": "DE", "Version": "1.0.0", "SchemaVersion": "1.0.0", "Engine": "CERTLOGIC",'
    b'"EngineVersion": "0.7.5", "CertificateType": "General", "Description": [{"lang": "en", "desc": "x"}], "AffectedFields": [],'
    b'"ValidFrom": "2021-07-27T11:00:00Z", "ValidTo": "2030-06-01T00:00:00Z", "Logic": {"===": [1, 1]}}'
)
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


@pytest.mark.parametrize(
    ("text", "says"),
    [("disease = ['polio']", "line 3: no such word here: `disease`; did you mean `diseases`?"),
     ("test = { hours = 2, days = 1 }", "line 3: no such word here: `days`; there are hours, types"),
     ("[[any]]\ndoses = 2\n\n[[any]]\n\ndose = 1", "line 8: no such word here: `dose`"),
     ("[[all]]\n[[all.any]]\ndoses = 2\n[[all.any]]\ntest = { hours = 0 }", "line 7: `hours`: not a whole number from 1"),
     ("[[any]]\ndoses = 2\nzone = 'UTC'", "line 5: no such word here: `zone`; it belongs above the first [[any]]"),
     ("banned_sites = []\ndoses = '2'", "line 4: `doses`"), ("doses = '2'", "line 3: `doses`: not a whole number"), ("complete = 'yes'", "line 3: `complete`: neither true nor false"),
     ("[any]\ndoses = 2", "line 3: `any`: one stands below [[any]]"), ("doses = 1\nformats = 'hcert'", "line 4: `formats`: not a list"),
     ("formats = [“hcert”]", "line 3: curly quotation marks"), ("test = {}", "line 3: `hours` is missing"),
     ("doses = 1\nzone = 'Asia/Hanoi'", "line 4: `zone`: no such"), ("doses 2", "line 3")],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_what_was_to_stand_there(text: str, says: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse(HEAD + text, "gate", place="gate.toml")
    assert str(caught.value).startswith("gate.toml: ")
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [("doses = 1\nproducts = []", "empty"), ("doses = 1\nformats = []", "empty"), ("doses = 1\nany = []", "empty"),
     ("test = { types = [], hours = 9 }", "empty"), ("doses = 1\nexempt = { under = 65, from_age = 12 }", "everybody"),
     ("doses = 1\nexempt = { under = 65, from_age = 65 }", "everybody")],
)  # fmt: skip
def test_what_reads_like_a_demand_and_would_ask_nothing_of_anybody_is_refused(text: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        parse(HEAD + text, "gate")


@pytest.mark.parametrize(
    ("text", "says"),
    [('products = ["Comirnaty"]', "EU/1/20/1528"), ('products = ["eu/1/20/1528"]', "EU/1/20/1528"), ('products = ["Pfizer"]', "no names"),
     ('[[any]]\nproducts = ["Sputnik V"]', "line 4: `products`: the code of Sputnik V is Sputnik-V"),
     ('test = { types = ["rapid"], hours = 9 }', "pcr, antigen")],
)  # fmt: skip
def test_names_in_the_place_of_codes_are_refused_before_they_refuse_everybody(text: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        parse(HEAD + text, "gate")


@pytest.mark.parametrize("kind", [Policy, TestAsked, RecoveryAsked, Span, Exempt, Title])
def test_of_every_word_is_told_what_is_to_stand_there(kind: type[msgspec.Struct]) -> None:
    for field in msgspec.structs.fields(kind):
        told = mistakes.of_words(_with(kind, field.encode_name), "")
        assert f"`{field.encode_name}`: " in told


def _with(kind: type[msgspec.Struct], word: str) -> dict[str, object]:
    """A policy where a word has a value that is none of its kind."""
    above = {Policy: [], TestAsked: ["test"], RecoveryAsked: ["recovery"], Span: ["recovery", "days"],
             Exempt: ["exempt"], Title: ["title"]}[kind]  # fmt: skip
    value: dict[str, object] = {word: 1.5}
    for step in reversed(above):
        value = {step: value}
    return value


def test_codes_that_are_not_known_here_are_taken_as_they_stand() -> None:
    taken = 'products = ["YellowFeverProductd2c7", "Covaxin", "XM68M6"]\ntest = { types = ["94558-4"], hours = 9 }'
    assert parse(HEAD + taken, "gate").policy.products


def test_a_policy_of_any_depth_is_refused_with_a_reason() -> None:
    for deep in (f"[[{'.'.join(['any'] * 9_000)}]]\ndoses = 1", "any = " + "[{any = " * 900):
        with pytest.raises(ConfigurationError, match="gate: "):
            parse(HEAD + deep, "gate")


def test_diseases_are_named_in_either_language() -> None:
    for name in ("sốt vàng", "Yellow Fever", "16541001"):
        assert parse(HEAD.replace("COVID-19", name) + "doses = 1", "gate").policy.diseases == (name,)


def test_a_title_of_which_nothing_is_seen_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="line 1: `title`: nothing"):
        parse(HEAD.replace("Cổng", r"\u200b \u001b") + "doses = 1", "gate")


def test_two_files_of_one_mode_are_refused_and_neither_is_left_out() -> None:
    with pytest.raises(ConfigurationError, match=r"gate\.toml: another file beside it is of the same mode"):
        modes.parsed({"gate.toml": (HEAD + "doses = 1").encode(), "gate.json": RULE}, signed=False)


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
    assert list(modes.at(str(tmp_path))) == ["gate", "ward"]
    assert list(modes.at(str(tmp_path / "gate.toml"))) == ["gate"]
    assert not any(one.signed for one in modes.at(str(tmp_path)).values())


def test_what_is_not_there_is_named_with_what_is(tmp_path: Path) -> None:
    for place in (str(tmp_path), "nowhere", ""):
        with pytest.raises(NotFoundError):
            modes.at(place)
    with pytest.raises(NotFoundError, match="polio"):
        ready("nothing")
    assert ready_names() == ["meningococcal", "polio", "yellow-fever"]
    assert modes.at("polio")["polio"].title.vi
