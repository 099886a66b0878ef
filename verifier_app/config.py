"""What the app is told at its start, by variables of the environment, and what it refuses to start with.

VAXCERT_TRUST            the store that `vaxcert trust sync` keeps (needed)
VAXCERT_APP_TRIAL        1: plain folders and unsigned lists will do, and every page says that it is a trial
VAXCERT_APP_LANGUAGE     vi or en, for whoever has not chosen  [vi]
VAXCERT_APP_RETURN       seconds until the next scan, 0 for never  [12]
VAXCERT_APP_TOKEN        a secret that the API wants as bearer token  [none]
VAXCERT_APP_RATE         requests a minute from one address  [300]
VAXCERT_APP_READERS      processes that decode pictures  [2]
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from vaxcert import ConfigurationError

# A photo of 10 MB, and the form around it.
MAX_BODY = 10_500_000


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """See the module."""

    trust: Path
    trial: bool = False
    language: str = "vi"
    return_after: int = 12
    token: str = ""
    rate: int = 300
    readers: int = 2
    max_body: int = MAX_BODY

    @classmethod
    def from_variables(cls, variables: Mapping[str, str] | None = None) -> Settings:
        """From the environment, or what stands in for it. Raises `ConfigurationError`, which names the variable."""
        given = os.environ if variables is None else variables
        trust = given.get("VAXCERT_TRUST", "")
        if not trust:
            raise ConfigurationError("VAXCERT_TRUST is not set: the store that `vaxcert trust sync` keeps")
        language = given.get("VAXCERT_APP_LANGUAGE", "vi")
        if language not in ("vi", "en"):
            raise ConfigurationError("VAXCERT_APP_LANGUAGE: neither vi nor en")
        trial = given.get("VAXCERT_APP_TRIAL", "0")
        if trial not in ("0", "1"):
            raise ConfigurationError("VAXCERT_APP_TRIAL: neither 0 nor 1")
        token = given.get("VAXCERT_APP_TOKEN", "")
        if token and len(token) < 16:
            raise ConfigurationError("VAXCERT_APP_TOKEN: shorter than 16 characters")
        return cls(
            trust=Path(trust),
            trial=trial == "1",
            language=language,
            return_after=_number(given, "VAXCERT_APP_RETURN", 12, 0, 600),
            token=token,
            rate=_number(given, "VAXCERT_APP_RATE", 300, 1, 1_000_000),
            readers=_number(given, "VAXCERT_APP_READERS", 2, 1, 64),
        )


def _number(given: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = given.get(name, str(default))
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise ConfigurationError(f"{name}: not a number from {least} to {most}")
    return int(text)
