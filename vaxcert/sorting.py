"""Of the codes that were seen together, which are judged, and in which order their verdicts are told."""

from __future__ import annotations

from collections.abc import Iterable

from vaxcert.errors import Reason, UnrecognisedError
from vaxcert.formats import PREFIXES, bare, chunks, format_of, recognise, shc
from vaxcert.formats import is_known as is_known
from vaxcert.formats.hcert import PREFIX, is_whole
from vaxcert.formats.lines import Assembler
from vaxcert.verdict import Status, Verdict

# What a reader of pictures goes on for (`wanted` of `vaxcert.qr.read`): a code that is none of these hides no card.
WANTED = PREFIXES

# By how much is said: of a picture without a card the code is told that says most.
_SAYING = (Reason.KEYBOARD_LAYOUT, Reason.FORMAT_UNSUPPORTED, Reason.NOT_A_CERTIFICATE, Reason.FORMAT_UNKNOWN)
_WORST_FIRST = (Status.REFUSED, Status.UNDETERMINED, Status.ACCEPTED)

# Cards are looked for in so many lines: putting lines together costs more the more there are.
_MOST_LINES = 400


# Files in which cards stand, and no lines.
FILES = frozenset((".json", ".smart-health-card"))


def says_something(text: str) -> bool:
    """Whether a text holds what may be a card, or is of a shape that says what it is instead."""
    return any(prefix in text for prefix in PREFIXES) or is_known(text)


def cards_in(text: str) -> list[str]:
    """The texts of cards in one text, as of a file of several, or among its lines, as in a mail.

    Where no line is a whole card, the text itself. Parts of a card are put together.
    """
    whole = bare(text)
    if PREFIX not in text:
        if whole.startswith("{") and shc.SHC.detect(whole):
            return shc.tokens_in(whole)
        if format_of(whole) is not None:
            return chunks.joined(whole.split("\n")) if chunks.of(whole.partition("\n")[0]) else [text]
    lines = text.splitlines() if any(prefix in text for prefix in PREFIXES) else []
    # In the one line of most texts there is one card, whole or not: the verifier is to find that out.
    if not 1 < len(lines) <= _MOST_LINES or is_whole(whole):
        return [text]
    assembler = Assembler()
    found = [one for line in lines for one in assembler.feed(line)] + list(assembler.flush())
    cards = [one for one in found if one.startswith(PREFIX)]
    others = [one for one in found if not one.startswith(PREFIX) and format_of(one) is not None]
    return [*cards, *chunks.joined(others)] if others or any(map(is_whole, cards)) else [text]


def to_judge(texts: Iterable[str]) -> list[str]:
    """Of the texts of one picture the cards, each once, their parts put together; where there is none, the one other
    code that says most.

    Codes that are on posters, and codes that are not there at all, stand beside a card and are not told.
    """
    others: list[tuple[int, str]] = []
    cards: dict[str, str] = {}
    for text in chunks.joined(texts):
        try:
            recognise(own := bare(text))
        except UnrecognisedError as error:
            others.append((_SAYING.index(error.reason), text))
        else:
            cards.setdefault(own, text)
    return list(cards.values()) or [text for _, text in sorted(others, key=lambda other: other[0])[:1]]


def badness(verdict: Verdict) -> int:
    """The place of a verdict among several that are told together: who looks at the first alone sees the worst."""
    return _WORST_FIRST.index(verdict.status)
