"""A clerk who answers questions of a made-up province: so many answers per thousand people, some of them wrong.

Answers come from the province's truth: a clerk asks the people themselves, or their commune's station. Samples of
groups come first, the largest group first, as long as a sample costs less than half of what it answers; then question
by question, in the order in which the registry shows them. Where a sample is not answered alike, the clerk looks again
at what was answered otherwise, as the Desk's page says, and that counts as further answers.
"""

from collections import defaultdict
from random import Random
from typing import Any, NamedTuple

# So many questions are answered before the next are asked for.
_AT_ONCE = 500
# Where more of a sample than this share was answered otherwise than most, it is no slip.
_SLIPS = 0.15


class Answering(NamedTuple):
    """How it went. `wrong_at_once`: questions that the answer for their group was not right for; `slips`: how many of
    the answers one by one were wrong; `left`: questions that stay open."""

    one_by_one: int
    at_once: int
    wrong_at_once: int
    slips: int
    groups: int
    left: int

    def __str__(self) -> str:
        return (
            f"{self.one_by_one:,} one by one ({self.slips} wrong), {self.at_once:,} at once in {self.groups} groups"
            f" ({self.wrong_at_once} wrong), {self.left:,} left open"
        )


class Clerk:
    """Who answers the questions of a registry. `truth`: whose each row of a table is; `wrong`: the share of answers
    that are not right, drawn anew each time that a question is looked at."""

    def __init__(self, work: Any, *, per_thousand: int, wrong: float = 0.0, seed: int = 1) -> None:
        self.work, self.registry, self.wrong = work, work.registry, wrong
        self.left = len(set(work.truth.values())) * per_thousand // 1000
        self.chance = Random(seed)
        # Whose each record is in truth: that does not change with what is answered.
        self.owners = defaultdict[int, set[str]](set)
        for where, record in work.records().items():
            self.owners[record].add(work.truth.get(where, ""))
        self.spent = self.slips = self.at_once = self.wrong_at_once = self.answered_groups = 0

    def work_through(self) -> Answering:
        """Answer as long as there are answers left."""
        from vaxcert.registry.care import reviewing

        tried: set[object] = set()
        while group := self._next_group(tried):
            tried.add(group.kind)
            if self._sampled(group.kind):
                self._all_of(group.kind)
        while self.left and (some := self._open()[: min(self.left, _AT_ONCE)]):
            reviewing.decide_all(self.registry, self._looked_at(some), actor="clerk")
        return Answering(
            self.spent, self.at_once, self.wrong_at_once, self.slips, self.answered_groups, len(self._open())
        )

    def _open(self) -> list[Any]:
        from vaxcert.registry.records.asking import open_questions

        with self.registry.reading() as connection:
            return open_questions(connection)

    def _next_group(self, tried: set[object]) -> Any:
        from vaxcert.registry.care import grouping

        some = [one for one in grouping.groups(self.registry) if one.kind not in tried]
        worth = (one for one in some if 2 * len(one.sample) < one.questions and len(one.sample) < self.left)
        return next(worth, None)

    def _sampled(self, kind: Any) -> bool:
        """Have the sample of a group answered; whether all of it was answered alike."""
        from vaxcert.registry import runs
        from vaxcert.registry.care import grouping, reviewing

        # With what was answered others may have gone, and others be in the sample.
        while (group := grouping.group(self.registry, kind)) and group.sample and len(group.sample) <= self.left:
            some = [one for one in self._open() if one.id in group.sample]
            answers = self._looked_at(some)
            run = reviewing.decide_all(self.registry, answers, actor="clerk")
            said = [answer for _, answer in answers]
            most = max(set(said), key=said.count)
            unlike = {number for number, answer in answers if answer != most}
            if unlike and len(unlike) <= max(1, _SLIPS * len(said)):
                runs.undo(self.registry, run, actor="clerk")
                again = dict(self._looked_at([one for one in some if one.id in unlike]))
                answers = [(number, again.get(number, answer)) for number, answer in answers]
                reviewing.decide_all(self.registry, answers, actor="clerk")
            if len({answer for _, answer in answers}) > 1:
                return False
        return bool(group and group.ready)

    def _all_of(self, kind: Any) -> None:
        from vaxcert.errors import NotFoundError
        from vaxcert.registry.care import grouping

        group = grouping.group(self.registry, kind)
        some = [one for one in self._open() if grouping.kind_of(one) == kind]
        right = dict(self._true(some))
        try:
            done = grouping.decide_like(self.registry, group.number, group.answer, actor="clerk")
        except NotFoundError:
            # Each of them contradicts what is stated.
            return
        left = {one.id for one in self._open()}
        self.at_once += done.answered
        self.answered_groups += 1
        self.wrong_at_once += sum(answer != group.answer for number, answer in right.items() if number not in left)

    def _looked_at(self, some: list[Any]) -> list[tuple[int, str]]:
        """What a clerk answers, by the truth but for slips."""
        self.spent, self.left = self.spent + len(some), self.left - len(some)
        found = []
        for number, answer in self._true(some):
            slip = self.wrong and self.chance.random() < self.wrong
            self.slips += bool(slip)
            other = {"same": "different", "different": "same", "first": "second"}[answer]
            found.append((number, other if slip else answer))
        return found

    def _true(self, some: list[Any]) -> list[tuple[int, str]]:
        of = self._whose({number for one in some if one.kind != "dose" for number in one.pair})
        return [
            (one.id, "first" if one.kind == "dose" else "same" if of[one.pair[0]] & of[one.pair[1]] else "different")
            for one in some
        ]

    def _whose(self, people: set[int]) -> dict[int, set[str]]:
        """Who people on record are in truth, by all records that they stand for now."""
        from sqlalchemy import func, select

        from vaxcert.registry import schema

        owner, found = schema.person, defaultdict[int, set[str]](set)
        head = func.coalesce(owner.c.merged_into, owner.c.id)
        with self.registry.reading() as connection:
            for number, of in connection.execute(select(owner.c.id, head)):
                if of in people:
                    found[of] |= self.owners[number]
        return found
