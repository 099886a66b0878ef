"""Images: text to symbol and symbol to text, and nothing else.

>>> from vaxcert.qr import read, write
>>> write("HC1:6BF").save("code.png")
>>> read("code.png")[0].text
'HC1:6BF'
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vaxcert.qr.advising import advice
    from vaxcert.qr.reader import read
    from vaxcert.qr.symbol import Advice, Found, Symbol
    from vaxcert.qr.writer import write

__all__ = ["Advice", "Found", "Symbol", "advice", "read", "write"]

# Not `read.py` and `write.py`: importing a submodule sets its name in the package, over the function's.
_HOMES = {
    "Advice": "symbol",
    "Found": "symbol",
    "Symbol": "symbol",
    "advice": "advising",
    "read": "reader",
    "write": "writer",
}


if not TYPE_CHECKING:
    # Hidden from type checkers, which would take every name for one of ours.
    def __getattr__(name: str) -> Any:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        globals()[name] = value
        return value
