"""Text to QR code, one at a time, through the `qrcode` package: the best of its eight masks."""

from __future__ import annotations

import re
from typing import Any

from vaxcert.errors import ImageError, InputError, Reason
from vaxcert.qr.symbol import Symbol

LEVELS = "LMQH"  # ISO/IEC 18004, section 7.5.1: about 7, 15, 25 and 30 % of the symbol may be lost

ALPHANUMERIC = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")  # ISO/IEC 18004, table 5

# Ten bits for three digits in place of twenty-four are worth a segment's head.
BEFORE_DIGITS = re.compile(r"([a-z]{1,8}:/(?:\d{1,2}/\d{1,2}/)?)(\d{60,})\Z", re.ASCII)


def write(text: str, *, level: str = "Q", version: int | None = None) -> Symbol:
    """The QR code of a text: one alphanumeric segment where the characters allow it, else UTF-8 bytes.

    Of many digits behind a short beginning, as in "shc:/5676…", the digits are a segment of their own.

    `version` 1 to 40, or None for the smallest that fits. Raises `InputError` for a level or version that does not
    exist, `ImageError` for a text that does not fit.
    """
    if level not in LEVELS or len(level) != 1:
        raise InputError("level", Reason.NOT_ONE_OF, allowed="L, M, Q, H")
    if version is not None and not 1 <= version <= 40:
        raise InputError("version", Reason.NOT_A_NUMBER, least=1, most=40)
    from qrcode import QRCode, constants, util
    from qrcode.exceptions import DataOverflowError

    data = text.encode()
    mode: Any = util.MODE_ALPHA_NUM if text and ALPHANUMERIC.issuperset(text) else util.MODE_8BIT_BYTE
    code: Any = QRCode(
        version=version, error_correction=getattr(constants, f"ERROR_CORRECT_{level}"), border=0, box_size=1
    )
    begun = BEFORE_DIGITS.match(text)
    if begun is None:
        code.add_data(util.QRData(data, mode=mode), optimize=0)
    else:
        segments: Any = ((begun[1], util.MODE_8BIT_BYTE), (begun[2], util.MODE_NUMBER))
        for part, kind in segments:
            code.add_data(util.QRData(part.encode(), mode=kind), optimize=0)
    try:
        code.make(fit=version is None)
    except (DataOverflowError, ValueError):
        # qrcode reports what is beyond version 40 as an invalid version.
        raise ImageError(f"{len(data)} bytes do not fit a QR code at level {level}", Reason.TEXT_TOO_LONG) from None
    return Symbol(
        text=text,
        data=data,
        level=level,
        version=code.version,
        matrix=tuple(tuple(bool(dark) for dark in row) for row in code.modules),
    )
