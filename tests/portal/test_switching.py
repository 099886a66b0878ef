"""Changing accounts by PIN on a machine where somebody signed in wholly on the same day."""

from datetime import timedelta
from typing import Any


def with_pin(house: Any, one: Any, login: str, pin: str) -> None:
    one.sign_in(login)
    assert one.post("/own/pin", {"pin": pin}).status_code == 302
    one.post("/lock")


def go_on(house: Any, one: Any, login: str, pin: str) -> Any:
    return one.post("/switch", {"account": str(house.numbers[login]), "pin": pin})


def who(one: Any) -> str:
    page = one.get("/own").text
    return next((role for role in ("clerk", "vaccinator") if f"<dd>{role}</dd>" in page), "")


def test_two_people_take_turns_at_one_machine_by_their_pins(house: Any, visit: Any) -> None:
    one = visit()
    with_pin(house, one, "clerk", "2580")
    with_pin(house, one, "vaccinator", "8520")
    assert not one.signed_in()
    page = one.get("/switch").text
    assert "Mẫu Clerk" in page and "Mẫu Vaccinator" in page
    go_on(house, one, "clerk", "2580")
    assert who(one) == "clerk"
    # Straight from one to the other.
    go_on(house, one, "vaccinator", "8520")
    assert who(one) == "vaccinator"
    entries = [entry for entry in house.actions() if entry in ("sign in", "sign out")]
    assert entries == ["sign in", "sign out"] * 3 + ["sign in"]


def test_signing_out_is_in_the_audit_log_however_it_is_done(house: Any, visit: Any) -> None:
    for way in ("/sign-out", "/lock", "/end-day"):
        visit("clerk").post(way)
    assert house.actions().count("sign out") == 3


def test_a_pin_is_of_no_use_on_a_machine_where_nobody_signed_in_wholly(house: Any, visit: Any) -> None:
    with_pin(house, visit(), "clerk", "2580")
    other = visit()
    assert other.get("/switch").headers["Location"] == "/sign-in"
    assert go_on(house, other, "clerk", "2580").headers["Location"] == "/sign-in"
    assert not other.signed_in()


def test_a_pin_ends_with_the_day_and_with_the_sessions_of_its_account(house: Any, visit: Any) -> None:
    from vaxcert.registry.accounts import keeping

    one = visit()
    with_pin(house, one, "clerk", "2580")
    with_pin(house, one, "vaccinator", "8520")
    keeping.end_sessions(house.registry, house.numbers["clerk"], actor="test")
    assert "Mẫu Clerk" not in one.get("/switch").text
    go_on(house, one, "clerk", "2580")
    assert not one.signed_in()
    house.now += timedelta(days=1)
    go_on(house, one, "vaccinator", "8520")
    assert not one.signed_in()


def test_the_fifth_wrong_pin_takes_it_away(house: Any, visit: Any) -> None:
    one = visit()
    with_pin(house, one, "clerk", "2580")
    with_pin(house, one, "vaccinator", "8520")
    for _ in range(5):
        assert go_on(house, one, "clerk", "0852").status_code == 422
    assert "Mẫu Clerk" not in one.get("/switch").text
    go_on(house, one, "clerk", "2580")
    assert not one.signed_in()


def test_the_end_of_the_day_leaves_nobody_on_the_machine(house: Any, visit: Any) -> None:
    one = visit()
    with_pin(house, one, "clerk", "2580")
    one.post("/end-day")
    go_on(house, one, "clerk", "2580")
    assert not one.signed_in()


def test_nobody_chooses_a_pin_where_they_signed_in_on_another_day(house: Any, visit: Any) -> None:
    one = visit("clerk")
    house.now += timedelta(days=1)
    assert one.post("/own/pin", {"pin": "2580"}).status_code == 422
    assert house.accounts()["clerk"].pin_hash is None


def test_a_locked_account_is_not_entered_by_its_pin(house: Any, visit: Any) -> None:
    one = visit()
    with_pin(house, one, "clerk", "2580")
    for _ in range(5):
        visit().sign_in("clerk", "wrong")
    go_on(house, one, "clerk", "2580")
    assert not one.signed_in()
