"""The decoder that browsers run. It comes from the npm registry when the app is set up (`make assets`)."""

from __future__ import annotations

import mimetypes
from pathlib import Path

# Browsers compile WebAssembly only under its own type, and not every system's table has it.
mimetypes.add_type("application/wasm", ".wasm")
mimetypes.add_type("text/javascript", ".js")

DECODER = Path(__file__).parent / "static" / "vendor" / "zxing"
_FILES = ("es/reader/index.js", "es/share.js", "reader/zxing_reader.wasm")


def has_decoder() -> bool:
    """Whether a browser can be given the decoder; without it there are photos, files, text and hand scanners."""
    return all((DECODER / name).is_file() for name in _FILES)
