"""An administrator's pages: accounts and sites are made, changed and closed; secrets are shown once."""

import re
from typing import Any

NEW = {"login": "bac.si", "display_name": "Bác sĩ Mẫu", "roles": ["vaccinator", "clerk"], "site": "VP02"}


def secret_on(page: str) -> str:
    found = re.search(r'class="secret">([^<]+)<', page)
    assert found is not None
    return found[1]


def test_a_new_account_gets_in_with_the_password_that_is_shown_once(house: Any, visit: Any) -> None:
    chief = visit("administrator")
    page = chief.post("/admin/accounts/new", NEW)
    told = secret_on(page.text)
    made = house.accounts()["bac.si"]
    assert (made.display_name, made.site, sorted(made.roles)) == ("Bác sĩ Mẫu", "VP02", ["clerk", "vaccinator"])
    assert told not in chief.get(f"/admin/accounts/{made.id}").text
    one = visit()
    one.sign_in("bac.si", told)
    assert one.get("/").headers["Location"] == "/own/password"


def test_what_cannot_be_is_said_and_what_was_typed_stays(house: Any, visit: Any) -> None:
    chief = visit("administrator")
    answer = chief.post("/admin/accounts/new", {**NEW, "roles": ["administrator", "clerk"]})
    assert answer.status_code == 422
    assert "do not go together" in answer.text
    assert 'value="Bác sĩ Mẫu"' in answer.text and 'value="bac.si"' in answer.text
    assert "bac.si" not in house.accounts()


def test_an_account_is_changed_closed_and_opened(house: Any, visit: Any) -> None:
    chief, place = visit("administrator"), f"/admin/accounts/{house.numbers['clerk']}"
    chief.post(place, {"display_name": "Tên Khác", "roles": "reviewer", "area": "Yên Lạc"})
    changed = house.accounts()["clerk"]
    assert (changed.display_name, changed.area, changed.site, sorted(changed.roles)) == (
        "Tên Khác", "Yên Lạc", "", ["reviewer"],
    )  # fmt: skip
    chief.post(f"{place}/close")
    assert not house.accounts()["clerk"].active
    chief.post(f"{place}/open")
    assert house.accounts()["clerk"].active


def test_the_last_administrator_is_told_so_and_stays(house: Any, visit: Any) -> None:
    chief, place = visit("administrator"), f"/admin/accounts/{house.numbers['administrator']}"
    roles = {"display_name": "A", "roles": "clerk"}
    for path, data, told in ((f"{place}/close", {}, "last administrator"), (place, roles, "may not do that")):
        answer = chief.post(path, data)
        assert answer.status_code == 422 and told in answer.text
    assert chief.signed_in()


def test_a_programs_token_is_shown_once_and_taken_back(house: Any, visit: Any) -> None:
    from vaxcert.registry.accounts import keeping

    chief, place = visit("administrator"), f"/admin/accounts/{house.numbers['integrator']}"
    token = secret_on(chief.post(f"{place}/token").text)
    assert token not in chief.get(place).text
    with house.registry.reading() as connection:
        assert keeping.of_token(house.registry, connection, token) is not None
    chief.post(f"{place}/take")
    with house.registry.reading() as connection:
        assert keeping.of_token(house.registry, connection, token) is None
    # A program has no password, and a person no token.
    assert chief.post(f"{place}/password").status_code == 422
    assert chief.post(f"/admin/accounts/{house.numbers['clerk']}/token").status_code == 422


def test_a_locked_account_is_opened_on_its_page(house: Any, visit: Any) -> None:
    for _ in range(5):
        visit().sign_in("clerk", "wrong")
    chief, place = visit("administrator"), f"/admin/accounts/{house.numbers['clerk']}"
    assert "locked after wrong tries" in chief.get(place).text
    chief.post(f"{place}/unlock")
    assert visit("clerk").signed_in()


def test_sites_are_added_and_renamed(house: Any, visit: Any) -> None:
    chief = visit("administrator")
    site = {"code": "VP09", "name": "Trạm Mới", "district": "Sông Lô"}
    assert chief.post("/admin/sites", {**site, "new": "1"}).status_code == 302
    assert chief.post("/admin/sites", {**site, "new": "1"}).status_code == 422
    chief.post("/admin/sites", {**site, "name": "Trạm Khác"})
    page = chief.get("/admin/sites").text
    assert 'value="Trạm Khác"' in page and "Trạm Mới" not in page


def test_what_is_done_to_an_account_that_is_not_there_is_not_found(house: Any, visit: Any) -> None:
    chief = visit("administrator")
    assert chief.get("/admin/accounts/99").status_code == 404
    for what in ("open", "close", "unlock", "end", "authenticator", "password", "token"):
        assert chief.post(f"/admin/accounts/99/{what}").status_code == 404
    assert chief.post("/admin/accounts/99", {"display_name": "A", "roles": "clerk"}).status_code == 404


def test_names_of_every_writing_and_of_markup_are_shown_as_they_are(house: Any, visit: Any) -> None:
    chief = visit("administrator")
    for number, name in enumerate(("<script>alert(1)</script>", '"><img src=x>', "{{ 7*7 }}", "សុខ", "عبد", "王小明")):
        chief.post("/admin/accounts/new", {"login": f"n{number}", "display_name": name, "roles": "clerk"})
    page = chief.get("/admin/accounts").text
    assert "<script>alert" not in page and "<img" not in page and "{{ 7*7 }}" in page
    assert all(name in page for name in ("សុខ", "عبد", "王小明"))
