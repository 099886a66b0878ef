"""What accounts may have signed, as the signer asks: by the registry's own word, whatever a peer says of them."""

from __future__ import annotations

from collections.abc import Collection

from vaxcert.registry.accounts import places
from vaxcert.registry.accounts.account import Account, by_login
from vaxcert.registry.accounts.actions import Action, may
from vaxcert.registry.database import Registry

_PREFIX = "account:"
# A vaccinator's for whoever stands at the desk, a reviewer's for many, a program's for what it recorded.
_MANY = (Action.ISSUE_MANY,)
_SIGNED = (Action.PRINT, Action.ISSUE_MANY, Action.API)


class KeptAccounts:
    """The registry's accounts, named as the audit log names them (`account:LOGIN`), as they are at each request."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def may_sign(self, account: str, sites: Collection[str], *, many: bool) -> bool:
        """Whether there is such an account, it is active, and may have doses given at these sites certified.

        A site "" is none that the list knows: for accounts alone that work everywhere. `many`: more than one dose.
        """
        found = self._found(account)
        if found is None or not any(may(found, action) for action in (_MANY if many else _SIGNED)):
            return False
        if not found.site and not found.area:
            return True
        with self._registry.reading() as connection:
            return places.sites_of(connection, found).issuperset(sites)

    def may_approve(self, account: str) -> bool:
        """Whether there is such an account, it is active, and may say yes to many certificates."""
        found = self._found(account)
        return found is not None and may(found, Action.APPROVE)

    def _found(self, account: str) -> Account | None:
        if not account.startswith(_PREFIX):
            return None
        with self._registry.reading() as connection:
            return by_login(connection, account.removeprefix(_PREFIX))
