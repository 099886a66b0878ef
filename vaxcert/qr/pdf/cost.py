"""What drawing a PDF would cost, counted before it is drawn.

The library that draws reads a form again wherever it is drawn, so that forms within forms cost powers of what they say
(ISO 32000-1, section 8.10): 4 kB of them are millions of objects. Here each form is looked at once, and so is what a
pattern's cell draws (8.7.3) and what an annotation looks like (12.5.5).

This reads as much of PDF as that takes, and where a file says something in two ways it takes the dearer one. What it
cannot look into (encryption, rare filters) it guesses at. It is no reader of PDF: what it lets pass is drawn in a
process that has limits of time and memory.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from vaxcert.errors import ImageError

# A class's certificates are some hundreds; each has to be found.
MAX_OBJECTS = 20_000
# Bytes of drawing operators, those of a form counted wherever it is drawn. A printed page has some ten thousand.
MAX_DRAWN = 4_000_000
# Forms within forms: a page put on a sheet that is put into a report has three.
MAX_NESTING = 8

# Bytes that are looked at, those that are looked at again included: a file has ten million, and most of it pictures.
_MAX_LOOKED = 40_000_000
# Text of five digits for four bytes: of old a whole page, and slow to read.
_MAX_AS_TEXT = 500_000
_PIECE = 16_384
# How often a stream draws each form that it knows, where it cannot be looked into.
_GUESSED = 16
# Repeated without a way back and not for ever, or hostile files would cost here what they are to be kept from.
_SPACE = rb"(?:[\0\t\n\f\r ]|%[^\r\n]{0,99}+[\r\n])"
_MAYBE, _SPACES = _SPACE + rb"{0,99}+", _SPACE + rb"{1,99}+"
_NUMBER = rb"(?<![0-9])([0-9]{1,10}+)" + _SPACES + rb"[0-9]{1,5}+" + _SPACES
_NAME = rb"/([^\0\t\n\f\r ()<>\[\]{}/%]{0,99}+)"
_OBJECT = re.compile(_NUMBER + rb"obj(?![A-Za-z])")
_STREAM = re.compile(rb"stream\r?\n")
_REFERENCE = re.compile(_NUMBER + rb"R(?![A-Za-z])")
_NAMED = re.compile(_NAME + _MAYBE + _REFERENCE.pattern)
_DRAWS = re.compile(_NAME + _SPACES + rb"(?:Do|scn|SCN)(?![A-Za-z0-9])")
_CONTENTS = re.compile(
    rb"/Contents"
    + _MAYBE
    + rb"(\[[^\[\]]*+\]|"
    + _REFERENCE.pattern.replace(rb"([0-9]{1,10}+)", rb"[0-9]{1,10}+")
    + rb")"
)
_RESOURCES = re.compile(rb"/(?:Resources|XObject)" + _MAYBE + _REFERENCE.pattern)
_LENGTH = re.compile(rb"/Length" + _SPACES + rb"([0-9]{1,10}+)(?!" + _SPACES + rb"[0-9]{1,5}+" + _SPACES + rb"R)")
_FILTERS = re.compile(
    rb"/(FlateDecode|Fl|ASCII85Decode|A85)(?![A-Za-z0-9])|/([A-Za-z0-9]{0,20}+(?<=Decode)|LZW|RL|AHx|Crypt)(?![A-Za-z])"
)
_FORM = re.compile(rb"/Subtype" + _MAYBE + rb"/Form(?![A-Za-z])|/PatternType" + _SPACES + rb"1(?![0-9])")
_LOOKS = re.compile(rb"/AP" + _MAYBE + rb"(?:<<.{0,300}|" + _REFERENCE.pattern + rb")", re.DOTALL)
_PACKED = re.compile(rb"/Type" + _MAYBE + rb"/ObjStm(?![A-Za-z])")
_FIRST = re.compile(rb"/First" + _SPACES + rb"([0-9]{1,8})")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")


class _Object(NamedTuple):
    """What stands before the stream, and where that begins and, at latest, ends."""

    text: bytes
    stream: tuple[int, int] | None


class _Cost(NamedTuple):
    drawn: int
    nesting: int


def check(content: bytes) -> None:
    """Raise `ImageError` for a PDF with too many objects, or whose pages would draw too much or too deep."""
    document = _Document(content)
    drawn = 0
    for cost in document.costs():
        drawn += cost.drawn
        if cost.nesting > MAX_NESTING:
            raise ImageError(f"the PDF has forms nested deeper than {MAX_NESTING}")
        if drawn > MAX_DRAWN:
            raise ImageError(f"the PDF draws more than {MAX_DRAWN} bytes of operators")


class _Document:
    def __init__(self, content: bytes) -> None:
        self._content, self._left = content, _MAX_LOOKED
        self._hidden = b"/Encrypt" in content
        # Of one number there may be several, and any of them may be the one that counts.
        self._objects: dict[int, list[_Object]] = {}
        self._count = 0
        for number, found in _plain(content):
            self._take(number, found)
        for found in [one for several in self._objects.values() for one in several]:
            if found.stream is not None and _PACKED.search(found.text):
                for number, text in _unpacked(found, self._decoded(found)):
                    self._take(number, _Object(text, None))
        self._costs: dict[int, _Cost] = {}
        self._open: set[int] = set()
        pages = [
            one
            for several in self._objects.values()
            for one in several
            if b"/Contents" in one.text or b"/Kids" in one.text
        ]
        self._inherited: dict[bytes, set[int]] = {}
        for page in pages:
            for name, numbers in self._names(page).items():
                self._inherited.setdefault(name, set()).update(numbers)

    def _take(self, number: int, found: _Object) -> None:
        self._count += 1
        if self._count > MAX_OBJECTS:
            raise ImageError(f"the PDF has more than {MAX_OBJECTS} objects")
        self._objects.setdefault(number, []).append(found)

    def _look(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise ImageError("the PDF refers to its parts more often than any would")

    def costs(self) -> Iterator[_Cost]:
        """Of each page, and of what each annotation looks like."""
        for several in self._objects.values():
            for found in several:
                if found.stream is None:
                    yield self._cost_of_page(found)
                    yield from self._costs_of_looks(found)

    def _costs_of_looks(self, annotation: _Object) -> Iterator[_Cost]:
        for match in _LOOKS.finditer(annotation.text):
            numbers = _numbers(match[0])
            elsewhere = [one for one in self._those(numbers) if one.stream is None]
            self._look(len(match[0]) + sum(len(one.text) for one in elsewhere))
            for number in numbers + [inner for one in elsewhere for inner in _numbers(one.text)]:
                yield self._cost_of_form(number)

    def _cost_of_page(self, page: _Object) -> _Cost:
        names, streams = self._names(page), list[_Object]()
        for told in _CONTENTS.findall(page.text):
            for found in self._those(_numbers(told)):
                if found.stream is not None:
                    streams.append(found)
                else:  # a list of them
                    self._look(len(found.text))
                    streams += self._those(_numbers(found.text))
        drawn = nesting = 0
        for stream in streams:
            cost = self._cost(stream, names)
            drawn, nesting = drawn + cost.drawn, max(nesting, cost.nesting)
            if drawn > MAX_DRAWN:
                break
        return _Cost(drawn, nesting)

    def _those(self, numbers: list[int]) -> list[_Object]:
        return [one for number in numbers for one in self._objects.get(number, [])]

    def _cost(self, found: _Object, names: dict[bytes, set[int]]) -> _Cost:
        times: dict[int, int] = {}
        content = self._decoded(found)
        if content is None:
            start, end = found.stream or (0, 0)
            drawn = 4 * (end - start)
            times = dict.fromkeys((number for numbers in names.values() for number in numbers), _GUESSED)
        else:
            drawn = len(content)
            for name, count in Counter(_DRAWS.findall(content)).items():
                targets = names.get(_plain_name(name)) or self._inherited.get(_plain_name(name), set())
                self._look(len(targets))
                for number in targets:
                    times[number] = times.get(number, 0) + count
        nesting = 0
        for number, count in times.items():
            inner = self._cost_of_form(number)
            drawn, nesting = drawn + count * inner.drawn, max(nesting, inner.nesting)
            if drawn > MAX_DRAWN:
                # Over the bound is over the bound: no need for numbers of a thousand digits.
                return _Cost(MAX_DRAWN + 1, nesting)
        return _Cost(drawn, nesting)

    def _cost_of_form(self, number: int) -> _Cost:
        """Of the dearest of that number; nothing for what is no form. One that is drawn within itself has no end."""
        if number in self._open or len(self._open) > MAX_NESTING:
            return _Cost(MAX_DRAWN + 1, MAX_NESTING + 1)
        if number not in self._costs:
            self._open.add(number)
            worst = _Cost(0, 0)
            for found in self._objects.get(number, []):
                if found.stream is not None and _FORM.search(found.text):
                    cost = self._cost(found, self._names(found))
                    worst = _Cost(max(worst.drawn, cost.drawn), max(worst.nesting, cost.nesting + 1))
            self._open.discard(number)
            self._costs[number] = worst
        return self._costs[number]

    def _names(self, found: _Object) -> dict[bytes, set[int]]:
        """What the names in an object stand for, and those in its resources where these are elsewhere."""
        names: dict[bytes, set[int]] = {}
        texts, seen = [found.text], set()
        while texts:
            text = texts.pop()
            self._look(len(text))
            for name, number in set(_NAMED.findall(text)):
                names.setdefault(_plain_name(name), set()).add(int(number))
            for number in map(int, _RESOURCES.findall(text)):
                if number not in seen:
                    seen.add(number)
                    texts += [one.text for one in self._those([number]) if one.stream is None]
        return names

    def _decoded(self, found: _Object) -> bytes | None:
        """A stream's content, or as much as is over the bound; None where it cannot be looked into."""
        start, end = found.stream or (0, 0)
        filters = [known or b"?" for known, _ in _FILTERS.findall(found.text)]
        if self._hidden or b"?" in filters or len(filters) > 2:
            return None
        if not filters:
            data = self._content[start : min(end, start + MAX_DRAWN + 1)]
            self._look(len(data))
            return data
        if filters[0] in (b"ASCII85Decode", b"A85"):
            data = self._content[start : min(end, start + _MAX_AS_TEXT)]
            self._look(len(data))
            try:
                data = base64.a85decode(data.partition(b"~>")[0].strip().removeprefix(b"<~"))
            except ValueError:
                return None
            return data if len(filters) == 1 else self._inflated(data, 0, len(data))
        return self._inflated(self._content, start, end) if len(filters) == 1 else None

    def _inflated(self, data: bytes, start: int, end: int) -> bytes:
        """As much as there is before it ends, breaks or is over the bound, which is what is drawn of it."""
        unpacker, content = zlib.decompressobj(), bytearray()
        for at in range(start, end, _PIECE):
            piece = data[at : min(end, at + _PIECE)]
            try:
                content += unpacker.decompress(piece, MAX_DRAWN + 1 - len(content))
            except zlib.error:
                break
            if unpacker.eof or unpacker.unconsumed_tail or len(content) > MAX_DRAWN:
                break
            self._look(len(piece))
        self._look(len(content))
        return bytes(content)


