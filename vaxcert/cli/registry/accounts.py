"""`vaxcert registry`: accounts of the portal, for whoever sets it up and where the last administrator is locked out."""

from __future__ import annotations

import click

from vaxcert.cli.registry.office import Office, at_office, say_row
from vaxcert.cli.shared.saying import say
from vaxcert.extras import need

_ROLES = ("clerk", "vaccinator", "reviewer", "manager", "administrator", "integrator")


@click.command()
@click.argument("login")
@click.option("--name", help="The name that is shown.  [default: the login]")
@click.option("--role", "roles", multiple=True, type=click.Choice(_ROLES), help="May be given again.")
@click.option("--site", default="", help="Where they work, by its code.")
@click.option("--area", default="", help="Or a district.")
@click.option("--email", default="", help="Where its owner is asked; `doctor` takes one of these three for an owner.")
@click.option(
    "--reset", is_flag=True, help="Give the account that is there a new password, and forget its authenticator."
)
@at_office
def account(
    at: Office, login: str, name: str | None, roles: tuple[str, ...], site: str, area: str, email: str, reset: bool
) -> None:
    """Make an account of the portal, and print the password that its owner has to change; a program's token.

    \b
    vaxcert registry account chief --role administrator
    vaxcert registry account chief --reset

    It is printed once and kept as a hash: hand it over in person. All other accounts are made on the portal's pages.
    """
    need(("argon2",), "portal")
    from vaxcert.errors import NotFoundError, Reason
    from vaxcert.registry.accounts import keeping
    from vaxcert.registry.accounts.account import by_login

    if reset == bool(roles):
        raise click.UsageError("give either --role, for a new account, or --reset")
    with at.open() as found:
        if reset:
            with found.reading() as connection:
                kept = by_login(connection, login)
            if kept is None:
                raise NotFoundError("no account of that name", Reason.NO_SUCH_RECORD)
            keeping.reset_totp(found, kept.id, actor=at.actor)
            secret = keeping.reset_password(found, kept.id, actor=at.actor)
        else:
            wanted = keeping.Wanted(name or login, roles, site, area, email)
            made = keeping.create(found, login, wanted, actor=at.actor)
            secret = made.password or keeping.give_token(found, made.id, actor=at.actor)
    say(secret)


@click.command()
@at_office
def accounts(at: Office) -> None:
    """List the accounts of the portal as CSV: login, name, roles, where, and whether they are open."""
    from vaxcert.registry.accounts.account import listed

    with at.open() as found, found.reading() as connection:
        kept = listed(connection)
        now = found.now()
    say_row("login", "name", "roles", "where", "state")
    for one in kept:
        state = "closed" if not one.active else "locked" if one.locked(now) else "open"
        say_row(one.login, one.display_name, " ".join(sorted(one.roles)), one.site or one.area, state)


COMMANDS: tuple[click.Command, ...] = (account, accounts)
