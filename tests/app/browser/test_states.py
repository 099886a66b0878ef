"""What a guard sees: every state from the camera in a real browser."""

from datetime import timedelta
from typing import Any

import pytest
from foreign_codes import BASE45
from msgspec.structs import replace
from night import some

from vaxcert import Issuer
from vaxcert.cli.demo import tamper
from vaxcert.trust import revocation
from vaxcert.trust.revocation import Kind

NAME = "Nguyễn Mẫu Thử"
GREEN, VIOLET, RED, YELLOW = "rgb(34, 165, 80)", "rgb(192, 143, 216)", "rgb(125, 10, 16)", "rgb(255, 223, 107)"


@pytest.fixture
def issued(real_key: Any, person: Any, dose: Any, now: Any) -> Any:
    """A real card, in the sense that its key is not one for trials."""
    issuer = Issuer(real_key, country="VN", authority="Sở Y tế mẫu", valid_for=timedelta(days=365), clock=lambda: now)
    return issuer.issue(person, dose)


@pytest.fixture
def late(real_key: Any, person: Any, dose: Any, now: Any) -> str:
    """A card that ended yesterday."""
    start = now - timedelta(days=11)
    issuer = Issuer(real_key, country="VN", authority="Sở Y tế mẫu", valid_for=timedelta(days=10), clock=lambda: start)
    return str(issuer.issue(person, replace(dose, date=start.date())).text)


def test_accepted_is_green_with_dose_name_and_birth_date_large(
    real_site: Any, issued: Any, browsers: Any, serve: Any, film: Any, screen: Any
) -> None:
    page = browsers.page(serve(real_site.app()), film=film(issued.text))
    seen = page.verdict()
    screen(page, "accepted-en")
    assert (seen["colour"], seen["background"], seen["headline"]) == ("accepted", GREEN, "Genuine certificate")
    for wanted in (NAME, "17 May 1990", "Dose 2/2", "Compare name and date of birth"):
        assert wanted in seen["text"]
    assert "TEST" not in seen["text"]
    small, compare, large, name, born = (
        page.page.eval_on_selector(f"#stage .words[lang=en] {one}", "one => parseFloat(getComputedStyle(one).fontSize)")
        for one in ("dl", ".compare", ".large", ".name", ".born")
    )
    headline = page.page.eval_on_selector(
        "#stage .words[lang=en] h1", "one => parseFloat(getComputedStyle(one).fontSize)"
    )
    assert born > name > max(headline, large, compare, small)
    assert name >= 1.9 * small
    # Name and birth date are seen without scrolling on a phone.
    below = page.page.eval_on_selector("#stage .words[lang=en] .born", "one => one.getBoundingClientRect().bottom")
    assert below < page.page.eval_on_selector("#stage .foot", "one => one.getBoundingClientRect().top")
    assert "Genuine certificate" in page.page.evaluate("document.getElementById('announce').textContent")
    page.settle()
    page.page.click("#tongue")
    assert page.seen("#stage")["headline"] == "Chứng nhận thật"
    assert "17/05/1990" in page.seen("#stage")["text"]
    assert page.page.evaluate("document.documentElement.lang") == "vi"
    assert page.text("#next") == "Tiếp theo"
    screen(page, "accepted-vi")
    assert page.faults == []


def test_test_lists_never_look_accepted(
    site: Any, text: str, browsers: Any, serve: Any, film: Any, screen: Any
) -> None:
    page = browsers.page(serve(site.app()), film=film(text), language="vi")
    seen = page.verdict()
    screen(page, "test-vi")
    assert (seen["colour"], seen["background"]) == ("test", VIOLET)
    assert "THỬ NGHIỆM · TEST" in seen["text"]
    banner = page.page.eval_on_selector("#stage .words[lang=vi] .banner", "one => one.getBoundingClientRect().width")
    assert banner >= 412
    assert page.faults == []


def states(issued: Any, late: str, other: str) -> dict[str, Any]:
    return {
        "signature_invalid": (tamper(issued.text), "refused", RED, "Refused"),
        "key_unknown": (other, "undetermined", YELLOW, "Not verified: do not admit on this code"),
        "revoked": (issued.text, "refused", RED, "Refused"),
        "expired": (late, "refused", RED, "Refused"),
        "trust_list_stale": (
            issued.text, "undetermined", YELLOW, "This device must be updated before it can check",
        ),
        "format_unknown": ("a text that no shape fits", "undetermined", YELLOW, "Not a code that is known here"),
        "format_unsupported": (
            "LT1:" + BASE45, "undetermined", YELLOW, "Cannot be checked here: ask for other proof",
        ),
    }  # fmt: skip


@pytest.mark.parametrize(
    "reason",
    some(
        [
            "signature_invalid",
            "key_unknown",
            "revoked",
            "expired",
            "trust_list_stale",
            "format_unknown",
            "format_unsupported",
        ],
        3,
    ),
)
def test_each_reason_is_told_in_its_own_colour_and_words(
    real_site: Any, issued: Any, late: str, text: str, browsers: Any, serve: Any, film: Any, screen: Any, reason: str
) -> None:
    shown, colour, background, headline = states(issued, late, text)[reason]
    if reason == "revoked":
        real_site.publisher.withdrawals.revoke(Kind.UCI, [revocation.of_uci(issued.certificate_id)])
        real_site.publish()
    if reason == "trust_list_stale":
        real_site.now += timedelta(days=9)
    page = browsers.page(serve(real_site.app()), film=film(shown))
    seen = page.verdict()
    screen(page, reason.replace("_", "-"))
    assert (seen["colour"], seen["background"], seen["headline"]) == (colour, background, headline)
    assert (seen["code"], reason in seen["text"]) == (reason, True)
    # What a bad signature or an unknown key vouches for is nobody's name.
    assert (NAME in seen["text"]) == (reason in ("revoked", "expired", "trust_list_stale"))
    assert "Compare" not in seen["text"]
    assert page.faults == []
