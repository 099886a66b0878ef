"""A day at a site with two desks: nothing that was said saved is lost, nothing stands twice, and all that is counted is true.

VAXCERT_DAY=200 for the whole day (`make day`).
"""

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from nurse import DeskThread
from sqlalchemy import select

from vaxcert import SigningKey, TrustStore, Verifier
from vaxcert.registry import schema
from vaxcert.registry.records.everybody import everybody

PEOPLE = int(os.environ.get("VAXCERT_DAY", "24"))
SEED = int(os.environ.get("VAXCERT_DAY_SEED", "1"))


def test_two_desks_record_everybody_once_though_server_and_signer_are_killed(
    office: Any, people: Any, chromium: str | None, missing: Callable[[str], None]
) -> None:
    if chromium is None:
        missing("no chromium on the path")
    came = people(PEOPLE)
    house = office(came, stock=PEOPLE * 2 + 10)
    seen = threading.Semaphore(0)
    desks = [DeskThread(chromium or "", house.url, login, came[at::2], seen) for at, login in enumerate(("lan", "hoa"))]
    for desk in desks:
        desk.start()
    chance = random.Random(SEED)
    # The signer at a third of the day, the server at two thirds, each in the middle of something.
    for name, share in (("signer", 3), ("portal", 1.5)):
        for _ in range(int(PEOPLE / share) - (int(PEOPLE / 3) if name == "portal" else 0)):
            seen.acquire()
        time.sleep(chance.random())
        house.kill(name)
        time.sleep(1.5)
        house.start(name)
    for desk in desks:
        desk.join(600 + 5 * PEOPLE)
        assert not desk.is_alive()
        if desk.error is not None:
            raise desk.error
    saved = {number: dose for desk in desks for number, dose in desk.saved.items()}
    assert saved.keys() == {one.number for one in came}

    with house.registry() as registry, registry.reading() as connection:
        found = {one.profile.person.full_name + one.profile.person.date_of_birth: one for one in everybody(connection)}
        assert len(found) == len(came)
        for who in came:
            counted = [given.dose for given in found[who.full_name + who.date_of_birth].counted]
            assert [dose.number for dose in counted] == ([1, 2] if who.known else [1]), who.number
        certificates = connection.execute(select(schema.certificate)).all()
        texts = {
            row.dose_id: registry.secrets.decrypt("certificate", bytes(row.text))
            for row in certificates
            if not row.revoked_at
        }
    # One that holds for each, of the dose that the screen said was saved; each verifies.
    assert sorted(texts) == sorted(saved.values())
    key = SigningKey.load(house.folder / "signing-key", password="the test's own")
    verifier = Verifier(TrustStore([key.trusted()]))
    verdicts = Counter(verifier.verify(text, at=datetime.now(UTC)).status for text in texts.values())
    assert verdicts == {"accepted": len(came)}
    logs = house.logs()
    for who in came:
        assert who.given_name not in logs and who.phone not in logs
