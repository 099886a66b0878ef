"""Against robots that fill in forms, without a riddle that would keep anybody out who cannot see or runs no scripts.

A form is good from some seconds after it was shown until some hours: who sends it the moment it comes reads nothing.
How many bookings one network makes in a day is limited. A stricter check may be named in the settings (`BookingCheck`).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Mapping
from enum import Enum
from importlib import import_module
from typing import Protocol, cast

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from markupsafe import Markup

from portal_app.public.config import PublicSettings
from portal_app.public.protection import key
from vaxcert import ConfigurationError

# Seconds. Nobody types a name, a birth date and a telephone faster, and a form that was filled in by a browser is read.
SOONEST, LATEST = 3, 10_800


class BookingCheck(Protocol):
    """What else a form has to pass; `portal_app.public.booking.guarding:Nothing` is the one that asks for nothing.

    It must work without scripts and for whoever cannot see: a question in words, or a code by telephone.
    """

    def field(self, lang: str) -> Markup:
        """What stands in the form, in a language: labelled fields, without scripts and without other hosts."""
        ...

    def passes(self, form: Mapping[str, str], block: str) -> bool:
        """Whether a form that was sent from an address block is taken."""
        ...


class Nothing:
    """A check that everybody passes."""

    def field(self, lang: str) -> Markup:
        """Nothing to fill in."""
        return Markup("")

    def passes(self, form: Mapping[str, str], block: str) -> bool:
        """Always."""
        return True


class FormAge(Enum):
    """What there is to say about when a form was shown."""

    GOOD = "good"
    TOO_SOON = "too_soon"
    TOO_LATE = "too_late"  # or it is none of ours


class Guard:
    """What forms of booking are guarded by. `clock`: seconds since 1970."""

    def __init__(self, settings: PublicSettings, *, clock: Callable[[], float] = time.time) -> None:
        self._key, self._clock = key(settings, "booking form"), clock
        self._limit, self._limiter = parse(f"{settings.booked} per day"), FixedWindowRateLimiter(MemoryStorage())
        self.check: BookingCheck = _named(settings.check) if settings.check else Nothing()

    def new(self) -> str:
        """The field of a new form."""
        said = f"{int(self._clock())}.{secrets.token_hex(16)}"
        return f"{said}.{self._mark(said)}"

    def age(self, field: str) -> FormAge:
        """Whether a form was open long enough to be read, and not too long."""
        said, _, mark = field.rpartition(".")
        if not hmac.compare_digest(mark.encode("utf-8", "replace"), self._mark(said).encode()):
            return FormAge.TOO_LATE
        age = self._clock() - int(said.partition(".")[0])
        if age > LATEST:
            return FormAge.TOO_LATE
        return FormAge.TOO_SOON if age < SOONEST else FormAge.GOOD

    def may_book(self, block: str) -> bool:
        """Whether an address block may make one more booking today."""
        return self._limiter.test(self._limit, block)

    def booked(self, block: str) -> None:
        """Count a booking."""
        self._limiter.hit(self._limit, block)

    def _mark(self, said: str) -> str:
        return hmac.new(self._key, said.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:32]


def _named(name: str) -> BookingCheck:
    """The check that a setting names, as package.module:name; it is called without arguments."""
    module, _, attribute = name.partition(":")
    try:
        made = getattr(import_module(module), attribute)()
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        raise ConfigurationError(f"check: no such check ({type(error).__name__})") from None
    return cast("BookingCheck", made)
