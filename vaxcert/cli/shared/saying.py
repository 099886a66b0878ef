"""What reaches the terminal: the one place through which every command prints.

Names of files and pictures, subjects of certificates, sources of lists and arguments come from outside, and a terminal
obeys what stands in them. So each line is made printable here, whoever wrote it; only colours are added behind that.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from vaxcert.cli.shared.streams import can_write, is_utf8
from vaxcert.names import printable

if TYPE_CHECKING:
    from vaxcert.errors import Problem

# Of a long list people read the beginning.
_MOST = 20


def say(line: object = "", *, err: bool = False, **style: Any) -> None:
    """Print one line, with `err` on standard error; `style`: as `click.style` has it. Breaks within become spaces."""
    text = printable(str(line))
    click.echo(click.style(text, **style) if style else text, err=err)


def say_block(block: str, *, err: bool = False) -> None:
    """Print text of several lines, whose breaks are our own: texts from outside that stand in it must have none."""
    for line in block.split("\n"):
        say(line, err=err)


def say_lacking(problems: Sequence[Problem], places: Sequence[str] = (), lang: str = "en") -> None:
    """Say on standard error what paper lacks, but no letter of it: these are names. `places`: of each, of several."""
    from vaxcert.wording.rows import NO_FONTS, phrase

    if not problems:
        return
    say(NO_FONTS.of(lang).format(count=len(problems)), err=True, fg="yellow", bold=True)
    for number, problem in enumerate(problems[:_MOST]):
        place = f"{places[number]:>7}  " if places else ""
        say(f"  {place}{phrase(problem).of(lang)}", err=True)
    if len(problems) > _MOST:
        say(f"  … {len(problems) - _MOST:,}", err=True)


def say_code(drawing: str) -> None:
    """Print a QR code as `Symbol.terminal` draws it, or say that this terminal has no blocks to draw with."""
    if can_write(drawing, sys.stdout):
        say_block(drawing)
    else:
        say(f"Note: the code cannot be drawn here, in {sys.stdout.encoding}: use --out, or a UTF-8 terminal.", err=True)


def say_json(value: Any, *, indent: int | None = None) -> None:
    """Print a value as JSON, on a line without `indent`. What a terminal would obey is escaped: nothing gets lost.

    To a stream that is not UTF-8 all but ASCII is escaped, which is the same JSON.
    """
    for line in json.dumps(value, ensure_ascii=not is_utf8(sys.stdout), indent=indent).split("\n"):
        click.echo(line if printable(line) == line else "".join(map(_escaped, line)))


def ask(question: str) -> None:
    """Print a question on standard error; the answer follows on its line."""
    click.echo(f"{printable(question)} ", nl=False, err=True)


def signal(control: str, *, err: bool = False) -> None:
    """Send the terminal a control of our own: its bell, or what clears it."""
    click.echo(control, nl=False, err=err, color=True)


def say_error(error: click.ClickException) -> None:
    """Print what click has against the arguments, which it quotes, as click lays it out."""
    message = error.format_message()
    if isinstance(error, getattr(click.exceptions, "NoArgsIsHelpError", ())):
        say_block(message, err=True)
        return
    page = io.StringIO()
    error.show(file=page)
    # The message as it stands on the page, which is no terminal: without colours.
    say_block(page.getvalue().replace(click.unstyle(message), printable(message)).rstrip("\n"), err=True)


def _escaped(character: str) -> str:
    if printable(character) == character:
        return character
    # JSON lets DEL stand.
    return json.dumps(character)[1:-1] if character != "\x7f" else "\\u007f"
