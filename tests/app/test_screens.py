"""What the pages draw of verdicts, without a browser: order, names, forms and how light each kind is."""

import io
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from vaxcert import Issuer, Person, Reason, showing
from vaxcert.cli.demo import tamper

STATIC = Path(__file__).parents[2] / "verifier_app" / "static"
KINDS = ("accepted", "refused", "undetermined", "test", "other", "not_enough")


@pytest.fixture
def two(text: str, picture: Any) -> Any:
    """A picture of a genuine and a forged card, in that order or the other."""
    from PIL import Image

    def made(turned: bool) -> bytes:
        pair = (tamper(text), text) if turned else (text, tamper(text))
        codes = [Image.open(io.BytesIO(picture(one))).convert("L") for one in pair]
        whole = Image.new("L", (sum(one.width + 40 for one in codes), codes[0].height + 40), 255)
        whole.paste(codes[0], (20, 20))
        whole.paste(codes[1], (codes[0].width + 60, 20))
        stream = io.BytesIO()
        whole.save(stream, "PNG")
        return stream.getvalue()

    return made


@pytest.mark.parametrize("turned", [False, True])
def test_the_worst_of_two_cards_comes_first_and_both_say_how_many_are_refused(
    client: Any, two: Any, turned: bool
) -> None:
    for lang, said in (("en", "1 of 2 refused"), ("vi", "2 mã: 1 không hợp lệ")):
        client.set_cookie("lang", lang)
        shown = client.post("/check", data={"picture": (io.BytesIO(two(turned)), "two.png")}).text
        assert re.findall('data-colour="([a-z]+)"', shown) == ["refused", "test"]
        assert re.findall('<p class="summary">([^<]+)</p>', shown) == [said, said]
        assert 'href="#code-2"' in shown
    several = client.post("/verify", data=two(turned), content_type="image/png")
    assert (several.status_code, several.json["type"]) == (422, "urn:vaxcert:problem:several")


def test_texts_that_come_together_are_judged_together_and_say_which_is_which(client: Any, text: str) -> None:
    shown = client.post("/check", data={"text": [text, tamper(text)], "part": "1"}).text
    assert re.findall('data-colour="([a-z]+)" data-code="[a-z_]*" data-at="([0-9])"', shown) == [
        ("refused", "1"), ("test", "0"),
    ]  # fmt: skip
    assert client.post("/check", data={"text": [text] * 9}).status_code == 400
    assert client.post("/check", data={"text": ["A" * 30_000] * 3}).status_code == 413


def test_what_is_no_card_is_told_only_where_there_is_no_card(client: Any, text: str) -> None:
    beside = client.post("/check", data={"text": ["https://example.org/a", text, "something else"]}).text
    assert re.findall('data-colour="([a-z]+)"', beside) == ["test"]
    assert "summary" not in beside
    alone = client.post("/check", data={"text": ["https://example.org/a", "something else"]}).text
    assert re.findall('data-colour="([a-z]+)" data-code="([a-z_]*)"', alone) == [("other", "not_a_certificate")]


def verdict(reason: str | None) -> Any:
    status = "accepted" if reason is None else "refused" if reason == "revoked" else "undetermined"
    return SimpleNamespace(reason=reason, status=status, environment="production")


@pytest.mark.parametrize(
    ("kinds", "english", "vietnamese"),
    [
        (["accepted"], "", ""),
        (["accepted", "accepted"], "2 of 2 genuine", "2 mã: 2 thật"),
        (["undetermined", "accepted"], "1 of 2 not verified", "2 mã: 1 chưa kiểm tra được"),
        (["refused", "undetermined", "accepted"], "1 of 3 refused, 1 not verified",
         "3 mã: 1 không hợp lệ, 1 chưa kiểm tra được"),
    ],
)  # fmt: skip
def test_the_summary_counts_what_is_not_good(kinds: list[str], english: str, vietnamese: str) -> None:
    from verifier_app.showing import summary

    assert (summary(kinds, "en"), summary(kinds, "vi")) == (english, vietnamese)


