"""`vaxcert booking`, and sessions that are offered."""

import json
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from vaxcert.booking import Bookings, offers, taking
from vaxcert.booking.applicants import Applicant


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Any) -> Any:
    """A registry with a session of tomorrow, and no bookings yet."""
    from vaxcert.registry import Registry
    from vaxcert.registry.desk import sessions
    from vaxcert.registry.intake import lists

    monkeypatch.chdir(tmp_path)
    for kind, text in (
        ("sites", "site,name,district\nVP01,Trạm Y tế Mẫu,Tam Đảo\n"),
        ("deliveries", "site,lot,product,doses,received_on\nVP01,L1,EU/1/20/1528,90,2026-05-01\n"),
    ):
        Path(f"{kind}.csv").write_text(text, "utf-8")
    with Registry.create("sqlite:///registry.db", Path("registry.key")) as registry:
        for kind in ("sites", "deliveries"):
            lists.load(registry, kind, Path(f"{kind}.csv"), actor="chief")
        day = registry.today() + timedelta(days=1)
        sessions.open_session(registry, site="VP01", product="EU/1/20/1528", lot="L1", actor="chief", day=day)
    return run


def test_an_office_offers_tells_settles_and_deletes(office: Any) -> None:
    made = office("booking", "init")
    assert made.status == 0 and "booking-desk.key" in made.out
    for name in ("booking.db", "booking.key", "booking-desk.key"):
        assert stat.S_IMODE(Path(name).stat().st_mode) == 0o600
    again = office("booking", "init")
    assert again.status == 2 and "already" in again.err
    offered = office("registry", "sessions", "offer", "1", "--places", "2", "--from", "07:30", "--to", "09:00")
    assert (offered.status, offered.out) == (0, "Offer 1: 2 places, 2 free.\n")
    with Bookings.open("sqlite:///booking.db", Path("booking.key")) as public:
        who = Applicant(full_name="Nguyễn Mẫu Thử", date_of_birth="1990-05-17", phone="0100000001")
        made = taking.book(public, who, offers.listed(public)[0].id, request="form")
        assert not isinstance(made, str)
    assert "1 of 2 taken, 0 waiting, 0 came, 0 did not" in office("booking", "list").out
    told = office("booking", "notices", "--out", "told.csv")
    assert told.out == "1 to be told, in told.csv\n"
    assert "Nguyễn Mẫu Thử,0100000001,vi,VP01" in Path("told.csv").read_text("utf-8")
    assert office("booking", "notices", "--out", "more.csv").out == "Nobody to be told anything.\n"
    assert office("booking", "settle").out.startswith("0 had the dose, 0 had it elsewhere, 0 did not come")
    assert office("booking", "retain").out == "0 deleted.\n"
    back = office("registry", "sessions", "withdraw", "1")
    assert back.out == "Offer 1 is withdrawn; 1 to be told.\n"
    assert "withdrawn" in office("booking", "list").out
    for ran in (offered, told, back):
        assert "Nguyễn" not in ran.out + ran.err


def test_what_is_wrong_is_said(office: Any) -> None:
    missing = office("booking", "list")
    assert missing.status == 66
    office("booking", "init")
    ran = office("registry", "sessions", "offer", "1", "--places", "2", "--from", "9:00", "--to", "08:00")
    assert ran.status != 0 and "begins" in ran.err
    assert (
        office("registry", "sessions", "offer", "9", "--places", "2", "--from", "08:00", "--to", "09:00").status == 66
    )
    assert office("booking", "notices", "--out", "booking.db").status == 2
    assert office("booking", "notices", "--out", "booking-desk.key").status == 2


def test_what_is_told_of_somebody_has_their_appointments_and_nobody_elses(office: Any) -> None:
    office("booking", "init")
    office("registry", "sessions", "offer", "1", "--places", "5", "--from", "07:30", "--to", "09:00")
    head = "full_name,date_of_birth,phone,product,dose,date,site,lot\n"
    Path("unit.csv").write_text(
        f"{head}Nguyễn Mẫu Thử,1990-05-17,0100000001,EU/1/20/1528,1/2,2021-06-01,VP01,L1\n", "utf-8"
    )
    assert office("registry", "import", "unit.csv").status == 0
    with Bookings.open("sqlite:///booking.db", Path("booking.key")) as public:
        offer = offers.listed(public)[0].id
        for name, born in (("NGUYEN MAU THU", "1990-05-17"), ("Nguyễn Mẫu Con", "2015-01-02")):
            # A family's telephone.
            who = Applicant(full_name=name, date_of_birth=born, phone="0100000001")
            assert not isinstance(taking.book(public, who, offer, request=name), str)
    asked = ("registry", "person", "1", "--yes")
    assert "bookings" not in json.loads(office(*asked).out)
    (one,) = json.loads(office(*asked, "--booking", "sqlite:///booking.db").out)["bookings"]
    assert (one["full_name"], one["state"], one["site"]) == ("NGUYEN MAU THU", "booked", "VP01")
    assert not any("hash" in name or name in ("ticket", "sealed") for name in one)
