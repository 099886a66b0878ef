"""An administrator's check-up says what the command line's doctor says, and nothing of people."""

import re
from html import unescape
from typing import Any

import pytest


def said(page: str) -> set[str]:
    """Each matter as the command line has it: mark, title and how it stands."""
    found = set()
    for one in re.findall(r"<li[^>]*>\s*<h2>(.*?)</li>", page, re.DOTALL):
        told = re.search(r'<span class="mark">(.*?)</span> (.*?)</h2>\s*<p>(.*?)(?: <span|</p>)', one, re.DOTALL)
        assert told is not None
        found.add(unescape(f"[{told[1]}] {told[2]}: {told[3]}"))
    return found


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_says_what_the_command_says(filled: Any, visit: Any, command: Any, language: str) -> None:
    from vaxcert.registry.reports import doctor

    doctor.recount(filled.registry, actor="night")
    page = visit("administrator", language=language).get("/admin/check-up").text
    lines = command("doctor", "--lang", language).splitlines()
    assert said(page) == {line for line in lines if line.startswith("[")}
    advice = [line.removeprefix("   → ") for line in lines if line.startswith("   → ")]
    assert [unescape(one) for one in re.findall(r'<p class="do">(.*?)</p>', page)] == advice
    which = sorted(line.strip() for line in lines if line.startswith("   ") and "→" not in line)
    assert sorted(unescape(one) for one in re.findall(r"<bdi>(.*?)</bdi>", page)) == which


def test_what_is_to_do_stands_first_and_nobody_is_named(filled: Any, visit: Any) -> None:
    page = visit("administrator").get("/admin/check-up").text
    marks = re.findall(r'class="mark">([^<]+)<', page)
    assert marks == sorted(marks, reverse=True) and {"to do", "good"} == set(marks)
    assert len(marks) == 11
    assert "Accounts without owner" in page and "manager, reviewer" in page
    assert "Mẫu Thử" not in page and "Ví Dụ" not in page and "0100000001" not in page


def test_only_who_keeps_accounts_sees_it(house: Any, visit: Any) -> None:
    for login in ("clerk", "vaccinator", "reviewer", "manager"):
        assert visit(login).get("/admin/check-up").status_code == 403
    assert "Check-up" in visit("administrator").get("/").text
