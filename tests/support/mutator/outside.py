"""What stands around the signed bytes: the message's shape, its compression, its text. A signature covers none of it."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from typing import Any

from mutator.draft import Catalogue, Draft, Step
from vaxcert.wire import base45, deflate

OUTSIDE = Catalogue()
_COSE, _CBOR = "cose_invalid", "cbor_invalid"


def _tags(*tags: int) -> Callable[[Draft], None]:
    return lambda draft: setattr(draft, "tags", list(tags))


for _tag in ((), (61, 18), (18, 18), (61,), (18, 61, 18)):
    OUTSIDE.add(f"tags: {_tag}", "tags", _tags(*_tag))
for _tag in ((17,), (97,), (98,), (16,), (24,), (55799,), (18, 17), (2,), (28,), (35,), (0,), (1,)):
    OUTSIDE.add(f"tags: {_tag}", "tags items", _tags(*_tag), Step.ENVELOPE, _CBOR)
OUTSIDE.add("tags: forty", "tags", _tags(*(18,) * 40), Step.ENVELOPE, _CBOR)


def _items(change: Callable[[list[Any]], Any]) -> Callable[[Draft], None]:
    return lambda draft: draft.on_items.append(change)


for _name, _change in {
    "three": lambda items: items[:3],
    "five": lambda items: [*items, b""],
    "none": lambda items: [],
    "in an array": lambda items: [items],
    "a map": lambda items: {1: items[0], 2: items[2], 3: items[3]},
    "payload detached": lambda items: [*items[:2], None, items[3]],
    "payload as text": lambda items: [*items[:2], "payload", items[3]],
    "payload as a map": lambda items: [*items[:2], {1: "VN"}, items[3]],
    "many signatures": lambda items: [*items[:3], [[b"", {}, items[3]]]],
    "signature null": lambda items: [*items[:3], None],
    "signature as text": lambda items: [*items[:3], "signature"],
    "signature as a number": lambda items: [*items[:3], 1],
    "protected as a map": lambda items: [{1: -7}, *items[1:]],
    "protected null": lambda items: [None, *items[1:]],
    "protected as text": lambda items: ["", *items[1:]],
    "unprotected null": lambda items: [items[0], None, *items[2:]],
    "unprotected as bytes": lambda items: [items[0], b"\xa0", *items[2:]],
    "unprotected as an array": lambda items: [items[0], [], *items[2:]],
}.items():
    OUTSIDE.add(f"items: {_name}", "items tags alg-unprotected kid-unprotected crit-unprotected extra-unprotected", _items(_change), Step.ENVELOPE, _COSE)  # fmt: skip


def _message(change: Callable[[bytes], bytes]) -> Callable[[Draft], None]:
    return lambda draft: draft.on_message.append(change)


for _name, _alter in {
    "bytes behind it": lambda data: data + b"\0",
    "another behind it": lambda data: data + data,
    "cut short": lambda data: data[:-1],
    "cut in half": lambda data: data[: len(data) // 2],
    "nothing": lambda data: b"",
    "in a byte string": lambda data: b"\x59" + len(data).to_bytes(2, "big") + data,
}.items():
    _reason = _COSE if _name == "in a byte string" else _CBOR
    OUTSIDE.add(f"message: {_name}", "items tags", _message(_alter), Step.ENVELOPE, _reason)


def _zlib(make: Callable[[bytes], bytes]) -> Callable[[Draft], None]:
    return lambda draft: setattr(draft, "compress", make)


def _level(level: int, strategy: int = zlib.Z_DEFAULT_STRATEGY, bits: int = 15) -> Callable[[bytes], bytes]:
    def make(data: bytes) -> bytes:
        packer = zlib.compressobj(level, zlib.DEFLATED, bits, 9, strategy)
        return packer.compress(data) + packer.flush()

    return make


for _name, _make in {
    "stored": _level(0), "fast": _level(1), "best": _level(9), "Huffman alone": _level(6, zlib.Z_HUFFMAN_ONLY),
    "fixed codes": _level(6, zlib.Z_FIXED), "a small window": _level(6, bits=9), "ours": deflate.deflate,
}.items():  # fmt: skip
    OUTSIDE.add(f"compression: {_name}", "zlib", _zlib(_make))
for _name, _make in {
    "none": bytes,
    "raw": _level(6, bits=-15),
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "cut short": lambda data: zlib.compress(data)[:-1],
    "bytes behind it": lambda data: zlib.compress(data) + b"\0",
    "another stream behind it": lambda data: zlib.compress(data) + zlib.compress(b"x"),
    "a wrong checksum": lambda data: zlib.compress(data)[:-1] + bytes((zlib.compress(data)[-1] ^ 1,)),
    "nothing": lambda data: b"",
    "a dictionary of its own": lambda data: b"\x78\xbb" + zlib.compress(data)[2:],
}.items():
    OUTSIDE.add(f"compression: {_name}", "zlib", _zlib(_make), Step.COMPRESSION, "compression_invalid")
OUTSIDE.add("compression: a bomb", "zlib", _zlib(lambda data: zlib.compress(data + bytes(70_000))), Step.COMPRESSION, "inflated_too_large")  # fmt: skip
OUTSIDE.add("compression: twice", "zlib", _zlib(lambda data: zlib.compress(zlib.compress(data))), Step.ENVELOPE, _CBOR)


def _text(change: Callable[[str], str]) -> Callable[[Draft], None]:
    return lambda draft: draft.on_text.append(change)


for _around in ("{}\r\n", "\t{}\n", "{}\r", "\r\n{}\t", " {}", "\x02{}\x03", "]Q1{}", "\ufeff{}\0", "QR-Code:{}"):
    OUTSIDE.add(f"text: {_around!r}", "around", _text(_around.format))
for _name, _rewrite in {
    "a letter that is none of its": lambda text: text + "é",
    "a small letter": lambda text: text + "a",
    "a letter from elsewhere": lambda text: text[:40] + "\u0410" + text[41:],
    "a letter that nobody sees": lambda text: text[:40] + "\u200b" + text[40:],
    "too large a group": lambda text: text[:4] + ":::" + text[7:],
    "a dangling character": lambda text: text + "0" * ((len(text) - 4) % 3 + 1 if (len(text) - 4) % 3 < 2 else 2),
}.items():
    OUTSIDE.add(f"text: {_name}", "text around", _text(_rewrite), Step.ENCODING, "base45_invalid")
for _name, _rewrite in {
    "of another version": lambda text: "HC2:" + text[4:],
    "in small letters": str.lower,
    "without its beginning": lambda text: text[4:],
    "nothing": lambda text: "",
    "behind something else": lambda text: "shc:/" + text,
}.items():
    OUTSIDE.add(f"text: {_name}", "text around", _text(_rewrite), Step.FORMAT)
OUTSIDE.add("text: too long", "text around", _text(lambda text: text + base45.ALPHABET.decode() * 120), Step.FORMAT, "text_too_long")  # fmt: skip
