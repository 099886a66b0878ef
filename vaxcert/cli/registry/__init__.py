"""`vaxcert registry`: the records of every unit, and all that is made of them."""

from __future__ import annotations

from pathlib import Path

import click

from vaxcert.cli.registry import (
    accounts,
    answering,
    caring,
    certificates,
    desk,
    holders,
    intake,
    keeping,
    questions,
    reports,
    sessions,
)
from vaxcert.cli.registry.office import Office
from vaxcert.cli.shared.signing import login
from vaxcert.names import printable


@click.group()
@click.option(
    "--db", "url", envvar="VAXCERT_DB", default="sqlite:///registry.db", show_default=True, metavar="URL",
    help="sqlite:///FILE or postgresql://…  [env: VAXCERT_DB]",
)  # fmt: skip
@click.option(
    "--key", "key_file", envvar="VAXCERT_REGISTRY_KEY", default="registry.key", show_default=True, metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The key for identity and telephone numbers; keep it apart from the database.  [env: VAXCERT_REGISTRY_KEY]",
)  # fmt: skip
@click.option("--actor", envvar="VAXCERT_ACTOR", help="Who acts, for the audit log.  [default: the login name]")
@click.pass_context
def registry(context: click.Context, url: str, key_file: Path, actor: str | None) -> None:
    """Keep the records of every unit in one place; issue, look up and count from them.

    \b
    vaxcert registry init                          once: the tables and the key
    vaxcert registry import unit-01.csv …          again and again; a file twice changes nothing
    vaxcert registry review                        what only a person can decide
    vaxcert registry check                         what of the records cannot be whole or right
    vaxcert registry issue --signing-key keys --authority "…"
    vaxcert registry coverage --by district --chart coverage.svg
    """
    who = login() or "?"
    # Whoever takes another name is written down with their own.
    context.obj = Office(url, key_file, printable(who if actor in (None, who) else f"{actor} ({who})")[-80:])


for _module in (
    intake,
    sessions,
    desk,
    questions,
    certificates,
    reports,
    holders,
    keeping,
    caring,
    accounts,
    answering,
):
    for _command in _module.COMMANDS:
        registry.add_command(_command)
