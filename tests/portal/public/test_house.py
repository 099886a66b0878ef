"""The public's app: what it is told at its start, its headers and cookies, its languages, its limits, its errors."""

import re
from typing import Any

import pytest

from vaxcert import ConfigurationError


def app(**settings: Any) -> Any:
    from portal_app.public import create_public_app
    from portal_app.public.config import PublicSettings

    return create_public_app(PublicSettings(**{"plain": True, **settings}))


def token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_it_starts_without_a_registry_and_offers_nothing_that_nobody_serves() -> None:
    from portal_app.public import create_public_app

    made = create_public_app({"VAXCERT_PUBLIC_PLAIN": "1"})
    answer = made.test_client().get("/")
    assert answer.status_code == 200
    assert "Hiện chưa có dịch vụ nào" in answer.text
    assert "registry" not in made.extensions


def test_settings_that_make_no_sense_are_refused_and_never_quoted() -> None:
    from portal_app.public.config import PublicSettings

    with pytest.raises(ConfigurationError) as caught:
        PublicSettings.from_variables({"VAXCERT_PUBLIC_SECRET": "short secret"})
    assert "VAXCERT_PUBLIC_SECRET" in str(caught.value) and "short secret" not in str(caught.value)
    assert "aaaa" not in repr(PublicSettings.from_variables({"VAXCERT_PUBLIC_SECRET": "a" * 40}))


def test_every_answer_is_for_nobody_to_keep_and_of_this_host_alone() -> None:
    client = app().test_client()
    for path in ("/", "/privacy", "/nowhere"):
        headers = client.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "script-src" not in policy and "unsafe" not in policy
        assert "http" not in policy


def test_its_one_cookie_is_for_forms_and_ends_with_the_browser() -> None:
    answer = app(plain=False).test_client().get("/", base_url="https://citizens.example")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-public=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"} <= set(cookie.split("; "))
    assert "Expires" not in cookie and "Max-Age" not in cookie


def test_english_is_one_tap_away_and_leads_back_to_the_same_page() -> None:
    client = app().test_client()
    page = client.get("/privacy").text
    assert '<html lang="vi">' in page
    back = re.search(r'name="back" value="([^"]+)"', page)
    assert back is not None and back[1] == "/privacy"
    answer = client.post("/language", data={"csrf_token": token(page), "lang": "en", "back": back[1]})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/privacy")
    assert '<html lang="en">' in client.get("/privacy").text


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "/\\evil.example", "/language", "/nowhere", "privacy", ""]
)
def test_the_way_back_never_leaves_the_app(back: str) -> None:
    client = app().test_client()
    data = {"csrf_token": token(client.get("/").text), "lang": "en", "back": back}
    assert client.post("/language", data=data).headers["Location"] == "/"


def test_a_form_of_another_site_is_not_taken() -> None:
    answer = app().test_client().post("/language", data={"lang": "en"})
    assert answer.status_code == 400
    assert "Không nhận được biểu mẫu" in answer.text


@pytest.mark.parametrize(
    ("address", "of"),
    [
        ("198.51.100.7", "198.51.100.0/24"), ("198.51.100.250", "198.51.100.0/24"), ("::ffff:198.51.100.7", "198.51.100.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"), ("fe80::1%eth0", "fe80::/48"), ("", ""), ("unix:", ""),
    ],
)  # fmt: skip
def test_neighbours_are_counted_together(address: str, of: str) -> None:
    from portal_app.public.limiting import block

    assert block(address) == of
