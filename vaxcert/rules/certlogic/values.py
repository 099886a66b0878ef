"""What CertLogic's values are: truthy, falsy or neither; the same or not; whole numbers.

JSON as `json` and `msgspec` decode it, and `Moment` for date-times, which JSON has not (CertLogic 1.3.3, "Values").
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from vaxcert.errors import EvaluationError, Reason

# Of numbers beyond these JavaScript, whose numbers CertLogic has, cannot tell neighbours apart.
LARGEST = 2**53 - 1

# An array with more members than that fits no memory.
_MOST_DIGITS = 15


class Moment(int):
    """A date-time: whole milliseconds since 1970-01-01T00:00Z. No number to CertLogic, hence a type of its own."""

    __slots__ = ()


class Codes(list[Any]):
    """An array of texts, in which one is found at once. It is never changed."""

    __slots__ = ("members",)

    def __init__(self, codes: Iterable[str]) -> None:
        super().__init__(codes)
        self.members = frozenset(self)


# Types whose empty values are falsy and whose others are truthy.
WITH_TRUTH = frozenset((str, int, bool, list, Codes, dict, type(None)))
ARRAYS = frozenset((list, Codes))


class Hop(NamedTuple):
    """One step of a path: `path` is `before` and a `last` fragment, which names the `place` in an array, or none."""

    path: str
    before: str
    last: str
    place: int | None


class Evaluation:
    """One evaluation, or one of a whole set of rules over the same data.

    `left`: steps that may still be taken. `known`: what paths of the data lead to; `moments`: what was read as a
    date-time so far. A set's rules ask for both again and again. It lives no longer than that: no birth date stays.
    """

    __slots__ = ("known", "left", "moments")

    def __init__(self, data: Any, hops: Iterable[Hop], steps: int) -> None:
        self.left = steps
        self.moments: dict[str, Moment] = {}
        known: dict[str, Any] = {"": data}
        # `at`, written out: a third of what a set of rules costs a card is spent here.
        for path, before, last, place in hops:
            value = known[before]
            if type(value) is dict:
                known[path] = value.get(last)
            elif place is not None and type(value) in ARRAYS and place < len(value):
                known[path] = value[place]
            else:
                known[path] = None
        self.known = known

    def take(self, steps: int) -> None:
        """Count steps. Raises `EvaluationError` where more are taken than may be."""
        self.left -= steps
        if self.left < 0:
            raise EvaluationError(Reason.RULE_TOO_MANY_STEPS)


def at(value: Any, last: str, place: int | None) -> Any:
    """What stands in a value under a fragment of a path, null where nothing does."""
    if type(value) is dict:
        return value.get(last)
    if place is not None and type(value) in ARRAYS and place < len(value):
        return value[place]
    return None


def hops_to(paths: Iterable[str]) -> tuple[Hop, ...]:
    """The steps that lead to paths, each after the one that it goes on from. To the whole, "", none is needed."""
    found: dict[str, Hop] = {}
    for path in paths:
        fragments = path.split(".") if path else []
        before = ""
        for fragment in fragments:
            here = f"{before}.{fragment}" if before else fragment
            found.setdefault(here, Hop(here, before, fragment, _place_of(fragment)))
            before = here
    return tuple(found.values())


def _place_of(fragment: str) -> int | None:
    return int(fragment) if fragment.isascii() and fragment.isdigit() and len(fragment) <= _MOST_DIGITS else None


# A checked expression, its value over data; and what is in order.
Step = Callable[[Any, Evaluation], Any]
Compare = Callable[[Any, Any], bool]


def not_evaluable(why: str) -> EvaluationError:
    """The error for operands that an operation is not defined for. `why` repeats no value: it may be somebody's."""
    return EvaluationError(Reason.RULE_NOT_EVALUABLE, why)


def truth(value: Any) -> bool:
    """Whether a value is truthy, not falsy. Raises `EvaluationError` where it is neither: a fraction, a date-time."""
    kind = type(value)
    if kind in WITH_TRUTH or (kind is float and value.is_integer()):
        return bool(value)
    raise not_evaluable("neither truthy nor falsy")


def same(left: Any, right: Any) -> bool:
    """`===`: equal without conversion; true is not 1. Arrays, objects and date-times are as themselves alone."""
    kind = type(left)
    if kind is str or kind is bool:
        return kind is type(right) and bool(left == right)
    if kind is int or kind is float:
        return type(right) in (int, float) and bool(left == right)
    return left is right


def is_whole(value: Any) -> bool:
    """Whether a value is an integer: 2.0 is, as in JavaScript, and true is not."""
    return type(value) is int or (type(value) is float and value.is_integer())
