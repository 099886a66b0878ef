"""`vaxcert rules check`: what is wrong with rules, all of it at once."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from vaxcert.cli.shared.exits import EXIT_REFUSED
from vaxcert.cli.shared.options import Existing
from vaxcert.cli.shared.saying import say


@click.command()
@click.argument("file", type=Existing())
def check(file: Path) -> None:
    """Look rules over: a policy (.toml) or a folder of them, a FILE with a rule or a list of them, or a folder of
    rule.json.

    Says what keeps a rule from being used (✘), with its code, and what else is odd about it (!). Exit status: 0 nothing
    found, 1 something, 65 no JSON, 66 no such file.
    """
    policies = sorted(file.glob("*.toml")) if file.is_dir() else [file] if file.suffix == ".toml" else []
    if policies:
        fine = [_is_fine(policy) for policy in policies]
        if not all(fine):
            sys.exit(EXIT_REFUSED)
        return
    from vaxcert.errors import ConfigurationError
    from vaxcert.rules.sets import RuleSet, sources
    from vaxcert.rules.sets.checking import check as findings_of

    given = sources(file)
    findings = [finding for where, source in given for finding in findings_of(source, where)]
    for finding in findings:
        sign, colour = ("✘", "red") if finding.refused else ("!", "yellow")
        code = f" ({finding.reason})" if finding.refused else ""
        say(f"{sign} {finding.rule}: {finding.detail}{code}", fg=colour)
    if not any(finding.refused for finding in findings):
        try:
            RuleSet.load(file)
        except ConfigurationError as error:
            # What only all of them together can have.
            say(f"✘ {error.detail} ({error.reason})", fg="red")
            sys.exit(EXIT_REFUSED)
    if findings:
        sys.exit(EXIT_REFUSED)
    say(f"✔ {len(given)} {'rule' if len(given) == 1 else 'rules'}, nothing to say against", fg="green")


def _is_fine(policy: Path) -> bool:
    """Say what is wrong with a policy, or that nothing is."""
    from vaxcert.errors import ConfigurationError
    from vaxcert.rules.policies import load

    try:
        found = load(policy)
    except ConfigurationError as error:
        say(f"✘ {error.detail} ({error.reason})", fg="red")
        return False
    say(f"✔ {found.mode}: {found.title.en} · {found.title.vi}", fg="green")
    return True
