"""A portal for training puts its registry back to how it was made, every night.

Each process looks once a minute, and the registry has one of them do it. Where nobody was there at that hour, as on a
laptop that was shut, it is done when the portal is started next.
"""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from flask import Flask

from portal_app.config import PortalSettings
from portal_app.intake.waiting import WaitingTables
from vaxcert.errors import place_of
from vaxcert.registry import Registry, resetting

EVERY = 60.0
_ACTOR = "portal at night"
_log = logging.getLogger(__name__)


def begin(app: Flask, every: float = EVERY) -> threading.Event | None:
    """Have the app's registry be put back when that is due; setting the event ends it. None where there is no copy."""
    settings, registry = app.extensions["settings"], app.extensions["registry"]
    if settings.snapshot is None:
        return None
    stop = threading.Event()
    # Killed with the process: what is not committed by then did not happen.
    threading.Thread(
        target=_look, args=(registry, settings, settings.snapshot, stop, every), name="nightly", daemon=True
    ).start()
    return stop


def look(registry: Registry, snapshot: Path, hour: int) -> bool:
    """Put it back where that is due, and say whether that was so; what is against it is logged by its place alone."""
    try:
        return resetting.reset_if_due(registry, snapshot, hour, actor=_ACTOR)
    except Exception as error:
        _log.error("not put back: %s", place_of(error))
        return False


def _look(registry: Registry, settings: PortalSettings, snapshot: Path, stop: threading.Event, every: float) -> None:
    while True:
        if look(registry, snapshot, settings.reset):
            WaitingTables(settings).clear()
        if stop.wait(every):
            return
