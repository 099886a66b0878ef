"""Whose some records are, entered: who stands for whom, what is known of each person, which doses count, what is asked.

What follows from which records are one person's is worked out anew for everybody whom some records have to do with, so
that it does not depend on which of them came first. Each change is a row of the run that makes it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import reduce

from sqlalchemy import Connection, select

from vaxcert.names.frequencies import family
from vaxcert.registry import links, schema
from vaxcert.registry.comparing import clusters
from vaxcert.registry.comparing.clusters import Edge, Groups, Pair
from vaxcert.registry.comparing.fitting import alike
from vaxcert.registry.comparing.likeness import Likeness
from vaxcert.registry.comparing.naming import whole
from vaxcert.registry.comparing.reasons import Why
from vaxcert.registry.records.asking import worth
from vaxcert.registry.records.doses import DOUBLE
from vaxcert.registry.records.judging import enriched, filled_in
from vaxcert.registry.records.ledger import Ledger
from vaxcert.registry.records.neighbourhood import AskedBefore, Held, KeptRecord, Neighbourhood
from vaxcert.registry.records.people import ONE_PERSON, Profile, Somebody
from vaxcert.registry.states import DoseState, ReviewAnswer, ReviewKind

_TORN = (Why.AGREES_WITH_TWO_PEOPLE,)
_ASKED_OTHERWISE = frozenset({Why.AGREES_AFTER_CORRECTION})


class Settling:
    """What is entered of some records, through a run's ledger. `asked`: of each two that are asked about, the later."""

    def __init__(self, connection: Connection, ledger: Ledger, near: Neighbourhood) -> None:
        self._connection, self._ledger, self._near = connection, ledger, near
        self._edges: dict[Pair, Edge] = {}
        self._links: defaultdict[int, list[links.RecordLink]] = defaultdict(list)
        self._people: defaultdict[int, set[int]] = defaultdict(set)
        self._component: dict[int, int] = {}
        self.asked: set[int] = set()
        for link in near.links:
            for number in {link.first, link.second}:
                self._links[number].append(link)
        for number in near.kept:
            self._people[near.head(number)].add(number)

    def settle(self, touched: Iterable[int]) -> None:
        """Enter what follows for these records and all that they have to do with."""
        done: set[int] = set()
        for number in sorted(touched):
            if number not in done:
                some = self._reached(number)
                done |= some
                self._component.update(dict.fromkeys(some, number))
                for person in self._parted(some):
                    self._known(person)
                    self._given(person)
        self._ask(done)

    def _edge(self, one: int, other: int) -> Edge:
        pair = (one, other) if one < other else (other, one)
        if pair not in self._edges:
            self._edges[pair] = clusters.edge(self._near.record(pair[0]), self._near.record(pair[1]))
        return self._edges[pair]

    def _reached(self, number: int) -> set[int]:
        """All records that one is linked to, by whatever way."""
        found, waiting = {number}, [number]
        while waiting:
            one = waiting.pop()
            linked = {two for two in self._near.near(one) if self._edge(one, two)[0] is Likeness.SAME}
            said = {two for link in self._links[one] if link.one for two in (link.first, link.second)}
            more = (linked | said | self._people[self._near.head(one)]) - found
            found |= more
            waiting += more
        return found

    def _parted(self, some: set[int]) -> list[list[int]]:
        """Enter which of some records are whose, and return them person by person."""
        if len(some) == 1 and not self._links[min(some)]:
            return [sorted(some)]
        near = self._near
        inside = {link.number: link for one in some for link in self._links[one] if {link.first, link.second} <= some}
        ordered = sorted(inside.values(), key=lambda link: (link.run, link.number))
        holding = links.holding(ordered)
        same = [(one, two) for one in sorted(some) for two in near.near(one)
                if one < two and two in some and self._edge(one, two)[0] is Likeness.SAME]  # fmt: skip
        pinned = {one for one in some if near.kept[one].pinned}
        decided = [(one.first, one.second) for one in holding if not one.sure or {one.first, one.second} & pinned]
        apart = [(one.first, one.second) for one in ordered if not one.one and not one.sure]
        found = clusters.people([near.record(one) for one in sorted(some)], same, decided, apart)
        of = {number: place for place, part in enumerate(found) for number in part}
        for link in holding:
            if of[link.first] != of[link.second]:
                ordered.append(self._link(link.first, link.second, one=False))
        stay = [(one.first, one.second) for one in holding if of[one.first] == of[one.second]]
        joined = Groups(some, stay)
        for one, two in same:
            if of[one] == of[two] and joined.of(one) != joined.of(two):
                joined.join(one, two)
                ordered.append(self._link(one, two, one=True))
        torn = [pair for pair in same if of[pair[0]] != of[pair[1]]]
        # So that whoever is loaded with one of them is with the other.
        known = {(link.first, link.second) for link in ordered if link.sure and not link.one}
        ordered += [self._link(*pair, one=False) for pair in torn if pair not in known]
        heads = links.heads(ordered)
        for number in sorted(some):
            if near.heads.get(number) != heads.get(number):
                self._stand(number, heads.get(number))
        return found

    def _link(self, first: int, second: int, *, one: bool) -> links.RecordLink:
        link = self._ledger.link(first, second, one=one)
        for number in (first, second):
            self._links[number].append(link)
        return link

    def _stand(self, number: int, head: tuple[int, int] | None) -> None:
        near = self._near
        self._ledger.stand(number, head)
        self._people[near.head(number)].discard(number)
        near.heads.pop(number, None)
        if head:
            near.heads[number] = head
        self._people[near.head(number)].add(number)

    def _known(self, person: Sequence[int]) -> None:
        """Enter what is known of somebody by all records of theirs."""
        head, *_ = records = [self._near.kept[number] for number in person]
        for one in records:
            if one.changed:
                one.now, one.changed = self._changed(one, one.said, ""), False
        union = reduce(enriched, [one.said for one in _in_order(records)])
        head.now = self._changed(head, union, ONE_PERSON)

    def _changed(self, one: KeptRecord, profile: Profile, reason: str) -> Somebody | None:
        return self._ledger.change_person(one.now, profile, reason) if one.now else None

    def _given(self, person: Sequence[int]) -> None:
        """Enter which of somebody's doses count: one of each, the others doubles of it or disputed."""
        held: defaultdict[tuple[str, int], list[Held]] = defaultdict(list)
        for number in person:
            for one in self._near.kept[number].held:
                held[one.dose.disease, one.dose.number].append(one)
        for some in held.values():
            if len(some) == 1 and some[0].given and not some[0].double and not some[0].changed:
                continue
            self._settled(some)

    def _settled(self, some: list[Held]) -> None:
        first: list[Held] = []
        # Those on record first, and before these what others were found to be doubles of.
        for one in sorted(some, key=lambda one: (one.given is None, one.double, one.given.dose_id if one.given else 0)):
            twin = next((two for two in first if alike(two.dose, one.dose)), None)
            against = next((two for two in first if two.state is not DoseState.WITHDRAWN), None)
            if one.given and one.changed and not one.double:
                self._state(one, one.state, "")
            if one.given and not one.double and one.state is not DoseState.GOOD:
                first.append(one)
            elif twin:
                if twin.state is not DoseState.WITHDRAWN and not one.double:
                    self._state(twin, twin.state, "", filled_in(twin.dose, one.dose))
                self._state(one, DoseState.WITHDRAWN, DOUBLE)
            elif against and not self._both(against, one):
                self._state(one, DoseState.DISPUTED, "a dispute")
                if against.given and one.given:
                    pair = sorted((against.given.dose_id, one.given.dose_id))
                    self._ledger.ask(ReviewKind.DOSE, pair[0], pair[1], (Why.SAME_DOSE_OTHERWISE,))
                first.append(one)
            else:
                self._state(one, DoseState.GOOD, "no double" if one.double else "")
                first.append(one)

    def _state(self, one: Held, state: DoseState, reason: str, dose: object = None) -> None:
        said = one.dose if dose is None else dose
        if one.given is None:
            one.given = self._ledger.new_dose(one.person, said, state, reason if reason == DOUBLE else "")  # type: ignore[arg-type]
        else:
            one.given = self._ledger.change_dose(one.given, said, state, reason)  # type: ignore[arg-type]
        one.dose, one.state = one.given.dose, state
        one.double, one.changed = reason == DOUBLE, False

    def _both(self, one: Held, other: Held) -> bool:
        """Whether somebody said before that both doses are right."""
        if one.given is None or other.given is None:
            return False
        table, pair = schema.review, sorted((one.given.dose_id, other.given.dose_id))
        query = select(table.c.id).where(
            table.c.kind == ReviewKind.DOSE, table.c.decision == ReviewAnswer.BOTH, table.c.first.in_(pair),
            table.c.second.in_(pair),
        )  # fmt: skip
        return self._connection.scalar(query.limit(1)) is not None

    def _ask(self, done: set[int]) -> None:
        """Enter what is asked of these people and of others now; what was asked otherwise is asked no more."""
        near = self._near
        open_now: defaultdict[Pair, list[AskedBefore]] = defaultdict(list)
        for asked in near.asked:
            open_now[self._pair(asked.first, asked.second)].append(asked)
        heads = {near.head(number) for number in done}
        pairs = {self._pair(*pair) for pair, (likeness, _) in self._edges.items() if likeness is not Likeness.DIFFERENT}
        # Whoever is not near shares no key with a record that is new here: what was asked of them stays.
        touched = sorted(
            pair
            for pair in pairs | open_now.keys()
            if heads & set(pair) and pair[0] != pair[1] and all(self._people.get(one) for one in pair)
        )
        unsure, torn = {}, {}
        for pair in touched:
            if not self._said_apart(pair):
                edges = self._between(pair)
                unsure[pair] = [edge for edge in edges if edge[0] != _TORN]
                torn[pair] = [edge for edge in edges if edge[0] == _TORN]
        # Whoever is linked to two who contradict one another waits for what is said of these, where they are asked.
        waiting = {self._component.get(pair[0]) for pair, edges in unsure.items() if edges and self._linked(pair)}
        for pair in touched:
            wanted = unsure.get(pair) or ([] if self._component.get(pair[0]) in waiting else torn.get(pair, []))
            self._ask_of(wanted, open_now[pair])

    def _linked(self, pair: Pair) -> bool:
        """Whether two people's records are linked by whatever way."""
        return self._component.get(pair[0], pair[0]) == self._component.get(pair[1], pair[1])

    def _between(self, pair: Pair) -> list[tuple[tuple[Why, ...], int, int]]:
        """Why it is asked of two people, by each two of their records."""
        found = []
        for one in sorted(self._people[pair[0]]):
            for two in sorted(self._near.near(one) & self._people[pair[1]]):
                likeness, reasons = self._edge(one, two)
                if likeness is not Likeness.DIFFERENT:
                    found.append((reasons if likeness is Likeness.UNSURE else _TORN, min(one, two), max(one, two)))
        return found

    def _pair(self, one: int, two: int) -> Pair:
        heads = (self._near.head(one), self._near.head(two))
        return min(heads), max(heads)

    def _ask_of(self, wanted: list[tuple[tuple[Why, ...], int, int]], known: list[AskedBefore]) -> None:
        best = min(wanted, key=lambda one: (worth(one[0]), one[1:]), default=None)
        stays = next((asked for asked in known if best and asked.reasons == best[0]), None)
        for asked in known:
            # What a person or a program asked for another reason than these stays.
            if asked is not stays and not _ASKED_OTHERWISE & set(asked.reasons):
                self._ledger.close(asked.number)
        if best and stays is None:
            self._ledger.ask(ReviewKind.PERSON, best[1], best[2], best[0])
            self.asked.add(best[2])

    def _said_apart(self, pair: Pair) -> bool:
        one, other = (self._people[number] for number in pair)
        said = (link for number in one for link in self._links[number] if not link.one and not link.sure)
        return any(link.first in other or link.second in other for link in said)


def _in_order(records: Sequence[KeptRecord]) -> list[KeptRecord]:
    """Records of one person, those first whose name and birth date are to be kept.

    What somebody changed or recorded; else what most say, with tones rather than without, and with all words.
    """
    said = Counter(_called(one.said) for one in records)

    def place(one: KeptRecord) -> tuple[object, ...]:
        features = one.said.features
        told = (one.said.district, one.said.commune, one.said.priority_group, one.said.guardian)
        return (
            not one.pinned, one.number if one.pinned else 0, features.name.isascii(), -said[_called(one.said)],
            -len(features.bare), -family(whole(features.bare[0])), _called(one.said), -features.card, told, one.number,
        )  # fmt: skip

    return sorted(records, key=place)


def _called(one: Profile) -> tuple[str, str, str]:
    return (one.person.family_name, one.person.given_name, one.person.date_of_birth)
