"""Make a province: what twelve units' own programs export of 74,000 made-up people, and what is true of them.

    python examples/make_province.py province            # unit-01.csv … unit-12.csv, sheet-01.csv, truth.csv …
    python examples/make_province.py province --everyday # names and slips of every day, see `everyday`
    vaxcert registry init
    vaxcert registry import province/unit-*.csv

Each unit has its own headings, order of columns and form of dates. Clerks leave out tones, swap the words of a name,
mistype a letter, swap day and month, know no identity number, and export what another unit exports too; spreadsheets
drop zeros; there are twins and namesakes. Some stations have no program: their nurses send a sheet with title lines,
doses side by side, and vaccines by the names that people call them by. Nobody in it can be taken for a real person
(see `make_sample`). A seed gives the same bytes.
"""

import argparse
import csv
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Protocol

import everyday
from make_sample import FAMILY_NAMES, FIRST_DAY, LAST_DAY, MARKERS, MIDDLE_NAMES, SITES, VACCINES, Chance, Vaccine

PEOPLE, DOSES, INCOMPLETE = 74_000, 85_000, 400

FIELDS = (
    "name", "born", "id", "phone", "district", "group", "product", "dose", "date", "site", "lot",
)  # fmt: skip
# What three makers of clinic software call the columns.
STYLES = tuple(
    dict(zip(FIELDS, headings.split("|"), strict=True))
    for headings in (
        "Họ và tên|Ngày sinh|Số CCCD|Số điện thoại|Huyện|Nhóm ưu tiên|Tên vắc xin|Mũi số|Ngày tiêm|Mã cơ sở|Số lô",
        "Full name|Date of birth|National ID|Phone|District|Priority group|Vaccine|Dose|Date|Site|Lot",
        "HO TEN|NGAY SINH|CMND/CCCD|SDT|DIA BAN|DOI TUONG|LOAI VAC XIN|MUI|NGAY TIEM CHUNG|CO SO TIEM|LO VAC XIN",
    )
)

# What more some of them have in an everyday province.
MORE = ({"sex": "Giới tính", "commune": "Xã/Phường"}, {"sex": "Sex", "commune": "Commune"},
        {"sex": "GIOI TINH", "commune": "XA PHUONG"})  # fmt: skip

# What a nurse writes at the head of a sheet, over what is told of a person and of each dose.
TITLES = ("TRẠM Y TẾ XÃ MẪU", "DANH SÁCH ĐỐI TƯỢNG ĐÃ TIÊM VẮC XIN PHÒNG COVID-19")
PERSON = "STT|Họ và tên|Ngày sinh (ngày/tháng/năm)|Số CMND/CCCD|SĐT liên hệ|Quận/Huyện|Đối tượng|Cơ sở tiêm"
EACH_DOSE = "Ngày tiêm mũi {0}|Vắc xin mũi {0}|Số lô mũi {0}"
SPOKEN = {"EU/1/20/1528": "Pfizer", "EU/1/20/1507": "Moderna", "EU/1/21/1529": "AstraZeneca", "BBIBP-CorV": "Vero Cell"}
SHEETS, ON_A_SHEET = 2, 40


@dataclass
class One:
    """Somebody made up, and what they got."""

    number: int
    family: str
    given: str
    born: date
    identity: str
    phone: str
    district: str
    group: str
    vaccine: Vaccine
    doses: list[tuple[int, date, str, str]] = field(default_factory=list)  # number, day, site, lot


def people(count: int, doses: int, incomplete: int, chance: Chance) -> list[One]:
    """So many, with so many doses between them that are on record; the first ones' first dose is not."""
    made: list[One] = []
    while len(made) < count:
        number = len(made)
        one = _person(number, chance)
        if number % 500 == 1:  # a twin: all but the name's tones and the identity number
            other = made[-1]
            one = One(number, other.family, _otherwise(other.given), other.born, one.identity, other.phone,
                      other.district, other.group, one.vaccine)  # fmt: skip
        elif number % 900 == 7:  # a namesake, born on the same day in another district
            other = made[-1]
            elsewhere = next(name for name in SITES.values() if name != other.district)
            one = One(number, other.family, other.given, other.born, one.identity, one.phone, elsewhere, one.group,
                      one.vaccine)  # fmt: skip
        made.append(one)
    second = doses - count + incomplete
    for one in made:
        first = FIRST_DAY + timedelta(days=chance.below(180))
        _dose(one, 1, first, chance)
        # Spread over all, so that no unit has only one kind.
        if one.number * second // count != (one.number + 1) * second // count:
            _dose(one, 2, min(first + timedelta(days=one.vaccine.interval + chance.below(8)), LAST_DAY), chance)
    left = incomplete
    for one in made:
        if left and len(one.doses) == 2 and one.number % 7 == 3:
            one.doses.pop(0)
            left -= 1
    return made


