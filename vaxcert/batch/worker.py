"""What workers do: sign the rows of a part, draw their codes, and leave a block. They read the key themselves."""

from __future__ import annotations

import hmac
import threading
from collections.abc import Sequence, Set
from datetime import UTC
from functools import lru_cache, partial
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from vaxcert import uvci
from vaxcert.batch import block, naming
from vaxcert.batch.checking import good_rows
from vaxcert.batch.order import KeySource, Order, RunSettings
from vaxcert.batch.paper import Paper, Printed, pdf
from vaxcert.batch.runfile import secret_of
from vaxcert.errors import ImageError, InputError, Problem, Reason, place_of
from vaxcert.issue import Issued, Issuer
from vaxcert.issuelog import LogEntry, hash_source, iso, line_of
from vaxcert.model import Dose, Person
from vaxcert.qr.plan import draw
from vaxcert.qr.png import pngs
from vaxcert.qr.symbol import Symbol
from vaxcert.tables.delimited import lines
from vaxcert.tables.parts import Part, line_and_dose
from vaxcert.tables.records import identity, person_and_dose
from vaxcert.tables.values.reading import Reading
from vaxcert.verdict import Environment


class Signatory(NamedTuple):
    """What a run has to know of the key that its workers hold."""

    kid: str
    country: str
    test: bool


class _Made(NamedTuple):
    key: int
    person: Person
    dose: Dose
    issued: Issued
    logged: str


# What the data of a row can bring about. Anything else, such as a token that is gone, is no row's fault.
_OF_A_ROW = (ValueError, TypeError, LookupError, ArithmeticError)


def examine(source: KeySource, order: Order) -> Signatory:
    """Find whose key a source has; what key, authority, site or address lack is said before anything is written."""
    key = source.load()
    Issuer(
        key, country=key.country or "", authority=order.authority, valid_for=order.valid_for, site=order.site,
        format=order.format, address=order.address,
    )  # fmt: skip
    return Signatory(key.kid.hex(), key.country or "", key.trusted().environment is Environment.TEST)


def sign_part(settings: RunSettings, part: Part, doubles: frozenset[int]) -> int:
    """Write the block of a part, unless it stands already, and return how many certificates it has.

    Only rows that the check found good are looked at, and of them not those in `doubles`. One that cannot be signed
    nevertheless is kept in the block with what is wrong with it (`block.failed`).
    """
    standing = block.count(settings.folder, part.number)
    return _maker(settings).sign(part, doubles) if standing is None else standing


