"""Ids to be revoked: what no card can carry is refused, what looks like a slip is asked about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import click

from vaxcert import files
from vaxcert.cli.shared.saying import say
from vaxcert.cli.shared.streams import somebody_answers, standard_input
from vaxcert.errors import ConfigurationError

# So many slips are named one by one.
_FEW = 10


class Given(NamedTuple):
    """An id, and where it stands: `place` is for people, who find it there."""

    place: str
    certificate_id: str


def given(ids: Iterable[str], listed: Path | None) -> list[Given]:
    """The ids of arguments and of a file. Raises `ConfigurationError` for one that no card carries."""
    found = [Given(f"id {number}", _id(text)) for number, text in enumerate(ids, 1)]
    return found if listed is None else [*found, *_lines_of(listed)]


def _id(text: str) -> str:
    from vaxcert.uvci import MAX_LENGTH

    # Ids of other systems have other forms; but what no card can carry would be a revocation that never happens.
    if not 1 <= len(text) <= MAX_LENGTH or text != text.strip() or not text.isprintable():
        raise ConfigurationError("an id that no card carries: empty, longer than 80 characters, or with blanks around")
    if text.startswith(("HC1:", "shc:/")):
        raise ConfigurationError("this is a card, not its id: --card")
    return text


def _lines_of(path: Path) -> Iterator[Given]:
    if str(path) == "-":
        content = files.decode_text(standard_input().read(), "standard input")
    else:
        content = files.read_text(path, "{path}: cannot be read")
    for number, line in enumerate(content.splitlines(), 1):
        if not line.strip():
            continue
        try:
            yield Given(f"line {number}", _id(line.strip()))
        except ConfigurationError as error:
            raise ConfigurationError(f"{path}: line {number}: {error}", error.reason) from None


def as_issued(ids: list[Given], logs: Iterable[Path]) -> tuple[list[str], list[str]]:
    """The ids, each as the issue logs spell it where they know it; and what looks like a slip, for people.

    Raises `ConfigurationError` for a log that cannot be read.
    """
    from vaxcert import uvci
    from vaxcert.issuelog import IssueLog

    logs = list(logs)
    wanted = {uvci.canonical(one.certificate_id) for one in ids}
    issued: dict[str, str] = {}
    for path in logs if wanted else ():
        for entry in IssueLog(path):
            if (canonical := uvci.canonical(entry.certificate_id)) in wanted:
                issued[canonical] = entry.certificate_id
    names: list[str] = []
    slips: list[str] = []
    for one in ids:
        known = issued.get(uvci.canonical(one.certificate_id))
        names.append(known or one.certificate_id)
        if known is None:
            problems = (uvci.problem(one.certificate_id), "in none of the issue logs" if logs else "")
            if said := ", ".join(filter(None, problems)):
                slips.append(f"{one.place}: {said}")
    return names, slips


def ask_about(slips: list[str], yes: bool) -> None:
    """Say what looks like a slip, and go on only if that is wanted. Raises `click.UsageError` where nobody can say."""
    if not slips:
        return
    for line in slips[:_FEW]:
        say(f"  {line}", err=True)
    if len(slips) > _FEW:
        say(f"  … and {len(slips) - _FEW} more", err=True)
    if yes:
        return
    what = f"{len(slips)} {'id looks' if len(slips) == 1 else 'ids look'} wrong, and may be no card's"
    if not somebody_answers():
        raise click.UsageError(f"{what}: correct it, or say --yes to have it noted as it is")
    click.confirm(f"{what}. Note as it is?", abort=True)
