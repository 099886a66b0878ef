"""What a policy's file may say, as TOML has it: an unknown word or an empty policy is an error, never a yes."""

from __future__ import annotations

import re
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec

from vaxcert import codes
from vaxcert.names import plain, printable
from vaxcert.rules.policies.diseases import codes_of
from vaxcert.wording.words import Words


class WordError(ValueError):
    """A word of a policy whose value is of the right kind and cannot be followed. `word`: which."""

    def __init__(self, word: str, why: str) -> None:
        super().__init__(why)
        self.word = word


Days = Annotated[int, msgspec.Meta(ge=0, le=40_000)]
_Code = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
# An empty list would ask for nothing where its writer may have meant that nothing will do.
_Codes = Annotated[tuple[_Code, ...], msgspec.Meta(min_length=1)]
_TESTS = {"pcr": "LP6464-4", "antigen": "LP217198-3"}
# `any` and `all` within one another; more is nothing that a person could follow.
MOST_NESTED = 5
# What somebody writes who means a vaccine: its name, or its code in other letters.
_CODE_OF = {plain(said): code for code, known in codes.PRODUCTS.items() for said in (known.name, code)}
_SITE = re.compile(r"(?:[A-Z]{2}/)?[A-Z0-9]{1,16}", re.ASCII)


class _Read(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"start": "from", "end": "to"}
):
    pass


class Span(_Read, frozen=True, kw_only=True):
    """Days from `start` to `end`, both counted in; either may be left open."""

    start: Days | None = None
    end: Days | None = None

    def __post_init__(self) -> None:
        if self.start is None and self.end is None:
            raise ValueError("needs `from` or `to`")
        if self.start is not None and self.end is not None and self.start > self.end:
            raise ValueError("`from` is after `to`")

    def holds(self, days: int) -> bool:
        """Whether so many days lie within."""
        return (self.start is None or days >= self.start) and (self.end is None or days <= self.end)


class TestAsked(_Read, frozen=True, kw_only=True):
    """A test that did not find the disease. `types`: pcr, antigen, or codes; `hours`: at most so old."""

    __test__ = False

    hours: Annotated[int, msgspec.Meta(ge=1, le=10_000)]
    types: _Codes = ()

    def __post_init__(self) -> None:
        for kind in self.types:
            # Every code of a kind of test has a digit (LOINC).
            if kind.lower() not in _TESTS and not any(map(str.isdigit, kind)):
                raise WordError("types", f"neither a code nor one of {', '.join(_TESTS)}")

    @property
    def codes(self) -> frozenset[str]:
        """The codes of the kinds of test that will do; empty where any will."""
        return frozenset(_TESTS.get(name.lower(), name) for name in self.types)


class RecoveryAsked(_Read, frozen=True, kw_only=True):
    """A recovery: days since the first positive test."""

    days: Span


class Asked(_Read, frozen=True, kw_only=True):
    """What is asked for, all of it.

    `doses`: at least so many; `complete`: a whole series; `booster`: a dose beyond its series; `products`: only doses
    of these count, here and in what is within; `days_since_last`: since the last dose that counts; `any`: one of these
    is enough; `all`: each of these.
    """

    doses: Annotated[int, msgspec.Meta(ge=1, le=99)] | None = None
    complete: bool = False
    booster: bool = False
    products: _Codes = ()
    days_since_last: Span | None = None
    test: TestAsked | None = None
    recovery: RecoveryAsked | None = None
    any: Annotated[tuple[Asked, ...], msgspec.Meta(min_length=1)] = ()
    all: Annotated[tuple[Asked, ...], msgspec.Meta(min_length=1)] = ()

    def __post_init__(self) -> None:
        if not self.asks_for_doses and not (self.test or self.recovery or self.any or self.all):
            raise ValueError("asks for nothing")
        if self.depth > MOST_NESTED:
            raise ValueError(f"more than {MOST_NESTED} times `any` or `all` within one another")
        for product in self.products:
            if (meant := _CODE_OF.get(plain(product))) is not None and product != meant:
                raise WordError("products", f"the code of {codes.PRODUCTS[meant].name} is {meant}")
            if product not in codes.PRODUCTS and (product.isalpha() or " " in product):
                raise WordError("products", "codes, as `vaxcert inspect` shows them, and no names")

    @property
    def asks_for_doses(self) -> bool:
        """Whether a dose is needed for it."""
        return bool(self.doses or self.complete or self.booster or self.products or self.days_since_last)

    @property
    def depth(self) -> int:
        """How often `any` and `all` stand within one another."""
        return 1 + max((one.depth for one in (*self.any, *self.all)), default=0)


class Exempt(_Read, frozen=True, kw_only=True):
    """Who needs nothing but a genuine certificate: younger than `under`, or at least `from_age`, in whole years."""

    under: Annotated[int, msgspec.Meta(ge=1, le=150)] | None = None
    from_age: Annotated[int, msgspec.Meta(ge=1, le=150)] | None = None

    def __post_init__(self) -> None:
        if self.under is None and self.from_age is None:
            raise ValueError("needs `under` or `from_age`")
        if self.under is not None and self.from_age is not None and self.under >= self.from_age:
            raise ValueError("everybody is younger than `under` or has reached `from_age`: nothing would be asked")


class Title(_Read, frozen=True, kw_only=True):
    """What people are shown as the policy's name."""

    en: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    vi: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]

    def __post_init__(self) -> None:
        if not (printable(self.en).strip() and printable(self.vi).strip()):
            raise ValueError("nothing of it can be seen")


class Policy(Asked, frozen=True, kw_only=True):
    """A policy of a place.

    `diseases`: against which; one of them is enough; by name or by code. `formats`: of the cards that will do, empty
    for all; `banned_sites`: ids of sites, with or without their country ("VN/VP07"), whose certificates do not count.
    `zone`: by whose calendar days are counted, an IANA name.
    """

    title: Title
    diseases: _Codes
    formats: _Codes = ()
    banned_sites: tuple[_Code, ...] = ()
    exempt: Exempt | None = None
    zone: str = "Asia/Ho_Chi_Minh"

    def __post_init__(self) -> None:
        super().__post_init__()
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError):
            raise WordError("zone", "no such time zone on this machine") from None
        for site in self.banned_sites:
            if _SITE.fullmatch(site) is None:
                raise WordError("banned_sites", "not the id of a site, such as VP07 or VN/VP07")
        for disease in self.diseases:
            try:
                codes_of(disease)
            except ValueError as error:
                raise WordError("diseases", str(error)) from None

    @property
    def words(self) -> Words:
        """The title."""
        return Words(self.title.en, self.title.vi)
