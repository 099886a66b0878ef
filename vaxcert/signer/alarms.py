"""What people should look at soon: a line in the log, and a command of the operator's that is told of it.

The command gets one JSON object on its standard input (`alarm`, and what it is about) and has ten seconds. The same
alarm about the same account, site or process is raised once an hour, so that who causes it cannot drown others in it.
"""

from __future__ import annotations

import json
import logging
import subprocess
import threading
import time
from collections.abc import Callable, Sequence

_log = logging.getLogger("vaxcert.signer")
_EVERY = 3600.0
_PATIENCE = 10.0
# Of different alarms that are remembered, so that a stranger's inventions fill no memory.
_MOST = 1_000


class Alarms:
    """Raises alarms. `hook`: the command, with its arguments; `clock`: seconds that only grow."""

    def __init__(self, hook: Sequence[str] = (), *, clock: Callable[[], float] = time.monotonic) -> None:
        self._hook, self._clock = tuple(hook), clock
        self._last: dict[tuple[str, str], float] = {}
        self._lock = threading.Lock()

    def ring(self, alarm: str, about: str, **said: str | int) -> bool:
        """Raise an alarm (`alarm`: a word; `about`: whose); return whether it was not raised within the hour."""
        now = self._clock()
        with self._lock:
            self._last = {name: at for name, at in self._last.items() if now - at < _EVERY}
            if (alarm, about) in self._last or len(self._last) >= _MOST:
                return False
            self._last[alarm, about] = now
        told = {"alarm": alarm, "about": about, **said}
        _log.warning("ALARM %s", json.dumps(told, sort_keys=True))
        if self._hook:
            threading.Thread(target=self._run, args=(json.dumps(told),), daemon=True).start()
        return True

    def _run(self, told: str) -> None:
        try:
            subprocess.run(self._hook, input=told.encode(), timeout=_PATIENCE, check=True, capture_output=True)
        except (OSError, subprocess.SubprocessError) as error:
            _log.warning("the alarm's command failed (%s)", type(error).__name__)
