"""The operations of CertLogic that make date-times, and those that compare them."""

import operator
from collections.abc import Sequence
from typing import Any

from vaxcert.errors import EvaluationError
from vaxcert.rules.certlogic import moments
from vaxcert.rules.certlogic.values import Compare, Evaluation, Moment, Step, not_evaluable

TIME_COMPARISONS: dict[str, Compare] = {
    "after": operator.gt,
    "before": operator.lt,
    "not-after": operator.le,
    "not-before": operator.ge,
}


def ordered_times(name: str, compare: Compare, operands: Sequence[Step]) -> Step:
    """Whether two or three date-times are in order."""

    def refused() -> EvaluationError:
        return not_evaluable(f"{name}: an operand is no date-time")

    first, second = operands[:2]

    def pair(data: Any, run: Evaluation) -> bool:
        one, other = first(data, run), second(data, run)
        if type(one) is not Moment or type(other) is not Moment:
            raise refused()
        return compare(one, other)

    if len(operands) == 2:
        return pair
    third = operands[2]

    def triple(data: Any, run: Evaluation) -> bool:
        one, other, another = first(data, run), second(data, run), third(data, run)
        if type(one) is not Moment or type(other) is not Moment or type(another) is not Moment:
            raise refused()
        return compare(one, other) and compare(other, another)

    return triple


def plus_time(operand: Step, amount: int, unit: str, name: str | None) -> Step:
    """A date-time of a text, with so much of a unit added. `name`: what `Evaluation.moments` has it by, if it does."""

    def later(data: Any, run: Evaluation) -> Moment:
        text = operand(data, run)
        if type(text) is not str:
            raise not_evaluable("plusTime: the first operand is no text")
        found = moments.parse(text)
        return Moment(moments.add(found, amount, unit) if amount else found)

    if name is None:
        return later

    def once(data: Any, run: Evaluation) -> Moment:
        found = run.moments.get(name)
        if found is None:
            found = run.moments[name] = later(data, run)
        return found

    return once


def date_of_birth(operand: Step) -> Step:
    """The last day that a birth date allows."""

    def born(data: Any, run: Evaluation) -> Moment:
        text = operand(data, run)
        if type(text) is not str:
            raise not_evaluable("dccDateOfBirth: the operand is no text")
        return Moment(moments.parse_birth(text))

    return born
