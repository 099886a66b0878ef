"""The operations of CertLogic as functions over data, made once of operands that were checked (CertLogic 1.3.3).

What the specification leaves to an expression's author is an error here: operands of another type than an
operation is defined for raise `EvaluationError`, whose words repeat no value.
"""

import operator
from collections.abc import Sequence
from typing import Any

from vaxcert.rules.certlogic.values import (
    ARRAYS,
    LARGEST,
    WITH_TRUTH,
    Codes,
    Compare,
    Evaluation,
    Step,
    at,
    hops_to,
    is_whole,
    not_evaluable,
    same,
    truth,
)

COMPARISONS: dict[str, Compare] = {"<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge}

# So many members of an array are compared in about the time that an operation takes.
_MEMBERS_A_STEP = 16
# And so many characters of a text are looked at.
_CHARACTERS_A_STEP = 64

_PASSED_ON = ("accumulator", "current")

_UCI_PREFIX = "URN:UVCI:"


class Constant:
    """A literal: the step whose value is known before there is data."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __call__(self, data: Any, run: Evaluation) -> Any:
        return self.value


def array(items: Sequence[Step]) -> Step:
    """An array, each of whose items is evaluated."""
    return lambda data, run: [item(data, run) for item in items]


def var(path: str) -> Step:
    """The value at a path of the whole data, null where there is none."""
    # Looked up before, for all the rules of a set at once.
    return lambda data, run: run.known[path]


def member_var(path: str) -> Step:
    """The value at a path of what `reduce` passes on, which is `data` here: the accumulator and a member."""
    if path == "":
        return lambda data, run: dict(zip(_PASSED_ON, data, strict=True))
    first, _, rest = path.partition(".")
    if first not in _PASSED_ON:
        return Constant(None)
    position = _PASSED_ON.index(first)
    if not rest:
        return lambda data, run: data[position]
    hops = tuple((hop.last, hop.place) for hop in hops_to([rest]))

    def access(data: Any, run: Evaluation) -> Any:
        value = data[position]
        for last, place in hops:
            value = at(value, last, place)
        return value

    return access


def if_(guard: Step, then: Step, otherwise: Step) -> Step:
    """One of two operands, by the first; the other one is not evaluated."""

    def choose(data: Any, run: Evaluation) -> Any:
        value = guard(data, run)
        if value is True or (value if type(value) in WITH_TRUTH else truth(value)):
            return then(data, run)
        return otherwise(data, run)

    if not (isinstance(then, Constant) and isinstance(otherwise, Constant)):
        return choose
    yes, no = then.value, otherwise.value

    def choose_of_two(data: Any, run: Evaluation) -> Any:
        value = guard(data, run)
        return yes if (value if type(value) in WITH_TRUTH else truth(value)) else no

    return choose_of_two


def if_there(path: str, then: Step, otherwise: Step) -> Step:
    """As `if_`, where the first operand is a path of the whole data: the guard of nearly every rule."""

    def choose(data: Any, run: Evaluation) -> Any:
        value = run.known[path]
        if value if type(value) in WITH_TRUTH else truth(value):
            return then(data, run)
        return otherwise(data, run)

    return choose


def and_(operands: Sequence[Step]) -> Step:
    """The first falsy operand, else the last; what follows a falsy one is not evaluated."""

    def conjunction(data: Any, run: Evaluation) -> Any:
        value: Any = True
        for operand in operands:
            value = operand(data, run)
            if value is not True and not (value if type(value) in WITH_TRUTH else truth(value)):
                return value
        return value

    return conjunction


def not_(operand: Step) -> Step:
    """Whether an operand is falsy."""
    return lambda data, run: not truth(operand(data, run))


def equal(left: Step, right: Step) -> Step:
    """Whether two operands are the same, without conversion."""
    if isinstance(right, Constant) and type(right.value) is str:
        text = right.value
        return lambda data, run: type(value := left(data, run)) is str and value == text
    return lambda data, run: same(left(data, run), right(data, run))


def in_(member: Step, members: Step) -> Step:
    """Whether an operand is in an array."""

    def contained(data: Any, run: Evaluation) -> bool:
        value, found = member(data, run), members(data, run)
        if type(found) is Codes:
            return type(value) is str and value in found.members
        if type(found) is not list:
            raise not_evaluable("in: the second operand is no array")
        run.take(len(found) // _MEMBERS_A_STEP)
        return value in found if type(value) is str else any(same(value, one) for one in found)

    if not (isinstance(members, Constant) and type(members.value) is Codes):
        return contained
    codes = members.value.members
    return lambda data, run: type(value := member(data, run)) is str and value in codes


def plus(left: Step, right: Step) -> Step:
    """The sum of two integers."""

    def total(data: Any, run: Evaluation) -> int:
        one, other = left(data, run), right(data, run)
        if not ((type(one) is int or is_whole(one)) and (type(other) is int or is_whole(other))):
            raise not_evaluable("+: an operand is no integer")
        # Whole numbers with a point may be so large that their sum is none.
        found: int = one + other if type(one) is type(other) is int else int(one) + int(other)
        if not -LARGEST <= found <= LARGEST:
            raise not_evaluable("+: the sum is beyond the integers that there are")
        return found

    return total


def ordered(name: str, compare: Compare, operands: Sequence[Step]) -> Step:
    """Whether two or three integers are in order."""

    def several(data: Any, run: Evaluation) -> bool:
        values = [operand(data, run) for operand in operands]
        if not all(map(is_whole, values)):
            raise not_evaluable(f"{name}: an operand is no integer")
        return all(map(compare, values, values[1:]))

    if len(operands) != 2:
        return several
    first, second = operands

    def pair(data: Any, run: Evaluation) -> bool:
        one, other = first(data, run), second(data, run)
        if (type(one) is int or is_whole(one)) and (type(other) is int or is_whole(other)):
            return compare(one, other)
        raise not_evaluable(f"{name}: an operand is no integer")

    return pair


def extract_from_uvci(operand: Step, index: int) -> Step:
    """A part of a certificate's id, null where it has no such part."""

    def part(data: Any, run: Evaluation) -> str | None:
        text = operand(data, run)
        if text is None:
            return None
        if type(text) is not str:
            raise not_evaluable("extractFromUVCI: the first operand is neither a text nor null")
        run.take(len(text) // _CHARACTERS_A_STEP)
        parts = text.removeprefix(_UCI_PREFIX).replace("/", ":").replace("#", ":").split(":")
        return parts[index] if 0 <= index < len(parts) else None

    return part


def reduce(operand: Step, step: Step, initial: Step, cost: int) -> Step:
    """A left fold over an array; of null, the initial value. `cost`: steps that each member takes."""

    def fold(data: Any, run: Evaluation) -> Any:
        members = operand(data, run)
        value = initial(data, run)
        if members is None:
            return value
        if type(members) not in ARRAYS:
            raise not_evaluable("reduce: the first operand is neither an array nor null")
        for member in members:
            run.left -= cost
            if run.left < 0:
                run.take(0)
            value = step((value, member), run)
        return value

    return fold
