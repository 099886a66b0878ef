"""`Issuer`: a dose becomes a signed text."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from vaxcert import uvci
from vaxcert.errors import ConfigurationError, InputError, Reason, wrong_type
from vaxcert.formats import hcert, shc, who
from vaxcert.formats.eudcc import write
from vaxcert.issuelog import IssueLog, LogEntry
from vaxcert.model import Dose, Person
from vaxcert.sense import RECORD as RECORD
from vaxcert.sense import check as check
from vaxcert.sense import check_text
from vaxcert.sense import faults as faults
from vaxcert.trust import revocation
from vaxcert.trust.own.signing import SigningKey
from vaxcert.verdict import Environment

if TYPE_CHECKING:
    from vaxcert.qr import Symbol

# What is issued.
FORMATS = ("hcert", "icvp", "shc")

# Vietnam has kept one offset since 1975; as a constant it needs no time zone database on the machine.
_ZONES: dict[str, tzinfo] = {"VN": timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")}


class Issued(msgspec.Struct, frozen=True, kw_only=True):
    """A signed certificate. `text` begins with "HC1:", of a health card with "shc:/"; the times are aware, UTC."""

    text: str
    certificate_id: str
    issued_at: datetime
    expires_at: datetime

    def qr(self, *, level: str = "Q") -> Symbol:
        """The certificate's QR code. Level Q survives a quarter of the symbol being lost (ISO/IEC 18004)."""
        from vaxcert.qr import write as draw

        return draw(self.text, level=level)

    def __repr__(self) -> str:
        return f"<Issued until {self.expires_at.isoformat()}>"


