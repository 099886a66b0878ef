"""Source to symbols, in this process: its views within limits, then attempt after attempt until one reads something."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from time import thread_time
from typing import TYPE_CHECKING

from vaxcert.qr.advising import advice
from vaxcert.qr.ladder import PATIENCE, Reach, look
from vaxcert.qr.leafing import Leafing
from vaxcert.qr.opening import views
from vaxcert.qr.symbol import Advice, Found, Symbol

if TYPE_CHECKING:
    from vaxcert.qr.opening import Picture, Views


def read(
    image: Picture,
    *,
    thorough: bool = True,
    wanted: tuple[str, ...] | None = None,
    clock: Callable[[], float] = thread_time,
) -> Found:
    """The codes in a picture: a path, the bytes of a PNG, JPEG, WebP or PDF, a PIL image, an array or a buffer.

    Buffers are grey: a memoryview of bytes, height × width. Arrays are grey (height × width) or colour (height ×
    width × 3 or 4, the fourth being opacity), uint8. Of a PDF the codes of all pages come in order. Without a code
    the list is empty and its `advice` says what may be the matter; a picture is given some ten attempts and about a
    second for that, three at most. `thorough=False` makes the quick ones only, for a camera whose next frame is worth
    more. Raises `ImageError` for what cannot be opened or is over the limits.

    `wanted`: beginnings of the texts that are looked for, such as ("HC1:",). Attempts go on until one reads such a
    text, and for a code that is seen beside it; codes of other kinds that were read meanwhile come after it, each
    text once, or alone. `clock`: seconds that count for patience.
    """
    with closing(views(image)) as source:
        if source.pages:
            symbols = Leafing(source, wanted, clock).symbols(thorough=thorough)
            advised = Advice.NO_CODE if thorough and not symbols else None
        else:
            symbols, advised = _of_picture(source, thorough, wanted, clock)
    if wanted is not None:
        symbols = list({symbol.text: symbol for symbol in reversed(symbols)}.values())[::-1]
        symbols.sort(key=lambda symbol: not symbol.text.startswith(wanted))
    return Found(symbols, advice=advised)


def _of_picture(
    source: Views, thorough: bool, wanted: tuple[str, ...] | None, clock: Callable[[], float]
) -> tuple[list[Symbol], Advice | None]:
    """Those of the first way to see a picture that gives any, all ways being tried quickly before any patiently."""
    until = clock() + PATIENCE
    picture = source.draw(0)
    # The first drawing tells how many there are.
    alone = len(source) == 1
    found = [look(picture, Reach.PATIENT if thorough and alone else Reach.QUICK, wanted, until=until, clock=clock)]
    if not alone:
        del picture  # before another is drawn: there is memory for one
        others = [(number, Reach.QUICK) for number in range(1, len(source))]
        others += [(number, Reach.PATIENT) for number in range(len(source)) if thorough]
        for number, reach in others:
            if found[-1].succeeded or clock() > until:
                break
            found.append(look(source.draw(number), reach, wanted, until=until, clock=clock))
    if found[-1].succeeded:
        return found[-1].symbols + [symbol for one in found[:-1] for symbol in one.symbols], None
    symbols = [symbol for one in found for symbol in one.symbols]
    if symbols or not thorough:
        return symbols, None
    return [], advice(picture if alone else source.draw(0), [spot for one in found for spot in one.unread])
