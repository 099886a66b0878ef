"""Questions on standard error, for commands whose standard output goes to a file or to another command."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import click

from vaxcert.cli.shared.options import Text
from vaxcert.cli.shared.saying import ask
from vaxcert.cli.shared.streams import somebody_answers

_LONGEST = 500


def confirm(question: str) -> None:
    """Go on after a yes; raise `click.Abort` after anything else.

    `click.confirm` of before 8.2 puts a blank on standard output although it asks on standard error.
    """
    ask(f"{question} [y/N]:")
    if _typed().lower() not in ("y", "yes"):
        raise click.Abort


def answers(source: Text | None, questions: Mapping[str, str]) -> dict[str, str]:
    """What somebody is looked for by, or is to be changed to: lines of FIELD=VALUE from a file, or asked on a terminal.

    Names and numbers that stand on a command line are seen by all who use the machine, and stay in the shell's history.
    `questions`: of each field what is asked; an empty answer leaves it out. Raises `click.UsageError`.
    """
    if source is not None:
        return _fields(source, questions)
    if not somebody_answers():
        return {}
    given = {}
    for field, question in questions.items():
        ask(f"{question}:")
        if answer := _typed():
            given[field] = answer
    return given


def _typed() -> str:
    if sys.stdin is None:
        return ""
    try:
        return sys.stdin.readline(_LONGEST).strip()
    except UnicodeDecodeError:
        raise click.UsageError("what was typed is in another encoding than this terminal says") from None


def _fields(source: Text, questions: Mapping[str, str]) -> dict[str, str]:
    given = {}
    for number, line in enumerate(source.content.splitlines(), 1):
        text = line.strip("\ufeff ")
        field, equals, value = text.partition("=")
        field = field.strip().lower().replace("-", "_")
        if not text:
            continue
        if not equals or field not in questions:
            # Not the line itself, which names somebody.
            known = ", ".join(questions)
            raise click.UsageError(f"line {number} of {source.name} is not FIELD=VALUE; fields: {known}")
        given[field] = value.strip()
    return given
