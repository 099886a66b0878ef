"""What is wrong with a policy's file, as whoever wrote it reads it: in which line, and what was to stand there.

What a policy may say stands in its types (`vaxcert.rules.policies.policy`) alone: they are asked word by word here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from tomllib import TOMLDecodeError
from typing import Any

import msgspec
from msgspec import inspect

from vaxcert.rules.policies.policy import Asked, Exempt, Policy, RecoveryAsked, Span, TestAsked, Title, WordError

_Path = tuple[str | int, ...]

_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.-]+)\s*\]")
_KEY = re.compile(r"\s*\"?([\w-]+)\"?\s*=")
_CURLY = re.compile("[“”„‘’«»]")
# What may hold any sign: texts in straight quotes, and what is said behind a hash.
_QUOTED = re.compile(r"\"(?:\\.|[^\"\\])*\"|'[^']*'|#.*")
# What stands below a word, where that is words again.
_BELOW: dict[str, type[msgspec.Struct]] = {
    "title": Title, "exempt": Exempt, "test": TestAsked, "recovery": RecoveryAsked, "days": Span,
    "days_since_last": Span,
}  # fmt: skip
_LISTS = ("any", "all")


def of_form(error: TOMLDecodeError, text: str) -> str:
    """What is to be said of a text that is no TOML."""
    for number, line in enumerate(text.splitlines(), 1):
        if _CURLY.search(_QUOTED.sub("", line)):
            return f'line {number}: curly quotation marks; straight ones are needed (")'
    return f"not TOML: {error}"


def of_words(policy: dict[str, Any], text: str) -> str:
    """What is to be said of TOML that is no policy, from the line on in which it stands."""
    path, told = _mistake(policy, Policy, ()) or ((), "not a policy")
    return f"{_where(text, path)}{told}"


def _mistake(value: Any, kind: type[msgspec.Struct], path: _Path) -> tuple[_Path, str] | None:
    """Where the first mistake in words of a kind is, and what it is; None where there is none."""
    if not isinstance(value, dict):
        return path, f"{_name(path)}not words in braces, as {{ … = … }}"
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for word in value:
        if word not in fields:
            return (*path, word), f"no such word here: {_meant(word, [*fields], path)}"
    for word, said in value.items():
        if (found := _in(word, said, fields[word].type, (*path, word))) is not None:
            return found
    for word, field in fields.items():
        if field.required and word not in value:
            return path, f"`{word}` is missing"
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        cause = error.__cause__
        word = cause.word if isinstance(cause, WordError) else ""
        return ((*path, word), f"`{word}`: {cause}") if word else (path, f"{_name(path)}{cause or error}")
    return None


def _in(word: str, said: Any, kind: Any, path: _Path) -> tuple[_Path, str] | None:
    try:
        msgspec.convert(said, kind)
    except msgspec.ValidationError:
        if said == []:
            return path, f"`{word}`: an empty list; leave the word out where nothing is asked"
        if word in _BELOW:
            return _mistake(said, _BELOW[word], path)
        if word not in _LISTS:
            return path, f"`{word}`: {_form(kind)}"
        if not isinstance(said, list):
            return path, f"`{word}`: one stands below [[{word}]]"
        return next(filter(None, (_mistake(one, Asked, (*path, at)) for at, one in enumerate(said))), None)
    return None


def _form(kind: Any) -> str:
    """What a value is not that its type does not take."""
    found = inspect.type_info(kind)
    if isinstance(found, inspect.UnionType):
        found = next(one for one in found.types if not isinstance(one, inspect.NoneType))
    match found:
        case inspect.IntType(ge=least, le=most):
            return f"not a whole number from {least} to {most}"
        case inspect.BoolType():
            return "neither true nor false"
        case inspect.StrType(min_length=None):
            return "not a text, in quotes"
        case inspect.StrType(min_length=least, max_length=most):
            return f"not a text of {least} to {most} letters, in quotes"
        case _:
            return 'not a list of texts, as ["…", "…"]'


def _meant(word: str, words: list[str], path: _Path) -> str:
    """An unknown word, and what may have been meant by it."""
    told = f"`{word[:40]}`; "
    if path[:1] in (("any",), ("all",)) and word in {field.encode_name for field in msgspec.structs.fields(Policy)}:
        # TOML takes what stands below a list's part for a word of that.
        return f"{told}it belongs above the first [[any]] or [[all]]"
    near = get_close_matches(word.lower(), words, 1)
    return told + (f"did you mean `{near[0]}`?" if near else f"there are {', '.join(words)}")


def _name(path: _Path) -> str:
    names = [step for step in path if isinstance(step, str)]
    return f"`{names[-1]}`: " if names else ""


def _where(text: str, path: _Path) -> str:
    """The line of what stands at a path, or the nearest above it that has one."""
    best, line = 0, 0
    for place, number in _places(text):
        if best < len(place) and place == path[: len(place)]:
            best, line = len(place), number
    return f"line {line}: " if line else ""


def _places(text: str) -> Iterator[tuple[_Path, int]]:
    """The paths of tables and words that begin a line. Only to say where: texts of several lines are not told apart."""
    counts: dict[_Path, int] = {}
    table: _Path = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = ()
            parts = header[2].split(".")
            for part in parts[:-1]:
                table += (part,)
                if table in counts:
                    table += (counts[table],)
            table += (parts[-1],)
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table += (counts[table],)
            yield table, number
        elif key := _KEY.match(line):
            yield (*table, key[1]), number
