"""`vaxcert trust`: publish keys and revocations, keep a verifier's store in step with them, and look at either."""

import click

from vaxcert.cli.trust.imports import import_list
from vaxcert.cli.trust.publish import publish
from vaxcert.cli.trust.show import show
from vaxcert.cli.trust.sync import sync


@click.group()
def trust() -> None:
    """Publish keys and revocations, sync them to verifiers, look at them."""


for _command in (publish, import_list, show, sync):
    trust.add_command(_command)
