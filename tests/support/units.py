"""Units' tables as bytes, as a browser sends them."""

import csv
import io
from collections.abc import Iterable, Sequence

HEADINGS = ("Họ và tên", "Ngày sinh", "CCCD", "Điện thoại", "Huyện", "Vắc xin", "Mũi", "Ngày tiêm", "Mã cơ sở", "Số lô")
_USUAL = (
    "Nguyễn Mẫu Thử",
    "17/05/1990",
    "",
    "0912345678",
    "Tam Đảo",
    "EU/1/20/1528",
    "1/2",
    "01/06/2021",
    "VP01",
    "L1",
)
_FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Vũ", "Đặng", "Bùi", "Hồ", "Ngô", "Dương")
_GIVEN = ("Mẫu", "Thử Ví", "Giả Định", "Nháp", "Thí Dụ", "Tập Sự")


def row(**said: str) -> tuple[str, ...]:
    """A row; what is not said (`name`, `born`, `id`, `phone`, `district`, `product`, `dose`, `date`, `site`, `lot`) is
    made up."""
    names = ("name", "born", "id", "phone", "district", "product", "dose", "date", "site", "lot")
    return tuple(said.get(name, usual) for name, usual in zip(names, _USUAL, strict=True))


def several(count: int) -> list[tuple[str, ...]]:
    """Rows of so many people whom nobody takes for one another, each with a dose."""
    return [
        row(
            name=f"{_FAMILIES[i % 10]} {_GIVEN[i // 10 % 6]}", phone=f"0{10_000_019 * (i + 1) % 1_000_000_000:09}",
            born=f"{1 + i % 28:02}/{1 + i % 12:02}/{1940 + i % 61}",
        )
        for i in range(count)
    ]  # fmt: skip


def table(rows: Iterable[Sequence[str]], headings: Sequence[str] = HEADINGS) -> bytes:
    """A CSV."""
    out = io.StringIO()
    csv.writer(out).writerows([headings, *rows])
    return out.getvalue().encode()
