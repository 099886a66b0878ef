"""Counts as SVG to stand in a page: no script, no style of its own, to be read in print and told by a screen reader.

What it shows is told in its description too; a table belongs beside it. Labels stand over their bars, so that a picture
as narrow as a telephone is read still. `charts` draws files by matplotlib.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import NamedTuple

from vaxcert.names import printable
from vaxcert.wording.reports import CHART

# Letters of a label that are in its line, even wide ones; the description has all of them.
_LABEL = 36
# Told apart by light and dark too, so that they are in grey and for who sees no red or green.
_DARK, _LIGHT, _INK, _PAPER = "#0b4f9e", "#9cc3ea", "#111111", "#ffffff"
_WIDTH, _LETTER = 400, 15
_ROW, _BAR, _OVER = 70, 18, 44
_DAYS_HEIGHT = 150


class Bar(NamedTuple):
    """One bar: people, how many of them are complete (None where that is not told), and how many are to be reached."""

    label: str
    people: int
    complete: int | None = None
    target: int | None = None


def bars(title: str, rows: Sequence[Bar], *, lang: str = "vi") -> str:
    """A bar a row, with what it shows written over it; as an `<svg>` with a title and a description."""
    words = {name: text.of(lang) for name, text in CHART.items()}
    widest = max((max(row.people, row.target or 0) for row in rows), default=0) or 1
    parts, told = [], []
    for place, row in enumerate(rows):
        top, says = place * _ROW, _says(row, words, lang)
        told.append(f"{row.label}: {says}")
        parts.append(_text(0, top + _LETTER + 1, _short(row.label), weight="bold"))
        parts.append(_text(0, top + 2 * _LETTER + 6, says))
        parts.append(
            _rect(0, top + _OVER, _long(row.people, widest), _BAR, _LIGHT if row.complete is not None else _DARK)
        )
        if row.complete:
            parts.append(_rect(0, top + _OVER, _long(row.complete, widest), _BAR, _DARK))
        if row.target:
            at = min(_long(row.target, widest), _WIDTH - 3)
            parts.append(_rect(at, top + _OVER - 3, 3, _BAR + 6, _INK))
    return _svg(title, "; ".join(told), parts + _legend(rows, words), _ROW * (len(rows) + 1))


def days(title: str, counts: Sequence[tuple[date, int]], *, lang: str = "vi") -> str:
    """Doses a day, from the first day to the last: a column a day, also where none was given."""
    if not counts:
        return _svg(title, "", [], _LETTER)
    first, last = counts[0][0], counts[-1][0]
    most_on, most = max(counts, key=lambda one: (one[1], one[0]))
    wide = _WIDTH / ((last - first).days + 1)
    bottom = 2 * _LETTER + _DAYS_HEIGHT
    parts = [
        _rect((day - first).days * wide, bottom - doses * _DAYS_HEIGHT / max(most, 1), max(wide * 0.85, 0.6),
              doses * _DAYS_HEIGHT / max(most, 1), _DARK)
        for day, doses in counts if doses
    ]  # fmt: skip
    parts += [_rect(0, bottom, _WIDTH, 1, _INK), _text(0, bottom + 20, _day(first))]
    if last > first:
        parts.append(_text(_WIDTH, bottom + 20, _day(last), anchor="end"))
    highest = words_of("most", lang).format(doses=number(most, lang), day=_day(most_on))
    parts.append(_text(0, _LETTER, highest))
    told = f"{_day(first)} – {_day(last)}; {highest}"
    return _svg(title, told, parts, bottom + 28)


def number(value: int, lang: str) -> str:
    """A number as it is written: 1.234 in Vietnamese, 1,234 in English."""
    return f"{value:,}".replace(",", "." if lang == "vi" else ",")


def share(part: int, whole: int, lang: str) -> str:
    """What share of a whole that is, in per cent with a decimal, rounded down: what is not all is never 100%."""
    tenths = 1_000 * part // whole if whole else 0
    return f"{tenths // 10}{',' if lang == 'vi' else '.'}{tenths % 10}%"


def words_of(name: str, lang: str) -> str:
    """The words of charts."""
    return CHART[name].of(lang)


def _says(row: Bar, words: dict[str, str], lang: str) -> str:
    told = number(row.people, lang)
    if row.target:
        told += f" / {number(row.target, lang)} ({share(row.people, row.target, lang)})"
    if row.complete is not None:
        told += f", {words['complete']} {number(row.complete, lang)}"
    return told


def _legend(rows: Sequence[Bar], words: dict[str, str]) -> list[str]:
    split = any(row.complete is not None for row in rows)
    shown = [(_DARK, words["complete"]), (_LIGHT, words["begun"])] if split else [(_DARK, words["either"])]
    if any(row.target for row in rows):
        shown.append((_INK, words["target"]))
    top, at, parts = _ROW * len(rows) + 14, 0, []
    for colour, word in shown:
        parts += [
            _rect(at, top, 3 if colour == _INK else 14, 14, colour),
            _text(at + (8 if colour == _INK else 20), top + 12, word),
        ]
        at += 40 + len(word) * 8
    return parts


def _svg(title: str, told: str, parts: Sequence[str], height: float) -> str:
    # A white ground, so that letters are dark on light whatever the page's own colours are.
    ground = f'<rect x="-8" y="-4" width="{_WIDTH + 16}" height="{height + 8:g}" fill="{_PAPER}"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="-8 -4 {_WIDTH + 16} {height + 8:g}" '
        f'font-family="system-ui, sans-serif" font-size="{_LETTER}">'
        f"<title>{_said(title)}</title><desc>{_said(told)}</desc>{ground}{''.join(parts)}</svg>"
    )


def _rect(x: float, y: float, width: float, height: float, colour: str) -> str:
    edge = f' stroke="{_DARK}" stroke-width="1"' if colour == _LIGHT else ""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{colour}"{edge}/>'


def _text(x: float, y: float, said: str, *, anchor: str = "start", weight: str = "normal") -> str:
    look = f'fill="{_INK}" text-anchor="{anchor}" font-weight="{weight}"'
    return f'<text x="{x:g}" y="{y:g}" {look}>{_said(said)}</text>'


def _said(text: str) -> str:
    return escape(printable(text))


def _short(text: str) -> str:
    return text if len(text) <= _LABEL else text[: _LABEL - 1].rstrip() + "…"


def _long(value: int, widest: int) -> float:
    return max(0, value) * _WIDTH / widest


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
