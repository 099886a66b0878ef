"""The second library, zbar through pyzbar, where it is installed: it reads about one code in two hundred more."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from vaxcert.extras import install_command
from vaxcert.qr.symbol import Symbol

if TYPE_CHECKING:
    from PIL.Image import Image

LIBRARY = "sudo apt-get install libzbar0 (Debian, Ubuntu), brew install zbar (macOS)"


def decode(picture: Image) -> list[Symbol]:
    """The QR codes in a grey picture; none where the library is missing."""
    library = _library()
    if library is None:
        return []
    codes = library.decode(picture, symbols=[library.ZBarSymbol.QRCODE])
    return [
        Symbol(
            text=code.data.decode("utf-8", "replace"),
            data=bytes(code.data),
            corners=tuple((point.x, point.y) for point in code.polygon) if len(code.polygon) == 4 else None,
        )
        for code in codes
    ]


@cache
def missing() -> str | None:
    """Why the library cannot be used and how to install it, or None."""
    try:
        from pyzbar import pyzbar  # noqa: F401
    except Exception as error:
        # pyzbar raises whatever its loader meets when the shared library is absent, FileNotFoundError on Windows.
        reason = "libzbar is not installed" if not isinstance(error, ModuleNotFoundError) else "pyzbar is not installed"
        how = f"{LIBRARY}; then {install_command('scan')}"
        return f"{reason}: one poor photo in two hundred is read less. To install: {how}"
    return None


@cache
def _library() -> Any:
    if missing() is not None:
        return None
    from pyzbar import pyzbar

    return pyzbar
