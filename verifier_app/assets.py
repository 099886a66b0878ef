"""The app's own files: packed for browsers that take it so, and the decoder, which `make assets` puts there.

Only these are packed. A verdict is not: how far it shrinks beside what somebody else chose would tell of it.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, request
from werkzeug.security import safe_join

# Browsers compile WebAssembly only under its own type, and not every system's table has it.
mimetypes.add_type("application/wasm", ".wasm")
mimetypes.add_type("text/javascript", ".js")

DECODER = Path(__file__).parent / "static" / "vendor" / "zxing"
_FILES = ("es/reader/index.js", "es/share.js", "reader/zxing_reader.wasm")
_PACKED = (".wasm", ".js", ".css", ".svg")


def has_decoder() -> bool:
    """Whether a browser can be given the decoder; without it there are photos, files, text and hand scanners."""
    return all((DECODER / name).is_file() for name in _FILES)


def install(app: Flask) -> None:
    """Serve the app's own files so, under the name that the framework gives them."""
    app.view_functions["static"] = _static


def _static(filename: str) -> Response:
    if not filename.endswith(_PACKED):
        return current_app.send_static_file(filename)
    path = safe_join(str(current_app.static_folder), filename)
    wanted = request.accept_encodings.quality("gzip") > 0 and "Range" not in request.headers
    if wanted and path is not None and Path(path).is_file():
        stat = Path(path).stat()
        data, tag = _packed(path, stat.st_mtime_ns, stat.st_size)
        response = Response(data, mimetype=mimetypes.guess_type(filename)[0])
        response.content_encoding = "gzip"
        # Another than that of the file as it is: the two are different bytes.
        response.set_etag(tag)
        response.make_conditional(request)
    else:
        response = current_app.send_static_file(filename)
    response.vary.add("Accept-Encoding")
    return response


@lru_cache(maxsize=64)
def _packed(path: str, _changed: int, _size: int) -> tuple[bytes, str]:
    """A file packed, once for each state of it and in memory: the disk may be read-only."""
    data = gzip.compress(Path(path).read_bytes(), mtime=0)
    return data, f"gzip-{hashlib.sha256(data).hexdigest()[:32]}"
