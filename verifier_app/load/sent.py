"""What was sent, as the app reads it: in memory alone, and a fault of the sender where it cannot be read to its end."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO, RawIOBase
from typing import IO, Any

from flask import Request
from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.utils import cached_property


class SentRequest(Request):
    """A request whose body is never on a disk: `MAX_CONTENT_LENGTH` bounds what it takes of memory."""

    def _get_file_stream(self, *_: Any, **__: Any) -> IO[bytes]:
        # werkzeug's own keeps what is over 500 kB in a temporary file: somebody's card.
        return BytesIO()

    @cached_property
    def stream(self) -> IO[bytes]:
        """The body. Raises `BadRequest` where its chunks are none, or it ends in the middle."""
        return _Sent(super().stream.read)  # type: ignore[return-value]


class _Sent(RawIOBase):
    def __init__(self, read: Callable[[int], bytes]) -> None:
        super().__init__()
        self._read = read

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        try:
            return self._read(size)
        except (HTTPException, MemoryError):
            raise
        except Exception:
            # Servers raise whatever they will for a broken body, in words that quote it.
            raise BadRequest() from None

    def readinto(self, buffer: Any, /) -> int:
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
