"""Who is deleted, or kept no longer, leaves nothing: neither in clear nor sealed, nor in an export."""

import csv
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from vaxcert.errors import ConfigurationError
from vaxcert.registry import schema
from vaxcert.registry.care import changing, privacy
from vaxcert.registry.intake import importing
from vaxcert.registry.records import people
from vaxcert.registry.transfer import export

# Each text stands nowhere else, nor is a part of another.
OF_THEM = {
    "Họ và tên": "Quách Ẩn Danh", "Ngày sinh": "23/11/1961", "Giới tính": "liên giới tính", "Quốc tịch": "Tương Lai",
    "Số CCCD": "099000000777", "SĐT": "0100000771 / 0100000772", "Số thẻ BHYT": "TE1990000000777",
    "Huyện": "Huyện Mẫu Bảy", "Xã": "Xã Mẫu Tám", "Địa chỉ": "Xóm Mẫu Chín", "Người giám hộ": "Trần Giám Hộ",
    "Nghề nghiệp": "Thợ mẫu mười", "Nhóm đối tượng": "Nhóm lạ mười một",
}  # fmt: skip
DOSE = {"Vắc xin": "Comirnaty", "Mũi": "1/2", "Ngày tiêm": "01/03/2026", "Cơ sở tiêm": "Trạm lạ mười hai", "Lô": "LL13"}
OF_ANOTHER = {
    **dict.fromkeys(OF_THEM, ""),
    "Họ và tên": "Lê Còn Lại",
    "Ngày sinh": "01/01/1950",
    "Số CCCD": "099000000888",
}
SECRETS = (
    "Quách", "Ẩn Danh", "1961-11-23", "23/11/1961", "liên giới", "Tương Lai", "099000000777", "99000000777", "0100000771",
    "0100000772", "TE199", "Mẫu Bảy", "Mẫu Tám", "Mẫu Chín", "Giám Hộ", "mẫu mười", "mười một", "mười hai", "LL13", "gọi sau 77",
    "Xóm Mới", "quach", "mười ba", "mười bốn",
)  # fmt: skip


def table(place: Any, *rows: dict[str, str]) -> Path:
    path: Path = place.folder / "unit.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        made = csv.DictWriter(stream, [*OF_THEM, *DOSE])
        made.writeheader()
        made.writerows(rows)
    return path


def texts(place: Any) -> Iterator[str]:
    """All that the database says, what is sealed opened."""
    kinds = [
        "national id",
        "phone",
        "certificate",
        "rejected row",
        "adverse event",
        *map(people.kind_of, people.SEALED),
    ]
    with place.registry.reading() as connection:
        for one in schema.metadata.sorted_tables:
            for row in connection.execute(select(one)):
                for value in row:
                    if isinstance(value, bytes | memoryview):
                        yield opened(place, kinds, bytes(value))
                    else:
                        yield str(value)


def opened(place: Any, kinds: list[str], sealed: bytes) -> str:
    for kind in kinds:
        try:
            return str(place.registry.secrets.decrypt(kind, sealed))
        except ConfigurationError:
            continue
    raise AssertionError("sealed as something that this test does not know")


def found(place: Any) -> set[str]:
    """Which secrets are anywhere: in the database, opened; in its files; in an export."""
    whole = "\n".join(texts(place))
    place.files += 1
    out = place.folder / f"whole-{place.files}.zip"
    export(place.registry, out, actor="chief")
    with zipfile.ZipFile(out) as archive:
        whole += "\n".join(archive.read(name).decode() for name in archive.namelist())
    for path in place.folder.glob("registry.db*"):
        whole += path.read_bytes().decode("utf-8", "replace")
    return {secret for secret in SECRETS if secret in whole}


@pytest.fixture
def kept(place: Any) -> Any:
    """Somebody of whom everything is kept, in several versions, and in rows that were not taken."""
    bad = OF_THEM | DOSE | {"Ngày tiêm": "gọi sau 77", "Mũi": "2/2"}
    importing.run(
        place.registry,
        table(
            place,
            OF_THEM | DOSE,
            OF_ANOTHER | DOSE | {"Cơ sở tiêm": "VP01", "Lô": ""},
            bad,
            # By the number alone, however it is written.
            bad | {"Họ và tên": "Qu?ch Ẩn Danh", "Số CCCD": "CCCD: 099000000777"},
            bad | {"Họ và tên": "Qu?ch Ẩn Danh", "Số CCCD": "99000000777"},
            bad | {"Họ và tên": "", "Số CCCD": "'099 000 000 777"},
            # By name and birth date alone.
            bad | {"Số CCCD": ""},
        ),
        actor="clerk",
    )
    changing.correct_person(place.registry, 1, {"address": "Xóm Mới", "sex": "male"}, actor="clerk", reason="seen")
    at_a_desk(place)
    assert found(place) >= set(SECRETS)
    return place


def at_a_desk(place: Any) -> None:
    """A dose of theirs that a desk recorded, with what was said of it, seen by an account and signed."""
    from uuid import uuid4

    from vaxcert.registry.accounts import keeping, seeing
    from vaxcert.registry.accounts.account import by_id
    from vaxcert.registry.desk import entering, events
    from vaxcert.registry.desk.people import Answers
    from vaxcert.registry.records.doses import RecordedDose
    from vaxcert.registry.states import AccessReason, WarningKind

    dose = RecordedDose(product="EU/1/20/1528", number=2, series=2, date=place.registry.today(), site="VP01")
    said = Answers(person=1, warnings=frozenset(WarningKind), reason="bà xin mười ba")
    made = entering.record(
        place.registry, profile=None, dose=dose, actor="nurse", request_id=uuid4(), said=said
    )  # fmt: skip
    events.note(
        place.registry, made.dose_id, kind="fever", began_on=place.registry.today(), actor="nurse",
        details="sốt mười bốn",
    )  # fmt: skip
    number = keeping.create(place.registry, "lan", keeping.Wanted("Mẫu", ["vaccinator"]), actor="chief").id
    with place.registry.reading() as connection:
        account = by_id(connection, number)
    seeing.give_reason(place.registry, account, 1, AccessReason.PRESENT)


def test_all_that_is_kept_of_somebody_is_in_what_they_are_given(kept: Any) -> None:
    shown = privacy.export_person(kept.registry, 1, actor="chief")
    told = str(shown)
    assert {secret for secret in SECRETS if secret not in told} == {"quach"}
    assert len(shown["rejected_rows"]) == 5


def test_nothing_of_who_is_deleted_is_left_in_the_database_or_an_export_of_it(kept: Any) -> None:
    privacy.delete_person(kept.registry, 1, actor="chief", reason="asked")
    assert found(kept) == set()
    assert "Còn Lại" in set(texts(kept))


def test_nothing_of_whom_is_kept_no_longer_is_left_either(kept: Any) -> None:
    kept.now += timedelta(days=3_000)
    assert privacy.retain(kept.registry, keep=timedelta(days=1_000), actor="chief") == 2
    assert found(kept) == set()
