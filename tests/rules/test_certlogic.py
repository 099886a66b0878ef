"""CertLogic: what expressions mean, and which are refused before any card is asked about."""

from typing import Any

import pytest

from vaxcert.errors import ConfigurationError, EvaluationError, Reason
from vaxcert.rules.certlogic import MAX_DEPTH, MAX_PARTS, Moment, compile_logic, faults, text_of

DATA = {"n": 3, "list": ["a", 1, True], "text": "a", "empty": {}, "half": 1.5, "whole": 2.0, "day": "2020-02-29"}


def value(expression: Any, data: Any = None) -> Any:
    return compile_logic(expression).evaluate(DATA if data is None else data)


def later(text: str, amount: int, unit: str) -> str:
    found = value({"plusTime": [{"var": "day"}, amount, unit]}, {"day": text})
    assert type(found) is Moment
    return text_of(found)


def refusal(expression: Any) -> Reason:
    with pytest.raises(ConfigurationError) as caught:
        compile_logic(expression)
    assert faults(expression)[0].reason == caught.value.reason
    return caught.value.reason


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("n", 3),
        ("list.1", 1),
        ("list.3", None),
        ("list.-1", None),
        ("list.length", None),
        ("text.0", None),
        ("n.0", None),
        ("no.such.thing", None),
        ("", DATA),
    ],
)
def test_a_path_leads_to_a_value_or_to_null(path: str, found: object) -> None:
    assert value({"var": path}) == found


@pytest.mark.parametrize("data", [None, 1, "text", [1], True, {"x": {"y": [{"z": 1}]}}])
def test_a_path_into_whatever_data_is_null_where_nothing_stands(data: Any) -> None:
    assert compile_logic({"var": "x.y.1.z"}).evaluate(data) is None


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        (1, 1, True),
        ({"var": "whole"}, 2, True),
        (1, "1", False),
        (True, 1, False),
        (0, False, False),
        ({"var": "none"}, {"var": "none"}, True),
        ({"var": "none"}, False, False),
        ({"var": "list"}, {"var": "list"}, True),
        ([1], [1], False),
    ],
)
def test_sameness_converts_nothing(left: Any, right: Any, same: bool) -> None:
    assert value({"===": [left, right]}) is same
    assert value({"in": [left, [right, {"var": "none.none"}, "else"]]}) is same or left == {"var": "none"}


def test_a_member_is_found_among_members_of_its_own_type_alone() -> None:
    assert value({"in": [True, {"var": "list"}]}) is True
    assert value({"in": [1, ["1", True]]}) is False
    assert value({"in": ["1", [1, True]]}) is False


@pytest.mark.parametrize("truthy", [True, "0", 1, -1, ["x"], {"var": "list"}, {"var": "whole"}, {"var": ""}])
def test_what_is_truthy_chooses_the_second_operand(truthy: Any) -> None:
    assert value({"if": [truthy, "yes", "no"]}) == "yes"
    assert value({"!": [truthy]}) is False
    assert value({"and": [truthy, "last"]}) == "last"


@pytest.mark.parametrize("falsy", [False, "", 0, [], {"var": "empty"}, {"var": "none"}])
def test_what_is_falsy_chooses_the_third_operand(falsy: Any) -> None:
    assert value({"if": [falsy, "yes", "no"]}) == "no"
    assert value({"!": [falsy]}) is True
    assert value({"and": [falsy, "last"]}) == value(falsy)


@pytest.mark.parametrize("neither", [{"var": "half"}, {"plusTime": ["2021-01-01", 0, "day"]}])
@pytest.mark.parametrize("shape", [{"if": ["?", 1, 2]}, {"!": ["?"]}, {"and": ["?", True]}, {"and": [True, "?"]}])
def test_what_is_neither_truthy_nor_falsy_is_an_error(neither: Any, shape: dict[str, list[Any]]) -> None:
    ((name, operands),) = shape.items()
    with pytest.raises(EvaluationError) as caught:
        value({name: [neither if operand == "?" else operand for operand in operands]})
    assert caught.value.reason == Reason.RULE_NOT_EVALUABLE


