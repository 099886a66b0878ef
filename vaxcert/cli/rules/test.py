"""`vaxcert rules test`: the tests that countries publish beside their rules."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import click

from vaxcert.cli.shared.exits import EXIT_REFUSED
from vaxcert.cli.shared.options import Existing
from vaxcert.cli.shared.saying import say


@click.command()
@click.argument("folder", metavar="DIR", type=Existing(file_okay=False))
def test(folder: Path) -> None:
    """Run the tests in tests/*.json beside every rule.json at any depth below DIR.

    Says which failed and why, a table by folder, and as its last line how many passed and failed. Exit status: 0 all
    passed, 1 some failed, 66 no rule found.
    """
    from vaxcert.rules.trying import run_tests

    rules: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    for run in run_tests(folder):
        rules[run.folder] += 1
        passed[run.folder] += run.passed
        failed[run.folder] += len(run.failures)
        for name, why in run.failures:
            say(f"✘ {run.rule} {name}: {why}", fg="red")
    width = max(len("folder"), *map(len, rules))
    say(f"{'folder':<{width}}  rules  passed  failed")
    for name in sorted(rules):
        say(f"{name:<{width}}  {rules[name]:>5}  {passed[name]:>6}  {failed[name]:>6}")
    say(f"{passed.total()} passed, {failed.total()} failed")
    if failed.total():
        sys.exit(EXIT_REFUSED)
