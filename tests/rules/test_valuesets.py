"""Value sets, and the days that they are of."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from vaxcert.errors import DamagedError
from vaxcert.rules import ValueSets


def published(day: str, *codes: str, name: str = "names") -> dict[str, Any]:
    values = {
        code: {"display": code, "lang": "en", "active": code != "b", "version": "", "system": ""} for code in codes
    }
    return {"valueSetId": name, "valueSetDate": day, "valueSetValues": values}


def load(value: Any) -> ValueSets:
    return ValueSets.load(json.dumps(value).encode())


def test_the_codes_are_those_of_the_latest_day_until_the_moment() -> None:
    sets = load(
        [published("2026-06-01", "a", "b"), published("2026-03-01", "a"), published("2026-01-01", "z", name="x")]
    )
    noon = datetime(2026, 6, 1, tzinfo=UTC)
    assert sets.at(noon) == {"names": ["a", "b"], "x": ["z"]}
    assert sets.at(noon - timedelta(seconds=1)) == {"names": ["a"], "x": ["z"]}
    assert sets.at(noon.replace(year=2020)) == {"names": ["a"], "x": ["z"]}
    assert sets.at(noon) is sets.at(noon + timedelta(days=100))


def test_the_short_form_and_a_single_set_are_read_too() -> None:
    now = datetime(2026, 6, 1, tzinfo=UTC)
    assert load({"names": ["a", "b"], "x": []}).at(now) == {"names": ["a", "b"], "x": []}
    assert load(published("2026-06-01T00:00:00Z", "b")).at(now) == {"names": ["b"]}
    assert ValueSets().at(now) == {}


@pytest.mark.parametrize(
    "value", [1, "text", {"names": "a"}, {"names": [1]}, [{"valueSetId": "x"}], published("yesterday", "a"), [1]]
)
def test_what_is_no_value_set_is_refused(value: Any) -> None:
    with pytest.raises(DamagedError):
        load(value)
