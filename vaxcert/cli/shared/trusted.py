"""The keys that a command checks against."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from vaxcert.cli.shared.saying import say

if TYPE_CHECKING:
    from vaxcert import TrustStore


def load_trust(path: Path | None, environment: str | None) -> TrustStore:
    """The keys to check against, with what was left out said on standard error."""
    from vaxcert import TrustStore

    if path is None:
        raise click.UsageError("no keys to check against: give --trust DIR, or set VAXCERT_TRUST")
    trust = TrustStore.load(path, environment=environment)
    for entry in trust.refused:
        if entry.reason not in ("issuing_authority", "duplicate"):
            say(f"left out: {entry.source}: {entry.reason} {entry.detail}".rstrip(), err=True)
    return trust
