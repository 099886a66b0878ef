"""What each role may do. Pages and programs ask `may` and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from vaxcert.errors import InputError, Reason
from vaxcert.registry.accounts.account import Account
from vaxcert.registry.states import Role


class Action(StrEnum):
    """What somebody may be allowed to do."""

    OWN = "own"  # one's own password, PIN and sessions
    SEARCH = "search"  # find people and see their records
    ADD_PERSON = "add_person"
    CHECK_IN = "check_in"
    RECORD = "record"  # doses and what happened after them; undo within the day
    PRINT = "print"
    IMPORT = "import"
    ANSWER = "answer"  # questions that only a person can decide
    CORRECT = "correct"
    ISSUE_MANY = "issue_many"
    APPROVE = "approve"  # what another reviewer wants issued
    COUNT = "count"  # numbers, and no name
    ACCOUNTS = "accounts"
    SITES = "sites"
    API = "api"  # a program: record a dose and get its certificate


_AT_A_SITE = {Action.OWN, Action.SEARCH, Action.ADD_PERSON, Action.CHECK_IN}
ALLOWED: dict[Role, frozenset[Action]] = {
    Role.CLERK: frozenset(_AT_A_SITE),
    Role.VACCINATOR: frozenset(_AT_A_SITE | {Action.RECORD, Action.PRINT}),
    Role.REVIEWER: frozenset(
        {Action.OWN, Action.SEARCH, Action.IMPORT, Action.ANSWER, Action.CORRECT, Action.ISSUE_MANY, Action.APPROVE}
    ),
    Role.MANAGER: frozenset({Action.OWN, Action.COUNT}),
    Role.ADMINISTRATOR: frozenset({Action.OWN, Action.ACCOUNTS, Action.SITES}),
    Role.INTEGRATOR: frozenset({Action.API}),
}
# Who makes accounts sees nobody's name, and a program is no person.
_ALONE = (Role.ADMINISTRATOR, Role.INTEGRATOR)


def may(account: Account, action: Action) -> bool:
    """Whether an account's roles allow an action. One that is not active may nothing."""
    return account.active and any(action in ALLOWED[role] for role in account.roles)


def checked_roles(roles: Iterable[str]) -> frozenset[Role]:
    """The roles of these names. Raises `InputError` for none, for one that there is not, and for two that do not go
    together: an administrator makes accounts and sees no names, so has that role alone; so has a program."""
    try:
        found = frozenset(Role(name) for name in roles)
    except ValueError:
        raise InputError("roles", Reason.NOT_ONE_OF, allowed=", ".join(Role)) from None
    if not found:
        raise InputError("roles", Reason.MISSING)
    if len(found) > 1 and not found.isdisjoint(_ALONE):
        raise InputError("roles", Reason.ROLES_APART)
    return found
