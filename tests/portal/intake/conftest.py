"""A reviewer who sends units' tables up, with the processes that really look at them and take them over."""

import io
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from units import row, table


class Reviewer:
    """A reviewer's browser at a portal whose work is done by processes of their own."""

    def __init__(self, house: Any, visitor: Any, settings: dict[str, Any]) -> None:
        self.house, self.browser, self.settings = house, visitor, settings
        self.files = Path(settings["files"])

    def get(self, path: str) -> Any:
        return self.browser.get(path)

    def post(self, path: str, data: dict[str, Any] | None = None) -> Any:
        return self.browser.post(path, data)

    def send(self, content: bytes, name: str = "tram-mau.csv") -> Any:
        answer = self.post("/intake", {"table": (io.BytesIO(content), name)})
        # A file of the client's own where it is large, which it leaves open.
        answer.request.environ["wsgi.input"].close()
        return answer

    def sent(self, content: bytes, name: str = "tram-mau.csv") -> str:
        """The address of a table that is sent."""
        answer = self.send(content, name)
        assert answer.status_code == 302, answer.text
        return str(answer.headers["Location"])

    def wait(self, path: str, seconds: float = 60) -> str:
        """A table's page, once no process is at work on it."""
        until = time.monotonic() + seconds
        while self.get(f"{path}/state").get_json()["running"]:
            assert time.monotonic() < until
            time.sleep(0.05)
        return str(self.get(path).text)

    def checked(self, content: bytes, name: str = "tram-mau.csv") -> tuple[str, str]:
        """The address and the page of a table that was sent and checked."""
        path = self.sent(content, name)
        return path, self.wait(path)

    def take(self, content: bytes, name: str = "tram-mau.csv", **said: Any) -> int:
        """Have a table taken over; the number of its run."""
        path, _ = self.checked(content, name)
        self.post(f"{path}/take", said)
        found = re.search(r"/runs/(\d+)", self.wait(path))
        assert found is not None
        return int(found[1])

    def run(self, number: int) -> Any:
        from vaxcert.registry.care import history

        return history.one(self.house.registry, number)


@pytest.fixture
def reviewer(house: Any, visit: Callable[..., Any], tmp_path: Path) -> Reviewer:
    settings = {"db": f"sqlite:///{tmp_path / 'r.db'}", "key": tmp_path / "registry.key", "files": tmp_path / "files"}
    return Reviewer(house, visit("reviewer", **settings), settings)


@pytest.fixture
def one_row() -> bytes:
    return table([row()])
