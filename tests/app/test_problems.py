"""Problems, as programs and people read them: a type that stays, words in the language asked for, when to come again."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest

URN = "urn:vaxcert:problem:"


@pytest.mark.parametrize(
    ("asked", "lang"),
    [
        (None, "en"),
        ("vi", "vi"),
        ("vi-VN,vi;q=0.9,en;q=0.5", "vi"),
        ("en-GB, vi;q=0.4", "en"),
        ("fr", "en"),
        ("*", "en"),
        ("vi;q=0", "en"),
        ("\u00e9;;q=,,=", "en"),
    ],
)
def test_a_program_is_told_in_the_language_that_its_header_prefers(client: Any, asked: str | None, lang: str) -> None:
    client.set_cookie("lang", "vi" if lang == "en" else "en")
    headers = {} if asked is None else {"Accept-Language": asked}
    answer = client.post("/verify", data=b"x", content_type="text/plain", headers=headers)
    assert answer.json["type"] == f"{URN}wrong_type"
    assert (
        answer.json["title"]
        == {
            "en": "Only JSON, PNG, JPEG, WebP, PDF and a code's text are read.",
            "vi": "Chỉ đọc JSON, PNG, JPEG, WebP, PDF và nội dung mã.",
        }[lang]
    )
    assert answer.headers["Content-Language"] == lang
    assert answer.headers["Vary"] == "Accept-Language"


def test_people_are_told_in_the_language_that_they_chose_whatever_their_browser_prefers(client: Any) -> None:
    browser = {"Accept": "text/html", "Accept-Language": "en"}
    site = client.get("/nowhere", headers=browser)
    assert (site.headers["Content-Language"], "Không có trang này." in site.text) == ("vi", True)
    assert {"Cookie", "Accept"} <= set(site.headers["Vary"].split(", "))
    client.set_cookie("lang", "en")
    chosen = client.get("/nowhere", headers=browser)
    assert (chosen.headers["Content-Language"], "There is no such page." in chosen.text) == ("en", True)
    # The same address, asked for by a script.
    script = client.get("/nowhere", headers={"Accept": "application/problem+json"})
    assert script.json["type"] == f"{URN}not_found"
    assert {"Accept-Language", "Accept"} <= set(script.headers["Vary"].split(", "))


def test_every_problem_has_a_sentence_and_advice_in_both_languages_and_is_described(client: Any) -> None:
    from verifier_app.problems import _CODES
    from verifier_app.words import DETAILS, WORDS

    assert {*_CODES.values(), "no_picture", "several", "nothing", "not_ready", "mode_unknown", "fault"} == set(DETAILS)
    for code, advice in DETAILS.items():
        for lang in ("en", "vi"):
            assert WORDS[code].of(lang).endswith(".")
            assert advice.of(lang).endswith(".")
            assert "_" not in WORDS[code].of(lang)
    schema = client.get("/openapi.json").json["components"]["schemas"]["Problem"]["properties"]
    assert schema["type"]["enum"] == [URN + code for code in DETAILS]


def test_the_pages_script_knows_the_words_of_every_problem(client: Any) -> None:
    from pathlib import Path

    from verifier_app.words import DETAILS, WORDS

    assert set(DETAILS) <= set(WORDS)
    script = (Path(__file__).parents[2] / "verifier_app" / "static" / "js" / "asking.js").read_text()
    assert re.search(rf'const PROBLEM = "{URN}"', script)
    assert "title" not in script


def test_nothing_that_was_sent_is_quoted_in_a_problem(client: Any) -> None:
    for sent in ({"data": b'{"text": "Nguyen"', "content_type": "application/json"}, {"json": {"Nguyen": "Nguyen"}}):
        assert b"Nguyen" not in client.post("/verify", **sent).data
    assert b"Nguyen" not in client.get("/Nguyen?Nguyen", headers={"Accept": "text/html"}).data


def test_what_comes_too_often_is_told_when_to_come_again_and_each_answer_what_is_left(site: Any, text: str) -> None:
    client = site.app(VAXCERT_APP_RATE="2").test_client()
    answers = [client.post("/verify", json={"text": text}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert {answer.headers["RateLimit-Policy"] for answer in answers} == {'"address";q=2;w=60'}
    left = [re.fullmatch(r'"address";r=(\d+);t=(\d+)', answer.headers["RateLimit"]) for answer in answers]
    assert [found[1] for found in left if found] == ["1", "0", "0"]
    assert all(0 < int(found[2]) <= 60 for found in left if found)
    assert 0 < int(answers[2].headers["Retry-After"]) <= 60
    assert "Retry-After" not in answers[0].headers
    # What is not limited says nothing of a limit.
    assert "RateLimit" not in client.get("/healthz").headers


def test_every_503_says_when_to_come_again(site: Any, text: str, picture: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from verifier_app import desk as module
    from verifier_app import problems

    monkeypatch.setattr(module, "WAIT", 0.01)
    app = site.app(VAXCERT_APP_READERS="1")
    client = app.test_client()
    reader = app.extensions["desk"]._readers.get()
    program = client.post("/verify", data=picture(text), content_type="image/png")
    person = client.post(
        "/check", data={"picture": (io.BytesIO(picture(text)), "a.png")}, headers={"Accept": "text/html"}
    )
    app.extensions["desk"]._readers.put(reader)
    site.now += timedelta(days=9)
    stale = client.get("/readyz")
    assert [answer.status_code for answer in (program, person, stale)] == [503, 503, 503]
    assert [answer.headers["Retry-After"] for answer in (program, person, stale)] == ["5", "5", "60"]
    assert stale.json["type"] == f"{URN}not_ready"
    # One that says nothing by itself.
    with app.test_request_context("/verify"):
        assert problems.answer(503).headers["Retry-After"] == "5"
        assert problems.answer(429).headers["Retry-After"] == "5"
