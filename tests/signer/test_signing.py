"""What is asked over the socket is answered from the registry, and nothing is signed that is not on record before."""

import json
import logging
import os
import pwd
import socket
import stat
import struct
from collections.abc import Callable, Collection
from datetime import UTC, date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from vaxcert import Verifier
from vaxcert.errors import ConfigurationError, DamagedError, InputError, NotFoundError, Reason, UnreachableError
from vaxcert.registry import audit, schema
from vaxcert.registry.care import changing
from vaxcert.signer.limits import SigningLimits
from vaxcert.signer.protocol import MOST_REQUEST, KeptRequest, Signed


def spoken(path: Path, data: bytes) -> Any:
    """What is answered to bytes, as JSON; None where the other side just closes."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        connection.connect(str(path))
        connection.sendall(data)
        head = connection.recv(4)
        if not head:
            return None
        return json.loads(connection.recv(struct.unpack(">I", head)[0]))


def framed(message: object) -> bytes:
    data = message if isinstance(message, bytes) else json.dumps(message).encode()
    return struct.pack(">I", len(data)) + data


def test_a_doses_number_is_all_that_it_takes_and_the_certificate_states_what_the_registry_holds(
    signing: Any, many: Callable[[int], list[int]], verifier: Verifier, place: Any
) -> None:
    (dose,) = many(1)
    running = signing()
    made = running.client.sign(dose, account="lan", site="VP01")
    verdict = verifier.verify(made.text, at=place.now.astimezone(UTC))
    assert (verdict.status, verdict.certificate.certificate_id) == ("accepted", made.certificate)
    assert verdict.certificate.person.full_name == place.people()[0].profile.person.full_name
    assert made.new
    assert running.agrees(1)


def test_a_claim_beside_the_number_is_refused_unread(signing: Any, many: Callable[[int], list[int]]) -> None:
    (dose,) = many(1)
    running = signing()
    asked = {"ask": "sign", "doses": [dose], "account": "lan", "person": {"family_name": "Hoàng"}}
    assert spoken(running.server.path, framed(asked))["reason"] == "data_damaged"
    assert running.agrees(0)


def test_the_same_dose_asked_for_again_is_signed_once(signing: Any, many: Callable[[int], list[int]]) -> None:
    (dose,) = many(1)
    running = signing()
    first, second = (running.client.sign(dose, account="lan", site="VP01") for _ in range(2))
    assert (first.certificate, first.text) == (second.certificate, second.text)
    assert (first.new, second.new) == (True, False)
    assert running.agrees(1)


def test_as_many_signatures_are_made_as_certificates_are_saved_whatever_is_asked(
    signing: Any, many: Callable[[int], list[int]], place: Any
) -> None:
    doses = many(6)
    changing.correct_dose(place.registry, doses[1], {"state": "withdrawn"}, actor="chief", reason="another's")
    running = signing(limits=SigningLimits(account_hour=4, bulk_over=3))
    answer = running.client.sign_many([doses[0], doses[1], 999], account="lan", site="VP01")
    assert isinstance(answer, Signed)
    assert [one.dose for one in answer.certificates] == [doses[0]]
    assert {one.dose: one.reason for one in answer.failed} == {doses[1]: "withdrawn", 999: "no_such_record"}
    assert isinstance(running.client.sign_many(doses, account="lan"), KeptRequest)
    with pytest.raises(InputError):
        running.client.sign(doses[2], account="lan tran; drop")
    for dose in doses[2:5]:
        running.client.sign(dose, account="lan")
    with pytest.raises(ConfigurationError):
        running.client.sign(doses[5], account="lan")
    assert running.agrees(4)


def test_who_asked_by_which_process_is_in_the_audit_log_and_the_issue_log(
    signing: Any, many: Callable[[int], list[int]], place: Any
) -> None:
    (dose,) = many(1)
    running = signing()
    made = running.client.sign(dose, account="account:lan", site="VP01")
    running.client.sign(dose, account="account:minh", site="VP02")
    name = pwd.getpwuid(os.getuid()).pw_name
    first, second = audit.entries(place.registry)[-2:]
    assert (first.actor, first.action, first.details["doses"]) == (f"account:lan ({name})", "sign", [dose])
    assert (second.actor, second.action) == (f"account:minh ({name})", "give out")
    (entry,) = running.log
    assert (entry.certificate_id, entry.operator) == (made.certificate, f"account:lan ({name})")
    with place.registry.reading() as connection:
        row = connection.execute(select(schema.signing)).one()
    assert (row.account, row.peer, row.site, row.certificate_id) == ("account:lan", name, "VP01", made.certificate)


def test_the_certificate_that_a_correction_made_wrong_is_revoked_with_the_new_one(
    signing: Any, many: Callable[[int], list[int]], place: Any
) -> None:
    (dose,) = many(1)
    running = signing()
    before = running.client.sign(dose, account="lan")
    changing.correct_dose(place.registry, dose, {"date": date(2026, 2, 1)}, actor="chief", reason="card")
    after = running.client.sign(dose, account="lan")
    assert after.new
    table = schema.certificate
    with place.registry.reading() as connection:
        rows = {row.id: row for row in connection.execute(select(table))}
    assert rows[before.certificate].revoked_at is not None
    assert rows[before.certificate].replaced_by == after.certificate


def test_a_users_process_that_is_not_on_the_list_is_refused_whatever_it_says(
    signing: Any, many: Callable[[int], list[int]], caplog: pytest.LogCaptureFixture
) -> None:
    (dose,) = many(1)
    running = signing(peers=[os.getuid() + 1], approvers=[os.getuid() + 2])
    with caplog.at_level(logging.INFO), pytest.raises(ConfigurationError) as caught:
        running.client.sign(dose, account="lan")
    assert caught.value.reason is Reason.PEER_NOT_ALLOWED
    assert "stranger" in caplog.text
    assert running.agrees(0)


def test_the_socket_is_for_its_owner_and_group_alone_and_goes_with_the_signer(signing: Any) -> None:
    running = signing()
    assert stat.S_IMODE(running.server.path.stat().st_mode) == 0o660
    running.stop()
    assert not running.server.path.exists()


def test_a_second_signer_at_the_same_socket_is_refused_and_the_first_goes_on(
    signing: Any, many: Callable[[int], list[int]]
) -> None:
    (dose,) = many(1)
    running = signing()
    with pytest.raises(ConfigurationError) as caught:
        signing()
    assert caught.value.reason is Reason.IN_USE
    assert running.client.sign(dose, account="lan").new


def test_without_a_signer_the_desk_says_saved_and_not_printed_yet_and_later_gets_the_certificate(
    signing: Any, many: Callable[[int], list[int]]
) -> None:
    from vaxcert.cli.shared.exits import error_status
    from vaxcert.wording import explain

    (dose,) = many(1)
    running = signing()
    running.stop()
    with pytest.raises(UnreachableError) as caught:
        running.client.sign(dose, account="lan")
    assert error_status(caught.value) == 69
    assert explain(caught.value) == "Saved, not printed yet: the certificate is issued once the signer is back."
    assert explain(caught.value, "vi").startswith("Đã lưu, chưa in")
    assert signing().client.sign(dose, account="lan").new


@pytest.mark.parametrize(
    "data",
    [b"{", b"[]", b'{"ask":"keys"}', b'{"ask":"sign","doses":["1"],"account":"lan"}', b"\xff\xfe", b"[" * 20_000,
     b'{"ask":"sign","doses":[1],"account":null}', b'{"ask":"sign","doses":[99999999999999999999],"account":"lan"}',
     b'{"ask":"sign","doses":[-1],"account":"lan"}', b'{"ask":"sign","doses":[true],"account":"lan"}'],
)  # fmt: skip
def test_what_is_no_request_is_answered_as_such_and_the_next_connection_works(
    signing: Any, many: Callable[[int], list[int]], data: bytes
) -> None:
    (dose,) = many(1)
    running = signing()
    assert spoken(running.server.path, framed(data))["reason"] == "data_damaged"
    assert running.client.sign(dose, account="lan").new


def test_a_message_that_says_it_is_longer_than_any_is_not_waited_for(signing: Any) -> None:
    running = signing()
    assert spoken(running.server.path, struct.pack(">I", MOST_REQUEST + 1))["reason"] == "data_damaged"
    assert spoken(running.server.path, struct.pack(">I", 0xFFFFFFFF))["reason"] == "data_damaged"


def test_whoever_sends_half_a_request_is_hung_up_on_and_holds_up_nobody(
    signing: Any, many: Callable[[int], list[int]]
) -> None:
    (dose,) = many(1)
    running = signing(patience=0.5)
    with socket.socket(socket.AF_UNIX) as half:
        half.settimeout(10)
        half.connect(str(running.server.path))
        half.sendall(framed({"ask": "waiting"})[:9])
        assert running.client.sign(dose, account="lan").new
        assert half.recv(1) == b""


def test_several_requests_may_follow_one_another_on_a_connection(signing: Any) -> None:
    running = signing()
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        connection.connect(str(running.server.path))
        for _ in range(3):
            connection.sendall(framed({"ask": "waiting"}))
            (length,) = struct.unpack(">I", connection.recv(4))
            assert json.loads(connection.recv(length)) == {"answer": "waiting", "requests": []}


def test_errors_come_over_the_socket_as_what_they_were(signing: Any) -> None:
    running = signing()
    with pytest.raises(NotFoundError) as missing:
        running.client.sign(5, account="lan")
    assert missing.value.reason is Reason.NO_SUCH_RECORD
    with pytest.raises(InputError) as wrong:
        running.client.sign(5, account="x" * 60)
    assert (wrong.value.field, wrong.value.reason, wrong.value.said) == ("account", Reason.TOO_LONG, {"most": 50})


def test_an_answer_that_is_none_is_damage_and_not_a_certificate(tmp_path: Path) -> None:
    import threading

    from vaxcert.signer.client import SignerClient

    path = tmp_path / "other.sock"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()

        def say() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(1 << 16)
                connection.sendall(framed({"answer": "fine"}))

        thread = threading.Thread(target=say)
        thread.start()
        with pytest.raises(DamagedError):
            SignerClient(path).sign(1, account="lan")
        thread.join()


def test_an_account_gets_nothing_signed_but_what_the_registry_says_is_its_own(
    signing: Any, many: Callable[[int], list[int]], place: Any
) -> None:
    class Known:
        def may_sign(self, account: str, sites: Collection[str], *, many: bool) -> bool:
            return account == "lan" and set(sites) <= {"VP01"} and not many

        def may_approve(self, account: str) -> bool:
            return False

    first, second = many(2)
    changing.correct_dose(place.registry, second, {"site": "VP02"}, actor="chief", reason="list")
    running = signing(accounts=Known())
    for account, dose, site in (
        ("lan", second, "VP02"),
        ("lan", second, "VP01"),
        ("lan", second, ""),
        ("hoa", first, "VP01"),
    ):
        with pytest.raises(ConfigurationError) as caught:
            running.client.sign(dose, account=account, site=site)
        assert caught.value.reason is Reason.ACCOUNT_NOT_ALLOWED
    with pytest.raises(ConfigurationError):
        running.client.sign_many([first, second], account="lan")
    assert running.agrees(0)
    # By the site at which it was given, whatever the asker says.
    assert running.client.sign(first, account="lan", site="VP02").new
    with place.registry.reading() as connection:
        assert connection.scalars(select(schema.signing.c.site)).all() == ["VP01"]


def test_nothing_of_a_person_is_logged_at_any_level(
    signing: Any, many: Callable[[int], list[int]], place: Any, caplog: pytest.LogCaptureFixture
) -> None:
    doses = many(3)
    running = signing(limits=SigningLimits(account_hour=2))
    with caplog.at_level(logging.DEBUG):
        made = [running.client.sign(dose, account="lan") for dose in doses[:2]]
        with pytest.raises(ConfigurationError):
            running.client.sign(doses[2], account="lan")
    assert "1 signed" in caplog.text
    told = [caplog.text, *map(repr, made)]
    for secret in ("Nguyễn", "Thử", "NGUYEN", "1990", "HC1:", "0100000001"):
        assert not any(secret in text for text in told)
