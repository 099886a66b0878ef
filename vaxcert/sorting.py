"""Of the codes that were seen together, which are judged, and in which order their verdicts are told."""

from __future__ import annotations

from collections.abc import Iterable

from vaxcert.errors import Reason, UnrecognisedError
from vaxcert.formats import PREFIXES, bare, is_known, recognise
from vaxcert.formats.hcert import is_whole
from vaxcert.formats.lines import Assembler
from vaxcert.verdict import Status, Verdict

# What a reader of pictures goes on for (`wanted` of `vaxcert.qr.read`): a code that is none of these hides no card.
WANTED = PREFIXES

# By how much is said: of a picture without a card the code is told that says most.
_SAYING = (Reason.KEYBOARD_LAYOUT, Reason.FORMAT_UNSUPPORTED, Reason.NOT_A_CERTIFICATE, Reason.FORMAT_UNKNOWN)
_WORST_FIRST = (Status.REFUSED, Status.UNDETERMINED, Status.ACCEPTED)

# Cards are looked for in so many lines: putting lines together costs more the more there are.
_MOST_LINES = 400


def says_something(text: str) -> bool:
    """Whether a text holds what may be a card, or is of a shape that says what it is instead."""
    return any(prefix in text for prefix in PREFIXES) or is_known(text)


def cards_in(text: str) -> list[str]:
    """The texts of cards among the lines of one text, such as a mail; where none of them is whole, the text itself."""
    if not any(prefix in text for prefix in PREFIXES) or is_whole(bare(text)):
        return [text]
    lines = text.splitlines()
    if len(lines) > _MOST_LINES:
        return [text]
    assembler = Assembler()
    found = [one for line in lines for one in assembler.feed(line)] + list(assembler.flush())
    cards = [one for one in found if one.startswith(PREFIXES)]
    return cards if any(map(is_whole, cards)) else [text]


def to_judge(texts: Iterable[str]) -> list[str]:
    """Of the texts of one picture the cards, each once; where there is none, the one other code that says most.

    Codes that are on posters, and codes that are not there at all, stand beside a card and are not told.
    """
    others: list[tuple[int, str]] = []
    cards: dict[str, str] = {}
    for text in texts:
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
