"""People and rows as units really send them, for `make_province.py --everyday`: everyday names, everyday slips.

Some family names are half the province, most women are Thị, a family has one telephone, many were born on "1 January",
adults have an old identity card beside a new one, people move between two doses, clerks drop a middle name, write Ng.
for Nguyễn, put tones and y or i as they were taught, slip in a digit, and take a child down under a parent's number.
Words of names are those of `make_sample`, drawn as unevenly as real ones; no province has the code 099, no identity
number of nine digits began with 9, and no telephone of ten digits begins with 01.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate

from make_sample import DIGITS, FIRST_DAY, LAST_DAY, MARKERS, MIDDLE_NAMES, SITES, VACCINES, Chance, Vaccine

PEOPLE, DOSES_OF_TWO, WITHOUT_FIRST = 74_000, 0.73, 0.015

# Shares in a thousand, as they are widely published (`vaxcert/names/frequencies.py` says from where); 31 % here.
FAMILIES = {
    "Nguyễn": 310, "Trần": 109, "Lê": 89, "Phạm": 71, "Hoàng": 51, "Phan": 45, "Vũ": 39, "Đặng": 21, "Bùi": 20,
    "Đỗ": 19, "Hồ": 15, "Ngô": 17, "Dương": 14, "Lý": 10, "Đào": 10, "Đoàn": 10, "Trịnh": 10, "Đinh": 10, "Võ": 10,
    "Huỳnh": 10, "Tạ": 9, "Quách": 6, "Kiều": 6, "Lưu": 9, "Mai": 9, "Hà": 9, "Tô": 7, "Cao": 7, "Chu": 7, "Lương": 7,
}  # fmt: skip
# Given names, the commonest first; the tenth is half as common as the third.
GIVEN = tuple(dict.fromkeys(word for text in (*MARKERS, *MIDDLE_NAMES, *DIGITS) for word in text.split()))
MIDDLES = tuple(reversed([word for word in MIDDLE_NAMES if word not in ("Văn", "Thị")]))
# Two ways in which people write one syllable: y or i, and where the tone stands.
SPELLINGS = {
    "Mỹ": "Mĩ", "Kỳ": "Kì", "Kỷ": "Kỉ", "Kỵ": "Kị", "Lý": "Lí", "Thủy": "Thuỷ", "Họa": "Hoạ", "Hòa": "Hoà",
    "Quý": "Quí",
}  # fmt: skip
COMMUNES = 11


@dataclass
class One:
    """Somebody made up, what their cards say, and what they got."""

    number: int
    family: str
    given: str
    sex: str
    born: date
    identity: str
    old_identity: str
    phone: str
    district: str
    commune: str
    group: str
    vaccine: Vaccine
    parents_identity: str = ""
    moved: tuple[str, str] | None = None
    new_phone: str = ""
    doses: list[tuple[int, date, str, str]] = field(default_factory=list)  # number, day, site, lot


class Uneven:
    """Choices of which the first are the commonest: the share of the nth falls as 1 / (n + `flat`)."""

    def __init__(self, choices: Sequence[str], shares: Sequence[float] = (), flat: float = 3) -> None:
        self.choices = choices
        self.sums = list(accumulate(shares or [1 / (place + flat) for place in range(len(choices))]))

    def of(self, chance: Chance) -> str:
        """One of them."""
        return self.choices[bisect_left(self.sums, chance.below(10**9) / 10**9 * self.sums[-1])]


_FAMILIES = Uneven(list(FAMILIES), list(FAMILIES.values()))
_GIVEN, _MIDDLES = Uneven(GIVEN), Uneven(MIDDLES)


def often(chance: Chance, per_thousand: int) -> bool:
    """True so often."""
    return chance.below(1000) < per_thousand


def people(count: int, chance: Chance) -> list[One]:
    """So many, by families that share a home and, for the most part, a telephone."""
    made: list[One] = []
    while len(made) < count:
        made += _family(len(made), chance)
    del made[count:]
    for one in made:
        _vaccinate(one, chance)
    return made


def _family(number: int, chance: Chance) -> list[One]:
    """Two adults or one, and up to three children; now and then twins."""
    site = chance.of(list(SITES))
    district, commune = SITES[site], f"Xã Ví Dụ {1 + chance.below(COMMUNES)}"
    shared = _phone(number, chance)
    adults = [_adult(number + at, district, commune, shared, chance) for at in range(1 + (chance.below(3) > 0))]
    found = list(adults)
    parent = adults[0]
    for _ in range(chance.below(4) if 1960 <= parent.born.year <= 1996 else 0):
        found.append(_child(number + len(found), parent, chance))
        if often(chance, 20):  # a twin: mostly another name, now and then the same but for its tone
            other = found[-1]
            twin = _child(number + len(found), parent, chance)
            twin.born, twin.vaccine = other.born, other.vaccine
            if often(chance, 200):
                twin.given, twin.sex = _otherwise(other.given), other.sex
            found.append(twin)
    return found


def _adult(number: int, district: str, commune: str, shared: str, chance: Chance) -> One:
    sex = "Nữ" if chance.below(2) else "Nam"
    born = date(1932, 1, 1) + timedelta(days=chance.below(27_000))
    # Of whom nobody knew the day, 1 January was written down: the older, the more.
    if often(chance, 160 if born.year < 1960 else 50 if born.year < 1980 else 4):
        born = date(born.year, 1, 1)
    phone = shared if often(chance, 550) else _phone(number, chance)
    return One(
        number, _FAMILIES.of(chance), _given(sex, chance), sex, born,
        f"099{number:09}", f"9{number:08}" if often(chance, 450) else "", phone, district, commune,
        str(1 + chance.below(9)), _vaccine(chance),
        moved=_elsewhere(district, chance) if often(chance, 60) else None,
        new_phone=_phone(number + 50_000_000, chance) if often(chance, 80) else "",
    )  # fmt: skip


def _child(number: int, parent: One, chance: Chance) -> One:
    sex = "Nữ" if chance.below(2) else "Nam"
    born = parent.born + timedelta(days=7_300 + chance.below(5_000))
    born = min(born, date(2013, 12, 28) - timedelta(days=chance.below(3_000)))
    card = born.year <= 2011 and often(chance, 600)
    return One(
        number, parent.family, _given(sex, chance), sex, born, f"099{number:09}" if card else "", "", parent.phone,
        parent.district, parent.commune, parent.group, _vaccine(chance), parents_identity=parent.identity,
        moved=parent.moved,
    )  # fmt: skip


def _given(sex: str, chance: Chance) -> str:
    if sex == "Nữ":
        middle = ["Thị"] if often(chance, 620) else [_MIDDLES.of(chance)]
    else:
        middle = ["Văn"] if often(chance, 400) else [_MIDDLES.of(chance)]
    if often(chance, 350):
        middle.append(_MIDDLES.of(chance))
    return " ".join([*middle, _GIVEN.of(chance)])


def _otherwise(given: str) -> str:
    """The same letters with another tone on the last word."""
    from make_province import _otherwise as otherwise

    return otherwise(given)


def _phone(number: int, chance: Chance) -> str:
    return f"01{number:08}" if often(chance, 960) else ""


def _vaccine(chance: Chance) -> Vaccine:
    return chance.of([vaccine for vaccine in VACCINES if vaccine.series == 2])


def _elsewhere(district: str, chance: Chance) -> tuple[str, str]:
    other = chance.of([name for name in SITES.values() if name != district])
    return other, f"Xã Ví Dụ {1 + chance.below(COMMUNES)}"


def _vaccinate(one: One, chance: Chance) -> None:
    first = FIRST_DAY + timedelta(days=chance.below(180))
    _dose(one, 1, first, chance)
    if often(chance, round(DOSES_OF_TWO * 1000)):
        _dose(one, 2, min(first + timedelta(days=one.vaccine.interval + chance.below(8)), LAST_DAY), chance)
        if often(chance, round(WITHOUT_FIRST * 1000)):
            one.doses.pop(0)


def _dose(one: One, number: int, day: date, chance: Chance) -> None:
    district = one.moved[0] if one.moved and number > 1 else one.district
    near = [site for site, name in SITES.items() if name == district]
    site = chance.of(near) if chance.below(5) else chance.of(list(SITES))
    one.doses.append((number, day, site, f"{one.vaccine.lot}{day:%m}X{1 + chance.below(9)}"))


def rows(made: list[One], chance: Chance) -> Iterator[tuple[int, One, int, dict[str, str]]]:
    """Each dose as a unit wrote it down, and often as another one did too: unit, whose, which, texts."""
    units = list(SITES)
    for one in made:
        for dose in one.doses:
            unit = units.index(dose[2])
            yield unit, one, dose[0], _written(one, dose, unit, chance)
            if often(chance, 195):
                other = (unit + 1 + chance.below(len(units) - 1)) % len(units)
                yield other, one, dose[0], _written(one, dose, other, chance)


def _written(one: One, dose: tuple[int, date, str, str], unit: int, chance: Chance) -> dict[str, str]:
    number, day, site, lot = dose
    form = "%d/%m/%Y" if unit % 3 else "%Y-%m-%d"
    there = one.moved is not None and (number > 1) != often(chance, 150)
    district, commune = one.moved if one.moved and there else (one.district, one.commune)
    return {
        "name": _name(one, unit, chance),
        "born": _born(one.born, form, chance),
        "id": _identity(one, chance),
        "phone": _called(one, number, unit, chance),
        "district": district if often(chance, 960) else "",
        "commune": commune if unit % 2 else "",
        "sex": one.sex if unit % 3 != 1 else "",
        "group": one.group,
        "product": one.vaccine.product,
        "dose": f"{number}/2",
        "date": _day(day, chance).strftime(form),
        "site": site,
        "lot": lot,
    }


def _day(day: date, chance: Chance) -> date:
    """The day of a dose; one row in two hundred says another."""
    return day + timedelta(days=1 + chance.below(6)) if often(chance, 5) and day < LAST_DAY else day


def _name(one: One, unit: int, chance: Chance) -> str:
    words = [one.family, *one.given.split()]
    if unit % 4 == 1:
        words = [SPELLINGS.get(word, word) if often(chance, 700) else word for word in words]
    if len(words) > 2 and often(chance, 40):  # a middle name is dropped
        del words[1 + chance.below(len(words) - 2)]
    if unit % 5 == 3 and words[0] == "Nguyễn" and often(chance, 120):
        words[0] = "Ng."
    if often(chance, 14):  # a slip
        at = 1 + chance.below(len(words) - 1)
        words[at] = words[at] + "h" if len(words[at]) < 3 else words[at][:-1] + "x"
    if often(chance, 12):  # the family name last
        words = [*words[1:], words[0]]
    return _bare(" ".join(words)) if unit % 6 == 2 or often(chance, 15) else " ".join(words)


def _bare(text: str) -> str:
    from make_province import _bare as bare

    return bare(text)


def _born(born: date, form: str, chance: Chance) -> str:
    if often(chance, 12):  # only the year was known there
        return date(born.year, 1, 1).strftime(form)
    if often(chance, 4) and born.day <= 12:
        born = date(born.year, born.day, born.month)
    if often(chance, 12):  # a slip in a digit of the day
        born = born.replace(day=born.day + (10 if born.day <= 18 else -10))
    return born.strftime(form)


def _identity(one: One, chance: Chance) -> str:
    if not one.identity:
        return one.parents_identity if one.parents_identity and often(chance, 40) else ""
    if often(chance, 380):
        return ""
    number = one.old_identity if one.old_identity and often(chance, 450) else one.identity
    return _slipped(number, chance) if often(chance, 4) else number


def _called(one: One, number: int, unit: int, chance: Chance) -> str:
    phone = one.new_phone if one.new_phone and number > 1 else one.phone
    if not phone or often(chance, 170):
        return ""
    if often(chance, 8):
        phone = _slipped(phone, chance)
    if unit % 2:
        return f"+84 {phone[1:4]} {phone[4:]}"
    return phone.lstrip("0") if unit % 6 == 4 else phone


def _slipped(number: str, chance: Chance) -> str:
    """A number with a digit that is another one; its first three stay what tells that nobody has it."""
    at = 3 + chance.below(len(number) - 3)
    return number[:at] + str((int(number[at]) + 1 + chance.below(8)) % 10) + number[at + 1 :]
