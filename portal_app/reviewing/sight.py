"""Whom a reviewer is shown: their own people whole, and others masked until they say why; each view is noted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from flask import request

from portal_app import access
from vaxcert.errors import InputError, Reason
from vaxcert.registry.accounts import seeing
from vaxcert.registry.accounts.seeing import Masked
from vaxcert.registry.care.comparing import WholeRecord
from vaxcert.registry.states import AccessReason


class ShownRecord(NamedTuple):
    """A record as it may be shown: whole, or None and masked."""

    whole: WholeRecord | None
    masked: Masked
    person: int

    def __repr__(self) -> str:
        return f"<ShownRecord {self.person}>"


def shown(records: Iterable[WholeRecord], page: str) -> list[ShownRecord]:
    """What of these records whoever asks is shown; that it was is noted before it is."""
    registry, who, some = access.registry(), access.account(), list(records)
    with registry.reading() as connection:
        open_to = seeing.open_to(registry, connection, who, {one.person for one in some})
    seeing.viewed(registry, who, open_to & {one.person for one in some}, page)
    return [
        ShownRecord(one if one.person in open_to else None, seeing.masked(*one.masked_by), one.person) for one in some
    ]


def give_reason(people: Iterable[int]) -> str:
    """Keep the reason that the form says, of each of these people; what is wrong with it, by a word's name, or ""."""
    try:
        reason = AccessReason(request.form.get("reason", ""))
    except ValueError:
        return "reason_missing"
    for person in set(people):
        seeing.give_reason(access.registry(), access.account(), person, reason)
    return ""


def required(one: ShownRecord) -> WholeRecord:
    """The record, of whom it may be changed. Raises `InputError` for somebody who is masked."""
    if one.whole is None:
        raise InputError("person", Reason.NOT_VALID)
    return one.whole


def reasons() -> dict[str, Any]:
    """What a page that masks somebody offers."""
    return {"access_reasons": list(AccessReason)}
