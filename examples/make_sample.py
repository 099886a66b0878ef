"""Print a table of made-up people and their doses, as CSV (UTF-8, one row a dose).

Nobody in it can be taken for a real person: each given name says that it is a sample and ends in a number,
and no telephone has such a number. Together the names hold every letter of Vietnamese with every tone.
The same seed gives the same bytes.

    python examples/make_sample.py > examples/doses.csv
"""

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import NamedTuple, TypeVar

COLUMNS = (
    "family_name",
    "given_name",
    "date_of_birth",
    "product",
    "dose_number",
    "doses_in_series",
    "date",
    "site",
    "lot",
    "district",
    "priority_group",
    "phone",
)

FAMILY_NAMES = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý",
    "Đào", "Đoàn", "Trịnh", "Đinh", "Võ", "Huỳnh", "Tạ", "Quách", "Kiều", "Lưu",
)  # fmt: skip

# Sample, example, assumed, experiment, trial, illustration, fiction, imagined, made up, not real.
MARKERS = (
    "Mẫu Thử", "Ví Dụ", "Giả Định", "Thí Nghiệm", "Thử Nghiệm", "Minh Họa", "Hư Cấu", "Tưởng Tượng",
    "Bịa Đặt", "Không Thật",
)  # fmt: skip

# Words for the letters and tones that the rest of a name would leave out.
MIDDLE_NAMES = (
    "Văn", "Thị", "Xuân", "Quý", "Ẵm", "Phẳng", "Bằng", "Thắng", "Lặng", "Cẩm", "Tre", "Trẻ", "Vẽ",
    "Khẽ", "Mẹ", "Hè", "Bé", "Hiển", "Hiền", "Thế", "Chỉ", "Nghĩ", "Nhỏ", "Rõ", "Họ", "Cổ", "Cỗ",
    "Đồng", "Mộc", "Nở", "Cỡ", "Đời", "Mới", "Lợi", "Thủy", "Cũ", "Dù", "Tú", "Từ", "Chữ", "Tự", "Thứ",
    "Kỷ", "Mỹ", "Kỳ", "Ý", "Kỵ", "Hà", "Mã", "Sáu", "Hạ", "Tò", "Có", "Bình", "Sĩ", "Nhật", "Ấn", "Số",
    "Trầm", "Để", "Lễ", "Phú", "Giả", "Thục",
)  # fmt: skip

DIGITS = ("Không", "Một", "Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy", "Tám", "Chín")

# Vaccination sites and the district in which each lies.
SITES = {
    "VP01": "Vĩnh Yên", "VP02": "Vĩnh Yên", "VP03": "Phúc Yên", "VP04": "Phúc Yên", "VP05": "Lập Thạch",
    "VP06": "Tam Dương", "VP07": "Tam Đảo", "VP08": "Bình Xuyên", "VP09": "Bình Xuyên", "VP10": "Yên Lạc",
    "VP11": "Vĩnh Tường", "VP12": "Sông Lô",
}  # fmt: skip


class Vaccine(NamedTuple):
    """A product, the days after which the next dose is due, and whether children from 12 get it."""

    product: str
    lot: str
    series: int
    interval: int
    children: bool = False


COMIRNATY = Vaccine("EU/1/20/1528", "PFI", 2, 21, children=True)
SPIKEVAX = Vaccine("EU/1/20/1507", "MOD", 2, 28, children=True)
VAXZEVRIA = Vaccine("EU/1/21/1529", "AZE", 2, 63)
VERO_CELL = Vaccine("BBIBP-CorV", "SIN", 2, 21)
# Named once for each share of the doses that it has.
VACCINES = (
    *[VAXZEVRIA] * 4,
    *[COMIRNATY] * 3,
    *[SPIKEVAX] * 2,
    *[VERO_CELL] * 2,
    Vaccine("Sputnik-V", "SPU", 2, 21),
    Vaccine("EU/1/20/1525", "JAN", 1, 0),
    Vaccine("Hayat-Vax", "HAY", 2, 21),
    Vaccine("Abdala", "ABD", 3, 14),
)

FIRST_DAY = date(2026, 1, 5)
LAST_DAY = date(2026, 9, 30)

T = TypeVar("T")


