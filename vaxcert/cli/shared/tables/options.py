"""Options that say how a table is to be read: which of its sheets and columns, and how its texts are meant."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from vaxcert.cli.shared.options import Input

if TYPE_CHECKING:
    from vaxcert.tables.values.reading import Reading

_F = TypeVar("_F", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--map", "mapping", type=Input(), help='JSON file that names columns: {"heading": "field", …}.'),
    click.option("--sheet", help="The workbook's sheet that has the table: its name, or its number from 1."),
    click.option(
        "--ignore-column",
        "ignored",
        multiple=True,
        metavar="HEADING",
        help="A column to leave out; repeatable. One without a heading goes by its letters (M), here and in --map.",
    ),
    click.option("--dates", type=click.Choice(["dmy", "mdy"]), help="Day or month first.  [default: the day]"),
    click.option(
        "--zone", default="Asia/Ho_Chi_Minh", show_default=True, help="Whose days instants such as …T17:00Z are of."
    ),
    click.option(
        "--values",
        "value_file",
        type=Input(),
        help='JSON file that says what texts mean: {"product": {"text in the table": "code", …}, …}.',
    ),
    click.option("--series", type=click.IntRange(1, 9), help="Doses of a series, where neither row nor vaccine tells."),
    click.option("--legacy-font", type=click.Choice(["tcvn3", "vni"]), help="The font that the table was typed for."),
)


def table_options(command: _F) -> _F:
    """--map, --sheet and --ignore-column, and the options that `reading_of` takes as they come."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def reading_of(
    *, dates: Any, zone: str, value_file: Path | None, series: int | None, legacy_font: Any, more: frozenset[str]
) -> Reading:
    """The options as a `Reading`; `more`: fields beside those of a dose that --values may name."""
    from vaxcert.tables.spellings import FIELDS
    from vaxcert.tables.values.reading import Reading, load_values

    values = {} if value_file is None else load_values(value_file, FIELDS | more)
    return Reading(dates=dates, zone=zone, values=values, series=series, legacy_font=legacy_font)
