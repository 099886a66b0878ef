"""The command line in a process of its own, whose streams are whatever a machine has."""

import os
import subprocess
import sys
from typing import Any


def command(*arguments: object) -> list[str]:
    """How it is started, of the package that is tested."""
    return [sys.executable, "-P", "-m", "vaxcert", *map(str, arguments)]


def vaxcert(*arguments: object, encoding: str = "utf-8", **options: Any) -> subprocess.CompletedProcess[bytes]:
    """Run it to its end. `encoding`: of its streams; `options`: as `subprocess.run` has them."""
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    return subprocess.run(command(*arguments), env=environment, capture_output=True, timeout=120, **options)
