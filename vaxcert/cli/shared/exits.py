"""Exit statuses, and which one many cards have."""

from __future__ import annotations

from collections.abc import Iterable

EXIT_REFUSED, EXIT_CONFIGURATION, EXIT_UNDETERMINED, EXIT_UNREADABLE, EXIT_FAULT = 1, 2, 3, 4, 70
# As shells say of a process that SIGPIPE ended.
EXIT_PIPE = 141

# Of many cards, what went worst for the person at the gate decides.
_WORST_FIRST = (EXIT_REFUSED, EXIT_UNDETERMINED, EXIT_UNREADABLE, 0)
_STATUS_EXIT = {"accepted": 0, "refused": EXIT_REFUSED, "undetermined": EXIT_UNDETERMINED}


def exit_status(verdicts: Iterable[str | None]) -> int:
    """The exit status of many cards, None standing for one that could not be read."""
    seen = {EXIT_UNREADABLE if status is None else _STATUS_EXIT[status] for status in verdicts}
    return next((status for status in _WORST_FIRST if status in seen), EXIT_UNREADABLE)
