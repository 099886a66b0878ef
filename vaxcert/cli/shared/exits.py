"""Exit statuses, and which one many cards have."""

from __future__ import annotations

from collections.abc import Iterable

from vaxcert.errors import DamagedError, ImageError, NotFoundError, UnreachableError, VaxcertError

EXIT_REFUSED, EXIT_CONFIGURATION, EXIT_UNDETERMINED, EXIT_UNREADABLE = 1, 2, 3, 4
# As sysexits.h has them: EX_DATAERR, EX_NOINPUT, EX_UNAVAILABLE, EX_SOFTWARE.
EXIT_DAMAGED, EXIT_NOT_FOUND, EXIT_UNREACHABLE, EXIT_FAULT = 65, 66, 69, 70
# As shells say of a process that SIGPIPE ended.
EXIT_PIPE = 141

# Of many cards, what went worst for the person at the gate decides.
_WORST_FIRST = (EXIT_REFUSED, EXIT_UNDETERMINED, EXIT_UNREADABLE, 0)
_STATUS_EXIT = {"accepted": 0, "refused": EXIT_REFUSED, "undetermined": EXIT_UNDETERMINED}


# The first that an error is.
_ERROR_EXIT = (
    (ImageError, EXIT_UNREADABLE),
    (DamagedError, EXIT_DAMAGED),
    (NotFoundError, EXIT_NOT_FOUND),
    (UnreachableError, EXIT_UNREACHABLE),
    (VaxcertError, EXIT_CONFIGURATION),
)


def error_status(error: VaxcertError) -> int:
    """The exit status of a command that ended with this error."""
    return next(status for kind, status in _ERROR_EXIT if isinstance(error, kind))


def exit_status(verdicts: Iterable[str | None]) -> int:
    """The exit status of many cards, None standing for one that could not be read."""
    seen = {EXIT_UNREADABLE if status is None else _STATUS_EXIT[status] for status in verdicts}
    return next((status for status in _WORST_FIRST if status in seen), EXIT_UNREADABLE)
