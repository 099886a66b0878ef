"""Signing in: password and authenticator, lockout, changed passwords, ended sessions."""

from datetime import timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest

PASSWORD = "a long enough password"


def set_up(one: Any, phone: Any, login: str) -> Any:
    """Sign in for the first time outside training."""
    answer = one.sign_in(login)
    assert answer.headers["Location"] == "/sign-in/authenticator"
    page = one.post("/sign-in/authenticator", {"setup": "authenticator"})
    phone.learn(page.text)
    assert "<svg" in page.text
    return one.post("/sign-in/code", {"code": phone.code()})


def test_outside_training_nobody_gets_in_without_an_authenticator(house: Any, visit: Any, authenticator: Any) -> None:
    one = visit(training=False)
    one.sign_in("clerk")
    assert not one.signed_in()
    assert set_up(one, authenticator, "clerk").status_code == 302
    assert one.signed_in()
    again = visit(training=False)
    assert again.sign_in("clerk").headers["Location"].startswith("/sign-in/code")
    assert not again.signed_in()
    authenticator.later()
    again.post("/sign-in/code", {"code": authenticator.code()})
    assert again.signed_in()


def test_the_page_that_asks_for_a_code_is_shown(house: Any, visit: Any, authenticator: Any) -> None:
    set_up(visit(training=False), authenticator, "clerk")
    one = visit(training=False)
    one.sign_in("clerk")
    assert "Six digits" in one.get("/sign-in/code").text


def test_a_code_is_taken_once(house: Any, visit: Any, authenticator: Any) -> None:
    set_up(visit(training=False), authenticator, "clerk")
    one = visit(training=False)
    one.sign_in("clerk")
    one.post("/sign-in/code", {"code": authenticator.code()})
    assert not one.signed_in()


def test_the_authenticators_secret_is_sealed_in_the_database(house: Any, visit: Any, authenticator: Any) -> None:
    set_up(visit(training=False), authenticator, "clerk")
    house.registry.engine.dispose()
    held = b"".join(path.read_bytes() for path in house.folder.glob("r.db*"))
    assert b"account" in held
    assert authenticator.key.encode() not in held
    assert b"enckey" not in held


def test_five_wrong_passwords_keep_everybody_out_until_the_time_is_over(house: Any, visit: Any) -> None:
    one = visit()
    for _ in range(5):
        assert "Not right" in one.sign_in("clerk", "wrong").text
    assert one.sign_in("clerk").status_code == 200
    assert not one.signed_in()
    house.now += timedelta(minutes=16)
    one.sign_in("clerk")
    assert one.signed_in()
    assert house.actions().count("sign in refused") == 5
    assert house.actions().count("account locked") == 1


def test_wrong_codes_count_like_wrong_passwords(house: Any, visit: Any, authenticator: Any) -> None:
    set_up(visit(training=False), authenticator, "clerk")
    authenticator.later()
    one = visit(training=False)
    one.sign_in("clerk")
    wrong = f"{(int(authenticator.code()) + 1) % 1_000_000:06}"
    for _ in range(5):
        one.post("/sign-in/code", {"code": wrong})
    one.post("/sign-in/code", {"code": authenticator.code()})
    assert not one.signed_in()


def test_an_unknown_name_a_wrong_password_and_a_locked_account_are_answered_alike(house: Any, visit: Any) -> None:
    one = visit()
    told = [one.sign_in("nobody", "wrong").text, one.sign_in("clerk", "wrong").text]
    for _ in range(4):
        one.sign_in("clerk", "wrong")
    told.append(one.sign_in("clerk").text)
    import re

    bare = {re.sub(r'value="[^"]*"', "", page).replace(" autofocus", "") for page in told}
    assert len(bare) == 1