class Issuer:
    """Signs doses for one authority with one key.

    `country`: ISO 3166 alpha-2, the key's own. `authority`: the issuer's name on the certificate, at most 80
    characters. `valid_for`: from issuing to expiry. `site`: the default for doses that name none. `zone`: where
    "today" is decided, a `tzinfo` or an IANA name; Vietnam's for VN, else UTC. `clock`: yields aware
    datetimes. `log`: gets an entry before each certificate leaves. `random`: yields unpredictable bytes. `format`: what
    is issued unless it is said otherwise, "hcert" (the EU's), "icvp" (WHO's certificate of yellow fever and polio
    vaccination) or "shc" (SMART Health Card); `address`: the https address whose `/.well-known/jwks.json` holds the
    key, which health cards need.

    Raises `ConfigurationError` for a key of another country, or one that may not sign vaccinations or that format, and
    `TypeError` for an argument of another type than these.
    """

    def __init__(
        self,
        key: SigningKey,
        *,
        country: str,
        authority: str,
        valid_for: timedelta,
        site: str = "",
        zone: tzinfo | str | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        log: IssueLog | None = None,
        operator: str = "",
        random: Callable[[int], bytes] = os.urandom,
        format: str = "hcert",  # noqa: A002  (the field's word)
        address: str = "",
    ) -> None:
        if not isinstance(valid_for, timedelta):
            raise wrong_type("valid_for", "timedelta", valid_for)
        for name, text in (("authority", authority), ("site", site), ("operator", operator)):
            if not isinstance(text, str):
                raise wrong_type(name, "text", text)
        if key.country != country:
            raise ConfigurationError(f"the key is {key.country or 'of no country'}, not {country}", Reason.KEY_UNFIT)
        usages = key.trusted().usages
        if usages and "vaccination" not in usages:
            raise ConfigurationError("the key's certificate does not allow it to sign vaccinations", Reason.KEY_UNFIT)
        if valid_for <= timedelta(0):
            raise InputError("valid_for", Reason.NOT_POSITIVE)
        if address and not shc.is_issuer(address):
            raise ConfigurationError(
                "address: not an https address without a slash at its end, as cards name their issuer by"
            )
        check_text("authority", authority)
        if site:
            uvci.check_site(site)
        self._key = key
        self._country = country
        self._authority = authority
        self._valid_for = valid_for
        self._site = site
        self._zone = _zone(country, zone)
        self._clock = clock
        self._log = log
        self._operator = operator
        self._random = random
        self._address = address
        self._format = format
        self._check_format(format)

    @property
    def kid(self) -> bytes:
        """The id of the key that signs, 8 bytes."""
        return self._key.kid

    @property
    def authority(self) -> str:
        """The issuer's name on the certificates."""
        return self._authority

    @property
    def valid_for(self) -> timedelta:
        """How long a certificate is valid, from issuing to expiry."""
        return self._valid_for

    @property
    def is_test(self) -> bool:
        """Whether the key is marked TEST: then what it signs is worth nothing, and should say so."""
        return self._key.trusted().environment is Environment.TEST

    def issue(
        self,
        person: Person,
        dose: Dose,
        *,
        operator: str | None = None,
        source_sha256: str | None = None,
        format: str | None = None,  # noqa: A002  (the field's word)
    ) -> Issued:
        """Sign one dose. Country, authority, site and format follow from the issuer unless they are named.

        `operator` and `source_sha256` (see `vaxcert.issuelog.hash_source`) go into the log.
        Raises `InputError` for what makes no sense, `ConfigurationError` where the certificate would not
        lie within the key's validity or the log cannot be written.
        """
        language = self._format if format is None else format
        if format is not None:
            self._check_format(format)
        # 1. The times, whole seconds: those that the card carries are those that are compared.
        now = self._clock()
        if now.tzinfo is None:
            raise ValueError("`clock` gives times without a time zone")
        issued_at = now.astimezone(UTC).replace(microsecond=0)
        expires_at = (issued_at + self._valid_for).replace(microsecond=0)
        self._check_validity(issued_at, expires_at)
        # 2. What goes in has to make sense before anything is signed.
        check(person, dose, today=now.astimezone(self._zone).date(), format=language)
        # 3. What the issuer adds to the dose.
        site = dose.site or self._site
        country = dose.country or self._country
        dose = msgspec.structs.replace(
            dose,
            country=country,
            issuer=dose.issuer or self._authority,
            certificate_id=dose.certificate_id or uvci.make(self._country, site, self._random),
        )
        # 4. The log first: a certificate that is not in it could never be revoked.
        if self._log is not None:
            self._log.append(
                LogEntry(
                    certificate_id=dose.certificate_id,
                    kid=self._key.kid.hex(),
                    issued_at=issued_at,
                    expires_at=expires_at,
                    operator=self._operator if operator is None else operator,
                    source_sha256=source_sha256,
                )
            )
        # 5. Claims, payload, signature, text.
        text = self._sealed(language, person, dose, int(issued_at.timestamp()), int(expires_at.timestamp()))
        return Issued(text=text, certificate_id=dose.certificate_id, issued_at=issued_at, expires_at=expires_at)

    def _sealed(self, language: str, person: Person, dose: Dose, issued_at: int, expires_at: int) -> str:
        key, named = self._key, dose.certificate_id
        if language == "shc":
            rid = revocation.to_rid(named)
            return shc.seal(
                person, dose, key=key, issuer=self._address, rid=rid, issued_at=issued_at, expires_at=expires_at
            )
        if language == "icvp":
            return hcert.seal_icvp(
                who.write_icvp(person, dose), key=key, issuer=self._country, named=named, issued_at=issued_at,
                expires_at=expires_at,
            )  # fmt: skip
        return hcert.seal(
            write(person, dose), key=key, issuer=self._country, issued_at=issued_at, expires_at=expires_at
        )

    def _check_format(self, language: str) -> None:
        """Raise for a format that is not issued, or that this key or issuer is not for."""
        if language not in FORMATS:
            raise InputError("format", Reason.NOT_ONE_OF, allowed=", ".join(FORMATS))
        if language == "shc":
            if not self._address:
                raise ConfigurationError("a health card names its issuer's https address: give address=")
        elif language not in self._key.trusted().formats:
            raise ConfigurationError(
                f"the key's certificate does not allow it to sign {language}: make one that does with "
                f"`vaxcert keys new --format {language}`",
                Reason.KEY_UNFIT,
            )

    def _check_validity(self, issued_at: datetime, expires_at: datetime) -> None:
        key = self._key
        if issued_at < key.not_before:
            raise ConfigurationError(
                f"the key is valid from {key.not_before:%Y-%m-%d %H:%M} UTC only", Reason.KEY_UNFIT
            )
        if expires_at > key.not_after:
            raise ConfigurationError(
                f"the key ends on {key.not_after:%Y-%m-%d}, before the certificate would "
                f"({expires_at:%Y-%m-%d}): make the next key, or shorten the validity",
                Reason.KEY_UNFIT,
            )


def local_day(country: str, now: datetime) -> date:
    """Which day it is at an issuer's that names no zone of its own."""
    return local_time(country, now).date()


def local_time(country: str, now: datetime) -> datetime:
    """What clocks show there; `now` is aware, as is what is returned."""
    return now.astimezone(_zone(country, None))


def _zone(country: str, zone: tzinfo | str | None) -> tzinfo:
    if isinstance(zone, str):
        try:
            return ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise ConfigurationError("zone: no such time zone on this machine") from None
    return zone or _ZONES.get(country, UTC)
