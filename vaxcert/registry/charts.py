"""Coverage as a manager reads it at a glance: SVG or PNG by matplotlib."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from vaxcert.errors import ConfigurationError
from vaxcert.registry.coverage import HIDDEN, Cell, Coverage

_TITLES = {
    "district": ("Số người đã tiêm theo huyện", "People vaccinated, by district"),
    "priority_group": ("Số người đã tiêm theo nhóm ưu tiên", "People vaccinated, by priority group"),
    "age": ("Số người đã tiêm theo độ tuổi", "People vaccinated, by age"),
    "site": ("Số người đã tiêm theo cơ sở", "People vaccinated, by site"),
    "product": ("Số người đã tiêm theo vắc xin", "People vaccinated, by product"),
    "dose": ("Số người đã tiêm theo mũi", "People vaccinated, by dose"),
    "day": ("Số mũi tiêm theo ngày", "Doses given, by day"),
}
_WORDS = {
    "vi": ("đủ liều", "mới tiêm một phần", "chỉ tiêu", "dưới {n}, không công bố", "đến ngày", "đã tiêm", "chưa rõ"),
    "en": ("series complete", "series begun", "target", "below {n}, not published", "until", "vaccinated", "not known"),
}
# Told apart by light and dark too, so that they are in grey and for who sees no red or green.
_COMPLETE, _BEGUN, _TARGET = "#0b4f9e", "#9cc3ea", "#111111"
_MOST_BARS = 60


def draw(found: Coverage, out: Path, *, lang: str = "vi", names: dict[str, str] | None = None, small: int = 10) -> None:
    """A chart of coverage by one dimension, as .svg or .png. `names`: what to write for a key, as a group's name.

    Raises `ConfigurationError` for another ending, for two dimensions, or where matplotlib is missing.
    """
    if len(found.by) != 1:
        raise ConfigurationError("a chart shows one dimension: give --by once")
    if out.suffix not in (".svg", ".png"):
        raise ConfigurationError(f"{out}: a chart is .svg or .png")
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise ConfigurationError("charts need matplotlib: pip install 'vaxcert[registry]'") from None
    dimension = found.by[0]
    title = _TITLES[dimension][0 if lang == "vi" else 1]
    if dimension == "day":
        figure = Figure(figsize=(11, 5), layout="constrained")
        _days(figure.subplots(), found)
    else:
        cells = sorted(found.cells, key=lambda cell: cell.key, reverse=True)[-_MOST_BARS:]
        figure = Figure(figsize=(11, 1.6 + 0.5 * len(cells)), layout="constrained")
        _bars(figure.subplots(), cells, names or {}, lang, small)
    figure.axes[0].set_title(f"{title}, {_WORDS[lang][4]} {found.as_of:%d/%m/%Y}", loc="left", fontweight="bold")
    try:
        # Without a date in it, so that the same numbers make the same file.
        figure.savefig(out, dpi=144, metadata={"Date": None} if out.suffix == ".svg" else {"Software": None})
    except OSError as error:
        raise ConfigurationError(f"{out}: {error.strerror}") from None


def _bars(axes: Any, cells: list[Cell], names: dict[str, str], lang: str, small: int) -> None:
    done, begun, target, hidden, _, either, unknown = _WORDS[lang]
    places = range(len(cells))
    if any(cell.complete == HIDDEN for cell in cells):
        # How many are complete is not told, so the bars tell of both alike.
        axes.barh(places, [max(0, cell.people) for cell in cells], color=_BEGUN, label=either)
    else:
        complete = [cell.complete for cell in cells]
        rest = [max(0, cell.people - cell.complete) for cell in cells]
        axes.barh(places, complete, color=_COMPLETE, label=done)
        axes.barh(places, rest, left=complete, color=_BEGUN, label=begun)
    if any(cell.target for cell in cells):
        goals = [cell.target or None for cell in cells]
        axes.scatter(goals, places, marker="|", s=500, linewidths=3, color=_TARGET, label=target)
    widest = max((max(cell.people, cell.target or 0) for cell in cells), default=0) or 1
    for place, cell in zip(places, cells, strict=True):
        if cell.people == HIDDEN:
            axes.text(widest * 0.01, place, hidden.format(n=small), va="center", style="italic")
            continue
        told = _number(cell.people, lang)
        if cell.target:
            told += f" / {_number(cell.target, lang)}  ({cell.people / cell.target:.0%})"
        axes.text(max(cell.people, cell.target or 0) + widest * 0.015, place, told, va="center")
    names = {"?": unknown} | names
    axes.set_yticks(places, [names.get(cell.key[0], cell.key[0]) for cell in cells])
    axes.set_xlim(0, widest * 1.25)
    axes.xaxis.set_major_formatter(lambda value, _: _number(round(value), lang))
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.08), ncols=3, frameon=False)


def _days(axes: Any, found: Coverage) -> None:
    from datetime import date

    days = [date.fromisoformat(cell.key[0]) for cell in found.cells]
    axes.bar(days, [max(0, cell.doses) for cell in found.cells], color=_COMPLETE, width=1.0)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(axis="x", rotation=30)


def _number(value: int, lang: str) -> str:
    return f"{value:,}".replace(",", "." if lang == "vi" else ",")
