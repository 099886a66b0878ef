"""What the desk's pages write of people, in logs at every level and in addresses: nothing."""

import logging
from typing import Any

import pytest

SECRETS = (
    "Kín",
    "Đáo",
    "kin dao",
    "0911222333",
    "001090007777",
    "17/05/1977",
    "1977-05-17",
    "đau đầu dữ",
    "Xã Bí Ẩn",
    "HC1:",
)


def test_no_name_and_no_number_is_in_any_log_line_or_address(
    desk: Any, at: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    one = at()
    person = {
        "full_name": "Trần Kín Đáo", "date_of_birth": "17/05/1977", "phone": "0911222333", "commune": "Xã Bí Ẩn",
        "national_id": "001090007777",
    }  # fmt: skip
    answers = [
        one.post("/desk/find", person), one.post("/desk/find/candidates", person), one.post("/desk/new", person),
        one.post("/desk/find", {"card": "001090007777||Trần Kín Đáo|17051977|Nam|Xã Bí Ẩn|01012022"}),
        one.post("/desk/new/save", person | {"do": "dose", "number": "0", "lot": "L1"}),
    ]  # fmt: skip
    saved = one.post("/desk/new/save", person | {"do": "dose", "number": "1", "lot": "L1"})
    assert saved.status_code == 302
    dose = saved.headers["Location"]
    shown = one.get(dose)
    assert "Trần Kín Đáo" in shown.text
    today = f"{desk.registry.today():%d/%m/%Y}"
    answers += [
        saved, shown, one.get(f"{dose}/paper"), one.get(f"{dose}/paper.pdf"), one.get("/desk/today"),
        one.post(f"{dose}/event", {"kind": "other", "began_on": today, "details": "đau đầu dữ dội"}),
        one.post(f"{dose}/undo", {"reason": "x"}),
    ]  # fmt: skip
    logged = caplog.text + "".join(str(vars(record)) for record in caplog.records)
    for secret in SECRETS:
        assert secret not in logged, secret
        assert not any(secret in answer.headers.get("Location", "") for answer in answers), secret
