"""How a command says why it could not do what it was asked to: in English in full, in Vietnamese what it comes to."""

from __future__ import annotations

from vaxcert.cli.shared.saying import say
from vaxcert.errors import ImageError, InputError, VaxcertError


def say_failure(error: VaxcertError) -> None:
    """Print an error on standard error, with its code, by which it is found in docs/reasons.md."""
    from vaxcert import wording

    label = "Unreadable" if isinstance(error, ImageError) else "Error"
    told = wording.explain(error) if isinstance(error, InputError) else error.detail or wording.explain(error)
    say(f"{label}: {told} ({error.reason})", err=True)
    say(f"Lỗi: {wording.explain(error, 'vi')}", err=True)
