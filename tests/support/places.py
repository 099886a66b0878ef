"""A registry that tests work on, by themselves and by processes of their own."""

import csv
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

HEADINGS = ("full_name", "date_of_birth", "national_id", "phone", "district", "priority_group", "product", "dose", "date", "site", "lot")  # fmt: skip


class Place:
    """Where a registry is, and what a test does there."""

    def __init__(self, folder: Path, url: str, now: datetime, *, is_there: bool = False) -> None:
        from vaxcert.registry import Registry

        self.folder, self.url, self.now = folder, url, now
        self.key_file = folder / "registry.key"
        # Where a registry is there already, its key is in the folder too.
        opened = Registry.open if is_there else Registry.create
        self.registry = opened(url, self.key_file, clock=lambda: self.now)
        self.files = 0

    def table(self, *rows: dict[str, str], name: str = "") -> Path:
        """A unit's table with these rows; what is not given is made up."""
        self.files += 1
        path = self.folder / (name or f"unit-{self.files}.csv")
        with path.open("w", encoding="utf-8", newline="") as stream:
            table = csv.DictWriter(stream, HEADINGS)
            table.writeheader()
            for row in rows:
                table.writerow(
                    {"full_name": "Nguyễn Mẫu Thử", "date_of_birth": "1990-05-17", "phone": "0100000001", "district": "Tam Đảo",
                     "priority_group": "1", "product": "EU/1/20/1528", "dose": "1/2", "date": "2026-03-01", "site": "VP01", "lot": "L1"}
                    | row
                )  # fmt: skip
        return path

    def take(self, *rows: dict[str, str]) -> Any:
        """Import such a table."""
        from vaxcert.registry.intake import importing

        return importing.run(self.registry, self.table(*rows), actor="clerk")

    def people(self) -> list[Any]:
        """Everybody with their doses."""
        from vaxcert.registry.records.everybody import everybody

        with self.registry.reading() as connection:
            return list(everybody(connection))

    def state(self) -> dict[str, str]:
        """What the registry holds, but for who did what when, and which numbers are not given again."""
        from vaxcert.registry.transfer import fingerprint

        return {
            name: value for name, value in fingerprint(self.registry).items() if name not in ("run", "audit", "setting")
        }

    def command(self, script: str, *arguments: str) -> list[str]:
        """What starts a process that works on the same registry."""
        head = (
            "import sys\nfrom datetime import datetime\nfrom pathlib import Path\nfrom vaxcert.registry import Registry\n"
            f"registry = Registry.open({self.url!r}, Path({str(self.key_file)!r}), "
            f"clock=lambda: datetime.fromisoformat({self.now.isoformat()!r}))\n"
        )
        return [sys.executable, "-c", head + script, *arguments]

    def started(self, script: str, *arguments: str) -> subprocess.Popen[str]:
        """A process that works on the same registry."""
        command = self.command(script, *arguments)
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=self.folder)

    def killed(self, script: str, *arguments: str, once: Callable[[], bool], pause: float) -> bool:
        """Have such a process killed a pause after `once` is so; whether it was at work until then."""
        process, deadline = self.started(script, *arguments), time.monotonic() + 30
        while time.monotonic() < deadline and process.poll() is None and not once():
            time.sleep(0.01)
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        ended = process.wait()
        process.communicate()
        return ended == -signal.SIGKILL
