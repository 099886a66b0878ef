"""Staff find whom they have to correct; whom they looked for is in the audit log."""

from typing import Any

import pytest

from vaxcert import InputError
from vaxcert.registry import audit
from vaxcert.registry.care import searching
from vaxcert.registry.certificates import issuing


def test_somebody_is_found_by_number_or_by_birth_date_and_a_name_like_theirs(place: Any, issuer: Any, key: Any) -> None:
    place.take(
        {"phone": "0912345678", "national_id": "001090000001"}, {"dose": "2/2", "date": "2026-04-01", "phone": "0912345678"},
        {"full_name": "Trần Ví Dụ", "phone": "22"}, {"full_name": "Nguyễn Mẫu Thừ", "phone": "33", "district": "Yên Lạc"},
    )  # fmt: skip
    issuing.run(place.registry, issuer, actor="chief")

    def numbers(**wanted: str) -> list[int]:
        return [one.side.number for one in searching.search(place.registry, actor="clerk", **wanted)]

    assert numbers(phone="+84912345678") == numbers(national_id="1090000001") == [1]
    assert numbers(date_of_birth="1990-05-17") == [1, 3, 4]
    assert numbers(date_of_birth="1990-05-17", name="thử nguyễn mẫu") == [1, 4]
    assert numbers(date_of_birth="1990-05-17", name="Trần Ví Dụx") == [3]
    assert numbers(date_of_birth="1990-05-17", name="du") == [3]
    assert numbers(date_of_birth="1990-05-17", name="Khác Hẳn Rồi") == numbers(date_of_birth="1991-05-17") == []
    (one,) = searching.search(place.registry, national_id="001090000001", actor="clerk")
    assert (one.side.name, one.side.district, one.side.phone) == ("Nguyễn Mẫu Thử", "Tam Đảo", "0912345678")
    assert one.side.doses == ["1/2 EU/1/20/1528 2026-03-01", "2/2 EU/1/20/1528 2026-04-01"]
    assert (one.certificates, one.questions) == (1, 0)
    assert "Nguyễn" not in repr(one)
    for wanted in ({}, {"name": "Nguyễn Mẫu Thử"}, {"phone": "0"}):
        with pytest.raises(InputError):
            searching.search(place.registry, actor="clerk", **wanted)
    logged = [entry.details for entry in audit.entries(place.registry) if entry.action == "search"]
    assert logged[0] == {"people": [1]}
    assert len(logged) == 9


def test_open_questions_and_disputed_doses_are_seen_and_no_more_than_fifty_people(place: Any) -> None:
    place.take({"phone": "11", "national_id": "1234567"}, {"phone": "12", "district": "Yên Lạc"})
    place.take({"phone": "11", "national_id": "1234567", "date": "2026-03-05"})
    one, other = searching.search(place.registry, date_of_birth="1990-05-17", actor="clerk")
    assert (one.questions, other.questions) == (2, 1)
    assert one.side.doses[1].endswith("(disputed)")
    place.take(
        *({"full_name": f"Lê Thử {chr(65 + n % 26)}{chr(97 + n // 26)}i", "phone": f"019{n:07}"} for n in range(60))
    )
    assert len(searching.search(place.registry, date_of_birth="1990-05-17", actor="clerk")) == searching.MOST
