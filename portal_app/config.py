"""What the portal is told at its start, by variables of the environment or a file, and what it refuses to start with.

A TOML file, named by VAXCERT_PORTAL_CONFIG, may hold the names of the second column; a variable wins over it.

VAXCERT_DB                db         the registry: sqlite:///FILE or postgresql://… (needed)
VAXCERT_REGISTRY_KEY      key        the registry's key  [registry.key]
VAXCERT_SIGNER            signer     the socket of the signer; without it nothing is printed
VAXCERT_PORTAL_FILES      files      where units' tables lie until they are taken over  [portal-files beside the key]
VAXCERT_PORTAL_TRAINING   training   1: a registry made for training; nobody needs an authenticator, every page says so
VAXCERT_PORTAL_SNAPSHOT   snapshot   in training: the export to which the portal puts the registry back every night
VAXCERT_PORTAL_RESET      reset      the hour of that, 0 to 23 in the registry's country  [2]
VAXCERT_PORTAL_LANGUAGE   language   vi or en, for whoever has not chosen  [vi]
VAXCERT_PORTAL_IDLE       idle       minutes without a page after which the PIN or password is wanted again  [30]
VAXCERT_PORTAL_RATE       rate       tries to sign in a minute from one address, of one process  [30]
VAXCERT_PORTAL_PROXIES    proxies    servers in front that add X-Forwarded-For and -Proto  [0]
VAXCERT_PORTAL_PLAIN      plain      1: over http, for this machine alone; browsers then send cookies without TLS
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from vaxcert import ConfigurationError
from vaxcert.settings import GivenSettings

_IN_FILE = {
    "VAXCERT_DB": "db",
    "VAXCERT_REGISTRY_KEY": "key",
    "VAXCERT_SIGNER": "signer",
    "VAXCERT_PORTAL_FILES": "files",
    "VAXCERT_PORTAL_TRAINING": "training",
    "VAXCERT_PORTAL_SNAPSHOT": "snapshot",
    "VAXCERT_PORTAL_RESET": "reset",
    "VAXCERT_PORTAL_LANGUAGE": "language",
    "VAXCERT_PORTAL_IDLE": "idle",
    "VAXCERT_PORTAL_RATE": "rate",
    "VAXCERT_PORTAL_PROXIES": "proxies",
    "VAXCERT_PORTAL_PLAIN": "plain",
}


class PortalSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What the portal is told at its start, as the module's docstring lists it."""

    db: str
    key: Path = Path("registry.key")
    signer: Path | None = None
    files: Path | None = None
    training: bool = False
    snapshot: Path | None = None
    reset: int = 2
    language: str = "vi"
    idle: int = 30
    rate: int = 30
    proxies: int = 0
    plain: bool = False

    @property
    def folder(self) -> Path:
        """Where units' tables lie until they are taken over."""
        return self.files or self.key.parent / "portal-files"

    @classmethod
    def from_variables(cls, variables: Mapping[str, str] | None = None) -> PortalSettings:
        """Read the settings from the environment, or what stands in for it.

        Raises `ConfigurationError`, which names what is wrong.
        """
        given = GivenSettings.of(variables, _IN_FILE, config="VAXCERT_PORTAL_CONFIG")
        db, _ = given.text("VAXCERT_DB")
        if not db:
            raise ConfigurationError("VAXCERT_DB is not set: the registry, sqlite:///FILE or postgresql://…")
        return cls(
            db=db,
            key=Path(given.text("VAXCERT_REGISTRY_KEY", "registry.key")[0]),
            signer=Path(told) if (told := given.text("VAXCERT_SIGNER")[0]) else None,
            files=Path(told) if (told := given.text("VAXCERT_PORTAL_FILES")[0]) else None,
            training=given.flag("VAXCERT_PORTAL_TRAINING"),
            snapshot=Path(copy) if (copy := given.text("VAXCERT_PORTAL_SNAPSHOT")[0]) else None,
            reset=given.number("VAXCERT_PORTAL_RESET", 2, 0, 23),
            language=given.one_of("VAXCERT_PORTAL_LANGUAGE", "vi", "en"),
            idle=given.number("VAXCERT_PORTAL_IDLE", 30, 1, 720),
            rate=given.number("VAXCERT_PORTAL_RATE", 30, 1, 100_000),
            proxies=given.number("VAXCERT_PORTAL_PROXIES", 0, 0, 5),
            plain=given.flag("VAXCERT_PORTAL_PLAIN"),
        )
