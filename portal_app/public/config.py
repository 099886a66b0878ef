"""What the public app is told at its start, by variables of the environment or a file.

A TOML file, named by VAXCERT_PUBLIC_CONFIG, may hold the names of the second column; a variable wins over it.

VAXCERT_LOOKUP            lookup     the socket of the look-up service; without it nothing is looked up
VAXCERT_BOOKING           booking    the bookings' database: sqlite:///FILE or postgresql://…; without it none are taken
VAXCERT_BOOKING_KEY       booking_key  the bookings' key  [booking.key]
VAXCERT_PUBLIC_SECRET     secret     what forms are sealed with, at least 32 signs  [made up at each start]
VAXCERT_PUBLIC_OFFICE     office     who runs it, as the privacy notice names them
VAXCERT_PUBLIC_CONTACT    contact    how they are reached, as the privacy notice says
VAXCERT_PUBLIC_LANGUAGE   language   vi or en, for whoever has not chosen  [vi]
VAXCERT_PUBLIC_RATE       rate       forms a minute from one address block, of one page and process  [60]
VAXCERT_PUBLIC_DAILY      daily      forms a day from one address block, of one page and process  [2000]
VAXCERT_PUBLIC_BOOKED     booked     bookings a day from one address block, of one process  [300]
VAXCERT_PUBLIC_CHECK      check      what else a form of booking has to pass, package.module:name  [nothing]
VAXCERT_PUBLIC_PROXIES    proxies    servers in front that add X-Forwarded-For and -Proto  [0]
VAXCERT_PUBLIC_PLAIN      plain      1: over http, for this machine alone; browsers then send cookies without TLS
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

import msgspec

from vaxcert import ConfigurationError
from vaxcert.settings import GivenSettings

_IN_FILE = {
    "VAXCERT_LOOKUP": "lookup",
    "VAXCERT_BOOKING": "booking",
    "VAXCERT_BOOKING_KEY": "booking_key",
    "VAXCERT_PUBLIC_SECRET": "secret",
    "VAXCERT_PUBLIC_OFFICE": "office",
    "VAXCERT_PUBLIC_CONTACT": "contact",
    "VAXCERT_PUBLIC_LANGUAGE": "language",
    "VAXCERT_PUBLIC_RATE": "rate",
    "VAXCERT_PUBLIC_DAILY": "daily",
    "VAXCERT_PUBLIC_BOOKED": "booked",
    "VAXCERT_PUBLIC_CHECK": "check",
    "VAXCERT_PUBLIC_PROXIES": "proxies",
    "VAXCERT_PUBLIC_PLAIN": "plain",
}
_FEWEST = 32
# Of one start of the server, for all its processes, where the settings say no secret.
MADE_UP = "VAXCERT_PUBLIC_MADE_UP"


class PublicSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What the public app is told at its start, as the module's docstring lists it."""

    lookup: Path | None = None
    booking: str = ""
    booking_key: Path = Path("booking.key")
    secret: str = msgspec.field(default_factory=lambda: secrets.token_hex(_FEWEST))
    office: str = ""
    contact: str = ""
    language: str = "vi"
    rate: int = 60
    daily: int = 2_000
    booked: int = 300
    check: str = ""
    proxies: int = 0
    plain: bool = False

    def __repr__(self) -> str:
        return "<PublicSettings>"

    @classmethod
    def from_variables(cls, variables: Mapping[str, str] | None = None) -> PublicSettings:
        """Read the settings from the environment, or what stands in for it.

        Raises `ConfigurationError`, which names what is wrong and quotes no value.
        """
        given = GivenSettings.of(variables, _IN_FILE, config="VAXCERT_PUBLIC_CONFIG")
        lookup = given.text("VAXCERT_LOOKUP")[0]
        made_up = (os.environ if variables is None else variables).get(MADE_UP, "")
        secret, place = given.text("VAXCERT_PUBLIC_SECRET")
        if secret and len(secret) < _FEWEST:
            raise ConfigurationError(f"{place}: shorter than {_FEWEST} signs")
        return cls(
            lookup=Path(lookup) if lookup else None,
            booking=given.text("VAXCERT_BOOKING")[0],
            booking_key=Path(given.text("VAXCERT_BOOKING_KEY", "booking.key")[0]),
            secret=secret or made_up or secrets.token_hex(_FEWEST),
            office=given.text("VAXCERT_PUBLIC_OFFICE")[0],
            contact=given.text("VAXCERT_PUBLIC_CONTACT")[0],
            language=given.one_of("VAXCERT_PUBLIC_LANGUAGE", "vi", "en"),
            rate=given.number("VAXCERT_PUBLIC_RATE", 60, 1, 100_000),
            daily=given.number("VAXCERT_PUBLIC_DAILY", 2_000, 1, 10_000_000),
            booked=given.number("VAXCERT_PUBLIC_BOOKED", 300, 1, 1_000_000),
            check=given.text("VAXCERT_PUBLIC_CHECK")[0],
            proxies=given.number("VAXCERT_PUBLIC_PROXIES", 0, 0, 5),
            plain=given.flag("VAXCERT_PUBLIC_PLAIN"),
        )
