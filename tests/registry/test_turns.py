"""Long work lets others write in between, and is one at a time; who waits loses nothing."""

import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from vaxcert import ConfigurationError, Person
from vaxcert.errors import Reason
from vaxcert.registry import runs, schema, transfer
from vaxcert.registry.desk import entering
from vaxcert.registry.intake import importing
from vaxcert.registry.records.doses import RecordedDose
from vaxcert.registry.records.people import profile
from vaxcert.registry.states import RunState

PATIENCE = 30.0


def started(work: Callable[[], Any]) -> tuple[threading.Thread, threading.Event]:
    done = threading.Event()

    def doing() -> None:
        work()
        done.set()

    thread = threading.Thread(target=doing, daemon=True)
    thread.start()
    return thread, done


def people(count: int, first: int = 0) -> list[dict[str, str]]:
    families = ("Nguyễn", "Trần", "Lê", "Phạm", "Vũ", "Đặng", "Bùi", "Hồ", "Ngô", "Dương")
    return [
        {"full_name": f"{families[i % 10]} Mẫu Thử", "phone": f"0{10_000_019 * (i + 1) % 1_000_000_000:09}",
         "date_of_birth": f"{1940 + i % 61}-{1 + i % 12:02}-{1 + i % 28:02}"}
        for i in range(first, first + count)
    ]  # fmt: skip


def test_who_waits_writes_once_long_work_gives_way_and_not_before(place: Any) -> None:
    with place.registry.long_work() as work:
        work.connection.execute(schema.setting.insert().values(name="one", value="1"))
        thread, done = started(lambda: place.registry.writing().__enter__())
        assert not done.wait(0.2)
        deadline = time.monotonic() + PATIENCE
        while not done.is_set() and time.monotonic() < deadline:
            work.give_way()
        assert done.is_set()
    thread.join()


def test_two_long_works_are_done_one_after_the_other(place: Any) -> None:
    order = []

    def second() -> None:
        with place.registry.long_work():
            order.append("second")

    with place.registry.long_work() as work:
        thread, done = started(second)
        for _ in range(5):
            work.give_way()
        assert not done.wait(0.2)
        assert place.registry.busy() and place.registry.at_long_work()
        order.append("first")
    thread.join(PATIENCE)
    assert order == ["first", "second"]
    assert not place.registry.busy()


def test_a_dose_is_recorded_while_a_units_file_is_taken_over_and_each_stands_once(
    place: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setattr(importing, "BLOCK", 10)
    seen: dict[str, Any] = {}

    def at_the_desk() -> None:
        # What goes on is not taken back, and is said to go on.
        with pytest.raises(ConfigurationError) as caught:
            runs.undo(place.registry, 1, actor="chief")
        seen["refused"] = caught.value.reason
        dose = RecordedDose(product="EU/1/20/1528", number=1, series=2, date=place.registry.today(), site="VP01")
        said = profile(
            Person(family_name="Đinh", given_name="Ví Dụ", date_of_birth="2001-02-03"), {"district": "Tam Đảo"},
            groups=frozenset(map(str, range(1, 10))), keeper=place.registry.secrets,
        )  # fmt: skip
        entering.record(place.registry, profile=said, dose=dose, actor="nurse", request_id=uuid4())

    desk: list[Any] = []

    def progress(rows: int) -> None:
        if not desk:
            desk.extend(started(at_the_desk))
        elif not desk[1].is_set():
            time.sleep(0.02)
        else:
            seen.setdefault("at", rows)

    path = place.table(*people(400))
    report = importing.run(place.registry, path, actor="clerk", progress=progress)
    desk[0].join(PATIENCE)
    assert seen["at"] < 400 and seen["refused"] is Reason.IN_USE
    assert (report.counts, len(place.people())) == ({"new": 400, "rejected": 0}, 401)
    assert [(run.kind, run.state) for run in runs.listed(place.registry)] == [
        ("import", RunState.DONE), ("record", RunState.DONE),
    ]  # fmt: skip
    transfer.export(place.registry, tmp_path / "all.zip", actor="chief")
    runs.undo(place.registry, report.run, actor="chief")
    assert [one.profile.person.family_name for one in place.people()] == ["Đinh"]


def test_what_was_stopped_is_taken_back_as_before(place: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BLOCK", 10)

    def stop(rows: int) -> None:
        if rows >= 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        importing.run(place.registry, place.table(*people(50)), actor="clerk", progress=stop)
    assert not place.registry.busy() and len(place.people()) == 20
    runs.undo(place.registry, 1, actor="chief")
    assert place.people() == []
