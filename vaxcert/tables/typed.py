"""Tables that were typed for a font, read as what the font showed: before cells are cleaned, since all signs count."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from vaxcert.names.fonts import Font, convert
from vaxcert.tables.cells import Cells, Changed, stood
from vaxcert.tables.delimited import PAGE

# Such fonts show the signs of the Western code page.
_WESTERN = "cp1252"


class _Rows(Protocol):
    @property
    def first(self) -> int: ...

    @property
    def lines(self) -> int: ...

    def rows(self) -> Iterator[tuple[int, Cells]]: ...


class Typed(NamedTuple):
    """Rows of a piece as Unicode has them."""

    piece: _Rows
    font: Font

    @property
    def first(self) -> int:
        """The line of the first row."""
        return self.piece.first

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return self.piece.lines

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Yield each row's line and cells."""
        for line, cells in self.piece.rows():
            yield line, unicode(cells, self.font)


def unicode(cells: Cells, font: Font | None) -> Cells:
    """Cells as Unicode has them; each that is another text then knows what stands in it."""
    return cells if font is None else tuple(_unicode(cell, font) for cell in cells)


def _unicode(cell: str, font: Font) -> str:
    text = convert(cell, font)
    return cell if text == cell else Changed(text, stood(cell))


def page_for(font: Font | None) -> str:
    """The encoding of a CSV that is no UTF-8."""
    return PAGE if font is None else _WESTERN
