"""Accounts on both databases: who may what, passwords and PINs, tries, and what is in the audit log of it."""

from datetime import timedelta
from typing import Any

import pytest

from vaxcert import ConfigurationError, InputError
from vaxcert.errors import NotFoundError, Reason
from vaxcert.registry import audit
from vaxcert.registry.accounts import account, actions, entering, hashing, keeping, places
from vaxcert.registry.accounts.actions import Action
from vaxcert.registry.accounts.keeping import Wanted
from vaxcert.registry.states import Role

PASSWORD = "a long enough password"


def kept(place: Any, login: str) -> Any:
    with place.registry.reading() as connection:
        return account.by_login(connection, login)


def make(place: Any, login: str = "first", *roles: str, **more: Any) -> int:
    wanted = Wanted("Mẫu Thử", roles or ("clerk",), **more)
    return keeping.create(place.registry, login, wanted, actor="chief", password=PASSWORD).id


def test_what_each_role_may_do_is_what_it_is_for() -> None:
    at_a_site = {Action.OWN, Action.SEARCH, Action.ADD_PERSON, Action.CHECK_IN}
    assert {
        Role.CLERK: at_a_site,
        Role.VACCINATOR: at_a_site | {Action.RECORD, Action.PRINT},
        Role.REVIEWER: {
            Action.OWN,
            Action.SEARCH,
            Action.IMPORT,
            Action.ANSWER,
            Action.CORRECT,
            Action.ISSUE_MANY,
            Action.APPROVE,
        },
        Role.MANAGER: {Action.OWN, Action.COUNT},
        Role.ADMINISTRATOR: {Action.OWN, Action.ACCOUNTS, Action.SITES},
        Role.INTEGRATOR: {Action.API},
    } == actions.ALLOWED
    # Who keeps accounts, who counts and what is a program never see a name on a page.
    names = {Action.SEARCH, Action.CHECK_IN, Action.RECORD, Action.PRINT, Action.ANSWER, Action.CORRECT, Action.IMPORT}
    for role in (Role.MANAGER, Role.ADMINISTRATOR, Role.INTEGRATOR):
        assert names.isdisjoint(actions.ALLOWED[role])


def test_an_account_is_found_as_it_was_made_and_its_password_is_kept_as_a_hash(place: Any) -> None:
    places.put_site(place.registry, places.Site("VP01", "Trạm Mẫu", "Tam Đảo"), actor="chief", new=True)
    make(place, " First ", "clerk", "vaccinator", site="vp01")
    one = kept(place, "FIRST")
    assert (one.login, one.email, one.site, one.area) == ("first", None, "VP01", "")
    assert one.roles == {Role.CLERK, Role.VACCINATOR}
    assert actions.may(one, Action.RECORD) and not actions.may(one, Action.IMPORT)
    assert one.password_hash.startswith("$argon2id$") and hashing.right(PASSWORD, one.password_hash)
    assert "Mẫu" not in repr(one)


WRONG = [
    ("", Wanted("A", ["clerk"]), "login", Reason.LOGIN_INVALID),
    ("nguyễn", Wanted("A", ["clerk"]), "login", Reason.LOGIN_INVALID),
    ("-a", Wanted("A", ["clerk"]), "login", Reason.LOGIN_INVALID),
    ("a" * 33, Wanted("A", ["clerk"]), "login", Reason.LOGIN_INVALID),
    ("a", Wanted("", ["clerk"]), "display_name", Reason.MISSING),
    ("a", Wanted("A" * 81, ["clerk"]), "display_name", Reason.TOO_LONG),
    ("a", Wanted("A", ["clerk"], email="no address"), "email", Reason.NOT_VALID),
    ("a", Wanted("A", []), "roles", Reason.MISSING),
    ("a", Wanted("A", ["king"]), "roles", Reason.NOT_ONE_OF),
    ("a", Wanted("A", ["administrator", "vaccinator"]), "roles", Reason.ROLES_APART),
    ("a", Wanted("A", ["integrator", "clerk"]), "roles", Reason.ROLES_APART),
    ("a", Wanted("A", ["clerk"], site="NONE"), "site", Reason.NOT_VALID),
]


