"""Rows that were not taken: noted with all that is wrong with each, given back to be mended, and forgotten.

A row as it stands is sealed with the registry's key: it is people's data, of people who may be on record by nothing
else. Keyed hashes beside it find it once one of them is to be forgotten.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, insert, or_, select, update

from vaxcert.errors import Problem, Reason
from vaxcert.registry import schema, secrets
from vaxcert.registry.records.people import Profile
from vaxcert.registry.secrets import Secrets
from vaxcert.tables.writing.rejects import Rejected

_SEALED_AS = "rejected row"


class RejectedRow(NamedTuple):
    """A row that is not taken. `dose`: which of its doses; `of`: whom it tells of, as far as that can be told.

    `national_id`: the identity number that it has, as it is read.
    """

    line: int
    dose: int
    row: Rejected
    of: Profile | None
    national_id: str

    def __repr__(self) -> str:
        return f"<RejectedRow {self.line}>"


def note(connection: Connection, run: int, some: Sequence[RejectedRow], keeper: Secrets) -> None:
    """Note rows that a run did not take."""
    noted = []
    for one in some:
        first, *more = one.row.problems
        number = secrets.national_id(one.national_id)
        noted.append(
            {
                "run_id": run,
                "line": one.line,
                "dose": one.dose,
                "field": first.field,
                "problem": first.reason,
                "said": dict(first.said),
                "more": [[problem.field, problem.reason, dict(problem.said)] for problem in more],
                "cells": keeper.encrypt(_SEALED_AS, json.dumps([one.row.place, *one.row.cells], ensure_ascii=False)),
                "whose": _whose(keeper, str(one.of.keys["match_key"])) if one.of else None,
                "national_id_hash": keeper.hash("national id", number) if number else None,
            }
        )
    if noted:
        connection.execute(insert(schema.reject), noted)


def problems(connection: Connection, run: int) -> Iterator[tuple[int, Problem]]:
    """Yield the lines that a run did not take, with each thing that is wrong with them."""
    for row in _rows(connection, run):
        for problem in _wrong(row):
            yield row.line, problem


def kept(connection: Connection, run: int, keeper: Secrets) -> Iterator[Rejected]:
    """Yield the rows that a run did not take, as they stand, but for those that were forgotten."""
    for row in _rows(connection, run):
        if row.cells is not None:
            place, *cells = json.loads(keeper.decrypt(_SEALED_AS, bytes(row.cells)))
            yield Rejected(place, tuple(cells), tuple(_wrong(row)))


def of_somebody(connection: Connection, keeper: Secrets, versions: Iterable[Row[Any]]) -> list[list[str]]:
    """The cells of rejected rows that tell of somebody, by the versions of their record."""
    table = schema.reject
    query = select(table.c.cells).where(_tells_of(keeper, versions), table.c.cells.is_not(None)).order_by(table.c.id)
    return [json.loads(keeper.decrypt(_SEALED_AS, bytes(cells)))[1:] for cells in connection.scalars(query)]


def forget_somebody(connection: Connection, keeper: Secrets, versions: Iterable[Row[Any]]) -> None:
    """Keep nothing of rejected rows that tell of somebody but line and reason."""
    _empty(connection, _tells_of(keeper, versions))


def forget_runs(connection: Connection, runs: Iterable[int]) -> int:
    """Keep nothing of the rows that these runs did not take but line and reason; return how many had more."""
    return _empty(connection, schema.reject.c.run_id.in_(sorted(runs)))


def _tells_of(keeper: Secrets, versions: Iterable[Row[Any]]) -> ColumnElement[bool]:
    table, known = schema.reject, list(versions)
    keys = {_whose(keeper, row.match_key) for row in known}
    numbers = {row.national_id_hash for row in known} - {None}
    return or_(table.c.whose.in_(sorted(keys)), table.c.national_id_hash.in_(sorted(numbers)))


def _whose(keeper: Secrets, match_key: str) -> str:
    return keeper.hash("whose row", match_key)


def _empty(connection: Connection, which: ColumnElement[bool]) -> int:
    table = schema.reject
    nothing = {"cells": None, "whose": None, "national_id_hash": None}
    return connection.execute(update(table).where(which, table.c.cells.is_not(None)).values(**nothing)).rowcount


def _rows(connection: Connection, run: int) -> Iterator[Row[Any]]:
    table = schema.reject
    query = select(table).where(table.c.run_id == run).order_by(table.c.line, table.c.dose, table.c.id)
    return iter(connection.execute(query))


def _wrong(row: Row[Any]) -> Iterator[Problem]:
    for field, problem, said in ((row.field, row.problem, row.said), *row.more):
        yield Problem(field, Reason(problem), tuple(said.items()))
