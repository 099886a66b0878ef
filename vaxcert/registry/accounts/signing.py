"""What accounts may have signed, as the signer asks: by the registry's own word, whatever a peer says of them."""

from __future__ import annotations

from vaxcert.registry.accounts import places
from vaxcert.registry.accounts.account import Account, by_login
from vaxcert.registry.accounts.actions import Action, may
from vaxcert.registry.database import Registry

_PREFIX = "account:"
# A vaccinator's for whoever stands at the desk, a reviewer's for many, a program's for what it recorded.
_SIGNED = (Action.PRINT, Action.ISSUE_MANY, Action.API)


class KeptAccounts:
    """The registry's accounts, named as the audit log names them (`account:LOGIN`), as they are at each request."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def may_sign(self, account: str, site: str) -> bool:
        """Whether there is such an account, it is active, and may have certificates issued at a site ("": at none)."""
        found = self._found(account)
        if found is None or not any(may(found, action) for action in _SIGNED):
            return False
        with self._registry.reading() as connection:
            return not site or site in places.sites_of(connection, found)

    def may_approve(self, account: str) -> bool:
        """Whether there is such an account, it is active, and may say yes to many certificates."""
        found = self._found(account)
        return found is not None and may(found, Action.APPROVE)

    def _found(self, account: str) -> Account | None:
        if not account.startswith(_PREFIX):
            return None
        with self._registry.reading() as connection:
            return by_login(connection, account.removeprefix(_PREFIX))