def test_a_closed_account_gets_nobody_in_and_its_session_ends(house: Any, visit: Any) -> None:
    from vaxcert.registry.accounts import keeping

    one = visit("clerk")
    keeping.set_active(house.registry, house.numbers["clerk"], False, actor="test")
    assert not one.signed_in()
    one.sign_in("clerk")
    assert not one.signed_in()


def test_a_changed_password_ends_all_other_sessions(house: Any, visit: Any) -> None:
    one, other = visit("clerk"), visit("clerk")
    assert one.signed_in() and other.signed_in()
    new = {"password": PASSWORD, "new_password": "quite another one", "new_password_confirm": "quite another one"}
    assert one.post("/own/password", new).status_code == 302
    assert one.signed_in()
    assert not other.signed_in()
    assert other.sign_in("clerk").status_code == 200
    assert other.sign_in("clerk", "quite another one").status_code == 302


def test_a_password_that_is_short_or_given_twice_differently_changes_nothing(house: Any, visit: Any) -> None:
    one = visit("clerk")
    for first, second in (("short", "short"), ("long enough this", "long enough that")):
        said = {"password": PASSWORD, "new_password": first, "new_password_confirm": second}
        assert one.post("/own/password", said).status_code == 200
    assert one.sign_in("clerk").status_code == 302


def test_a_made_up_password_has_to_be_changed_before_anything_else(house: Any, visit: Any) -> None:
    from vaxcert.registry.accounts import keeping

    told = keeping.create(house.registry, "new", keeping.Wanted("Mẫu Mới", ["clerk"]), actor="test").password
    one = visit()
    one.sign_in("new", told)
    assert one.get("/").headers["Location"] == "/own/password"
    assert one.post("/own/pin", {"pin": "2580"}).status_code == 403
    one.post("/own/password", {"password": told, "new_password": PASSWORD, "new_password_confirm": PASSWORD})
    assert one.get("/").status_code == 200


def test_an_administrator_ends_sessions_and_gives_another_password(house: Any, visit: Any) -> None:
    one, chief = visit("clerk"), visit("administrator")
    place = f"/admin/accounts/{house.numbers['clerk']}"
    assert chief.post(f"{place}/end").status_code == 302
    assert not one.signed_in()
    page = chief.post(f"{place}/password").text
    import re

    told = re.search(r'class="secret">([^<]+)<', page)
    assert told is not None
    assert one.sign_in("clerk").status_code == 200
    one.sign_in("clerk", told[1])
    assert one.get("/").headers["Location"] == "/own/password"


def test_a_lost_telephone_is_an_administrators_matter_and_there_is_no_other_way(
    house: Any, visit: Any, authenticator: Any
) -> None:
    from vaxcert.registry.accounts import keeping

    set_up(visit(training=False), authenticator, "clerk")
    one = visit(training=False)
    one.sign_in("clerk")
    for path in ("/tf-rescue", "/tf-select", "/reset", "/register", "/confirm", "/recover-username", "/mf-recovery"):
        assert one.get(path).status_code == 404
    # Whoever has the password alone cannot set up a second authenticator over the first.
    assert one.get("/sign-in/authenticator").status_code == 302
    one.post("/sign-in/authenticator", {"setup": "authenticator"})
    assert not one.signed_in()
    keeping.reset_totp(house.registry, house.numbers["clerk"], actor="test")
    assert visit(training=False).sign_in("clerk").headers["Location"] == "/sign-in/authenticator"


def test_who_is_signed_in_cannot_exchange_the_authenticator(house: Any, visit: Any, authenticator: Any) -> None:
    one = visit(training=False)
    set_up(one, authenticator, "clerk")
    assert one.get("/sign-in/authenticator").headers["Location"] == "/"
    assert one.post("/sign-in/authenticator", {"setup": "authenticator"}).headers["Location"] == "/"


