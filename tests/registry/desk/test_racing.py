"""Two desks at once, each a process of its own: each dose is there once, and each dose of a lot is given once."""

from typing import Any
from uuid import uuid4

from vaxcert.registry.desk import entering, sessions

RECORD = """
import sys
from uuid import UUID
from vaxcert import InputError, Person
from vaxcert.registry.desk import entering
from vaxcert.registry.desk.people import Answers
from vaxcert.registry.records.doses import RecordedDose
from vaxcert.registry.records.people import profile
session, same, *requests = sys.argv[1:]
print("ready", flush=True)
sys.stdin.readline()
for number, request in enumerate(requests):
    name = ("Mẫu Thử" if same == "same" else f"{same} {'ABCDEF'[number]}")
    person = Person(family_name="Nguyễn", given_name=name, date_of_birth=f"199{number}-05-17")
    one = profile(person, {"district": "Tam Đảo"}, groups=frozenset(), keeper=registry.secrets)
    dose = RecordedDose(product="EU/1/20/1528", number=1, series=2, date=registry.today(), site="VP01", lot="L1")
    try:
        entry = entering.record(registry, profile=one, dose=dose, actor=f"desk {same}", request_id=UUID(request),
                                session=int(session), said=Answers())
        print(entry.dose_id, entry.outcome, entry.again)
    except InputError as error:
        print("-", error.reason, False)
"""


def raced(desk: Any, *arguments: list[str]) -> list[list[str]]:
    """What each of these desks was told, which begin at once."""
    import subprocess

    started = [
        subprocess.Popen(
            desk.place.command(RECORD, *some), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            cwd=desk.place.folder,
        )
        for some in arguments
    ]  # fmt: skip
    for process in started:
        assert process.stdout and process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    told = [process.communicate(timeout=60)[0].splitlines() for process in started]
    assert [process.returncode for process in started] == [0] * len(started)
    return told


def test_two_desks_that_record_the_same_people_at_once_have_each_dose_once(desk: Any) -> None:
    session = str(desk.session)
    ids = [[str(uuid4()) for _ in range(3)] for _ in range(2)]
    first, second = raced(desk, [session, "same", *ids[0]], [session, "same", *ids[1]])
    for pair in zip(first, second, strict=True):
        assert sorted(line.split()[1] for line in pair) == ["known", "new"]
        assert len({line.split()[0] for line in pair}) == 1
    assert [len(one.counted) for one in desk.place.people()] == [1, 1, 1] and desk.left() == 0
    assert sessions.get(desk.registry, desk.session).given == 3


def test_a_request_that_two_processes_send_at_once_is_one_dose(desk: Any) -> None:
    session, ids = str(desk.session), [str(uuid4()) for _ in range(3)]
    first, second = raced(desk, [session, "same", *ids], [session, "same", *ids])
    for pair in zip(first, second, strict=True):
        assert sorted(line.split()[2] for line in pair) == ["False", "True"]
        assert len({line.split()[0] for line in pair}) == 1
    assert desk.left() == 0


def test_the_last_dose_of_a_lot_is_given_by_one_desk_alone(desk: Any) -> None:
    session = str(desk.session)
    ids = [[str(uuid4()) for _ in range(3)] for _ in range(2)]
    told = raced(desk, [session, "Mẫu", *ids[0]], [session, "Thử", *ids[1]])
    outcomes = sorted(line.split()[1] for some in told for line in some)
    assert outcomes == ["new"] * 3 + ["not_in_stock"] * 3 and desk.left() == 0


def test_who_is_killed_in_the_middle_leaves_a_whole_record_or_none(desk: Any, monkeypatch: Any) -> None:
    before = desk.place.state()

    class KilledError(BaseException):
        pass

    def killed(*arguments: Any, **details: Any) -> None:
        raise KilledError

    request = uuid4()
    with monkeypatch.context() as patched:
        patched.setattr(entering.audit, "record", killed)
        try:
            desk.record(request=request)
        except KilledError:
            pass
    assert desk.place.state() == before
    assert not desk.record(request=request).again