def test_an_account_that_makes_no_sense_is_refused_and_nothing_is_kept(place: Any) -> None:
    for login, wanted, field, reason in WRONG:
        with pytest.raises(InputError) as raised:
            keeping.create(place.registry, login, wanted, actor="chief")
        assert (raised.value.field, raised.value.reason) == (field, reason)
    with place.registry.reading() as connection:
        assert account.listed(connection) == []


def test_a_second_account_of_one_name_is_refused(place: Any) -> None:
    make(place)
    with pytest.raises(ConfigurationError) as raised:
        make(place, "FIRST")
    assert raised.value.reason is Reason.ALREADY_THERE


def test_the_last_administrator_stays_one(place: Any) -> None:
    chief = make(place, "chief", "administrator")
    for change in (
        lambda: keeping.set_active(place.registry, chief, False, actor="chief"),
        lambda: keeping.edit(place.registry, chief, Wanted("A", ["clerk"]), actor="chief"),
    ):
        with pytest.raises(ConfigurationError) as raised:
            change()
        assert raised.value.reason is Reason.LAST_ADMINISTRATOR
    assert kept(place, "chief").active and kept(place, "chief").roles == {Role.ADMINISTRATOR}
    second = make(place, "second", "administrator")
    keeping.set_active(place.registry, chief, False, actor="second")
    with pytest.raises(ConfigurationError):
        keeping.set_active(place.registry, second, False, actor="second")


def test_the_fifth_wrong_try_locks_an_account_for_a_quarter_of_an_hour(place: Any) -> None:
    number = make(place)
    for _ in range(4):
        entering.failed(place.registry, number, "password")
    assert not kept(place, "first").locked(place.registry.now())
    entering.entered(place.registry, number, "password")
    for _ in range(5):
        entering.failed(place.registry, number, "code")
    assert kept(place, "first").locked(place.registry.now())
    place.now += timedelta(minutes=14, seconds=59)
    assert kept(place, "first").locked(place.registry.now())
    place.now += timedelta(seconds=1)
    assert not kept(place, "first").locked(place.registry.now())


def test_an_administrator_opens_a_locked_account(place: Any) -> None:
    number = make(place)
    for _ in range(5):
        entering.failed(place.registry, number, "password")
    keeping.unlock(place.registry, number, actor="chief")
    assert not kept(place, "first").locked(place.registry.now())


def test_a_pin_is_good_for_its_day_and_ends_with_the_fifth_wrong_try(place: Any) -> None:
    number = make(place)
    entering.choose_pin(place.registry, number, "2580")
    assert entering.right_pin(place.registry, kept(place, "first"), "2580")
    for _ in range(4):
        assert not entering.right_pin(place.registry, kept(place, "first"), "2581")
    assert entering.right_pin(place.registry, kept(place, "first"), "2580")
    for _ in range(5):
        assert not entering.right_pin(place.registry, kept(place, "first"), "2581")
    assert not entering.right_pin(place.registry, kept(place, "first"), "2580")
    entering.choose_pin(place.registry, number, "2580")
    assert entering.right_pin(place.registry, kept(place, "first"), "2580")
    place.now += timedelta(days=1)
    assert not entering.right_pin(place.registry, kept(place, "first"), "2580")


def test_an_account_as_it_was_read_before_gives_no_further_tries(place: Any) -> None:
    number = make(place)
    entering.choose_pin(place.registry, number, "2580")
    before = kept(place, "first")
    for _ in range(5):
        assert not entering.right_pin(place.registry, before, "2581")
    assert not entering.right_pin(place.registry, before, "2580")


@pytest.mark.parametrize("pin", ["", "123", "1111", "1234", "4321", "9012", "123456789", "12a4", "١٢٣٤", "0000"])
def test_a_pin_that_is_guessed_at_once_is_refused(pin: str) -> None:
    with pytest.raises(InputError) as raised:
        hashing.checked_pin(pin)
    assert raised.value.reason is Reason.PIN_INVALID


def test_a_password_typed_on_another_keyboard_is_the_same() -> None:
    composed, apart = "mật khẩu dài", "ma\u0323\u0302t kha\u0302\u0309u da\u0300i"
    assert composed != apart
    assert hashing.right(apart, hashing.hashed(composed))
    assert not hashing.right(composed, None)
    assert not hashing.right(composed, "not a hash")


