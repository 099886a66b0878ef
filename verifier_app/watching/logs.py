"""Log lines, as text or as JSON. Of a fault they say its type and place: its message could be somebody's name."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

from flask.logging import default_handler

from vaxcert import ConfigurationError
from vaxcert.errors import place_of

# Of the app; its requests are told here, and seen where lines are JSON.
LOGGER = "verifier_app"
requests = logging.getLogger(f"{LOGGER}.requests")
exporter = logging.getLogger(f"{LOGGER}.exporter")
rules = logging.getLogger(f"{LOGGER}.rules")


class Lines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the record: time, level, logger and event, then what it has beside them."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and (error := record.exc_info[1]) is not None:
            line["error"] = place_of(error)
            if isinstance(error, ConfigurationError):
                # Of what the operator has set, which quotes no secret.
                line["detail"] = str(error)
        return json.dumps(line, ensure_ascii=False)


class Discreet(logging.Filter):
    """Takes out of the server's own lines what came from outside: its address, and what it sent instead of HTTP."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the line where need be; none is dropped."""
        said = str(record.msg)
        if said.startswith("Invalid request"):
            record.msg, record.args = "a request that is not HTTP", ()
        elif said.startswith("Error handling request"):
            error = record.exc_info[1] if record.exc_info else None
            record.msg, record.args = "fault: %s", ("unknown" if error is None else place_of(error),)
            record.exc_info = record.exc_text = None
        return True


def prepare(form: str) -> None:
    """Let the process write its lines in this form, "text" or "json"."""
    if form != "json":
        return
    if not any(isinstance(handler.formatter, Lines) for handler in logging.root.handlers):
        handler = logging.StreamHandler()
        handler.setFormatter(Lines())
        logging.root.addHandler(handler)
    logging.getLogger(LOGGER).setLevel(logging.INFO)
    # Else each line of the app would be there twice.
    logging.getLogger(LOGGER).removeHandler(default_handler)


def prepare_server(logger: logging.Logger, form: str) -> None:
    """Make the server's own logger discreet, and its lines of this form. May be done again."""
    if not any(isinstance(one, Discreet) for one in logger.filters):
        logger.addFilter(Discreet())
    for handler in logger.handlers:
        if form == "json":
            handler.setFormatter(Lines())
