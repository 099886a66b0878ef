"""What was decided for a table as a whole, before any row of it is read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Set
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from vaxcert import files
from vaxcert.errors import ConfigurationError, DamagedError, Reason
from vaxcert.names import plain
from vaxcert.names.fonts import Font

Order = Literal["dmy", "mdy"]
ZONE = "Asia/Ho_Chi_Minh"


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """How a table's texts are read.

    `dates`: whether the day or the month comes first; None: the day, and the table's own dates must not say otherwise.
    `zone`: whose days they are, an IANA name; an instant is of the day that it was there. `values`: by field, what a
    text means, as `load_values` makes it. `series`: doses of a whole series, where neither row nor product tells.
    `legacy_font`: what the table was typed for, where that is not Unicode.
    """

    dates: Order | None = None
    zone: str = ZONE
    values: dict[str, dict[str, str]] = {}
    series: int | None = None
    legacy_font: Font | None = None

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError):
            if self.zone != ZONE:
                raise ConfigurationError("zone: no such time zone on this machine") from None

    def meant(self, values: Mapping[str, str]) -> Mapping[str, str]:
        """A row's texts by field, those that the table's own map knows as it has them."""
        if not self.values:
            return values
        return {field: self.values.get(field, {}).get(plain(text), text) for field, text in values.items()}


# How a table is read of which nothing was decided.
AS_IT_STANDS = Reading()


def load_values(path: Path, fields: Set[str]) -> dict[str, dict[str, str]]:
    """A file that says what texts mean: a JSON object, field → text in the table → what it means.

    Texts are compared without case, tones and punctuation. Raises `ConfigurationError`.
    """
    try:
        given = json.loads(files.read_text(path))
    except ValueError:
        raise DamagedError(f"{path}: not a JSON object of fields and their texts") from None
    if not isinstance(given, dict) or not all(_are_texts(texts) for texts in given.values()):
        raise DamagedError(f"{path}: not a JSON object of fields and their texts")
    for field in given:
        if field not in fields:
            raise ConfigurationError(
                f"{path}: no such field: {field}; there are {', '.join(sorted(fields))}", Reason.COLUMNS_UNCLEAR
            )
    return {field: {plain(text): meaning for text, meaning in texts.items()} for field, texts in given.items()}


def _are_texts(texts: object) -> bool:
    return isinstance(texts, dict) and all(isinstance(meaning, str) for meaning in texts.values())
