"""A CertLogic expression is checked once, whole, and becomes functions that evaluate it many times.

The specification lets an evaluator find faults on the way. Here an expression with any fault is refused before it is
evaluated, so that no card can reach a branch that nobody has checked (CertLogic 1.3.3, "Operations").
"""

from collections.abc import Callable
from typing import Any

from vaxcert.errors import ConfigurationError, Reason
from vaxcert.rules.certlogic import operators, times
from vaxcert.rules.certlogic.moments import UNITS
from vaxcert.rules.certlogic.values import LARGEST, Codes, Evaluation, Step, hops_to, is_whole

# Countries' rules are up to 10 operations deep. Each costs the evaluation a frame or two of Python's own 1,000.
MAX_DEPTH = 64
# The largest of them has some 150 parts, arrays of codes included.
MAX_PARTS = 20_000
# The longest has 48 characters. All that a path begins with is kept as well.
MAX_PATH = 200
# An evaluation of so many is done in a hundredth of a second or two.
MAX_STEPS = 100_000

# How much of an operator's name, which comes from outside, is said.
_MOST_SAID = 40

_COUNTS = {
    "if": (3, 3),
    "and": (2, MAX_PARTS),
    "!": (1, 1),
    "===": (2, 2),
    "in": (2, 2),
    "+": (2, 2),
    "plusTime": (3, 3),
    "reduce": (3, 3),
    "extractFromUVCI": (2, 2),
    "dccDateOfBirth": (1, 1),
    **dict.fromkeys((*operators.COMPARISONS, *times.TIME_COMPARISONS), (2, 3)),
}
OPERATORS = frozenset((*_COUNTS, "var"))

_ALL_OF_THEM: dict[str, Callable[[list[Step]], Step]] = {
    "if": lambda steps: operators.if_(*steps),
    "and": operators.and_,
    "!": lambda steps: operators.not_(*steps),
    "===": lambda steps: operators.equal(*steps),
    "in": lambda steps: operators.in_(*steps),
    "+": lambda steps: operators.plus(*steps),
    "dccDateOfBirth": lambda steps: times.date_of_birth(*steps),
}


class Logic:
    """A checked expression. `accesses`: the paths that it reads, outside of what `reduce` does to each member.

    `step`: what `evaluate` calls, for many logics over the same data in one `Evaluation` that knows all of their paths.
    """

    __slots__ = ("_hops", "accesses", "step")

    def __init__(self, step: Step, accesses: frozenset[str]) -> None:
        self.step = step
        self._hops = hops_to(sorted(accesses))
        self.accesses = accesses

    def evaluate(self, data: Any) -> Any:
        """The value over JSON data, a `Moment` where it is a date-time.

        Raises `EvaluationError`: `rule_not_evaluable`, `rule_too_many_steps`.
        """
        return self.step(data, Evaluation(data, self._hops, MAX_STEPS))


def faults(expression: Any) -> list[ConfigurationError]:
    """What is wrong with an expression, each with its place in it; nothing is where it can be evaluated."""
    return _Compiler().work(expression)[1]


def compile_logic(expression: Any) -> Logic:
    """The checked form of an expression, as JSON is decoded.

    Raises `ConfigurationError` with its first fault: `rule_operator_unknown`, `rule_too_deep`, `rule_too_large`,
    `rule_invalid`.
    """
    compiler = _Compiler()
    step, wrong = compiler.work(expression)
    if wrong:
        raise wrong[0]
    return Logic(step, frozenset(compiler.accesses))


