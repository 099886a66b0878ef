"""`vaxcert registry`: what whoever answers for it has to see to, and the sums that pages of counts are read from."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from vaxcert.cli.registry.office import Office, at_office
from vaxcert.cli.shared.options import FILE, language_option
from vaxcert.cli.shared.saying import say
from vaxcert.names import printable
from vaxcert.wording.doctor import MATTERS, SUMS_RIGHT, SUMS_WRONG, TO_DO, WELL, told


@click.command()
@language_option
@at_office
def sums(at: Office, lang: str) -> None:
    """Count anew what the manager's page shows; have it run every night.

    The sums follow every change by themselves: this finds out whether they did. Exit status 1 where some were not
    right, which is to be reported; they are right afterwards.
    """
    from vaxcert.registry.reports import doctor as module

    with at.open() as found:
        wrong = module.recount(found, actor=at.actor)
    say((SUMS_WRONG if wrong else SUMS_RIGHT).filled({"n": wrong}).of(lang))
    if wrong:
        sys.exit(1)


@click.command()
@click.option("--key-copy", type=FILE, help="The copy of the registry's key, to show that there is one.")
@click.option("--restored", metavar="URL", help="A database into which an export was restored, with the same key.")
@click.option(
    "--trust", "published", type=click.Path(exists=True, path_type=Path), envvar="VAXCERT_TRUST", metavar="DIR",
    help="The keys that are published, for the signing key's end, which is remembered.  [env: VAXCERT_TRUST]",
)  # fmt: skip
@language_option
@at_office
def doctor(at: Office, key_copy: Path | None, restored: str | None, published: Path | None, lang: str) -> None:
    """Say what is to be seen to: backups, keys, stopped work, questions, units that are silent; and what to do.

    Exit status 0, or 1 where something is to do.
    """
    from vaxcert.cli.shared.trusted import load_trust
    from vaxcert.registry.reports import doctor as module

    keys = None if published is None else list(load_trust(published, None))
    with at.open() as found:
        if key_copy is not None:
            module.show_key_copy(found, key_copy, at.key_file, actor=at.actor)
        if restored is not None:
            with Office(restored, at.key_file, at.actor).open() as other:
                module.show_restored(found, other, actor=at.actor)
        if keys is not None:
            module.show_keys(found, keys, actor=at.actor)
        findings = module.look(found, keys)
    for one in findings:
        stands, do = told(one.matter, one.said, amiss=one.amiss)
        say(f"[{(WELL if one.well else TO_DO).of(lang)}] {MATTERS[one.matter].title.of(lang)}: {stands.of(lang)}")
        if one.which:
            say("   " + printable(", ".join(one.which)))
        if not one.well:
            say("   → " + do.of(lang))
    if not all(one.well for one in findings):
        sys.exit(1)


COMMANDS: tuple[click.Command, ...] = (sums, doctor)
