"""Whose names an account is shown: its own site's or area's, and others once a reason is given, which is logged."""

from datetime import timedelta
from typing import Any

import pytest

from vaxcert.errors import NotFoundError
from vaxcert.registry import audit
from vaxcert.registry.accounts import account, keeping, places, seeing
from vaxcert.registry.accounts.keeping import Wanted
from vaxcert.registry.care import privacy
from vaxcert.registry.states import AccessReason

SITES = (("VP01", "Tam Đảo"), ("VP02", "Tam Đảo"), ("VP03", "Yên Lạc"))


@pytest.fixture
def people(place: Any) -> dict[str, int]:
    """Somebody of each site, by it; who lives elsewhere than they got their dose stands under `moved`."""
    for code, district in SITES:
        places.put_site(place.registry, places.Site(code, "Trạm", district), actor="chief", new=True)
    place.take(
        *(
            {"full_name": f"Nguyễn Mẫu {name}", "phone": f"01000000{number}", "site": site, "district": district}
            for number, (name, site, district) in enumerate(
                (("Một", "VP01", "Tam Đảo"), ("Hai", "VP02", "Tam Đảo"), ("Ba", "VP03", "Yên Lạc"),
                 ("Bốn", "VP03", "Tam Đảo")), 10
            )
        )
    )  # fmt: skip
    return dict(zip(("VP01", "VP02", "VP03", "moved"), (one.person_id for one in place.people()), strict=True))


def one_at(place: Any, login: str, site: str = "", area: str = "") -> Any:
    keeping.create(place.registry, login, Wanted("Mẫu", ["clerk"], site, area), actor="chief")
    with place.registry.reading() as connection:
        return account.by_login(connection, login)


def shown(place: Any, who: Any, people: dict[str, int]) -> set[str]:
    with place.registry.reading() as connection:
        found = seeing.open_to(place.registry, connection, who, set(people.values()))
    return {name for name, number in people.items() if number in found}


def test_an_account_is_shown_the_people_of_its_site_or_area(place: Any, people: dict[str, int]) -> None:
    assert shown(place, one_at(place, "site", site="VP01"), people) == {"VP01"}
    assert shown(place, one_at(place, "area", area="Tam Đảo"), people) == {"VP01", "VP02", "moved"}
    assert shown(place, one_at(place, "all"), people) == set(people)


def test_somebody_of_another_site_is_shown_for_the_day_once_a_reason_is_given(
    place: Any, people: dict[str, int]
) -> None:
    one, other = one_at(place, "one", site="VP01"), one_at(place, "other", site="VP01")
    seeing.give_reason(place.registry, one, people["VP03"], AccessReason.PRESENT)
    assert shown(place, one, people) == {"VP01", "VP03"}
    assert shown(place, other, people) == {"VP01"}
    entry = audit.entries(place.registry)[-1]
    assert (entry.actor, entry.action) == ("account:one", "reason given")
    assert entry.details == {"person": people["VP03"], "reason": "present"}
    place.now += timedelta(days=1)
    assert shown(place, one, people) == {"VP01"}


def test_a_reason_for_nobody_is_refused(place: Any, people: dict[str, int]) -> None:
    with pytest.raises(NotFoundError):
        seeing.give_reason(place.registry, one_at(place, "one", site="VP01"), 999, AccessReason.ASKED)


def test_whom_an_account_was_shown_is_in_the_audit_log_by_number(place: Any, people: dict[str, int]) -> None:
    one = one_at(place, "one")
    seeing.viewed(place.registry, one, [people["VP03"], people["VP01"], people["VP01"]], "search")
    seeing.viewed(place.registry, one, [], "search")
    entries = [entry for entry in audit.entries(place.registry) if entry.action == "view"]
    assert [(entry.actor, entry.details) for entry in entries] == [
        ("account:one", {"page": "search", "people": sorted((people["VP01"], people["VP03"]))})
    ]


def test_a_masked_name_is_initials_in_latin_letters_and_a_year() -> None:
    assert seeing.masked("NGUYEN", "MAU<THU", "1990-05-17") == ("N. M. T.", "1990")
    assert seeing.masked("WANG", "XIAO<MING", "1990") == ("W. X. M.", "1990")
    assert seeing.masked("NGUYEN", "", "1990-05") == ("N.", "1990")


def test_reasons_go_with_the_person_whom_they_are_about(place: Any, people: dict[str, int]) -> None:
    seeing.give_reason(place.registry, one_at(place, "one"), people["VP03"], AccessReason.MOVED)
    privacy.delete_person(place.registry, people["VP03"], actor="chief", reason="asked for")
    assert set(people) - {"VP03"} == shown(
        place, one_at(place, "two"), {k: v for k, v in people.items() if k != "VP03"}
    )
    with place.registry.reading() as connection:
        from vaxcert.registry import schema

        assert connection.execute(schema.access_reason.select()).all() == []


def test_an_import_is_taken_back_though_somebody_was_looked_at(place: Any, people: dict[str, int]) -> None:
    from vaxcert.registry import runs

    seeing.give_reason(place.registry, one_at(place, "one"), people["VP03"], AccessReason.MOVED)
    runs.undo(place.registry, 1, actor="chief")
    assert place.people() == []