def test_an_operand_that_is_not_needed_is_not_evaluated() -> None:
    broken = {"+": ["a", "b"]}
    assert value({"if": [True, 1, broken]}) == 1
    assert value({"if": [{"var": "none"}, broken, 1]}) == 1
    assert value({"and": [False, broken]}) is False


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("<", [True, False, False]),
        ("<=", [True, True, False]),
        (">", [False, False, True]),
        (">=", [False, True, True]),
    ],
)
def test_integers_are_compared_in_pairs_and_in_threes(operator: str, expected: list[bool]) -> None:
    assert [value({operator: [one, 2]}) for one in (1, 2, 3)] == expected
    assert value({operator: [1, 2, 3]}) is operator.startswith("<")
    assert value({operator: [1, 3, 2]}) is False
    assert value({operator: [2, 2, 2]}) is operator.endswith("=")


@pytest.mark.parametrize(
    "expression",
    [
        {"<": [1, True]},
        {"<": [1, "2"]},
        {"<": [1, {"var": "half"}]},
        {"<=": [1, 2, {"var": "none"}]},
        {"+": [1, True]},
        {"+": [1, {"var": "half"}]},
        {"+": [2**53 - 1, 1]},
        {"+": [{"var": "huge"}, {"var": "huge"}]},
        {"in": ["a", "abc"]},
        {"in": ["a", {"var": "none"}]},
        {"after": [{"plusTime": ["2021-01-01", 0, "day"]}, 1]},
        {"before": ["2021-01-01", "2021-01-02"]},
        {"not-after": [{"plusTime": ["2021-01-01", 0, "day"]}] * 2 + ["2021-01-01"]},
        {"plusTime": [{"var": "none"}, 0, "day"]},
        {"plusTime": [{"plusTime": ["2021-01-01", 0, "day"]}, 1, "day"]},
        {"dccDateOfBirth": [{"var": "none"}]},
        {"dccDateOfBirth": ["2021-01-01T00:00:00Z"]},
        {"dccDateOfBirth": [""]},
        {"extractFromUVCI": [1, 0]},
        {"reduce": ["abc", 1, 0]},
        {"reduce": [{"var": "n"}, 1, 0]},
    ],
)
def test_operands_of_another_type_are_an_error_that_repeats_no_value(expression: Any) -> None:
    with pytest.raises(EvaluationError) as caught:
        value(expression, DATA | {"huge": 1e308})
    assert caught.value.reason == Reason.RULE_NOT_EVALUABLE
    assert "2021" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "amount", "unit", "found"),
    [
        ("2020-02-29", 1, "day", "2020-03-01T00:00:00.000Z"),
        ("2020-02-29", 1, "month", "2020-03-29T00:00:00.000Z"),
        ("2020-02-29", 1, "year", "2021-03-01T00:00:00.000Z"),
        ("2020-02-29", -4, "year", "2016-02-29T00:00:00.000Z"),
        ("2021-01-31", 1, "month", "2021-03-03T00:00:00.000Z"),
        ("2020-01-31", 1, "month", "2020-03-02T00:00:00.000Z"),
        ("2021-03-31", -1, "month", "2021-03-03T00:00:00.000Z"),
        ("2021-12-31", 2, "month", "2022-03-03T00:00:00.000Z"),
        ("2021-01-15", -13, "month", "2019-12-15T00:00:00.000Z"),
        ("2021-03-28T01:30:00Z", 1, "hour", "2021-03-28T02:30:00.000Z"),
        ("2021-12-31T23:59:59.999Z", 1, "hour", "2022-01-01T00:59:59.999Z"),
        ("1900-02-28", 1, "day", "1900-03-01T00:00:00.000Z"),
        ("9999-12-31", 1, "day", "+010000-01-01T00:00:00.000Z"),
        ("0000-01-01", -1, "day", "-000001-12-31T00:00:00.000Z"),
        ("0000-02-29", 0, "day", "0000-02-29T00:00:00.000Z"),
        ("1969-12-31T23:59:59.001Z", 0, "day", "1969-12-31T23:59:59.001Z"),
    ],
)
def test_what_is_added_overflows_as_javascripts_dates_do(text: str, amount: int, unit: str, found: str) -> None:
    assert later(text, amount, unit) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2021", "2021-12-31T00:00:00.000Z"),
        ("2021-02", "2021-02-28T00:00:00.000Z"),
        ("2020-02", "2020-02-29T00:00:00.000Z"),
        ("2021-12", "2021-12-31T00:00:00.000Z"),
        ("2021-06-01T10:00:00", "2021-06-01T10:00:00.000Z"),
        ("2021-06-01T10:00:00Z", "2021-06-01T10:00:00.000Z"),
        ("2021-06-01T10:00:00+2", "2021-06-01T08:00:00.000Z"),
        ("2021-06-01T10:00:00-02", "2021-06-01T12:00:00.000Z"),
        ("2021-06-01T10:00:00+230", "2021-06-01T07:30:00.000Z"),
        ("2021-06-01T10:00:00+0230", "2021-06-01T07:30:00.000Z"),
        ("2021-06-01T10:00:00+2:30", "2021-06-01T07:30:00.000Z"),
        ("2021-06-01T10:00:00+02:30", "2021-06-01T07:30:00.000Z"),
        ("2021-06-01T10:00:00.1", "2021-06-01T10:00:00.100Z"),
        ("2021-06-01T10:00:00.12Z", "2021-06-01T10:00:00.120Z"),
        ("2021-06-01T10:00:00.9999999Z", "2021-06-01T10:00:00.999Z"),
        ("1965-06-01T10:00:00.9999999-01", "1965-06-01T11:00:00.999Z"),
        ("2021-06-01T24:00:00Z", "2021-06-02T00:00:00.000Z"),
    ],
)
def test_every_form_of_date_and_time_is_read_and_cut_to_milliseconds(text: str, found: str) -> None:
    assert later(text, 0, "hour") == found


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "20210601", "2021-6-1", "2021-02-30", "2021-13-01", "2021-00", "2021-13", "2021-W01-1", "２０２１-06-01",
        "2021-06-01T10:00", "2021-06-01T10:00Z", "2021-06-01 10:00:00Z", "2021-06-01T25:00:00Z", "2021-06-01T10:60:00Z",
        "2021-06-01T10:00:60Z", "2021-06-01T10:00:00+24:00", "2021-06-01T10:00:00+01:60", "2021-06-01T10:00:00+1:",
        "2021-06-01T24:00:01Z", "2021-02-30T10:00:00Z", "2021-06-01T10:00:00.Z", "2021-06-01T10:00:00z", "2021-06-01\n",
        "2021-06-01T10:00:00Z\n", "+2021-06-01", "2021-06-01T10:00:00." + "0" * 100 + "Z",
    ],
)  # fmt: skip
def test_what_names_no_day_of_the_calendar_is_an_error(text: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        later(text, 1, "day")
    assert caught.value.reason == Reason.RULE_NOT_EVALUABLE


def test_a_date_beyond_those_that_javascript_has_is_an_error() -> None:
    for amount in (10**9, -(10**9), 2**53 - 1):
        for unit in ("day", "month", "year"):
            with pytest.raises(EvaluationError):
                later("2021-06-01", amount, unit)


@pytest.mark.parametrize(
    ("born", "minor"),
    [
        ("2004-06-01", False),
        ("2004-06-02", True),
        ("2004", True),
        ("2003", False),
        ("2004-06", True),
        ("2004-05", False),
    ],
)
def test_a_birth_date_is_the_last_day_that_it_allows(born: str, minor: bool) -> None:
    rule = {
        "after": [
            {"dccDateOfBirth": [{"var": "dob"}]},
            {"plusTime": [{"var": "clock"}, -18, "year"]},
        ]
    }
    assert value(rule, {"dob": born, "clock": "2022-06-01T00:00:00Z"}) is minor


@pytest.mark.parametrize(
    ("uci", "index", "part"),
    [
        ("URN:UVCI:01:VN:VP01/ABC#K", 0, "01"),
        ("URN:UVCI:01:VN:VP01/ABC#K", 2, "VP01"),
        ("URN:UVCI:01:VN:VP01/ABC#K", 4, "K"),
        ("01:VN:VP01/ABC#K", 1, "VN"),
        ("URN:UVCI:01", 1, None),
        ("URN:UVCI:01", -1, None),
        ("urn:uvci:01", 0, "urn"),
        ("a::c/#/f", 5, "f"),
        ("", 0, ""),
        (None, 0, None),
    ],
)
def test_a_part_of_an_id_is_found_by_its_place(uci: str | None, index: int, part: str | None) -> None:
    assert value({"extractFromUVCI": [{"var": "ci"}, index]}, {"ci": uci}) == part


def test_reduce_folds_from_the_left_and_sees_nothing_but_member_and_accumulator() -> None:
    last = {"reduce": [{"var": "list"}, {"var": "current"}, "none"]}
    assert value(last, {"list": [1, 2, 3]}) == 3
    assert value(last, {"list": []}) == "none"
    assert value(last, {"list": None}) == "none"
    outside = {"reduce": [{"var": "list"}, {"var": "n"}, 0]}
    assert value(outside, {"list": [1], "n": 7}) is None


def test_a_path_within_reduce_is_not_taken_for_the_same_path_outside_of_it() -> None:
    both = {"===": [{"var": "current.0"}, {"reduce": [{"var": "list"}, {"var": "current.0"}, 0]}]}
    assert value(both, {"current": ["outside"], "list": [["inside"]]}) is False
    assert compile_logic(both).accesses == {"current.0", "list"}


def test_date_times_within_reduce_are_each_members_own() -> None:
    latest = {
        "reduce": [
            {"var": "v"},
            {
                "if": [
                    {
                        "before": [
                            {"plusTime": [{"var": "current.dt"}, 0, "day"]},
                            {"plusTime": ["2021-06-01", 0, "day"]},
                        ]
                    },
                    {"+": [{"var": "accumulator"}, 1]},
                    {"var": "accumulator"},
                ]
            },
            0,
        ]
    }
    days = [{"dt": "2021-05-01"}, {"dt": "2021-07-01"}, {"dt": "2021-05-31"}]
    assert value(latest, {"v": days}) == 2


@pytest.mark.parametrize("operator", ["or", "map", "log", "==", "", "VAR", "__class__"])
def test_an_unknown_operator_is_refused_by_its_name(operator: str) -> None:
    assert refusal({operator: [1, 2]}) == Reason.RULE_OPERATOR_UNKNOWN
    assert refusal({"if": [False, {operator: [1]}, True]}) == Reason.RULE_OPERATOR_UNKNOWN


@pytest.mark.parametrize(
    "expression",
    [
        None,
        1.5,
        {},
        {"and": [True, True], "!": [True]},
        {"if": [True, 1]},
        {"if": [True, 1, 2, 3]},
        {"and": [True]},
        {"!": [True, False]},
        {"!": True},
        {"===": [1]},
        {"in": ["a", ["a"], 1]},
        {"<": [1]},
        {"<": [1, 2, 3, 4]},
        {"var": 0},
        {"var": ["a"]},
        {"var": "a..b"},
        {"var": ".a"},
        {"plusTime": ["2021-01-01", "1", "day"]},
        {"plusTime": ["2021-01-01", True, "day"]},
        {"plusTime": ["2021-01-01", 1.5, "day"]},
        {"plusTime": ["2021-01-01", {"var": "n"}, "day"]},
        {"plusTime": ["2021-01-01", 1, "week"]},
        {"plusTime": ["2021-01-01", 1, ["day"]]},
        {"plusTime": ["2021-01-01", 1]},
        {"extractFromUVCI": ["a", "0"]},
        {"reduce": [[], 1]},
        {"dccDateOfBirth": []},
        {"if": [False, [None], True]},
    ],
)
def test_what_the_specification_does_not_allow_is_refused_wherever_it_stands(expression: Any) -> None:
    assert refusal(expression) == Reason.RULE_INVALID
    assert refusal({"if": [True, True, expression]}) == Reason.RULE_INVALID


def test_all_faults_of_an_expression_are_told_each_with_its_place() -> None:
    found = faults({"if": [{"or": [1]}, {"and": [True]}, {"reduce": [[], {"var": 1}, None]}]})
    assert [str(fault).partition(":")[0] for fault in found] == [
        "Logic.if[0]",
        "Logic.if[1].and",
        "Logic.if[2].reduce[2]",
        "Logic.if[2].reduce[1].var",
    ]


def nested(depth: int, leaf: Any = True) -> Any:
    for _ in range(depth):
        leaf = {"!": [leaf]}
    return leaf


def test_an_expression_may_be_so_deep_and_no_deeper() -> None:
    assert value(nested(MAX_DEPTH)) is (MAX_DEPTH % 2 == 0)
    assert refusal(nested(MAX_DEPTH + 1)) == Reason.RULE_TOO_DEEP
    assert refusal(nested(100_000)) == Reason.RULE_TOO_DEEP
    around: list[Any] = []
    around.append(around)
    assert refusal(around) == Reason.RULE_TOO_DEEP


def test_an_expression_may_have_so_many_parts_and_no_more() -> None:
    assert value({"in": ["x", ["x"] * (MAX_PARTS - 3)]}) is True
    assert refusal({"in": ["x", ["x"] * (MAX_PARTS - 2)]}) == Reason.RULE_TOO_LARGE
    assert refusal({"if": [False, {"var": "a" * 201}, True]}) == Reason.RULE_TOO_LARGE
    assert refusal([{"var": "a." * 99 + "a"}] * (MAX_PARTS // 100)) == Reason.RULE_TOO_LARGE
    assert value([{"var": "a." * 99 + "a"}] * (MAX_PARTS // 100 - 1))[0] is None


def test_an_evaluation_ends_after_so_many_steps() -> None:
    def over(inner: Any) -> Any:
        return {"reduce": [{"var": "list"}, inner, 0]}

    data = {"list": list(range(2_000))}
    counted = over({"+": [{"var": "accumulator"}, 1]})
    assert value(counted, data) == 2_000
    members = [{"list": list(range(200))}] * 2_000
    slow = {"reduce": [{"var": "list"}, {"reduce": [{"var": "current.list"}, {"var": "current"}, 0]}, 0]}
    with pytest.raises(EvaluationError) as caught:
        value(slow, {"list": members})
    assert caught.value.reason == Reason.RULE_TOO_MANY_STEPS


def test_long_arrays_and_texts_cost_steps_as_well() -> None:
    data = {"list": [{"m": ["y"] * 50_000, "ci": "a:" * 400_000}] * 100}
    for inner in ({"in": ["x", {"var": "current.m"}]}, {"extractFromUVCI": [{"var": "current.ci"}, 1]}):
        with pytest.raises(EvaluationError) as caught:
            value({"reduce": [{"var": "list"}, inner, 0]}, data)
        assert caught.value.reason == Reason.RULE_TOO_MANY_STEPS


def test_a_logic_may_be_evaluated_over_other_data_and_remembers_nothing() -> None:
    logic = compile_logic(
        {"not-after": [{"plusTime": [{"var": "dt"}, 14, "day"]}, {"plusTime": ["2021-06-15", 0, "day"]}]}
    )
    assert [logic.evaluate({"dt": day}) for day in ("2021-06-01", "2021-06-02", "2021-06-01")] == [True, False, True]