def _person(number: int, chance: Chance) -> One:
    site = chance.of(list(SITES))
    two = [vaccine for vaccine in VACCINES if vaccine.series == 2]
    return One(
        number,
        chance.of(FAMILY_NAMES),
        f"{chance.of(MIDDLE_NAMES)} {chance.of(MARKERS)} {chance.of(MIDDLE_NAMES)}",
        date(1931, 1, 1) + timedelta(days=chance.below(28_000)),
        # No province has the code 099, and no telephone of ten digits begins with 01.
        f"099{number:09}" if chance.below(2) else "",
        f"01{number:08}" if chance.below(5) else "",
        SITES[site],
        str(1 + chance.below(9)),
        chance.of(two),
    )


def _dose(one: One, number: int, day: date, chance: Chance) -> None:
    near = [site for site, district in SITES.items() if district == one.district]
    site = chance.of(near) if chance.below(5) else chance.of(list(SITES))
    one.doses.append((number, day, site, f"{one.vaccine.lot}{day:%m}X{1 + chance.below(9)}"))


def _otherwise(given: str) -> str:
    """The same letters with another tone on the last word."""
    *words, last = given.split()
    bare = unicodedata.normalize("NFC", "".join(c for c in unicodedata.normalize("NFD", last) if c != "\u0301"))
    if bare != last:
        return " ".join([*words, bare])
    for at, letter in enumerate(last):
        if letter.lower() in "aeiouy":
            return " ".join([*words, unicodedata.normalize("NFC", last[: at + 1] + "\u0301" + last[at + 1 :])])
    return " ".join([*words, last, "Hai"])


def rows(made: list[One], chance: Chance) -> Iterator[tuple[int, One, int, dict[str, str]]]:
    """Each dose as a unit wrote it down, now and then as another one did too: unit, whose, which, texts."""
    units = list(SITES)
    for one in made:
        for dose in one.doses:
            unit = units.index(dose[2])
            yield unit, one, dose[0], _written(one, dose, unit, chance)
            if chance.below(100) < 3:
                other = (unit + 1 + chance.below(len(units) - 1)) % len(units)
                yield other, one, dose[0], _written(one, dose, other, chance, elsewhere=True)


def _written(
    one: One, dose: tuple[int, date, str, str], unit: int, chance: Chance, *, elsewhere: bool = False
) -> dict[str, str]:
    number, day, site, lot = dose
    words = [one.family, *one.given.split()]
    known = bool(one.identity or one.phone)
    if unit % 4 == 2:  # a keyboard without tones
        words = [_bare(word) for word in words]
    if chance.below(50) == 0:  # the family name last
        words = [*words[1:], words[0]]
    if chance.below(100) == 0 and one.phone:
        at = 1 + chance.below(len(words) - 1)
        words[at] = words[at] + "h" if len(words[at]) < 3 else words[at][:-1] + "x"
    born = one.born
    if chance.below(300) == 0 and born.day <= 12 and one.phone:
        born = date(born.year, born.day, born.month)
    form = "%d/%m/%Y" if unit % 3 else "%Y-%m-%d"
    return {
        "name": " ".join(words),
        "born": born.strftime(form),
        "id": _number(one.identity, unit) if chance.below(5) else "",
        "phone": _phone(one.phone, unit),
        "district": "" if known and elsewhere and chance.below(3) == 0 else one.district,
        "group": one.group,
        "product": one.vaccine.product,
        "dose": f"{number}/2",
        "date": day.strftime(form),
        "site": site,
        "lot": lot,
    }


def _phone(number: str, unit: int) -> str:
    return f"+84 {number[1:4]} {number[4:]}" if number and unit % 2 else _number(number, unit)


def _number(number: str, unit: int) -> str:
    """As it is, or as a spreadsheet leaves it."""
    return number.lstrip("0") if unit % 6 == 4 else number


def _bare(word: str) -> str:
    word = word.replace("Đ", "D").replace("đ", "d")
    return "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))


class Told(Protocol):
    """What a province's other tables tell of somebody, of whichever kind of province."""

    number: int
    district: str
    group: str
    born: date
    vaccine: Vaccine
    doses: list[tuple[int, date, str, str]]


def write(folder: Path, *, people_count: int, dose_count: int, incomplete: int, seed: int) -> None:
    """All files of a province."""
    chance = Chance(seed)
    made = people(people_count, dose_count, incomplete, chance)
    folder.mkdir(parents=True, exist_ok=True)
    _units(folder, rows(made, chance), ())
    for number, site in enumerate(list(SITES)[:SHEETS], 1):
        _sheet(folder / f"sheet-{number:02}.csv", site, made)
    _lists(folder, made)