def _plain(content: bytes) -> Iterator[tuple[int, _Object]]:
    """The objects that stand in the file by themselves, by their numbers."""
    found = list(islice(_OBJECT.finditer(content), MAX_OBJECTS + 1))
    for position, match in enumerate(found):
        end = found[position + 1].start() if position + 1 < len(found) else len(content)
        begins = _STREAM.search(content, match.end(), end)
        text = content[match.end() : begins.start() if begins else end]
        if begins is None:
            yield int(match[1]), _Object(text, None)
            continue
        # What looks like an end, or like another object, may stand within it.
        told = max((int(length) for length in _LENGTH.findall(text)), default=0)
        yield int(match[1]), _Object(text, (begins.end(), max(end, min(len(content), begins.end() + told))))


def _unpacked(found: _Object, content: bytes | None) -> Iterator[tuple[int, bytes]]:
    """The objects in an object stream (section 7.5.7)."""
    told = _FIRST.search(found.text)
    if content is None or told is None:
        return
    first = int(told[1])
    pairs = [int(number) for number in re.findall(rb"[0-9]{1,10}", content[:first])]
    starts = [first + offset for offset in pairs[1::2]]
    for position, (number, start) in enumerate(zip(pairs[::2], starts, strict=False)):
        yield number, content[start : starts[position + 1] if position + 1 < len(starts) else None]


def _numbers(text: bytes) -> list[int]:
    return [int(number) for number in _REFERENCE.findall(text)]


def _plain_name(name: bytes) -> bytes:
    return _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), name) if b"#" in name else name
