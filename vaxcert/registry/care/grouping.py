"""Questions of one kind, answered at once: once a sample of them was answered one by one, and none otherwise.

Which questions are the sample is drawn by their numbers alone, so that nobody picks those that look best; with further
questions of the kind it is drawn anew, and what was answered before counts. Nobody is made one across something that
two records state against one another: such a question stays open, to be seen by itself.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from itertools import combinations, product
from math import ceil, sqrt
from typing import NamedTuple

from sqlalchemy import Connection, select

from vaxcert.errors import ConfigurationError, NotFoundError, Reason
from vaxcert.registry import audit, runs, schema
from vaxcert.registry.care.reviewing import DECISIONS, Question, enter, shown
from vaxcert.registry.comparing.clusters import Groups, stated_against
from vaxcert.registry.comparing.reasons import Why, at_once, given_back, kind, score
from vaxcert.registry.database import Registry
from vaxcert.registry.links import NOBODY
from vaxcert.registry.records.asking import OpenQuestion, open_questions
from vaxcert.registry.records.neighbourhood import around
from vaxcert.registry.states import ReviewAnswer, ReviewKind, RunKind

# Of a group this many are answered one by one, and more of a large one: twice the root of how many there are. Where a
# number agrees that only a family has, half of it is enough.
FEWEST = 20
_NUMBERED = frozenset({Why.TELEPHONE_AGREES, Why.SAME_IDENTITY_NUMBER})


class QuestionGroup(NamedTuple):
    """Questions of one kind. `number`: of one of them, by which the group is called; `kind`: the reasons that all have.

    `sample`: the numbers of those of the sample that are open still; `answered`: how many of the sample were answered;
    `answer`: what all of these were answered, None where none was, or not all alike: then it is not answered at once.
    `exceptions`: the numbers of those that were answered otherwise than most, to be looked at again.
    """

    number: int
    kind: tuple[Why, ...]
    score: int
    questions: int
    sample: tuple[int, ...]
    answered: int
    answer: ReviewAnswer | None
    exceptions: tuple[int, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether it may be answered at once."""
        return self.answer is not None and not self.sample


class AnsweredGroup(NamedTuple):
    """How a group was answered: by which run, how many questions, and how many stay open since records contradict."""

    run: int
    answered: int
    left: int


class _Answered(NamedTuple):
    """A question that a person answered by itself."""

    id: int
    decision: ReviewAnswer


def groups(registry: Registry) -> list[QuestionGroup]:
    """All groups that may be answered at once, the largest first."""
    with registry.reading() as connection:
        return sorted(_groups(connection).values(), key=lambda group: (-group.questions, group.number))


def kind_of(one: OpenQuestion) -> tuple[Why, ...] | None:
    """The kind of a question, None for one that is to be seen by itself."""
    return kind(one.reasons) if one.kind is ReviewKind.PERSON and at_once(one.reasons) else None


def of_kind(some: Sequence[QuestionGroup], question: Question) -> list[QuestionGroup]:
    """The one of some groups that a question is of, or none."""
    return [group for group in some if question.kind is ReviewKind.PERSON and group.kind == kind(question.reasons)]


def group_of(registry: Registry, number: int) -> QuestionGroup:
    """The group that an open question is of. Raises `NotFoundError` where it is none, or not open."""
    with registry.reading() as connection:
        return _group_of(connection, number)[0]


def group(registry: Registry, reasons: Sequence[Why]) -> QuestionGroup | None:
    """The group of a kind as it is now, or None where no question of it is open."""
    with registry.reading() as connection:
        return _groups(connection).get(tuple(reasons))


def sample(registry: Registry, number: int, *, actor: str = "") -> list[Question]:
    """The questions to be answered before the group of a question is: its sample, as far as it is open."""
    with registry.noting() as connection:
        group, questions = _group_of(connection, number)
        chosen = set(group.sample)
        return shown(registry, connection, [one for one in questions if one.id in chosen], actor=actor)


def decide_like(registry: Registry, number: int, decision: str, *, actor: str) -> AnsweredGroup:
    """Answer all questions like one, in one run, that is taken back as any (`runs.undo`).

    Raises `ConfigurationError` where not all of the sample was answered so.
    """
    with registry.writing() as connection:
        group, questions = _group_of(connection, number)
        if decision not in DECISIONS[ReviewKind.PERSON]:
            raise ConfigurationError(f"question {number}: one of {', '.join(DECISIONS[ReviewKind.PERSON])}")
        if not group.ready or group.answer != decision:
            raise ConfigurationError(
                f"question {number}: of the {group.answered + len(group.sample)} questions of the sample"
                f" {len(group.sample)} are open, or not all were answered {decision}",
                Reason.SAMPLE_NOT_ANSWERED,
            )
        answer = ReviewAnswer(decision)
        chosen = _together(connection, questions) if answer is ReviewAnswer.SAME else questions
        if not chosen:
            raise NotFoundError(f"question {number}: nothing to answer without a contradiction", Reason.NO_SUCH_RECORD)
        run = runs.begin(registry, connection, RunKind.DECISION, actor)
        enter(registry, connection, run, [(one, answer) for one in chosen], actor=actor)
        counts = {"decisions": len(chosen), "like": number}
        asked = {one.id for one in questions}
        left = sum(one.id in asked for one in open_questions(connection))
        runs.end(registry, connection, run, counts)
        audit.record(registry, connection, actor, "decide like", run=run, decision=decision, **counts)
    return AnsweredGroup(run, len(chosen), left)


