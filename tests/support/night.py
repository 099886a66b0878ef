"""What is too long for every run: marked, and left to `make night`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def some(values: Iterable[Any], number: int) -> list[Any]:
    """The values as parameters of a test, of which so many, spread over all of them, are for every run."""
    listed = list(values)
    every = {at * len(listed) // number for at in range(number)}
    return [value if at in every else pytest.param(value, marks=pytest.mark.nightly) for at, value in enumerate(listed)]
