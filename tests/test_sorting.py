"""Of codes that are seen together: which are judged, and which verdict is told first."""

from typing import Any

import pytest
from foreign_codes import BASE45

from vaxcert import Verifier
from vaxcert.sorting import badness, to_judge

LINK, WIFI, FOREIGN, NOTHING = "https://health.example", "WIFI:S:x;;", "LT1:" + BASE45, "0000 phantom"


@pytest.mark.parametrize("others", [[LINK], [NOTHING, WIFI], [FOREIGN, LINK, NOTHING]])
def test_a_foreign_code_never_hides_a_card(text: str, others: list[str]) -> None:
    assert to_judge([*others, text]) == to_judge([text, *others]) == [text]


def test_a_card_is_judged_once_however_often_it_is_seen(text: str, forge: Any) -> None:
    assert to_judge([text, text, f"]Q1{text}", text + "\r\n"]) == [text]
    assert to_judge([text, other := forge.card()]) == [text, other]


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        ([LINK, FOREIGN], FOREIGN),
        ([NOTHING, LINK], LINK),
        ([NOTHING, "another"], NOTHING),
        ([WIFI, LINK], WIFI),
        ([], None),
    ],
)
def test_of_other_codes_alone_the_one_that_says_most_is_told(texts: list[str], told: str | None) -> None:
    assert to_judge(texts) == ([told] if told else [])


def test_the_worst_verdict_is_told_first(verifier: Verifier, text: str, forge: Any) -> None:
    good, unknown, bad = (
        verifier.verify(one) for one in (text, "hello", forge.card(exp=1_700_000_000, iat=1_690_000_000))
    )
    for order in ([good, unknown, bad], [bad, unknown, good], [unknown, good, bad]):
        assert [verdict.status for verdict in sorted(order, key=badness)] == ["refused", "undetermined", "accepted"]
