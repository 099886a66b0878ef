"""Whom a record is of: those who could be meant, and what each of them is to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import Connection

from vaxcert.registry.records import people
from vaxcert.registry.records.likeness import Features, Likeness, Why, compare
from vaxcert.registry.records.people import Known

Unsure = tuple[Known, tuple[Why, ...]]


class Matching:
    """Everybody whom one of some records could be of, those who are added meanwhile among them."""

    def __init__(self, connection: Connection, wanted: Iterable[dict[str, Any]]) -> None:
        candidates = people.candidates(connection, wanted)
        self._shared = set(candidates.shared)
        self._by_key: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        self.known: dict[int, Known] = {}
        self._aliases: defaultdict[int, list[Known]] = defaultdict(list)
        for one in candidates.known:
            self.add(one)
        for number, alias in candidates.aliases:
            self._aliases[number].append(alias)
            self._index(number, alias)

    def add(self, one: Known) -> None:
        """Add somebody new, or as they are now."""
        self.known[one.person_id] = one
        self._index(one.person_id, one)

    def _index(self, number: int, one: Known) -> None:
        for name in people.KEYS:
            if value := one.values[name]:
                having = self._by_key[name, value]
                having.add(number)
                if name in people.NUMBERS and len(having) > people.SHARED:
                    self._shared.add(value)

    def judge(self, values: dict[str, Any]) -> tuple[list[Known], list[Unsure]]:
        """Whom a record surely is of, and whom it could be of, with the reasons."""
        features = self._counting(people.compared(values))
        keys = [(name, values[name]) for name in people.KEYS if values[name] and values[name] not in self._shared]
        same: list[Known] = []
        unsure: list[Unsure] = []
        for number in sorted({number for key in keys for number in self._by_key[key]}):
            other = self.known[number]
            found = [compare(features, record.features) for record in (other, *self._aliases[number])]
            if any(likeness is Likeness.SAME for likeness, _ in found):
                same.append(other)
            elif reasons := [why for likeness, why in found if likeness is Likeness.UNSURE]:
                unsure.append((other, reasons[0]))
        return same, unsure

    def agree(self, one: Known, values: dict[str, Any]) -> bool:
        """Whether a record's identity number says that somebody is meant."""
        number = values["national_id_hash"]
        records = (one, *self._aliases[one.person_id])
        return (
            bool(number)
            and number not in self._shared
            and any(number == record.values["national_id_hash"] for record in records)
        )

    def _counting(self, one: Features) -> Features:
        """A record's features without numbers that say nothing."""
        return msgspec.structs.replace(
            one,
            national_id=None if one.national_id in self._shared else one.national_id,
            phone=None if one.phone in self._shared else one.phone,
        )