class Chance:
    """Choices that are the same in every version of Python: of `Random`, only `random()` promises that."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def below(self, end: int) -> int:
        """A whole number from 0 to `end` - 1."""
        return int(self._random.random() * end)

    def of(self, choices: Sequence[T]) -> T:
        """One of several."""
        return choices[self.below(len(choices))]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Print a table of made-up people and their doses, as CSV.")
    parser.add_argument("--seed", type=int, default=1, help="another table for each (default: 1)")
    parser.add_argument("--count", type=int, default=200, help="doses (default: 200)")
    options = parser.parse_args()
    write(options.count, options.seed)


def write(count: int, seed: int) -> None:
    """The table, on standard output."""
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    table = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(make(count, seed))


def make(count: int, seed: int) -> list[dict[str, str]]:
    """That many rows, in the order of their dates."""
    chance = Chance(seed)
    rows: list[dict[str, str]] = []
    number = 0
    while len(rows) < count:
        number += 1
        rows += doses(chance, number)
    # A person's first doses come first, so that nobody is left with a second one alone.
    return sorted(rows[:count], key=lambda row: row["date"])


def doses(chance: Chance, number: int) -> Iterator[dict[str, str]]:
    """All doses of one made-up person."""
    child = chance.below(12) == 0
    vaccine = chance.of([known for known in VACCINES if known.children]) if child else chance.of(VACCINES)
    site = chance.of(list(SITES))
    # Each word in its turn, not by chance: all of them have to appear.
    middle, marker = MIDDLE_NAMES[number % len(MIDDLE_NAMES)], MARKERS[number % len(MARKERS)]
    family_name, given_name = chance.of(FAMILY_NAMES), f"{middle} {marker} {in_words(number)}"
    if number % 39 == 18:  # here and there a clerk types no capitals
        family_name, given_name = family_name.lower(), given_name.lower()
    person = {
        "family_name": family_name,
        "given_name": given_name,
        "date_of_birth": born(chance, child),
        "site": site,
        "district": SITES[site],
        "priority_group": str(1 + chance.below(9)),
        "phone": f"000 {number // 10_000:03} {number % 10_000:04}",
    }
    day = FIRST_DAY + timedelta(days=chance.below(180))
    wanted = 1 + chance.below(vaccine.series + 1)
    for dose in range(1, wanted + 1):
        series = vaccine.series
        if dose > series:  # a booster, three months on; both ways of writing it are in use
            vaccine = COMIRNATY
            day += timedelta(days=90)
            series = dose if chance.below(2) else series
        if day > LAST_DAY:
            return
        yield person | {
            "product": vaccine.product,
            "dose_number": str(dose),
            "doses_in_series": str(series),
            "date": day.isoformat(),
            "lot": f"{vaccine.lot}{day:%m}X{1 + chance.below(9)}",
        }
        day += timedelta(days=vaccine.interval + chance.below(8))


def born(chance: Chance, child: bool) -> str:
    """A date of birth: of someone from 12 to 17 at the first day of vaccination, or of an adult.

    Of older people, one in six knows only the year or the month.
    """
    year = 2009 + chance.below(5) if child else 1931 + chance.below(77)
    day = date(year, 1, 1) + timedelta(days=chance.below(365))
    known = chance.below(12)
    if year > 1975 or known > 1:
        return day.isoformat()
    return f"{day:%Y-%m}" if known else f"{day:%Y}"


def in_words(number: int) -> str:
    """A number from 1 to 999,999 in Vietnamese, each word with a capital."""
    thousands, rest = divmod(number, 1000)
    if not thousands:
        return _below_thousand(rest, whole=True)
    words = _below_thousand(thousands, whole=True) + " Nghìn"
    return f"{words} {_below_thousand(rest, whole=False)}" if rest else words


def _below_thousand(number: int, *, whole: bool) -> str:
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = []
    if hundreds or not whole:
        words += [DIGITS[hundreds], "Trăm"]
    if tens > 1:
        words += [DIGITS[tens], "Mươi"]
    elif tens == 1:
        words.append("Mười")
    elif ones and words:
        words.append("Linh")
    if ones == 1 and tens > 1:
        words.append("Mốt")
    elif ones == 5 and tens:
        words.append("Lăm")
    elif ones:
        words.append(DIGITS[ones])
    return " ".join(words)


if __name__ == "__main__":
    main()
