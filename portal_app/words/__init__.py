"""What the portal's pages say, in Vietnamese and English: a module for each group of pages.

Reasons, verdicts and fields come from `vaxcert.wording`.
"""

from __future__ import annotations

from flask import current_app, g, request

from portal_app.words import (
    accounts,
    arrivals,
    booking,
    common,
    desk,
    groups,
    intake,
    looking,
    managing,
    public,
    reported,
    reviewing,
)
from vaxcert.wording import Words

LANGUAGES = ("vi", "en")

_GROUPS = (
    common.WORDS, accounts.WORDS, desk.WORDS, intake.WORDS, managing.WORDS, reviewing.WORDS, groups.WORDS,
    reported.WORDS, public.WORDS, looking.WORDS, booking.WORDS, arrivals.WORDS,
)  # fmt: skip
WORDS: dict[str, Words] = {name: words for group in _GROUPS for name, words in group.items()}
if len(WORDS) != sum(map(len, _GROUPS)):
    raise RuntimeError("two groups of pages have words of one name")


def language() -> str:
    """The language of this request: chosen, else the site's."""
    # `g.lang`: said with the very form that is answered.
    chosen = g.get("lang") or request.cookies.get("lang")
    if chosen in LANGUAGES:
        return chosen
    site: str = current_app.extensions["settings"].language
    return site


def say(name: str, lang: str = "", /, **said: str | int) -> str:
    """The words of that name, in this request's language or in `lang`, filled in with what is said."""
    return WORDS[name].filled(said).of(lang or language()) if said else WORDS[name].of(lang or language())
