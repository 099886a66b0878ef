"""The child of `IsolatedReader`: pictures in, symbols out, nothing kept.

    python -m vaxcert.qr.worker [BYTES]

A process of its own and not multiprocessing's: "spawn" runs the caller's script again, and breaks the many that
have no main guard; "fork" would copy whatever the caller holds in memory.
"""

from __future__ import annotations

import base64
import json
import sys
from typing import Any, BinaryIO

from vaxcert.errors import ImageError, Reason
from vaxcert.qr.symbol import Symbol


def main(source: BinaryIO, target: BinaryIO, memory_limit: int | None) -> None:
    """Answer pictures until the parent closes the pipe."""
    from vaxcert.qr.reader import read

    _load()
    _limit_memory(memory_limit)
    while len(head := source.read(4)) == 4:
        picture, wanted = _asked(source.read(int.from_bytes(head, "big")))
        try:
            found = read(picture, wanted=wanted)
            answer: dict[str, Any] = {"symbols": [_plain(symbol) for symbol in found], "advice": found.advice}
        except ImageError as error:
            answer = {"error": error.detail, "reason": error.reason}
        except MemoryError:
            answer = {"error": "the picture needs more memory than one picture may", "reason": Reason.TOO_LARGE}
        data = json.dumps(answer).encode()
        target.write(len(data).to_bytes(4, "big") + data)
        target.flush()


def _asked(request: bytes) -> tuple[bytes, tuple[str, ...] | None]:
    """The picture in a request, and the beginnings of texts that are looked for in it."""
    end = len(request) - 4
    begins = end - int.from_bytes(request[end:], "big")
    wanted = json.loads(request[begins:end])["wanted"]
    return request[:begins], None if wanted is None else tuple(wanted)


def _load() -> None:
    """Have what reading a picture imports by then, so that the first one does not wait for it."""
    import zxingcpp  # noqa: F401
    from PIL import Image

    Image.preinit()


def _plain(symbol: Symbol) -> dict[str, Any]:
    return {
        "text": symbol.text,
        "data": base64.b64encode(symbol.data).decode(),
        "symbology": symbol.symbology,
        "level": symbol.level,
        "corners": symbol.corners,
        "attempt": symbol.attempt,
    }


def _limit_memory(size: int | None) -> None:
    # Address space and not resident memory: the latter is not enforced. Windows has no such call; there the
    # bounds on pixels and bytes have to do.
    try:
        import resource
    except ImportError:
        return
    if size is not None:
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer, int(sys.argv[1]) if len(sys.argv) > 1 else None)
