"""Cards that are told in several codes, put together as these come: from pictures, lines, arguments, a scanner.

What is put together is one text of a line a part; what is missing of it the format says.
"""

from __future__ import annotations

from collections.abc import Iterable

from vaxcert.errors import CardError
from vaxcert.formats import shc
from vaxcert.formats.recognise import bare


def of(text: str) -> shc.CardPart | None:
    """The part of a card that a text is, or None."""
    try:
        return shc.part(bare(text))
    except CardError:
        return None


class Parts:
    """What came so far of cards in several parts."""

    def __init__(self) -> None:
        self._held: dict[int, dict[int, str]] = {}

    def __bool__(self) -> bool:
        return bool(self._held)

    def contradicts(self, text: str) -> bool:
        """Whether a text is a part of another card than those that are held."""
        one = of(text)
        if one is None or not self._held:
            return False
        held = self._held.get(one.count)
        return held is None or held.get(one.number, line := bare(text)) != line

    def take(self, text: str) -> str | None:
        """The text to judge: one that is no part at once, all parts of a card with its last; else None: it is held.

        A part that contradicts what is held is of another card, and is held beside it: no card is made of both.
        """
        one = of(text)
        if one is None or one.count == 1:
            return text
        held = self._held.setdefault(one.count, {})
        line = bare(text)
        if one.number in held and held[one.number] != line:
            held[one.number] = f"{held[one.number]}\n{line}"
        else:
            held[one.number] = line
        if len(held) < one.count:
            return None
        del self._held[one.count]
        return _lines(held)

    def rest(self) -> list[str]:
        """The texts of cards of which parts are missing; from then on nothing is held."""
        found = [_lines(held) for held in self._held.values()]
        self._held.clear()
        return found

    def held(self) -> list[str]:
        """The texts of `rest`, which goes on being held."""
        return [_lines(held) for held in self._held.values()]


def _lines(held: dict[int, str]) -> str:
    return "\n".join(held[number] for number in sorted(held))


def joined(texts: Iterable[str]) -> list[str]:
    """Texts that came together, with the parts of cards put together; a card that lacks some comes last."""
    parts = Parts()
    whole = [found for text in texts if (found := parts.take(text)) is not None]
    return whole + parts.rest()
