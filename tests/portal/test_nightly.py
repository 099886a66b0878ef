"""A portal for training is as it was made every morning, for those who are at it too."""

import io
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from portal_app import nightly
from portal_app.intake.waiting import WaitingTables
from vaxcert import ConfigurationError
from vaxcert.registry import audit, transfer
from vaxcert.registry.accounts import keeping

NEW = {"login": "hoa", "display_name": "Hoa Mẫu", "roles": "manager"}


@pytest.fixture
def snapshot(house: Any) -> Path:
    path = Path(house.folder / "training.zip")
    transfer.export(house.registry, path, actor="test")
    return path


def test_whoever_works_on_is_at_the_sign_in_page_and_the_accounts_are_there_again(
    house: Any, visit: Any, snapshot: Path
) -> None:
    one = visit("administrator", snapshot=snapshot)
    assert one.post("/admin/accounts/new", NEW).status_code == 200
    keeping.set_active(house.registry, house.numbers["clerk"], False, actor="test")
    assert "hoa" in house.accounts()
    house.now += timedelta(days=1)
    assert nightly.look(house.registry, snapshot, 2)
    answer = one.get("/admin/accounts")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in?next=/admin/accounts")
    assert one.post("/admin/accounts/new", NEW).status_code == 401
    assert "hoa" not in house.accounts()
    assert one.sign_in("clerk").status_code == 302
    assert one.signed_in()


def test_the_portal_looks_by_itself_and_does_it_once(house: Any, visit: Any, snapshot: Path) -> None:
    reviewer = visit("reviewer", snapshot=snapshot, files=house.folder / "files")
    app, waiting = reviewer.client.application, WaitingTables(reviewer.client.application.extensions["settings"])
    sent = waiting.put(io.BytesIO(b"full_name,date_of_birth\n"), "unit.csv", house.accounts()["reviewer"])
    house.now += timedelta(days=1)
    stop = nightly.begin(app, every=0.01)
    assert stop is not None
    try:
        for _ in range(500):
            if "training reset" in house.actions():
                break
            time.sleep(0.02)
        time.sleep(0.1)
    finally:
        stop.set()
    assert house.actions().count("training reset") == 1
    # What was sent to a registry that is no more waits for nobody.
    assert not waiting.place(sent).exists()
    audit.check(house.registry)


def test_without_a_copy_nothing_is_put_back(visit: Any) -> None:
    assert nightly.begin(visit().client.application) is None


def test_a_copy_that_went_bad_leaves_the_portal_at_work_and_says_so_in_the_log(
    house: Any, visit: Any, snapshot: Path, caplog: pytest.LogCaptureFixture
) -> None:
    one = visit("clerk", snapshot=snapshot)
    snapshot.write_bytes(b"no export")
    house.now += timedelta(days=1)
    assert not nightly.look(house.registry, snapshot, 2)
    assert "not put back" in caplog.text
    assert "clerk" in house.accounts()
    assert one.get("/sign-in").status_code in (200, 302)


def test_a_portal_that_is_not_for_training_takes_no_copy_and_a_copy_has_to_be_there(house: Any, snapshot: Path) -> None:
    with pytest.raises(ConfigurationError, match="in training alone"):
        house.app(training=False, snapshot=snapshot)
    with pytest.raises(ConfigurationError, match=r"none\.zip"):
        house.app(snapshot=house.folder / "none.zip")
