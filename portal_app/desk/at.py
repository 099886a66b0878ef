"""What the desk's pages share: the session that this browser works at, whose names are shown, and words for errors."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, NamedTuple, cast

from flask import Blueprint, flash, g, redirect, session, url_for

from portal_app import access
from portal_app.words import language, say
from vaxcert import codes
from vaxcert.errors import InputError, NotFoundError, Problem, Reason
from vaxcert.registry.accounts import places, seeing
from vaxcert.registry.accounts.actions import Action
from vaxcert.registry.desk import sessions, supplies
from vaxcert.registry.desk.sessions import Session
from vaxcert.registry.records.doses import RecordedDose
from vaxcert.wording import questions
from vaxcert.wording.rows import phrase

_KEY = "desk"


class Head(NamedTuple):
    """What stands at the head of the desk's pages: the session, and how many doses of its lot are left."""

    session: Session
    left: int


def blueprint(name: str) -> Blueprint:
    """A group of the desk's pages."""
    made = Blueprint(name, __name__, url_prefix="/desk")
    made.context_processor(_everywhere)
    return made


def _everywhere() -> dict[str, Any]:
    return {
        "head": _head,
        "may": lambda name: access.allowed(Action(name)),
        "called": called,
        "day": day,
        "born": born,
        "why": lambda reasons: questions.told(reasons).of(language()),
    }


def sites() -> frozenset[str]:
    """The codes of the sites at which whoever asks works."""
    if "desk_sites" not in g:
        with access.registry().reading() as connection:
            g.desk_sites = places.sites_of(connection, access.account())
    return cast("frozenset[str]", g.desk_sites)


def chosen() -> Session | None:
    """The session that this browser works at, as long as it is of today, open, and of the account's sites; the only
    one that is open there where none was chosen."""
    if "desk_session" not in g:
        g.desk_session = _chosen()
    return cast("Session | None", g.desk_session)


def _chosen() -> Session | None:
    number = session.get(_KEY)
    if number is not None:
        try:
            found = sessions.get(access.registry(), number)
        except NotFoundError:
            found = None
        if found is not None and _usable(found):
            return found
        session.pop(_KEY, None)
    if not access.allowed(Action.CHECK_IN):
        return None
    there = [one for one in of_today() if one.is_open]
    return there[0] if len(there) == 1 else None


def _usable(one: Session) -> bool:
    return one.is_open and one.day == access.registry().today() and one.site in sites()


def of_today() -> list[Session]:
    """The sessions of today at the account's sites, the newest first."""
    today = sessions.listed(access.registry(), site=access.account().site, day=access.registry().today())
    return [one for one in today if one.site in sites()]


def choose(number: int) -> None:
    """Have this browser work at a session. Raises `NotFoundError` for one that is not today's, here, and open."""
    if not _usable(sessions.get(access.registry(), number)):
        raise NotFoundError(f"session {number}: none that is open here today")
    session[_KEY] = number
    g.pop("desk_session", None)


def named(number: str) -> Session | None:
    """The session that a form names, though it may be closed by now; the chosen one where it names none.

    Raises `NotFoundError` for one of another site.
    """
    if not (number.isascii() and number.isdecimal()):
        return chosen()
    found = sessions.get(access.registry(), int(number[:9]))
    if found.site not in sites():
        raise NotFoundError(f"session {number}: of another site")
    return found


def check_today(one: Session) -> None:
    """Raise `InputError` for a session whose day is over."""
    if one.day != access.registry().today():
        raise InputError("session", Reason.NOT_OF_THE_SESSION)


def to_choose() -> Any:
    """The way to the sessions, for a page that needs one."""
    flash(say("desk_choose_first"))
    return redirect(url_for("desk_sessions.listed"))


def open_to(people: Collection[int]) -> set[int]:
    """Those of these people whom whoever asks is shown whole."""
    with access.registry().reading() as connection:
        return seeing.open_to(access.registry(), connection, access.account(), people)


def is_open_to(person: int) -> bool:
    """Whether whoever asks is shown somebody whole."""
    return person in open_to([person])


def lots(one: Session) -> list[supplies.LotLeft]:
    """What there is left of the session's product at its site, its own lot first."""
    there = [lot for lot in supplies.lots(access.registry(), one.site) if lot.product == one.product]
    return sorted(there, key=lambda lot: lot.lot != one.lot)


def _head() -> Head | None:
    one = chosen()
    if one is None:
        return None
    with access.registry().reading() as connection:
        return Head(one, supplies.left(connection, one.site, one.lot))


def told(problems: Iterable[Problem]) -> dict[str, str]:
    """What is wrong, by field, in words without the field's name, which stands above them."""
    found: dict[str, str] = {}
    for problem in problems:
        _, _, words = phrase(problem).of(language()).partition(": ")
        field = _SHOWN_AT.get(problem.field, problem.field)
        found[field] = f"{found[field]}; {words}" if field in found else words[:1].upper() + words[1:]
    return found


def wrong(error: InputError) -> dict[str, str]:
    """An error, by field."""
    return told([error.problem])


# A name has one field here.
_SHOWN_AT = {"family_name": "full_name", "given_name": "full_name", "family_middle_name": "full_name"}


def called(kind: str, code: str) -> str:
    """The name of a code."""
    return codes.name(kind, code, language())


def day(value: date) -> str:
    """A day as it is written here."""
    return f"{value:%d/%m/%Y}"


def born(text: str) -> str:
    """A birth date as people write it: the day first."""
    return "/".join(reversed(text.split("-")))


def next_number(one: Session, held: dict[str, int]) -> int:
    """Which dose comes next of what the session gives; `held`: by disease."""
    known = codes.product(one.product)
    return held.get(known.disease, 1) if known else 1


def dose(one: Session, number: str, lot: str) -> RecordedDose:
    """A dose as typed. Raises `InputError` for a number that is none."""
    if not (number.isascii() and number.isdecimal() and 1 <= int(number[:3]) <= 9):
        raise InputError("number", Reason.NOT_A_NUMBER, least=1, most=9)
    return sessions.dose(one, int(number), lot=lot)
