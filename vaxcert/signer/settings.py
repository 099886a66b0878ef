"""What the signer is told at its start, by a TOML file, and what it refuses to start with.

socket           where it listens; its folder is there already
group            the group that the socket belongs to: the web process's
peers            users (names or numbers) whose processes may ask
approvers        users whose processes may say yes to many at once  [as peers]
db               the registry, as sqlite:///… or postgresql://…
registry_key     the registry's key
key              the signing key: a folder, a PEM file, or pkcs11:…
passphrase_file  its first line is the key's passphrase  [VAXCERT_PASSPHRASE]
authority        the issuer's name on the certificates
format           what the certificates are: hcert, shc or icvp  [hcert]
address          of shc: where the issuer's key set is published, an https:// address
log              the issue log, a file that the signer alone writes
days             validity of certificates  [365]
renew_within     days before the end from which on a new one is issued  [30]
accounts         whether who asks has to be an account of the registry that may have this signed  [true]
hook             a command with its arguments, told of alarms  [none]
limits           a table: see `limits.SigningLimits`
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import msgspec

from vaxcert.errors import ConfigurationError
from vaxcert.signer.limits import SigningLimits
from vaxcert.sockets import settings
from vaxcert.sockets.settings import group_id, user_id


class SignerSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The settings of a signer, as the module's docstring lists them."""

    socket: Path
    db: str
    registry_key: Path
    key: str
    authority: str
    log: Path
    peers: tuple[str | int, ...]
    approvers: tuple[str | int, ...] = ()
    group: str | int | None = None
    passphrase_file: Path | None = None
    days: int = 365
    format: str = "hcert"
    address: str = ""
    renew_within: int = 30
    accounts: bool = True
    hook: tuple[str, ...] = ()
    limits: SigningLimits = msgspec.field(default_factory=SigningLimits)

    def __post_init__(self) -> None:
        if not self.peers:
            raise ConfigurationError("peers: empty, so nobody may ask")
        if self.days < 1 or not 0 <= self.renew_within < self.days:
            raise ConfigurationError("days, renew_within: at least 1 day, and renewing begins before the end")

    def peer_ids(self) -> list[int]:
        """The ids of `peers`. Raises `ConfigurationError` for a user that this machine does not know."""
        return [user_id(one) for one in self.peers]

    def approver_ids(self) -> list[int]:
        """The ids of `approvers`, or of `peers` where none are named."""
        return [user_id(one) for one in self.approvers or self.peers]

    def group_id(self) -> int | None:
        """The id of `group`. Raises `ConfigurationError` for one that this machine does not know."""
        return group_id(self.group)

    def renewing(self) -> timedelta:
        """How long before a certificate's end a new one is issued."""
        return timedelta(days=self.renew_within)


def load(path: Path) -> SignerSettings:
    """Read the settings from a file. Raises `ConfigurationError`, which names what is wrong and quotes no value."""
    return settings.load(path, SignerSettings)
