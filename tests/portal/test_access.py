"""Every address of the portal, by everybody who may not see it; and forms of other sites."""

import re
from typing import Any

import pytest

from vaxcert import ConfigurationError

ROLES = ("clerk", "vaccinator", "reviewer", "manager", "administrator")
# Of the parts of addresses: what a sweep puts there.
PARTS = {"number": "1", "filename": "portal.css", "token": "x", "kind": "x", "run": "1"}


def addresses(app: Any, **parts: str) -> list[tuple[str, str, str]]:
    """Method, address and endpoint of every page."""
    put = PARTS | parts
    found = []
    for rule in app.url_map.iter_rules():
        choices = re.search(r"<any\(([^)]+)\):what>", rule.rule)
        for what in choices[1].split(", ") if choices else [""]:
            path = re.sub(r"<any[^>]*>", what, rule.rule)
            path = re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", lambda part: put[part[1]], path)
            found += [(method, path, rule.endpoint) for method in sorted(rule.methods - {"OPTIONS", "HEAD"})]
    return found


def wanted(app: Any, endpoint: str) -> Any:
    return app.extensions["needs"][endpoint]


def test_nobody_signed_in_is_refused_at_every_address(house: Any, visit: Any) -> None:
    from portal_app.access import Open
    from vaxcert.registry.accounts.actions import Action

    one = visit()
    swept = 0
    for method, path, endpoint in addresses(one.client.application):
        need = wanted(one.client.application, endpoint)
        if need in (Open.TO_ALL, Open.TO_STRANGERS):
            continue
        answer = one.client.open(path, method=method, data={"csrf_token": one.token()})
        if need is Open.TO_NOBODY:
            assert answer.status_code == 404, path
        elif method == "GET" and need is not Action.API:
            assert answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in?"), path
        else:
            assert answer.status_code == 401, path
        swept += 1
    assert swept > 12


# What a query or form is asked for by number, anywhere.
NUMBERED = ("before", "after", "done", "run", "number", "session", "person", "account", "shown", "next", "version")
# Whoever is at these is out, or another, afterwards.
LEAVING = ("security.logout", "switching.lock", "switching.end_day")


@pytest.mark.parametrize(
    "number", [str(2**31), "9" * 20, "9" * 5_000, "-1", "0", "１２", "%00", "x"],
    ids=["over", "huge", "endless", "negative", "nought", "wide", "nul", "letter"],
)  # fmt: skip
def test_a_number_that_no_record_can_have_is_a_fault_at_no_address(house: Any, visit: Any, number: str) -> None:
    from portal_app.access import Open
    from vaxcert.registry.accounts.actions import may

    for role in ("vaccinator", "reviewer", "manager", "administrator"):
        one, swept = visit(role), 0
        app, account = one.client.application, house.accounts()[role]
        asked = dict.fromkeys(NUMBERED, number.replace("%00", "\0"))
        sent = {**asked, "csrf_token": one.token()}
        for method, path, endpoint in addresses(app, number=number):
            need = wanted(app, endpoint)
            if isinstance(need, Open) or not may(account, need) or endpoint in LEAVING:
                continue
            answer = one.client.open(path, method=method, query_string=asked, data=sent if method == "POST" else None)
            assert answer.status_code < 500, (method, path[:80])
            swept += 1
        assert one.signed_in()
        assert swept > 4


@pytest.mark.parametrize("role", ROLES)
def test_every_role_is_refused_wherever_it_has_nothing_to_do(house: Any, visit: Any, role: str) -> None:
    from portal_app.access import Open
    from vaxcert.registry.accounts.actions import Action, may

    one = visit(role)
    account = house.accounts()[role]
    refused = 0
    for method, path, endpoint in addresses(one.client.application):
        need = wanted(one.client.application, endpoint)
        if need is Action.API:
            assert one.client.open(path, method=method).status_code == 401, path
        elif not isinstance(need, Open) and not may(account, need):
            answer = one.client.open(path, method=method, data={"csrf_token": one.token()})
            assert answer.status_code == 403, path
            refused += 1
        elif need is Open.TO_NOBODY:
            assert one.client.open(path, method=method).status_code == 404, path
    assert refused or role == "administrator"


