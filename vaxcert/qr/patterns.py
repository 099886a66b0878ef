"""The modules of a QR code that say nothing about its text (ISO/IEC 18004, sections 6.3 and 7.9 to 7.10)."""

from __future__ import annotations

from functools import cache
from typing import Any

from qrcode import constants
from qrcode.main import QRCode

Rows = tuple[tuple[bool | None, ...], ...]


@cache
def fixed(version: int) -> Rows:
    """The fixed modules by row, True where dark, None where the text, the level or the mask decides."""
    return _rows(_code(version, "M"))


@cache
def framed(version: int, level: str, mask: int, *, blank: bool = False) -> Rows:
    """The fixed modules with those that name level and mask: None is left where the data go.

    `blank`: they and those that name the version are light, as `qrcode` has them while it weighs masks.
    """
    code = _code(version, level, blank)
    code.setup_type_info(blank, mask)
    return _rows(code)


def _code(version: int, level: str, blank: bool = False) -> Any:
    size = 17 + 4 * version
    code: Any = QRCode(version=version, error_correction=getattr(constants, f"ERROR_CORRECT_{level}"))
    code.modules_count = size
    code.modules = [[None] * size for _ in range(size)]
    for row, column in ((0, 0), (size - 7, 0), (0, size - 7)):
        code.setup_position_probe_pattern(row, column)
    code.setup_position_adjust_pattern()
    code.setup_timing_pattern()
    if version >= 7:
        code.setup_type_number(test=blank)
    return code


def _rows(code: Any) -> Rows:
    return tuple(tuple(row) for row in code.modules)
