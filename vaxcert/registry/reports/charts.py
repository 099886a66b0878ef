"""Coverage as a manager reads it at a glance: SVG or PNG by matplotlib."""

from __future__ import annotations

import warnings
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from vaxcert import codes, files
from vaxcert.errors import ConfigurationError, Reason
from vaxcert.extras import missing
from vaxcert.names import printable
from vaxcert.registry import groups, schema
from vaxcert.registry.database import Registry
from vaxcert.registry.reports.coverage import HIDDEN, OF_PEOPLE, Cell, Coverage
from vaxcert.wording.reports import CHART, CHART_TITLES

# Told apart by light and dark too, so that they are in grey and for who sees no red or green.
_COMPLETE, _BEGUN, _TARGET = "#0b4f9e", "#9cc3ea", "#111111"
# More bars make a picture that no program opens.
_MOST_BARS = 400


def names(registry: Registry, dimension: str, *, lang: str = "vi") -> dict[str, str]:
    """What to write for a key of this dimension; keys that speak for themselves are left out."""
    if dimension == "priority_group":
        with registry.reading() as connection:
            return {
                one.code: f"{one.code}. {one.name_vi if lang == 'vi' else one.name_en}"
                for one in groups.listed(connection)
            }
    if dimension == "product":
        return {code: product.name for code, product in codes.PRODUCTS.items()}
    if dimension == "dose":
        return {str(number): CHART["dose"].of(lang).format(n=number) for number in range(1, 10)}
    if dimension == "site":
        with registry.reading() as connection:
            return {row.code: f"{row.code} {row.name}".strip() for row in connection.execute(select(schema.site))}
    return {}


def draw(counted: Coverage, out: Path, *, lang: str = "vi", names: dict[str, str] | None = None) -> None:
    """Draw a chart of coverage by one dimension, as .svg or .png. `names`: what to write for a key (see `names`).

    Raises `ConfigurationError` for another ending, for two dimensions, for more bars than a picture holds, or where
    matplotlib is missing.
    """
    if len(counted.by) != 1:
        raise ConfigurationError("a chart shows one dimension: give --by once")
    if out.suffix not in (".svg", ".png"):
        raise ConfigurationError(f"{out}: a chart is .svg or .png", Reason.FORM_UNKNOWN)
    dimension = counted.by[0]
    words = _words(lang)
    if dimension != "day" and len(counted.cells) > _MOST_BARS:
        raise ConfigurationError(
            f"{len(counted.cells)} bars are too many for a chart ({_MOST_BARS} at most): use the table",
            Reason.TOO_LARGE,
        )
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise ConfigurationError(missing("charts need matplotlib", "registry"), Reason.COMPONENT_MISSING) from None
    if dimension == "day":
        figure = Figure(figsize=(11, 5), layout="constrained")
        _days(figure.subplots(), counted, lang)
    else:
        labels = {"?": words["unknown"]} | (names or {})
        cells = sorted(counted.cells, key=lambda cell: labels.get(cell.key[0], cell.key[0]), reverse=True)
        figure = Figure(figsize=(11, 2 + 0.5 * len(cells)), layout="constrained")
        _bars(figure.subplots(), cells, labels, lang, split=dimension in OF_PEOPLE)
    title = f"{CHART_TITLES[dimension].of(lang)}, {words['until'].format(day=f'{counted.as_of:%d/%m/%Y}')}"
    total = counted.total
    all_doses = words["hidden"] if total.doses == HIDDEN else f"{_number(total.doses, lang)} {words['doses']}"
    whole = all_doses if dimension == "day" else _told(total, lang)
    figure.axes[0].set_title(f"{title}\n{words['all']}: {whole}", loc="left", fontweight="bold", linespacing=1.5)
    # Without a date in it, so that the same numbers make the same file. Letters that the font lacks are boxes.
    with files.writing(out), warnings.catch_warnings(action="ignore", category=UserWarning):
        figure.savefig(out, dpi=144, metadata={"Date": None} if out.suffix == ".svg" else {"Software": None})


def _bars(axes: Any, cells: list[Cell], names: dict[str, str], lang: str, *, split: bool) -> None:
    from matplotlib.ticker import MaxNLocator

    words, places = _words(lang), range(len(cells))
    if not split or any(cell.complete == HIDDEN for cell in cells):
        # Where it is not told how many are complete, or is not of this dose or place alone, bars tell of all alike.
        axes.barh(places, [max(0, cell.people) for cell in cells], color=_BEGUN, label=words["either"])
    else:
        complete = [cell.complete for cell in cells]
        rest = [max(0, cell.people - cell.complete) for cell in cells]
        axes.barh(places, complete, color=_COMPLETE, label=words["complete"])
        axes.barh(places, rest, left=complete, color=_BEGUN, label=words["begun"])
    if any(cell.target for cell in cells):
        goals = [cell.target or None for cell in cells]
        axes.scatter(goals, places, marker="|", s=500, linewidths=3, color=_TARGET, label=words["target"])
    widest = max((max(cell.people, cell.target or 0) for cell in cells), default=0) or 1
    for place, cell in zip(places, cells, strict=True):
        beside = max(cell.people, cell.target or 0, 0) + widest * 0.015
        style = "italic" if cell.people == HIDDEN else "normal"
        axes.text(beside, place, _told(cell, lang, split=split), va="center", style=style)
    # What units wrote is no mathematics, whatever stands in it.
    axes.set_yticks(places, [printable(names.get(cell.key[0], cell.key[0])) for cell in cells], parse_math=False)
    axes.set_xlim(0, widest * 1.45)
    axes.xaxis.set_major_locator(MaxNLocator("auto", integer=True))
    axes.xaxis.set_major_formatter(lambda value, _: _number(round(value), lang))
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.08), ncols=3, frameon=False)


def _days(axes: Any, found: Coverage, lang: str) -> None:
    from matplotlib.dates import DateFormatter
    from matplotlib.ticker import MaxNLocator

    days = [date.fromisoformat(cell.key[0]) for cell in found.cells]
    axes.bar(days, [max(0, cell.doses) for cell in found.cells], color=_COMPLETE, width=1.0)
    if hidden := sum(cell.doses == HIDDEN for cell in found.cells):
        axes.set_xlabel(CHART["days"].of(lang).format(n=_number(hidden, lang)), style="italic", labelpad=10)
    axes.spines[["top", "right"]].set_visible(False)
    axes.xaxis.set_major_formatter(DateFormatter("%d/%m/%Y"))  # type: ignore[no-untyped-call]
    axes.yaxis.set_major_locator(MaxNLocator("auto", integer=True))
    axes.yaxis.set_major_formatter(lambda value, _: _number(round(value), lang))
    axes.tick_params(axis="x", rotation=30)


def _told(cell: Cell, lang: str, *, split: bool = True) -> str:
    """The label of a cell: people, of how many that are to be reached, and how many are complete."""
    words = _words(lang)
    if cell.people == HIDDEN:
        return words["hidden"]
    told = _number(cell.people, lang)
    if cell.target:
        told += f" / {_number(cell.target, lang)} ({cell.people / cell.target:.0%})"
    if split and cell.complete not in (HIDDEN, 0):
        told += f", {words['complete']} {_number(cell.complete, lang)}"
    return told


def _number(value: int, lang: str) -> str:
    return f"{value:,}".replace(",", "." if lang == "vi" else ",")


def _words(lang: str) -> dict[str, str]:
    return {name: words.of(lang) for name, words in CHART.items()}
