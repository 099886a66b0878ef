"""A card in parts, and what has to be said of it."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable
from enum import IntEnum
from typing import Any, NamedTuple

from forge import Forge

from mutator.encoding import SHORTEST, Pairs, Raw, Style, encode
from vaxcert.wire import base45


class Step(IntEnum):
    """Where a fault shows, in the order in which the first one decides."""

    FORMAT = 0
    ENCODING = 1
    COMPRESSION = 2
    ENVELOPE = 3
    KEY = 4
    SIGNATURE = 5
    # Claims that cannot be read are judged no further.
    READ = 6
    USAGE = 7
    VALIDITY = 8
    CONTENT = 9
    REVOCATION = 10
    RULES = 11


class Fault(NamedTuple):
    """What a mutation brings about. `reason`: None where it is not exact."""

    step: Step
    reason: str | None


class Draft:
    """A card before it is put together. Mutations change its parts in place and note what must be said of it."""

    def __init__(self, forge: Forge, signer: Any, kind: str, rng: random.Random) -> None:
        self.rng = rng
        self.signer = signer
        self.kind = kind
        self.entry: Pairs = Pairs.of({"v": forge.vaccination, "t": forge.test, "r": forge.recovery}[kind]())
        content = forge.dcc(v=...)
        self.dcc: Pairs = Pairs.of(content | {kind: ...})
        self.dcc.put(kind, [self.entry])
        self.name: Pairs = next(value for key, value in self.dcc if key == "nam")
        self.contents: Pairs = Pairs([[1, self.dcc]])
        self.claims: Any = Pairs.of(forge.claims({}, iss=signer.country, iat=signer.issues_at))
        self.claims.put(-260, self.contents)
        self.protected: Any = Pairs([[1, signer.label], [4, signer.kid]])
        self.unprotected: Any = Pairs()
        self.inner, self.outer = SHORTEST, SHORTEST
        self.sign: Callable[[bytes], bytes] = signer.sign
        # The signed bytes and the signature, where they are not made from the parts above.
        self.sealed: tuple[bytes, bytes, bytes] | None = None
        self.on_header: list[Callable[[bytes], bytes]] = []
        self.on_payload: list[Callable[[bytes], bytes]] = []
        # After the signature was made: header, payload and signature; the message's items; its bytes; the text's.
        self.on_sealed: list[Callable[[bytes, bytes, bytes], tuple[bytes, bytes, bytes]]] = []
        self.on_items: list[Callable[[list[Any]], Any]] = []
        self.tags: list[int] = [18]
        self.on_message: list[Callable[[bytes], bytes]] = []
        self.compress: Callable[[bytes], bytes] = zlib.compress
        self.on_text: list[Callable[[str], str]] = []
        self.names: list[str] = []
        self.faults: list[Fault] = []

    def structure(self, header: bytes, payload: bytes, context: str = "Signature1", aad: bytes = b"") -> bytes:
        """What is signed (RFC 9052, section 4.4), written here and not by the library that is tested."""
        return encode([context, b"" if header == b"\xa0" else header, aad, payload], self.rng)

    def text(self) -> str:
        """The card's text."""
        if self.sealed is None:
            header, payload = self._signed_parts()
            self.sealed = header, payload, self.sign(self.structure(header, payload))
        header, payload, signature = self.sealed
        for change in self.on_sealed:
            header, payload, signature = change(header, payload, signature)
        items: Any = [header, self.unprotected, payload, signature]
        for reshape in self.on_items:
            items = reshape(items)
        message = b"".join(encode(tag_head(tag), self.rng, self.outer) for tag in self.tags)
        message += encode(items, self.rng, self.outer)
        for alter in self.on_message:
            message = alter(message)
        text = "HC1:" + base45.encode(self.compress(message))
        for rewrite in self.on_text:
            text = rewrite(text)
        return text

    def _signed_parts(self) -> tuple[bytes, bytes]:
        header = self.protected if type(self.protected) is Raw else encode(self.protected, self.rng, self.inner)
        payload = encode(self.claims, self.rng, self.inner)
        for change in self.on_header:
            header = change(header)
        for change in self.on_payload:
            payload = change(payload)
        return bytes(header), payload

    def restyled(self) -> None:
        """Have heads and lengths written in ways that mean the same."""
        self.inner = Style(self.rng.random() / 2, self.rng.random() / 2)
        self.outer = Style(self.rng.random() / 2, self.rng.random() / 2)


def tag_head(number: int) -> Raw:
    """The head of a tag, without its item."""
    return Raw(
        bytes((0xC0 | number,))
        if number < 24
        else b"\xd8" + bytes((number,))
        if number < 256
        else b"\xd9" + number.to_bytes(2, "big")
    )


class Mutation(NamedTuple):
    """A change of a draft. `slots`: the parts that it takes for itself, so that no other undoes it."""

    name: str
    slots: frozenset[str]
    fault: Fault | None
    apply: Callable[[Draft], None]
    fits: Callable[[Draft], bool]


def always(_: Draft) -> bool:
    """Whether a mutation fits any draft."""
    return True


class Catalogue(list[Mutation]):
    """Mutations of one kind, as they are written down."""

    def add(
        self,
        name: str,
        slots: str,
        apply: Callable[[Draft], None],
        step: Step | None = None,
        reason: str | None = None,
        fits: Callable[[Draft], bool] = always,
    ) -> None:
        """Write one down; without a step it changes nothing about the verdict."""
        fault = None if step is None else Fault(step, reason)
        self.append(Mutation(name, frozenset(slots.split()), fault, apply, fits))
