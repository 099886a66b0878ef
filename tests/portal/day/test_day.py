"""A day at a site with two desks: nothing that was said saved is lost, nothing stands twice, and all that is counted is true.

VAXCERT_DAY=200 for the whole day (`make day`).
"""

import csv
import io
import os
import random
import threading
import time
from bisect import bisect
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from nurse import DeskThread, kept_from
from sqlalchemy import select

from vaxcert import SigningKey, TrustStore, Verifier
from vaxcert.registry import schema
from vaxcert.registry.records.everybody import everybody
from vaxcert.registry.reports.overview import TABLES

from .conftest import PRODUCT, SITE

PEOPLE = int(os.environ.get("VAXCERT_DAY", "12"))
SEED = int(os.environ.get("VAXCERT_DAY_SEED", "1"))


@pytest.mark.nightly
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
        desk.join(900 + 5 * PEOPLE)
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
    _the_managers_numbers_are_those_of_the_day(house, came, stock=PEOPLE * 2 + 10, chromium=chromium or "")
    logs = house.logs()
    for who in came:
        assert who.given_name not in logs and who.phone not in logs


AGES = (0, 12, 18, 30, 40, 50, 65, 80)


def age(born: str, day: date) -> str:
    """The group of ages that somebody is in, counted here once more."""
    year, month, of = map(int, born.split("-"))
    years = day.year - year - ((day.month, day.day) < (month, of))
    at = bisect(AGES, years)
    return f"{AGES[at - 1]:02}–{AGES[at] - 1:02}" if at < len(AGES) else f"{AGES[-1]:02}+"


def _the_managers_numbers_are_those_of_the_day(house: Any, came: list[Any], *, stock: int, chromium: str) -> None:
    """Each of the manager's files is the command line's, byte for byte, and says what is known of who came."""
    told = kept_from(chromium, house.url, "an", [f"/numbers/{name}.csv" for name in (*TABLES, "due", "supply")])
    for name, dimensions in TABLES.items():
        out = house.folder / f"{name}-told.csv"
        by = [part for dimension in dimensions for part in ("--by", dimension)]
        house.command("coverage", *by, "--out", str(out))
        assert told[f"/numbers/{name}.csv"] == out.read_bytes(), name
    for name, arguments in (("due", ["due"]), ("supply", ["check", "--supply"])):
        assert told[f"/numbers/{name}.csv"].decode("utf-8-sig").replace("\r\n", "\n") == house.command(*arguments), name

    with house.registry() as registry:
        today = registry.today()
    again = sum(who.known for who in came)
    counts = (len(came), again, len(came) + again)
    rows = {name: list(csv.reader(io.StringIO(told[f"/numbers/{name}.csv"].decode("utf-8-sig")))) for name in TABLES}

    def said(name: str) -> dict[str, tuple[int, ...]]:
        return {row[0]: tuple(map(int, row[len(TABLES[name]) :][:3])) for row in rows[name][1:-1]}

    for name in TABLES:
        assert tuple(map(int, rows[name][-1][len(TABLES[name]) :][:3])) == counts, name
    assert said("district") == {"Tam Đảo": counts} and said("product") == {PRODUCT: counts}
    # Who is complete stands under the day that completed them: nobody is by the first dose.
    days = {day: cell[2] for day, cell in said("day").items()}
    assert days == {today.isoformat(): len(came), (today - timedelta(days=70)).isoformat(): again}
    assert {group: cell[0] for group, cell in said("age").items()} == Counter(
        age(who.date_of_birth, today) for who in came
    )
    assert {group: cell[1] for group, cell in said("age").items() if cell[1]} == Counter(
        age(who.date_of_birth, today) for who in came if who.known
    )
    supply = list(csv.DictReader(io.StringIO(told["/numbers/supply.csv"].decode("utf-8-sig"))))
    assert [(row["site"], row["product"], row["left"]) for row in supply] == [(SITE, PRODUCT, str(stock - counts[2]))]
