"""What the registry says of an account that asks the signer."""

from typing import Any

import pytest

from vaxcert.registry.accounts import keeping, places
from vaxcert.registry.accounts.signing import KeptAccounts

SITES = (("VP01", "Trạm Mẫu Một", "Tam Đảo"), ("VP02", "Trạm Mẫu Hai", "Tam Đảo"), ("VP03", "Trạm Mẫu Ba", "Yên Lạc"))


@pytest.fixture
def accounts(place: Any) -> KeptAccounts:
    for site in SITES:
        places.put_site(place.registry, places.Site(*site), actor="test", new=True)
    for login, role, where in (
        ("lan", "vaccinator", {"site": "VP01"}), ("hoa", "vaccinator", {"area": "Tam Đảo"}),
        ("minh", "reviewer", {}), ("tu", "clerk", {"site": "VP01"}), ("an", "manager", {}),
        ("quan", "administrator", {}), ("may", "integrator", {"site": "VP03"}),
    ):  # fmt: skip
        wanted = keeping.Wanted(f"Mẫu {login}", [role], **where)
        keeping.create(place.registry, login, wanted, actor="test", password="")
    return KeptAccounts(place.registry)


# By account: the sites, whether of many at once, and whether it may say yes to many.
MAY = {
    "account:lan": ({"VP01"}, False, False),
    "account:hoa": ({"VP01", "VP02"}, False, False),
    "account:minh": ({"", "VP01", "VP02", "VP03", "VP99"}, True, True),
    "account:may": ({"VP03"}, False, False),
    "account:tu": (set(), False, False),
    "account:an": (set(), False, False),
    "account:quan": (set(), False, False),
    "account:nobody": (set(), False, False),
    # As the audit log names them, and in no other way.
    "lan": (set(), False, False),
    "minh": (set(), False, False),
}  # fmt: skip


def test_each_role_has_signed_what_is_its_work_at_its_sites(accounts: KeptAccounts) -> None:
    asked, found = ("", "VP01", "VP02", "VP03", "VP99"), {}
    for account, (sites, many, _) in MAY.items():
        may = {site for site in asked if accounts.may_sign(account, {site}, many=False)}
        assert {site for site in asked if accounts.may_sign(account, {site}, many=True)} == (sites if many else set())
        assert accounts.may_sign(account, {"VP01", "VP03"}, many=False) is (sites >= {"VP01", "VP03"}), account
        found[account] = (may, many, accounts.may_approve(account))
    assert found == MAY


def test_an_account_that_is_closed_has_nothing_signed_from_then_on(accounts: KeptAccounts, place: Any) -> None:
    from vaxcert.registry.accounts.account import by_login

    with place.registry.reading() as connection:
        minh = by_login(connection, "minh")
    assert minh is not None
    keeping.set_active(place.registry, minh.id, False, actor="test")
    assert not accounts.may_sign("account:minh", {"VP01"}, many=False) and not accounts.may_approve("account:minh")
