"""`vaxcert rules`: look rules over, try them on a card, run the tests that stand beside them."""

import click

from vaxcert.cli.rules.check import check
from vaxcert.cli.rules.test import test
from vaxcert.cli.rules.trial import try_


@click.group()
def rules() -> None:
    """Check rules for certificates, try them on a card, run their tests."""


for _command in (check, try_, test):
    rules.add_command(_command)