class BlockMaker:
    """Signs parts. One a process: opening the key takes longer than signing hundreds."""

    def __init__(self, settings: RunSettings) -> None:
        self._settings = settings
        self._secret = secret_of(settings.folder)
        self._key = settings.source.load()
        self._country = self._key.country or ""
        self._issuer = Issuer(
            self._key,
            country=self._country,
            authority=settings.authority,
            valid_for=settings.valid_for,
            site=settings.site,
            clock=lambda: settings.moment,
            format=settings.format,
            address=settings.address,
        )

    def sign(self, part: Part, doubles: frozenset[int]) -> int:
        """Write a part's block, and return how many certificates are in it."""
        settings = self._settings
        made, failed = self._signed(part, good_rows(settings.folder, part.number) - doubles)
        try:
            pictures, codes = self._drawn([one.issued.text for one in made])
        except ImageError:
            made = self._that_fit(made, failed)
            pictures, codes = self._drawn([one.issued.text for one in made])
        until = iso((settings.moment + settings.valid_for).astimezone(UTC))
        stems = [naming.stem(settings.names, one.key, one.person, one.issued.certificate_id) for one in made]
        names = [f"codes/{stem}.{settings.pictures}" for stem in stems]
        manifest = lines(
            *(
                (f"{line_and_dose(one.key)[0]}", one.issued.certificate_id, until, name, one.issued.text,
                 *naming.people(settings.names, one.person))
                for one, name in zip(made, names, strict=True)
            )
        )  # fmt: skip
        paper = self._printed(made, codes) if settings.sheets is not None and made else None
        block.write(
            settings.folder,
            part.number,
            pictures=zip(names, pictures, strict=True),
            manifest=manifest.encode(),
            log="".join(one.logged for one in made).encode(),
            sheets=paper.pdf if paper else None,
            lacking={made[number].key: wrong for number, wrong in paper.lacking.items()} if paper else {},
            failed=failed,
            moment=settings.moment,
        )
        return len(made)

    def _signed(self, part: Part, good: Set[int]) -> tuple[list[_Made], block.Failed]:
        made, failed = [], {}
        for row in part.rows():
            if row.key not in good:
                continue
            try:
                made.append(self._sign(row.key, part.values(row), part.reading))
            except InputError as error:
                failed[row.key] = error.problem
            except _OF_A_ROW as error:
                # Ours, and to be reported by its place; but no row may keep all others from their certificates.
                failed[row.key] = Problem("row", Reason.FAULT, (("place", place_of(error)),))
        return made, failed

    def _sign(self, key: int, values: dict[str, str], reading: Reading) -> _Made:
        settings = self._settings
        # What the texts mean; whether it makes sense the issuer finds out.
        person, dose = person_and_dose(values, reading)
        dose = replace(dose, certificate_id=self._certificate_id(person, dose))
        issued = self._issuer.issue(person, dose)
        entry = LogEntry(
            certificate_id=dose.certificate_id,
            kid=self._key.kid.hex(),
            issued_at=settings.moment,
            expires_at=(settings.moment + settings.valid_for).astimezone(UTC),
            operator=settings.operator,
            source_sha256=hash_source(msgspec.json.encode(values, order="deterministic")),
        )
        return _Made(key, person, dose, issued, line_of(entry))

    def _that_fit(self, made: Sequence[_Made], failed: block.Failed) -> list[_Made]:
        """Those whose text fits a code; the others are noted in `failed`, and their certificates go nowhere."""
        fit = []
        for one in made:
            try:
                self._drawn([one.issued.text])
            except ImageError:
                failed[one.key] = Problem("row", Reason.NO_FIT, (("level", self._settings.level),))
            else:
                fit.append(one)
        return fit

    def _certificate_id(self, person: Person, dose: Dose) -> str:
        # The same dose gets the same id in the same run, however often its block has to be made.
        what = identity(person, dose)
        return uvci.make(self._country, dose.site or self._settings.site, partial(_opaque, self._secret, what))

    def _drawn(self, texts: Sequence[str]) -> tuple[list[bytes], list[Symbol]]:
        """The pictures of texts, and their codes where more than pictures is made of them."""
        settings = self._settings
        pictures: dict[int, bytes] = {}
        codes: dict[int, Symbol] = {}
        for some in draw(texts, level=settings.level, mask=settings.mask):
            if settings.pictures == "svg" or settings.sheets is not None:
                for index, modules in zip(some.numbers, some.modules, strict=True):
                    matrix = tuple(tuple(row) for row in modules.astype(bool).tolist())
                    text = texts[index]
                    codes[index] = Symbol(text=text, data=text.encode(), version=some.version, matrix=matrix)
            if settings.pictures == "png":
                pictures.update(zip(some.numbers, pngs(some.modules, scale=settings.scale), strict=True))
            else:
                pictures.update((index, codes[index].svg().encode()) for index in some.numbers)
        return [pictures[index] for index in range(len(texts))], [codes[index] for index in sorted(codes)]

    def _printed(self, made: Sequence[_Made], codes: Sequence[Symbol]) -> Paper:
        settings = self._settings
        return pdf(
            [Printed(one.person, one.dose, one.issued, code) for one, code in zip(made, codes, strict=True)],
            authority=settings.authority,
            test=settings.test,
            layout=settings.sheets or "a4",
            template=settings.template,
            moment=settings.moment,
        )


def _opaque(secret: bytes, what: bytes, size: int) -> bytes:
    return hmac.digest(secret, what, "sha256")[:size]


_opening = threading.Lock()


def _maker(settings: RunSettings) -> BlockMaker:
    # A process of a cluster may work with several threads.
    with _opening:
        return _kept(settings)


@lru_cache(maxsize=1)
def _kept(settings: RunSettings) -> BlockMaker:
    return BlockMaker(settings)


def forget() -> None:
    """Let go of the key that this process has open."""
    _kept.cache_clear()