def needed(questions: int, reasons: Collection[Why]) -> int:
    """How many of a group of so many questions of a kind are answered one by one before the others are at once."""
    share = 1 if _NUMBERED.isdisjoint(reasons) else 2
    return min(questions, max(FEWEST // share, ceil(2 * sqrt(questions) / share)))


def _group_of(connection: Connection, number: int) -> tuple[QuestionGroup, list[OpenQuestion]]:
    open_now = open_questions(connection)
    meant = next((one for one in open_now if one.id == number), None)
    if meant is None:
        raise NotFoundError(f"question {number} is not open", Reason.NO_SUCH_RECORD)
    if kind_of(meant) is None:
        raise ConfigurationError(
            f"question {number} is for a person to see by itself, and every one like it", Reason.ONE_BY_ONE
        )
    like = [one for one in open_now if kind_of(one) == kind_of(meant)]
    return _group(like, _answered(connection)[kind(meant.reasons)]), like


def _groups(connection: Connection) -> dict[tuple[Why, ...], QuestionGroup]:
    by_kind: defaultdict[tuple[Why, ...], list[OpenQuestion]] = defaultdict(list)
    for one in open_questions(connection):
        if one.kind is ReviewKind.PERSON and at_once(one.reasons):
            by_kind[kind(one.reasons)].append(one)
    answered = _answered(connection)
    return {reasons: _group(some, answered[reasons]) for reasons, some in by_kind.items()}


def _group(questions: Sequence[OpenQuestion], answered: Sequence[_Answered]) -> QuestionGroup:
    reasons = kind(questions[0].reasons)
    waiting = {one.id for one in questions}
    all_of_them = sorted(waiting | {one.id for one in answered}, key=_drawn)
    drawn = all_of_them[: needed(len(all_of_them), reasons)]
    said = Counter(one.decision for one in answered)
    most = max(sorted(said), key=lambda answer: said[answer], default=None)
    done = sum(one not in waiting for one in drawn)
    number = min(waiting)
    left = tuple(one for one in drawn if one in waiting)
    return QuestionGroup(
        number, reasons, score(reasons), len(questions), left, done, most if len(said) == 1 else None,
        tuple(sorted(one.id for one in answered if one.decision != most)),
    )  # fmt: skip


def _drawn(number: int) -> bytes:
    return hashlib.sha256(b"sample %d" % number).digest()


def _answered(connection: Connection) -> defaultdict[tuple[Why, ...], list[_Answered]]:
    """Questions about people that persons answered one by one, by kind."""
    table, run = schema.review, schema.run
    query = select(table.c.id, table.c.reasons, table.c.decision, run.c.counts).join(
        run, run.c.id == table.c.decided_run
    )
    query = query.where(table.c.kind == ReviewKind.PERSON, run.c.kind == RunKind.DECISION)
    query = query.where(table.c.decided_by != NOBODY)
    found: defaultdict[tuple[Why, ...], list[_Answered]] = defaultdict(list)
    for row in connection.execute(query):
        if "like" not in row.counts:
            found[kind(given_back(row.reasons))].append(_Answered(row.id, ReviewAnswer(row.decision)))
    return found


def _together(connection: Connection, questions: Sequence[OpenQuestion]) -> list[OpenQuestion]:
    """Those of some questions whose people can be one, with all others whom these answers make one with them.

    Where two who contradict one another would be brought together, by whatever way, nothing says which of the answers
    on it is wrong: of two namesakes each has records that agree with the other's. None of these is answered.
    """
    near = around(connection, numbers={number for one in questions for number in one.pair})
    members: dict[int, list[int]] = {}
    for number in near.kept:
        members.setdefault(near.head(number), []).append(number)
    said = {(min(link.first, link.second), max(link.first, link.second)) for link in near.links
            if not link.one and not link.sure}  # fmt: skip
    records = {head: [near.record(number) for number in numbers] for head, numbers in members.items()}
    together = Groups(members, [one.pair for one in questions])

    def apart(one: int, other: int) -> bool:
        pairs = product(members[one], members[other])
        return any(pair in said for pair in map(_in_order, pairs)) or stated_against(records[one], records[other])

    torn = {together.of(some[0]) for some in together.all() if any(apart(*pair) for pair in combinations(some, 2))}
    return [one for one in sorted(questions, key=lambda one: one.id) if together.of(one.pair[0]) not in torn]


def _in_order(pair: tuple[int, int]) -> tuple[int, int]:
    return min(pair), max(pair)
