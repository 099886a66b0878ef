"""Counts as SVG: what is drawn, what is said of it, and that nothing in it does anything."""

import re
from datetime import date
from xml.etree import ElementTree

from vaxcert.registry.reports.drawing import Bar, bars, days, share

NAME = "{http://www.w3.org/2000/svg}"
ROWS = [Bar("Huyện Tam Đảo", 600, 450, 1000), Bar('<script>alert(1)</script> & "x"', 50, 0, None)]


def test_each_bar_is_as_long_as_its_number_and_a_target_is_marked() -> None:
    drawn = ElementTree.fromstring(bars("Tiêm", ROWS, lang="en"))  # noqa: S314  (our own)
    widths = [float(rect.get("width", 0)) for rect in drawn.iter(f"{NAME}rect")]
    assert widths[1:4] == [240, 180, 3]
    assert [float(rect.get("x", 0)) for rect in drawn.iter(f"{NAME}rect")][3] == 397


def test_what_is_drawn_is_told_in_words_for_whoever_does_not_see_it() -> None:
    drawn = ElementTree.fromstring(bars("Tiêm", ROWS, lang="vi"))  # noqa: S314
    assert drawn.get("role") == "img"
    assert drawn.findtext(f"{NAME}title") == "Tiêm"
    assert "Huyện Tam Đảo: 600 / 1.000 (60,0%), đủ liều 450" in str(drawn.findtext(f"{NAME}desc"))


def test_texts_that_units_wrote_are_text_and_nothing_in_a_picture_runs_or_styles() -> None:
    for drawn in (bars("<b>", ROWS), days("<i>", [(date(2026, 3, 1), 5)])):
        assert not re.search(r"<(script|b|i|style)\b|\bstyle=|\bon[a-z]+=|href", drawn)
        ElementTree.fromstring(drawn)  # noqa: S314


def test_a_day_without_doses_is_a_gap_and_the_busiest_day_is_named() -> None:
    drawn = days("Mũi", [(date(2026, 3, 1), 10), (date(2026, 3, 4), 20)], lang="vi")
    columns = list(ElementTree.fromstring(drawn).iter(f"{NAME}rect"))[1:3]  # noqa: S314
    assert [float(one.get("x", 0)) for one in columns] == [0, 300]
    assert [float(one.get("height", 0)) for one in columns] == [75, 150]
    assert "nhiều nhất: 20 ngày 04/03/2026" in drawn
    assert "<svg" in days("Mũi", [])


def test_a_share_is_rounded_down_so_that_what_is_not_all_is_never_all() -> None:
    assert [share(*parts, "en") for parts in ((9_999, 10_000), (1, 1), (1, 3), (0, 0), (3, 2))] == [
        "99.9%", "100.0%", "33.3%", "0.0%", "150.0%",
    ]  # fmt: skip
    assert share(1, 8, "vi") == "12,5%"
