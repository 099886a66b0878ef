"""Which user a process runs as decides, and the system says which that is: tried by processes of other users."""

import os
import pwd
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from vaxcert.registry import audit
from vaxcert.signer.server import SignerServer

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="who is not root can be no other user")

ASK = """
import os, sys
from vaxcert.errors import VaxcertError
from vaxcert.signer.client import SignerClient
os.setgroups([])
os.setgid(int(sys.argv[3]))
os.setuid(int(sys.argv[2]))
try:
    print(SignerClient(sys.argv[1]).sign(int(sys.argv[4]), account="account:lan").certificate)
except VaxcertError as error:
    print(error.reason)
"""


def ask(server: SignerServer, uid: int, gid: int, dose: int) -> str:
    command = [sys.executable, "-c", ASK, str(server.path), str(uid), str(gid), str(dose)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


@pytest.fixture
def folder() -> Iterator[Path]:
    """One that other users may go through, as they may through the folder of the unit."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name)
        path.chmod(0o711)
        yield path


def test_a_process_of_the_listed_user_in_the_sockets_group_is_served_and_written_down_as_that_user(
    folder: Path, signing: Any, many: Callable[[int], list[int]], place: Any
) -> None:
    (dose,) = many(1)
    portal, other, group = pwd.getpwnam("nobody").pw_uid, 54_321, 54_322
    running = signing(peers=[portal], approvers=[], folder=folder, group=group)
    # In the group and not listed; listed and not in the group; neither.
    assert ask(running.server, other, group, dose) == "peer_not_allowed"
    assert ask(running.server, portal, 54_323, dose) == "signer_away"
    assert ask(running.server, other, 54_323, dose) == "signer_away"
    assert running.agrees(0)
    assert ask(running.server, portal, group, dose).startswith("URN:UVCI:")
    assert audit.entries(place.registry)[-1].actor == "account:lan (nobody)"
