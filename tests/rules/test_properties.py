"""No input makes the engine hang, recurse without end or raise an error that it does not promise."""

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from vaxcert.errors import ConfigurationError, EvaluationError
from vaxcert.rules.certlogic import OPERATORS, compile_logic, faults

_PATHS = ["", "payload", "payload.v", "payload.v.0.dt", "payload.v.1", "payload.dob", "current", "accumulator", "current.dt", "x.0"]  # fmt: skip
_TEXTS = ["", "2021", "2020-02-29", "2021-02-30", "2021-06-01T10:00:00Z", "day", "month", "year", "hour", "URN:UVCI:01:VN:A#B"]  # fmt: skip

scalars = (
    st.sampled_from([*_TEXTS, *_PATHS])
    | st.integers()
    | st.booleans()
    | st.none()
    | st.floats(allow_nan=True)
    | st.text(max_size=12)
)
data = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.sampled_from(["payload", "v", "t", "dob", "dt", "0", "x"]), inner, max_size=4)
    ),
    max_leaves=25,
)
expressions = st.recursive(
    scalars | st.sampled_from(_PATHS).map(lambda path: {"var": path}),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.builds(
            lambda name, operands: {name: operands},
            st.sampled_from(sorted(OPERATORS)),
            st.lists(inner, min_size=1, max_size=3),
        )
        | st.builds(
            lambda one, amount, unit: {"plusTime": [one, amount, unit]}, inner, st.integers(), st.sampled_from(_TEXTS)
        )
        | st.builds(lambda name, operands: {name: operands}, st.text(max_size=8), inner)
    ),
    max_leaves=25,
)

# Shapes that mean something, to be changed in one place.
GOOD: list[Any] = [
    {"if": [{"var": "payload.v.0"}, {"not-after": [{"plusTime": [{"var": "payload.v.0.dt"}, 14, "day"]}, {"plusTime": [{"var": "external.validationClock"}, 0, "day"]}, {"plusTime": [{"var": "payload.v.0.dt"}, 1, "year"]}]}, True]},
    {"===": [{"reduce": [[{"var": "payload.v"}, {"var": "payload.t"}], {"+": [{"var": "accumulator"}, {"if": [{"var": "current.0"}, 1, 0]}]}, 0]}, 1]},
    {"and": [{"in": [{"var": "payload.v.0.mp"}, ["a", "b"]]}, {"!": [{"var": "payload.v.1"}]}, {">=": [{"var": "payload.v.0.dn"}, {"var": "payload.v.0.sd"}]}]},
    {"after": [{"dccDateOfBirth": [{"var": "payload.dob"}]}, {"plusTime": [{"var": "external.validationClock"}, -18, "year"]}]},
    {"===": [{"extractFromUVCI": [{"var": "payload.v.0.ci"}, 1]}, "VN"]},
]  # fmt: skip
CARD = {
    "payload": {"dob": "1990-05", "v": [{"dt": "2021-06-01", "dn": 1, "sd": 2, "mp": "a", "ci": "URN:UVCI:01:VN:A#B"}]},
    "external": {"validationClock": "2021-07-01T00:00:00Z"},
}


def places(value: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    for key in list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        found.append((value, key))
        found += places(value[key])
    return found


def run(expression: Any, over: Any) -> None:
    try:
        logic = compile_logic(expression)
    except ConfigurationError:
        assert faults(expression)
        return
    assert not faults(expression)
    try:
        logic.evaluate(over)
    except EvaluationError:
        pass


@given(expressions, data)
def test_any_expression_over_any_data_has_a_value_or_an_error_of_ours(expression: Any, over: Any) -> None:
    run(expression, over)


@given(st.sampled_from(GOOD), st.integers(0, 200), scalars | expressions)
def test_a_rule_that_was_changed_anywhere_has_a_value_or_an_error_of_ours(rule: Any, where: int, instead: Any) -> None:
    changed = copy.deepcopy(rule)
    all_places = places(changed)
    holder, key = all_places[where % len(all_places)]
    holder[key] = instead
    run(changed, CARD)


@given(st.sampled_from(GOOD), st.integers(0, 50), data)
def test_a_card_that_was_changed_anywhere_has_a_value_or_an_error_of_ours(rule: Any, where: int, instead: Any) -> None:
    changed = copy.deepcopy(CARD)
    all_places = places(changed)
    holder, key = all_places[where % len(all_places)]
    holder[key] = instead
    run(rule, changed)


def test_the_shapes_that_are_changed_mean_something() -> None:
    assert [compile_logic(rule).evaluate(CARD) for rule in GOOD] == [True, True, False, False, True]
