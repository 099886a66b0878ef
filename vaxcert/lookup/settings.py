"""What the look-up is told at its start, by a TOML file, and what it refuses to start with.

socket           where it listens; its folder is there already
group            the group that the socket belongs to: the public pages'
peers            users (names or numbers) whose processes may ask
db               the registry, as sqlite:///… or postgresql://…, by a login that may do what docs/public.md lists
registry_key     the registry's key
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from vaxcert.errors import ConfigurationError
from vaxcert.sockets import settings
from vaxcert.sockets.settings import group_id, user_id


class LookupSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The settings of a look-up, as the module's docstring lists them."""

    socket: Path
    db: str
    registry_key: Path
    peers: tuple[str | int, ...]
    group: str | int | None = None

    def __post_init__(self) -> None:
        if not self.peers:
            raise ConfigurationError("peers: empty, so nobody may ask")

    def peer_ids(self) -> list[int]:
        """The ids of `peers`. Raises `ConfigurationError` for a user that this machine does not know."""
        return [user_id(one) for one in self.peers]

    def group_id(self) -> int | None:
        """The id of `group`. Raises `ConfigurationError` for one that this machine does not know."""
        return group_id(self.group)


def load(path: Path) -> LookupSettings:
    """Read the settings from a file. Raises `ConfigurationError`, which names what is wrong and quotes no value."""
    return settings.load(path, LookupSettings)
