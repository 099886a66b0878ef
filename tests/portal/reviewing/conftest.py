"""A reviewer's browser over a registry into which units' tables were taken."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from units import table

from vaxcert.registry.accounts import keeping
from vaxcert.registry.intake import importing

PASSWORD = "a long enough password"


class Review:
    """A reviewer, and what units sent."""

    def __init__(self, house: Any, visit: Callable[..., Any], folder: Path) -> None:
        self.house, self.visit, self.folder, self.sent = house, visit, folder, 0
        self.browser = visit("reviewer")

    def take(self, *rows: Any) -> int:
        """Take a unit's table over, as another process does."""
        self.sent += 1
        path = self.folder / f"unit-{self.sent}.csv"
        path.write_bytes(table(rows))
        return int(importing.run(self.house.registry, path, actor="unit").run)

    def get(self, path: str) -> Any:
        return self.browser.get(path)

    def post(self, path: str, data: dict[str, Any] | None = None) -> Any:
        return self.browser.post(path, data)

    def colleague(self, login: str, *, area: str = "", site: str = "", **settings: Any) -> Any:
        """Another reviewer's browser."""
        wanted = keeping.Wanted(f"Mẫu {login}", ["reviewer"], area=area, site=site)
        keeping.create(self.house.registry, login, wanted, actor="test", password=PASSWORD)
        return self.visit(login, **settings)

    def views(self) -> list[Any]:
        """Whom somebody was shown, on which page."""
        from vaxcert.registry import audit

        entries = audit.entries(self.house.registry, last=1_000)
        return [(one.actor, one.details["page"], one.details["people"]) for one in entries if one.action == "view"]


@pytest.fixture
def review(house: Any, visit: Callable[..., Any], tmp_path: Path) -> Review:
    return Review(house, visit, tmp_path)