def test_a_copy_of_a_cookie_is_of_no_use_once_the_session_was_ended(house: Any, visit: Any) -> None:
    from vaxcert.registry.accounts import keeping

    registry, number = house.registry, house.numbers["clerk"]
    new = {"password": PASSWORD, "new_password": "quite another one", "new_password_confirm": "quite another one"}
    ways: dict[str, Any] = {
        "sign out": lambda one: one.post("/sign-out"),
        "change accounts": lambda one: one.post("/lock"),
        "end the day": lambda one: one.post("/end-day"),
        "an administrator": lambda _: keeping.end_sessions(registry, number, actor="test"),
        "another role": lambda _: keeping.edit(
            registry, number, keeping.Wanted("Mẫu", ["vaccinator"], site="VP01"), actor="test"
        ),
        "another password": lambda one: one.post("/own/password", new),
    }
    for way, end in ways.items():
        one, copy = visit("clerk"), visit()
        copy.client.set_cookie("portal", one.client.get_cookie("portal").value)
        assert copy.signed_in(), way
        end(one)
        assert not copy.signed_in(), way
    # Of the copies it is not noted that they signed out.
    assert house.actions().count("sign out") == 3


def test_signing_out_ends_the_session_at_one_machine_alone(house: Any, visit: Any) -> None:
    one, other = visit("clerk"), visit("clerk")
    one.post("/sign-out")
    assert not one.signed_in()
    assert other.signed_in()


def test_a_cookie_of_one_account_does_not_go_on_with_a_session_of_another(house: Any, visit: Any) -> None:
    one, other = visit("clerk"), visit("vaccinator")
    with other.client.session_transaction() as session:
        number = session["number"]
    with one.client.session_transaction() as session:
        session["number"] = number
    assert not one.signed_in()


def test_numbers_of_sessions_are_kept_as_hashes_and_not_for_ever(house: Any, visit: Any) -> None:
    from sqlalchemy import select

    from vaxcert.registry.schema import screen_session

    one = visit("clerk")
    with one.client.session_transaction() as session:
        number = session["number"]
    house.now += timedelta(days=3)
    visit("clerk")
    with house.registry.reading() as connection:
        kept = connection.execute(select(screen_session)).all()
    assert len(kept) == 1
    assert number not in str(kept)
    assert not one.signed_in()


def test_a_session_without_a_page_for_too_long_ends(house: Any, visit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from portal_app import access

    one = visit("clerk", idle=30)
    assert one.signed_in()
    later = access.time.time() + 31 * 60
    monkeypatch.setattr(access.time, "time", lambda: later)
    assert not one.signed_in()


def test_after_signing_in_one_is_where_one_wanted_to_be_and_never_elsewhere(house: Any, visit: Any) -> None:
    one = visit()
    wanted = one.get("/own").headers["Location"]
    assert one.post(wanted, {"username": "clerk", "password": PASSWORD}).headers["Location"] == "/own"
    for place in ("https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example"):
        one = visit()
        answer = one.post("/sign-in", {"username": "clerk", "password": PASSWORD}, query_string={"next": place})
        led = urljoin("http://localhost/sign-in", answer.headers.get("Location", ""))
        assert urlsplit(led).netloc == "localhost"


def test_names_are_signed_in_by_however_their_letters_are_written(house: Any, visit: Any) -> None:
    one = visit()
    one.sign_in(" Clerk ")
    assert one.signed_in()


def test_a_training_portal_is_refused_over_a_registry_that_was_not_made_for_it(tmp_path: Any) -> None:
    from portal_app import create_app
    from portal_app.config import PortalSettings
    from vaxcert import ConfigurationError
    from vaxcert.errors import Reason
    from vaxcert.registry import Registry

    with Registry.create(f"sqlite:///{tmp_path / 'r.db'}", tmp_path / "key") as registry:
        with pytest.raises(ConfigurationError) as raised:
            create_app(PortalSettings(db="unused", training=True), registry=registry)
        assert raised.value.reason is Reason.NOT_TRAINING
        create_app(PortalSettings(db="unused"), registry=registry)
