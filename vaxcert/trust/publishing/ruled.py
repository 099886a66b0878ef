"""The policies and rule sets that a publisher has published beside the keys, by the names of their files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from vaxcert import files
from vaxcert.trust.synced.repository import RULES, check_rules


class PublishedRules:
    """The files in a workspace's folder. Whether they can be followed is for the room of the rules to say."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def replace(self, rules: Mapping[str, bytes]) -> None:
        """Have these published from now on, and no others. Raises `ConfigurationError` for what no store holds."""
        check_rules({name: len(content) for name, content in rules.items()})
        with files.writing(self._folder):
            # A workspace of an earlier version has none.
            self._folder.mkdir(mode=0o700, exist_ok=True)
            for old in self._folder.iterdir():
                if old.name not in rules:
                    old.unlink()
        for name, content in rules.items():
            files.write_changed(self._folder / name, content)

    def contents(self) -> dict[str, bytes]:
        """What is published, by target's name."""
        with files.reading(self._folder):
            return {RULES + path.name: path.read_bytes() for path in sorted(self._folder.glob("*"))}