def test_a_code_that_is_no_certificate_is_of_a_kind_of_its_own() -> None:
    assert showing.kind_of(verdict(Reason.NOT_A_CERTIFICATE)) == "other"
    assert showing.kind_of(verdict(Reason.FORMAT_UNKNOWN)) == "undetermined"


@pytest.mark.parametrize(
    ("person", "latin"),
    [
        (Person(family_name="Петров", given_name="Пример", date_of_birth="1985"), "PETROV PRIMER"),
        (Person(family_name="范例", family_name_transliterated="FAN<LI", date_of_birth="1985"), "FAN LI"),
        (Person(family_name="Đặng", given_name="Thị Ví-Dụ", date_of_birth="1985"), None),
        (Person(family_name="O’Example", given_name="Zoë Ǆ", date_of_birth="1985"), None),
    ],
)
def test_the_letters_from_a_to_z_stand_below_a_name_in_another_writing(
    site: Any, key: Any, dose: Any, person: Person, latin: str | None
) -> None:
    issuer = Issuer(key, country="VN", authority="TEST", valid_for=timedelta(days=9), clock=lambda: site.now)
    shown = site.app().test_client().post("/check", data={"text": issuer.issue(person, dose).text}).text
    assert re.findall('<p class="latin">([^<]+)</p>', shown) == ([] if latin is None else [latin])


def test_nothing_refreshes_by_itself_without_scripts(client: Any, text: str) -> None:
    for card in (text, tamper(text)):
        assert "http-equiv" not in client.post("/check", data={"text": card}).text


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.fixture
def rules() -> dict[str, str]:
    """What verdict.css says of each kind."""
    css = (STATIC / "verdict.css").read_text(encoding="utf-8")
    return dict(re.findall(r"^\.verdict\.([a-z_]+) \{([^}]+)\}", css, re.MULTILINE))


def test_kinds_of_verdict_differ_in_how_light_they_are(rules: dict[str, str]) -> None:
    ground = {kind: re.findall(r"background: (#[0-9a-f]{6})", rules[kind])[0] for kind in KINDS}
    assert contrast(ground["refused"], ground["accepted"]) >= 3
    assert contrast(ground["refused"], ground["undetermined"]) >= 7
    assert contrast(ground["refused"], ground["test"]) >= 3
    assert contrast(ground["accepted"], ground["undetermined"]) >= 2
    for kind, colour in ground.items():
        ink = "#ffffff" if "color: #fff" in rules[kind] else "#0b0b0b"
        assert contrast(colour, ink) >= 4.5, kind


def test_kinds_of_verdict_differ_in_form(rules: dict[str, str], client: Any) -> None:
    assert "border-image: repeating-linear-gradient" in rules["refused"]
    assert [kind for kind in KINDS if "border:" in rules[kind]] == ["refused", "undetermined", "not_enough"]
    app: Flask = client.application
    signs = app.jinja_env.get_template("words.html").module
    drawn = {kind: re.sub("symbol-[a-z_]+", "", str(signs.symbol(kind))) for kind in KINDS}  # type: ignore[attr-defined]
    outlines = {kind: re.findall(r"<(?:circle|rect|path)[^>]*>", svg)[0] for kind, svg in drawn.items()}
    assert all(outlines[one] != outlines[other] for one, other in combinations(KINDS, 2))


@pytest.fixture
def in_vietnam(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Asia/Ho_Chi_Minh")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("in_vietnam")
def test_times_are_in_this_machines_zone_and_name_it(client: Any) -> None:
    assert "16:30 15/06/2026 UTC+07:00" in client.get("/status?lang=vi").text
    assert "15 Jun 2026 16:30 UTC+07:00" in client.get("/status?lang=en&part=1").text
    assert "<html" not in client.get("/status?part=1").text
