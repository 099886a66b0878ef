"""An account as Flask-Security wants a user, kept by the registry's own functions.

Not through an ORM's session: each change of an account is one transaction with its entry in the audit log, begun as a
writer, since on SQLite whoever read first could not write once another had.
"""

from __future__ import annotations

from typing import Any

from flask_security import RoleMixin, UserMixin
from flask_security.datastore import UserDatastore

from vaxcert.registry import Registry
from vaxcert.registry.accounts import entering
from vaxcert.registry.accounts.account import Account, by_login, by_mark

# The one second factor that needs no network and no telephone number.
AUTHENTICATOR = "authenticator"


class User(UserMixin):
    """An account, under the names that the library knows. Roles are not its matter: see `access.needs`."""

    roles: list[RoleMixin] = []  # noqa: RUF012  (the library's; nobody adds to it)
    tf_phone_number = None
    fs_uniquifier = ""

    def __init__(self, registry: Registry, account: Account) -> None:
        self.registry = registry
        self.account = account
        self.id = account.id
        self.username = account.login
        self.email = account.email or ""
        self.active = account.active
        self.password = account.password_hash
        self.fs_uniquifier = account.session_mark
        self.tf_totp_secret = entering.totp_secret(registry, account)
        self.tf_primary_method = None if self.tf_totp_secret is None else AUTHENTICATOR

    def is_locked(self, form_error: list[str] | None = None) -> bool:
        """Whether nobody gets in for now."""
        return self.account.locked(self.registry.now())

    def track_failed_authn(self, auth_type: str, tfa: bool = False) -> None:
        """Count a wrong password or code."""
        entering.failed(self.registry, self.id, "code" if tfa else auth_type)

    def __repr__(self) -> str:
        return f"<User {self.id}>"


class Accounts(UserDatastore):
    """Where the library finds users, and hands over what it changed of them."""

    def __init__(self, registry: Registry) -> None:
        super().__init__(User, RoleMixin)
        self._registry = registry

    def find_user(self, case_insensitive: bool = False, **by: Any) -> User | None:
        """The user of this `username` or `fs_uniquifier`; the library looks by nothing else."""
        ((name, value),) = by.items()
        find = {"username": by_login, "fs_uniquifier": by_mark}[name]
        with self._registry.reading() as connection:
            found = find(connection, str(value))
        return None if found is None else User(self._registry, found)

    def find_role(self, role: str) -> None:
        """None: what roles may do is decided by `access.needs` alone."""

    def put(self, model: User) -> User:
        """Keep a password that was changed, with which all sessions end, or an authenticator that was set up."""
        kept = model.account
        # A hash alone is one that the library would make anew; it keeps the old one.
        if model.fs_uniquifier != kept.session_mark and model.password is not None:
            entering.store_password(self._registry, model.id, model.password, model.fs_uniquifier)
        if model.tf_totp_secret and model.tf_totp_secret != entering.totp_secret(self._registry, kept):
            entering.store_totp(self._registry, model.id, model.tf_totp_secret)
        with self._registry.reading() as connection:
            model.account = by_mark(connection, model.fs_uniquifier) or kept
        return model

    def commit(self) -> None:
        """Nothing: each `put` is a transaction."""
