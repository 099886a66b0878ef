"""Names that are made to be taken for something else, on every page; who may not see these; what logs have of it."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from units import row

HOSTILE = (
    "<script>alert(1)</script> Mẫu",
    "{{7*7}} Mẫu",
    '"><img src=x onerror=alert(1)> Mẫu',
    "'; DROP TABLE person; -- Mẫu",
    "=cmd|'/c calc'!A1 Mẫu",
)
NAMES = ("Ёлкина Мария", "Γιώργος Παπαδόπουλος", "O'Mẫu Thử", "Công Tằng Tôn Nữ Thị Mẫu Rất Dài Dòng Không Có Thật")


def pages(review: Any) -> Iterator[str]:
    from vaxcert.registry.care import reviewing

    for question in reviewing.questions(review.house.registry, first=100):
        yield review.get(f"/questions/{question.id}").text
    for number in range(1, 20):
        for path in (f"/corrections/people/{number}", f"/corrections/doses/{number}"):
            answer = review.get(path)
            if answer.status_code == 200:
                yield answer.text
    for path in ("/questions", "/corrections", "/runs", "/runs/1", "/runs/2", "/intake", "/certificates"):
        yield review.get(path).text
    yield review.post("/corrections", {"born": "17/05/1990", "name": "Mẫu"}).text


def test_no_name_is_taken_for_markup_on_any_page(review: Any) -> None:
    for dose, date in (("1/2", "01/06/2021"), ("2/2", "01/07/2021")):
        review.take(
            # Signs that stand in no name are refused in names, and taken wherever texts are free.
            *(
                row(
                    name=name,
                    phone=f"091234{number}{dose[0]}78",
                    dose=dose,
                    date=date,
                    lot=text[:30],
                    district=text,
                    site=text,
                )
                for number, (name, text) in enumerate(zip(("Lê Mẫu", *NAMES), HOSTILE, strict=True))
            ),
            *(row(name=name) for name in HOSTILE),
        )
    texts = list(pages(review))
    assert len(texts) > 15
    whole = "".join(texts)
    for hostile in ("<script>alert", "<img src=x", "49 Mẫu"):
        assert hostile not in whole
    assert all(name.split()[0].replace("'", "&#39;") in whole for name in NAMES)
    assert "&lt;script&gt;alert(1)" in whole
    # What is typed into forms comes back as text, too.
    answer = review.post("/corrections", {"name": HOSTILE[2], "born": HOSTILE[0]})
    assert answer.status_code == 422
    assert "<img src=x" not in answer.text and "<script>alert" not in answer.text
    answer = review.post("/corrections/people/1", {"given_name": HOSTILE[0], "reason": HOSTILE[2]})
    assert "<img src=x" not in answer.text and "<script>alert" not in answer.text


@pytest.mark.parametrize("role", ["clerk", "vaccinator", "manager", "administrator"])
def test_other_roles_see_and_do_nothing_of_it(review: Any, role: str) -> None:
    review.take(row(phone="0912345678"), row(phone="0987654321", dose="2/2", date="01/07/2021"))
    other = review.visit(role)
    for path in (
        "/intake", "/intake/x", "/intake/x/state", "/runs", "/runs/1", "/runs/1/rejects", "/runs/1/undo", "/questions",
        "/questions/1", "/questions/next", "/corrections", "/corrections/people/1", "/corrections/doses/1",
        "/certificates",
    ):  # fmt: skip
        answer = other.get(path)
        assert answer.status_code == 403, path
        assert "Mẫu Thử" not in answer.text
    for path in (
        "/intake", "/intake/x/check", "/intake/x/take", "/intake/x/discard", "/runs/1/undo", "/runs/1/withdraw",
        "/questions/1", "/questions/1/reason", "/questions/1/back", "/corrections", "/corrections/people/1",
        "/corrections/people/1/reason", "/corrections/doses/1", "/certificates", "/certificates/requests/1/approve",
        "/certificates/requests/1/decline",
    ):  # fmt: skip
        assert other.post(path).status_code == 403, path
    assert not {"undo", "decide", "correct", "reason given"} & set(review.house.actions())


def test_no_log_at_any_level_and_no_address_has_anybodys_data(review: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    review.take(
        row(name="Đoàn Bí Mật", born="03/04/1977", phone="0911222333"),
        row(name="Đoàn Bí Mật", born="03/04/1977", phone="0944555666", dose="2/2", date="01/07/2021"),
    )
    list(pages(review))
    answers = [
        review.post("/corrections", {"name": "Đoàn Bí Mật", "born": "03/04/1977", "phone": "0911222333"}),
        review.post("/corrections/people/1", {"given_name": "Bí Mật Hơn", "reason": "typing error"}),
        review.post("/questions/1", {"answer": "same"}),
        review.post("/questions/1/back"),
        review.post("/runs/1/undo"),
    ]
    logged = caplog.text + "".join(str(vars(record)) for record in caplog.records)
    from vaxcert.registry import audit

    logged += str(audit.entries(review.house.registry, last=1_000))
    for secret in ("Bí Mật", "BI<MAT", "bi mat", "1977-04-03", "03/04/1977", "0911222333", "0944555666"):
        assert secret not in logged, secret
        assert all(secret not in answer.headers.get("Location", "") for answer in answers)