def test_what_ends_sessions_changes_the_mark_that_they_name(place: Any) -> None:
    number, registry = make(place), place.registry
    marks = [kept(place, "first").session_mark]
    for end in (
        lambda: keeping.end_sessions(registry, number, actor="chief"),
        lambda: keeping.reset_password(registry, number, actor="chief"),
        lambda: keeping.reset_totp(registry, number, actor="chief"),
        lambda: keeping.set_active(registry, number, False, actor="chief"),
        lambda: entering.store_password(registry, number, hashing.hashed(PASSWORD), entering.new_mark()),
    ):
        entering.choose_pin(registry, number, "2580")
        end()
        marks.append(kept(place, "first").session_mark)
        assert kept(place, "first").pin_hash is None
    assert len(set(marks)) == len(marks)


def test_a_token_is_kept_as_a_hash_and_ends_with_its_account(place: Any) -> None:
    number = make(place, "clinic", "integrator")
    assert kept(place, "clinic").password_hash is None
    token = keeping.give_token(place.registry, number, actor="chief")

    def owner(text: str) -> Any:
        with place.registry.reading() as connection:
            return keeping.of_token(place.registry, connection, text)

    assert owner(token).id == number
    assert owner(token[:-1]) is None and owner("") is None
    keeping.set_active(place.registry, number, False, actor="chief")
    assert owner(token) is None
    keeping.set_active(place.registry, number, True, actor="chief")
    assert owner(token).id == number
    assert keeping.take_tokens(place.registry, number, actor="chief") == 1
    assert owner(token) is None
    with pytest.raises(InputError):
        keeping.give_token(place.registry, make(place), actor="chief")


def test_each_change_is_one_entry_under_whoever_made_it_and_the_chain_holds(place: Any) -> None:
    number = make(place)
    keeping.edit(place.registry, number, Wanted("Mẫu Khác", ["vaccinator"]), actor="account:chief")
    keeping.end_sessions(place.registry, number, actor="account:chief")
    entering.entered(place.registry, number, "password")
    found = [(one.actor, one.action) for one in audit.entries(place.registry)]
    assert found == [
        ("chief", "account made"),
        ("account:chief", "account changed"),
        ("account:chief", "sessions ended"),
        ("account:first", "sign in"),
    ]
    audit.check(place.registry)
    assert "Mẫu" not in str(audit.entries(place.registry))


def test_what_is_done_to_an_account_that_is_not_there_is_told(place: Any) -> None:
    for act in (keeping.unlock, keeping.end_sessions, keeping.reset_password, keeping.reset_totp, keeping.give_token):
        with pytest.raises(NotFoundError):
            act(place.registry, 99, actor="chief")


def test_sites_are_added_and_renamed_and_keep_their_codes(place: Any) -> None:
    registry = place.registry
    places.put_site(registry, places.Site("vp01", " Trạm Mẫu ", "Tam Đảo"), actor="chief", new=True)
    with pytest.raises(ConfigurationError):
        places.put_site(registry, places.Site("VP01", "Khác", "Tam Đảo"), actor="chief", new=True)
    places.put_site(registry, places.Site("VP01", "Khác", "Tam Đảo"), actor="chief", new=False)
    with pytest.raises(NotFoundError):
        places.put_site(registry, places.Site("VP02", "Khác", "Tam Đảo"), actor="chief", new=False)
    with pytest.raises(InputError):
        places.put_site(registry, places.Site("VP 2", "Khác", "Tam Đảo"), actor="chief", new=True)
    with registry.reading() as connection:
        assert places.sites(connection) == [places.Site("VP01", "Khác", "Tam Đảo")]


def test_a_registry_with_accounts_goes_out_and_in_again_whole(place: Any, tmp_path: Any) -> None:
    from vaxcert.registry import Registry, transfer

    number = make(place, "clinic", "integrator")
    token = keeping.give_token(place.registry, number, actor="chief")
    make(place)
    out = tmp_path / "all.zip"
    transfer.export(place.registry, out, actor="chief")
    with Registry.create(f"sqlite:///{tmp_path / 'other.db'}", place.key_file, clock=lambda: place.now) as other:
        transfer.restore(other, out, actor="chief")
        with other.reading() as connection:
            assert [one.login for one in account.listed(connection)] == ["clinic", "first"]
            assert keeping.of_token(other, connection, token) is not None
        assert keeping.create(other, "third", Wanted("A", ["clerk"]), actor="chief").id == 3
