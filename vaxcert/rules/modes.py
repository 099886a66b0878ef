"""Which rules there are to switch between: of a place's own files, of those that come with vaxcert, or of the list.

gate.toml → a policy · de.json → a country's rules, which compare with the lists in value-sets.json
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from vaxcert import files
from vaxcert.errors import ConfigurationError, NotFoundError, Reason
from vaxcert.rules import countries
from vaxcert.rules.base import Rules
from vaxcert.rules.policies import loading
from vaxcert.rules.sets import ValueSets
from vaxcert.trust import TrustStore

# Not a mode: what the sets of rules beside it compare with.
VALUE_SETS = "value-sets.json"


def at(place: str) -> dict[str, Rules]:
    """The rules of a file, of a folder, or of a name that comes with vaxcert, by mode. They are not signed.

    Raises `ConfigurationError`.
    """
    path = Path(place)
    # An empty text is a variable that was never set, and not the folder that the command happens to run in.
    if place and path.exists():
        return parsed(contents(path), signed=False)
    if place in loading.ready_names():
        return {place: loading.ready(place)}
    ready = ", ".join(loading.ready_names())
    raise NotFoundError(f"{place or 'rules'}: no such file or folder, and no policy that comes with vaxcert ({ready})")


def is_mode(name: str) -> bool:
    """Whether a text can be the name of a mode."""
    return loading.MODE.fullmatch(name) is not None


def published(trust: TrustStore) -> dict[str, Rules]:
    """The rules that came with a synced list, signed, by mode. Raises `ConfigurationError`, which names the file."""
    return parsed(trust.rules, signed=True)


def contents(path: Path, *, none: bool = False) -> dict[str, bytes]:
    """A file's bytes, or those of a folder's *.toml and *.json, by name. Raises `ConfigurationError` for neither.

    A file's value sets stand beside it. `none`: whether a folder may have none.
    """
    found = [path]
    if path.is_dir():
        found = sorted(one for one in path.iterdir() if one.suffix in (".toml", ".json"))
        if not found and not none:
            raise NotFoundError(f"{path}: no rules (*.toml, *.json) in it")
    elif path.suffix == ".json" and (beside := path.with_name(VALUE_SETS)).exists():
        found.append(beside)
    read = {}
    for one in found:
        with files.reading(one):
            read[one.name] = one.read_bytes()
    return read


def parsed(contents: Mapping[str, bytes], *, signed: bool) -> dict[str, Rules]:
    """Files of rules, by their names, as rules by mode. Raises `ConfigurationError`, which names the file."""
    value_sets = ValueSets.load(contents[VALUE_SETS]) if VALUE_SETS in contents else ValueSets()
    found: dict[str, Rules] = {}
    for name, content in sorted(contents.items()):
        mode, _, kind = name.rpartition(".")
        if (mode or name) in found:
            raise ConfigurationError(f"{name}: another file beside it is of the same mode", Reason.POLICY_UNCLEAR)
        if kind == "json" and name != VALUE_SETS:
            loading.check_mode(mode, name)
            found[mode] = countries.read(content, mode, value_sets, signed=signed, place=name)
        elif kind != "json":
            text = files.decode_text(content, Path(name))
            found[mode or name] = loading.parse(text, mode or name, signed=signed, place=name)
    return found
