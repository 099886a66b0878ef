"""What a holder says is wrong: taken down under a ticket, answered, closed, and seen by its holder alone."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from vaxcert import ConfigurationError, InputError, typed
from vaxcert.registry import audit, schema
from vaxcert.registry.care import privacy
from vaxcert.registry.holders import tickets
from vaxcert.registry.states import TicketState

SAID = "Tên đệm của tôi là Mẫu, không phải Mậu"


def report(holder: Any, **other: str) -> str:
    registry = holder.place.registry
    passed = tickets.pass_for(registry, holder.find())
    return tickets.report(registry, passed, **{"kind": "name", "words": SAID, **other}, actor="holder (test)")


def stands(holder: Any, ticket: str, born: str = "1990-05-17") -> Any:
    return tickets.stands(holder.place.registry, typed.read(ticket), date_of_birth=born, actor="holder (test)")


def test_a_report_waits_in_the_queue_until_it_is_answered_and_closed(holder: Any, place: Any) -> None:
    registry, ticket = place.registry, report(holder)
    (one,) = tickets.listed(registry)
    assert (one.person, one.kind, one.state) == (holder.person, "name", "open")
    assert tickets.opened(registry, one.number, actor="rev").words == SAID
    with pytest.raises(ConfigurationError):
        tickets.close(registry, one.number, actor="rev")
    tickets.answer(registry, one.number, "corrected", "Đã sửa tên đệm.", actor="rev")
    assert tickets.listed(registry) == []
    standing = stands(holder, ticket)
    assert (standing.ticket.state, standing.ticket.outcome) == ("answered", "corrected")
    assert standing.answer == "Đã sửa tên đệm."
    assert standing.holder.certificate.text.startswith("HC1:")
    tickets.close(registry, one.number, actor="rev")
    assert [found.state for found in tickets.listed(registry, state=None)] == ["closed"]
    with pytest.raises(ConfigurationError):
        tickets.answer(registry, one.number, "come", actor="rev")
    assert [entry.action for entry in audit.entries(registry, last=6)] == [
        "look up", "report", "view ticket", "answer ticket", "look up by ticket", "close ticket"
    ]  # fmt: skip


def test_what_was_said_is_encrypted_and_the_ticket_a_keyed_hash(holder: Any, place: Any) -> None:
    ticket = report(holder)
    tickets.answer(place.registry, 1, "come", SAID, actor="rev")
    with place.registry.reading() as connection:
        row = connection.execute(select(schema.holder_ticket)).one()
    kept = str(row) + str([entry.details for entry in audit.entries(place.registry)])
    assert SAID not in kept and SAID.encode() not in bytes(row.words) + bytes(row.answer)
    assert ticket.replace("-", "") not in kept


@pytest.mark.parametrize("born", ["1990-05-18", "", "x"])
def test_a_ticket_alone_shows_nothing_and_opens_nothing_after_ten_wrong_tries(holder: Any, born: str) -> None:
    ticket = report(holder)
    for _ in range(10):
        assert stands(holder, ticket, born) is None
    assert stands(holder, ticket) is None
    assert stands(holder, typed.new()) is None


def test_a_birth_date_that_was_corrected_is_known_as_it_was_and_as_it_is(holder: Any, place: Any) -> None:
    from vaxcert.registry.care import changing

    ticket = report(holder, kind="birth_date", words="1991")
    changing.correct_person(place.registry, holder.person, {"date_of_birth": "1991-05-17"}, actor="rev", reason="t")
    assert stands(holder, ticket, "1991-05-17") is not None
    assert stands(holder, ticket, "1990-05-17") is not None


def test_what_cannot_be_a_report_is_none(holder: Any, place: Any) -> None:
    for other, field in (
        ({"kind": "x"}, "kind"),
        ({"kind": "other", "words": " "}, "words"),
        ({"words": "a" * 1_001}, "words"),
    ):
        with pytest.raises(InputError) as caught:
            report(holder, **other)
        assert caught.value.field == field
    for passed in ("", "00", "zz", "00" * 200):
        with pytest.raises(ConfigurationError):
            tickets.report(place.registry, passed, kind="name", words="", actor="h")
    passed = tickets.pass_for(place.registry, holder.find())
    place.now += timedelta(minutes=31)
    with pytest.raises(ConfigurationError, match="too long ago"):
        tickets.report(place.registry, passed, kind="name", words="", actor="h")
    assert tickets.listed(place.registry) == []


def test_one_person_fills_no_queue(holder: Any) -> None:
    for _ in range(tickets.MOST_OPEN):
        report(holder)
    with pytest.raises(ConfigurationError, match="enough"):
        report(holder)


def test_it_goes_with_the_person_and_a_year_after_it_was_closed(holder: Any, place: Any) -> None:
    report(holder)
    (told,) = privacy.export_person(place.registry, holder.person, actor="chief")["tickets"]
    assert told["words"] == SAID and "ticket_hash" not in told
    tickets.answer(place.registry, 1, "unchanged", actor="rev")
    tickets.close(place.registry, 1, actor="rev")
    privacy.retain(place.registry, keep=timedelta(days=9_000), actor="chief")
    assert tickets.listed(place.registry, state=TicketState.CLOSED)
    place.now += timedelta(days=366)
    privacy.retain(place.registry, keep=timedelta(days=9_000), actor="chief")
    assert tickets.listed(place.registry, state=None) == []
    report(holder)
    privacy.delete_person(place.registry, holder.person, actor="chief", reason="asked")
    # A number that the audit log names is not given again.
    assert tickets.listed(place.registry, state=None) == []
