"""Codes that go with a dose: whoever has one, and knows whose it is, finds the certificate.

A code is told once, when it is made; what is kept is a keyed hash. The newest counts, and closes those before it.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from vaxcert import typed
from vaxcert.errors import ConfigurationError, InputError, Reason
from vaxcert.registry import audit, schema
from vaxcert.registry.database import Registry
from vaxcert.registry.numbers import next_id
from vaxcert.registry.records import now

# Wrong tries after which a code opens nothing any more. Whoever holds the slip could else try out its owner's number.
MOST_FAILURES = 10
KIND = "holder code"
_PATIENCE = 20.0


class HolderCode(NamedTuple):
    """A code as it is printed on a slip, `7K2M-9QXA-04TB`, and the number of whose it is."""

    person: int
    text: str

    def __repr__(self) -> str:
        return f"<HolderCode of person {self.person}>"


def hand_out(registry: Registry, person: int, *, actor: str) -> HolderCode:
    """A new code for somebody, to be printed on the slip that they take home: for the desk, after a dose, and for
    whoever lost theirs.

    Raises `NotFoundError` for nobody's number. The audit log has who handed out a code to whom, and not the code.
    """
    with registry.writing() as connection:
        return _made(registry, connection, person, actor, "hand out code")


def of_dose(registry: Registry, dose: int, *, actor: str) -> HolderCode:
    """The same by the number of a dose. Raises `NotFoundError` for one that is not there."""
    with registry.reading() as connection:
        person = now.whose_dose(connection, dose)
    return hand_out(registry, person, actor=actor)


def send(registry: Registry, person: int, command: Sequence[str], *, actor: str) -> None:
    """Make a new code and have a command send it to the telephone that is on record.

    The command gets one JSON object on its standard input (`phone`, `code`) and has twenty seconds. Raises `InputError`
    of `phone` where none is on record, and `ConfigurationError` where the command fails: then no code counts until
    another is handed out or sent.
    """
    with registry.writing() as connection:
        somebody = now.somebody(connection, now.stands_for(connection, person))
        phone, _ = now.numbers(registry, somebody.profile)
        if not phone:
            raise InputError("phone", Reason.MISSING)
        made = _made(registry, connection, person, actor, "send code")
    # Nobody waits for the registry meanwhile.
    told = json.dumps({"phone": phone, "code": made.text})
    try:
        subprocess.run(command, input=told.encode(), timeout=_PATIENCE, check=True, capture_output=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise ConfigurationError(f"the command that sends codes failed ({type(error).__name__})") from None


def hash_of(registry: Registry, code: str) -> str:
    """What a code is found by; `code` as `typed.read` has it."""
    return registry.secrets.hash(KIND, code)


def _made(registry: Registry, connection: Connection, person: int, actor: str, action: str) -> HolderCode:
    number = now.stands_for(connection, person)
    table, owner, code = schema.holder_code, schema.person, typed.new()
    records = select(owner.c.id).where((owner.c.id == number) | (owner.c.merged_into == number))
    theirs = table.c.person_id.in_(records) & table.c.closed_at.is_(None)
    connection.execute(update(table).where(theirs).values(closed_at=registry.now()))
    connection.execute(
        insert(table).values(
            id=next_id(connection, table),
            person_id=number,
            code_hash=hash_of(registry, code),
            made_at=registry.now(),
            made_by=actor,
        )
    )
    audit.record(registry, connection, actor, action, person=number)
    return HolderCode(number, typed.shown(code))