def test_every_form_without_its_token_is_refused_and_does_nothing(house: Any, visit: Any) -> None:
    one = visit("administrator")
    before = house.actions()
    swept = 0
    for method, path, endpoint in addresses(one.client.application):
        from portal_app.access import Open
        from vaxcert.registry.accounts.actions import Action

        need = wanted(one.client.application, endpoint)
        if method != "POST" or need in (Open.TO_NOBODY, Open.TO_STRANGERS, Action.API):
            continue
        if not isinstance(need, Open) and need not in (Action.OWN, Action.ACCOUNTS, Action.SITES):
            continue
        for data in ({}, {"csrf_token": "x"}):
            assert one.client.post(path, data=data).status_code == 400, path
        swept += 1
    assert swept > 8
    assert one.signed_in()
    assert house.actions() == before
    # Nobody can be signed in by another site's form either.
    stranger = visit()
    for path in ("/sign-in", "/sign-in/code", "/sign-in/authenticator"):
        assert stranger.client.post(path, data={"username": "clerk"}).status_code == 400


def test_a_page_that_says_not_who_may_see_it_is_refused_at_the_start(house: Any, monkeypatch: Any) -> None:
    from flask import Blueprint

    import portal_app

    forgotten = Blueprint("forgotten", __name__)
    forgotten.add_url_rule("/forgotten", "page", lambda: "everybody's names")
    monkeypatch.setattr(portal_app, "BLUEPRINTS", (*portal_app.BLUEPRINTS, forgotten))
    with pytest.raises(ConfigurationError, match=r"forgotten\.page"):
        house.app()


def test_a_page_that_a_library_adds_is_refused_until_somebody_decides_about_it(house: Any, monkeypatch: Any) -> None:
    from portal_app.accounts import security

    monkeypatch.setattr(
        security, "PAGES", {name: need for name, need in security.PAGES.items() if name != "security.tf_select"}
    )
    with pytest.raises(ConfigurationError, match=r"security\.tf_select"):
        house.app()


def test_a_programs_token_opens_what_is_for_programs_and_no_page(house: Any, monkeypatch: Any) -> None:
    from flask import Blueprint

    import portal_app
    from portal_app import access
    from vaxcert.registry.accounts import keeping
    from vaxcert.registry.accounts.actions import Action

    api = Blueprint("another", __name__)
    api.add_url_rule("/api/who", "who", access.needs(Action.API)(lambda: access.account().login), methods=["POST"])
    monkeypatch.setattr(portal_app, "BLUEPRINTS", (*portal_app.BLUEPRINTS, api))
    number = house.numbers["integrator"]
    token = keeping.give_token(house.registry, number, actor="test")
    client = house.app().test_client()
    bearer = {"Authorization": f"Bearer {token}"}
    assert client.post("/api/who", headers=bearer).text == "integrator"
    assert client.get("/", headers=bearer).status_code == 302
    assert client.get("/admin/accounts", headers=bearer).status_code == 302
    for wrong in (f"Bearer {token}x", "Bearer ", token, "Bearer vx_", f"Basic {token}", "Bearer é"):
        assert client.post("/api/who", headers={"Authorization": wrong}).status_code == 401
    keeping.take_tokens(house.registry, number, actor="test")
    assert client.post("/api/who", headers=bearer).status_code == 401


def test_a_role_that_is_taken_away_counts_at_once_and_ends_the_session(house: Any, visit: Any) -> None:
    from vaxcert.registry.accounts import keeping

    keeping.create(
        house.registry, "second", keeping.Wanted("Mẫu Hai", ["administrator"]), actor="test",
        password="another long password",
    )  # fmt: skip
    one = visit("administrator")
    assert one.get("/admin/accounts").status_code == 200
    wanted = keeping.Wanted("Mẫu", ["clerk"])
    keeping.edit(house.registry, house.numbers["administrator"], wanted, actor="test")
    assert one.get("/admin/accounts").headers["Location"].startswith("/sign-in?")
    one.sign_in("administrator")
    assert one.get("/admin/accounts").status_code == 403


def test_every_answer_carries_the_headers_and_cookies_that_protect(house: Any, visit: Any) -> None:
    one = visit("clerk")
    for path in ("/", "/sign-in", "/nowhere", "/static/portal.css", "/admin/accounts"):
        with one.get(path) as answer:
            headers = answer.headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cache-Control"] == ("max-age=3600" if path.startswith("/static") else "no-store")
    cookie = house.app(plain=False).test_client().get("/sign-in", base_url="https://localhost").headers["Set-Cookie"]
    assert cookie.startswith("__Host-portal=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


def test_tries_to_sign_in_from_one_address_are_limited(house: Any, visit: Any) -> None:
    one = visit(rate=3)
    answers = [one.sign_in("nobody", "wrong").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 429, 429]
    assert one.get("/sign-in").status_code == 200