def write_everyday(folder: Path, *, people_count: int, seed: int) -> None:
    """All files of an everyday province; a nurse's sheets are none of it."""
    chance = Chance(seed)
    made = everyday.people(people_count, chance)
    folder.mkdir(parents=True, exist_ok=True)
    _units(folder, everyday.rows(made, chance), MORE)
    _lists(folder, made)


def _units(
    folder: Path, written: Iterable[tuple[int, Told, int, dict[str, str]]], more: Sequence[dict[str, str]]
) -> None:
    """Each unit's table, and which line is whose. `more`: further columns, by maker of software."""
    units: list[list[tuple[Told, int, dict[str, str]]]] = [[] for _ in SITES]
    for unit, one, dose, texts in written:
        units[unit].append((one, dose, texts))
    with (folder / "truth.csv").open("w", encoding="utf-8", newline="") as stream:
        truth = csv.writer(stream)
        truth.writerow(("file", "line", "person", "dose"))
        for number, unit in enumerate(units):
            name = f"unit-{number + 1:02}.csv"
            style = STYLES[number % len(STYLES)] | (more[number % len(STYLES)] if more else {})
            order = [*FIELDS[number % 4 :], *FIELDS[: number % 4]]
            order += [column for column in style if column not in FIELDS and any(row[2][column] for row in unit)]
            with (folder / name).open("w", encoding="utf-8", newline="") as out:
                table = csv.writer(out)
                table.writerow([style[column] for column in order])
                for line, (one, dose, texts) in enumerate(unit, 2):
                    table.writerow([texts[column] for column in order])
                    truth.writerow((name, line, one.number, dose))
                table.writerow([f"Tổng cộng: {len(unit)}", *[""] * (len(order) - 1)])


def _lists(folder: Path, made: Sequence[Told]) -> None:
    """What is true of the people, how many each district expects, and what sites were sent."""
    with (folder / "people.csv").open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(("person", "district", "group", "born", "doses"))
        for one in made:
            numbers = "".join(str(dose[0]) for dose in one.doses)
            table.writerow((one.number, one.district, one.group, one.born.isoformat(), numbers))
    with (folder / "targets.csv").open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(("district", "priority_group", "people"))
        for district in sorted(set(SITES.values())):
            reached = sum(one.district == district for one in made)
            table.writerow((district, "", reached * (100 + len(district)) // 100))
    with (folder / "deliveries.csv").open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(("site", "lot", "product", "doses", "received_on"))
        given: dict[tuple[str, str, str], int] = {}
        for one in made:
            for _, _, site, lot in one.doses:
                key = (site, lot, one.vaccine.product)
                given[key] = given.get(key, 0) + 1
        for (site, lot, product), count in sorted(given.items()):
            table.writerow((site, lot, product, -(-count // 10) * 10, FIRST_DAY.isoformat()))


def _sheet(path: Path, site: str, made: list[One]) -> None:
    """A sheet as a nurse sends it, of some who had all their doses at one site and know their numbers."""
    theirs = [one for one in made if one.identity and one.phone and one.doses and one.doses[0][0] == 1
              and all(dose[2] == site for dose in one.doses)]  # fmt: skip
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.writer(stream, delimiter=";")
        table.writerows([[title] for title in TITLES])
        table.writerow([])
        table.writerow("|".join((PERSON, EACH_DOSE.format(1), EACH_DOSE.format(2))).split("|"))
        for number, one in enumerate(theirs[:ON_A_SHEET], 1):
            row = [number, f"{one.family} {one.given}", f"{one.born:%d/%m/%Y}", one.identity, one.phone, one.district,
                   f"Nhóm {one.group}", site]  # fmt: skip
            for _, day, _, lot in one.doses:
                row += [f"{day:%d/%m/%Y}", SPOKEN.get(one.vaccine.product, one.vaccine.product), lot]
            table.writerow([*row, *[""] * (14 - len(row))])


def main() -> None:
    """Make the files."""
    parser = argparse.ArgumentParser(description="Make a province's exports, and what is true of its people.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--times", type=float, default=1, help="so many times 74,000 people (default: 1)")
    parser.add_argument("--seed", type=int, default=1, help="another province for each (default: 1)")
    parser.add_argument("--everyday", action="store_true", help="names and slips of every day")
    options = parser.parse_args()
    if options.everyday:
        write_everyday(options.folder, people_count=round(PEOPLE * options.times), seed=options.seed)
        return
    write(
        options.folder, people_count=round(PEOPLE * options.times), dose_count=round(DOSES * options.times),
        incomplete=round(INCOMPLETE * options.times), seed=options.seed,
    )  # fmt: skip


if __name__ == "__main__":
    main()
