"""What is not installed: which extra it belongs to, and a command that installs it whatever way vaxcert came."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator
from importlib.util import find_spec

from vaxcert.errors import ConfigurationError, Reason

_OF_EXTRA = re.compile(r"""^(?P<what>[^;]+?)\s*;.*\bextra\s*==\s*['"](?P<extra>[\w-]+)['"]""")
_OTHERS = re.compile(r"^vaxcert\[(?P<extras>[\w,-]+)\]$")


def missing(what: str, extra: str) -> str:
    """A message that `what` needs an extra which is not installed, and how to install it."""
    return f"{what}: of vaxcert[{extra}], which is not installed. To install it: {install_command(extra)}"


def need(modules: tuple[str, ...], extra: str) -> None:
    """Raise `ConfigurationError` where one of the modules that an extra brings is not there."""
    for module in modules:
        if find_spec(module) is None:
            raise ConfigurationError(missing(f"{module} is missing", extra), Reason.COMPONENT_MISSING)


def install_command(extra: str) -> str:
    """The command that installs what an extra stands on.

    It names the extra's own requirements, since vaxcert itself may have come from a checkout or as a wheel, and no
    index need know it; once the package's metadata name the index that does, the extra alone.
    """
    # Read where something is missing, and not by every command's start: it takes longer than the rest of it.
    from importlib import metadata

    pip = f"{shlex.quote(sys.executable)} -m pip install"
    try:
        known = metadata.metadata("vaxcert")
    except metadata.PackageNotFoundError:
        return f"{pip} '.[{extra}]' in the checkout"
    if any(entry.partition(",")[0].strip() == "Index" for entry in known.get_all("Project-URL") or ()):
        return f"{pip} 'vaxcert[{extra}]'"
    return " ".join([pip, *map(shlex.quote, dict.fromkeys(_requirements(known.get_all("Requires-Dist") or [], extra)))])


def _requirements(listed: list[str], extra: str) -> Iterator[str]:
    for entry in listed:
        found = _OF_EXTRA.match(entry)
        if found is None or found["extra"] != extra:
            continue
        others = _OTHERS.match(found["what"])
        if others is None:
            yield found["what"]
            continue
        for other in others["extras"].split(","):
            yield from _requirements(listed, other)