class _Compiler:
    def __init__(self) -> None:
        self.faults: list[ConfigurationError] = []
        self.accesses: set[str] = set()
        self._parts = 0
        self._in_reduce = 0

    def work(self, expression: Any) -> tuple[Step, list[ConfigurationError]]:
        """The step, of use where there are no faults."""
        return self._any(expression, "Logic", 0), self.faults

    def _invalid(self, place: str, said: str) -> Step:
        self.faults.append(ConfigurationError(f"{place}: {said}", Reason.RULE_INVALID))
        return operators.Constant(None)

    def _count(self, parts: int) -> bool:
        """Whether there may be so many more."""
        before, self._parts = self._parts, self._parts + parts
        if before <= MAX_PARTS < self._parts:
            self.faults.append(ConfigurationError(f"more than {MAX_PARTS} parts", Reason.RULE_TOO_LARGE))
        return self._parts <= MAX_PARTS

    def _any(self, expression: Any, place: str, depth: int) -> Step:
        if not self._count(1):
            return operators.Constant(None)
        if depth > MAX_DEPTH:
            self.faults.append(ConfigurationError(f"{place}: more than {MAX_DEPTH} levels deep", Reason.RULE_TOO_DEEP))
            return operators.Constant(None)
        if isinstance(expression, str | bool):
            return operators.Constant(expression)
        if is_whole(expression):
            return operators.Constant(int(expression))
        if isinstance(expression, list):
            return self._array(expression, place, depth)
        if isinstance(expression, dict):
            return self._operation(expression, place, depth)
        return self._invalid(place, "neither text, integer, truth value, array nor operation")

    def _array(self, items: list[Any], place: str, depth: int) -> Step:
        steps = [self._any(item, f"{place}[{index}]", depth + 1) for index, item in enumerate(items)]
        if all(isinstance(item, str | bool | int) for item in items):
            # Literals alone, as in a list of codes: nothing to evaluate for each card.
            return operators.Constant(Codes(items) if all(isinstance(item, str) for item in items) else list(items))
        return operators.array(steps)

    def _operation(self, expression: dict[Any, Any], place: str, depth: int) -> Step:
        if len(expression) != 1:
            return self._invalid(place, f"an operation has one operator, not {len(expression)}")
        ((name, operands),) = expression.items()
        if name not in OPERATORS:
            said = f"unknown operator {str(name)[:_MOST_SAID]!r}"
            self.faults.append(ConfigurationError(f"{place}: {said}", Reason.RULE_OPERATOR_UNKNOWN))
            return operators.Constant(None)
        place = f"{place}.{name}"
        if name == "var":
            return self._var(operands, place)
        if not isinstance(operands, list):
            return self._invalid(place, "the operands are no array")
        least, most = _COUNTS[name]
        if not least <= len(operands) <= most:
            wanted = f"{least}" if least == most else f"{least} or more" if most == MAX_PARTS else f"{least} or {most}"
            return self._invalid(place, f"{wanted} operands are needed, not {len(operands)}")
        if name == "plusTime":
            return self._plus_time(operands, place, depth)
        if name == "extractFromUVCI":
            return self._extract(operands, place, depth)
        if name == "reduce":
            return self._reduce(operands, place, depth)
        steps = [self._any(one, f"{place}[{index}]", depth + 1) for index, one in enumerate(operands)]
        if name in operators.COMPARISONS:
            return operators.ordered(name, operators.COMPARISONS[name], steps)
        if name in times.TIME_COMPARISONS:
            return times.ordered_times(name, times.TIME_COMPARISONS[name], steps)
        if name == "if" and (path := self._path(operands[0])) is not None:
            return operators.if_there(path, steps[1], steps[2])
        return _ALL_OF_THEM[name](steps)

    def _var(self, path: Any, place: str) -> Step:
        if not isinstance(path, str):
            return self._invalid(place, "the path is no text")
        if len(path) > MAX_PATH:
            self.faults.append(
                ConfigurationError(f"{place}: a path of more than {MAX_PATH} characters", Reason.RULE_TOO_LARGE)
            )
            return operators.Constant(None)
        fragments = path.split(".")
        if path and not all(fragments):
            return self._invalid(place, "a part of the path is empty")
        # Each fragment is a step on the way, and counts as one.
        self._count(len(fragments) - 1)
        if self._in_reduce:
            return operators.member_var(path)
        self.accesses.add(path)
        return operators.var(path)

    def _path(self, operand: Any) -> str | None:
        # The path, where an operand is one of the whole data.
        if isinstance(operand, dict) and not self._in_reduce and isinstance(path := operand.get("var"), str):
            return path
        return None

    def _plus_time(self, operands: list[Any], place: str, depth: int) -> Step:
        operand, amount, unit = operands
        step = self._any(operand, f"{place}[0]", depth + 1)
        if not is_whole(amount) or not -LARGEST <= amount <= LARGEST:
            return self._invalid(place, "the amount is no integer")
        if unit not in UNITS:
            return self._invalid(place, f"the unit is none of {', '.join(UNITS)}")
        # A path has no such character: these names are no paths.
        path = self._path(operand)
        name = None if path is None else f"{path}\0{int(amount)}\0{unit}"
        return times.plus_time(step, int(amount), unit, name)

    def _extract(self, operands: list[Any], place: str, depth: int) -> Step:
        operand, index = operands
        step = self._any(operand, f"{place}[0]", depth + 1)
        if not is_whole(index):
            return self._invalid(place, "the index is no integer")
        return operators.extract_from_uvci(step, int(index))

    def _reduce(self, operands: list[Any], place: str, depth: int) -> Step:
        members = self._any(operands[0], f"{place}[0]", depth + 1)
        initial = self._any(operands[2], f"{place}[2]", depth + 1)
        before = self._parts
        self._in_reduce += 1
        step = self._any(operands[1], f"{place}[1]", depth + 1)
        self._in_reduce -= 1
        return operators.reduce(members, step, initial, self._parts - before)
