"""The clients of one process: who is there, what of them is watched, and who has to go where there are too many."""

from __future__ import annotations

import selectors
from collections import Counter
from contextlib import suppress

from verifier_app.load.connection import Connection, Progress
from verifier_app.load.senders import network

# All but those whose request is with a thread.
_OPEN = frozenset((Progress.HANDSHAKE, Progress.HEAD, Progress.BODY, Progress.ANSWER, Progress.LINGER))


class Clients:
    """The connections that are open, and what of bodies they hold together in `held` bytes."""

    def __init__(self) -> None:
        self.poller = selectors.DefaultSelector()
        self.held = 0
        self._all: set[Connection] = set()

    def __len__(self) -> int:
        return len(self._all)

    def __contains__(self, connection: Connection) -> bool:
        return connection in self._all

    def add(self, connection: Connection) -> None:
        """Take one in, and wait for what it sends."""
        self._all.add(connection)
        self.watch(connection, selectors.EVENT_READ)

    def watch(self, connection: Connection, events: int) -> None:
        """Wait for these events of its socket, 0 for none."""
        if events == connection.watched:
            return
        if not events:
            self.poller.unregister(connection.sock)
        elif connection.watched:
            self.poller.modify(connection.sock, events, connection)
        else:
            self.poller.register(connection.sock, events, connection)
        connection.watched = events

    def close(self, connection: Connection) -> None:
        """Let one go, with all that it holds."""
        with suppress(OSError, KeyError, ValueError):
            self.watch(connection, 0)
        self.release(connection)
        self._all.discard(connection)
        with suppress(OSError):
            connection.sock.close()

    def release(self, connection: Connection) -> None:
        """Count no longer what it holds of a body."""
        self.held -= connection.held
        connection.held = 0

    def late(self, now: float) -> list[Connection]:
        """Those whose time is over."""
        return [one for one in self._all if one.stage in _OPEN and one.deadline < now]

    def hurry(self, until: float) -> None:
        """Let nobody have more time than until then."""
        for one in self._all:
            one.deadline = min(one.deadline, until)

    def make_room(self) -> None:
        """Close the one whose time ends first, of the sender that has most open."""
        unfinished = [one for one in self._all if one.stage in _OPEN]
        if unfinished:
            counted = Counter(_sender(one) for one in unfinished)
            self.close(min(unfinished, key=lambda one: (-counted[_sender(one)], one.deadline)))

    def largest(self) -> Connection:
        """Of the bodies that are not whole the largest of the sender that has sent most. There has to be one."""
        unfinished = [one for one in self._all if one.stage is Progress.BODY]
        counted: Counter[str] = Counter()
        for one in unfinished:
            counted[_sender(one)] += one.held
        return max(unfinished, key=lambda one: (counted[_sender(one)], one.held))


def _sender(connection: Connection) -> str:
    return network(str(connection.client[0])) if isinstance(connection.client, tuple) else ""
