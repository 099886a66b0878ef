"""Which records are one person's, of all that have to do with one another. Knows no database, and no order of records.

Records are linked where they are surely one (`edge`). Whoever is linked, by whatever way, is one person, but where two
of these state something against one another: then a link between two such says nothing, and a record that is linked to
both of them stands by itself until somebody says whose it is. So the same records are the same people, whichever came
first; what was decided by a person stands over all of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import combinations, product

import msgspec

from vaxcert.model import Dose
from vaxcert.registry.comparing.births import Born, births
from vaxcert.registry.comparing.fitting import fitting, same_act
from vaxcert.registry.comparing.likeness import Features, Likeness, at_home, compare, same_words
from vaxcert.registry.comparing.naming import ONE_NAME, Naming, naming
from vaxcert.registry.comparing.reasons import Why, contradicting

Pair = tuple[int, int]
Edge = tuple[Likeness, tuple[Why, ...]]


class Record(msgspec.Struct, frozen=True):
    """What is compared of a record: features without numbers that are too many people's, and its doses that count."""

    number: int
    features: Features
    doses: tuple[Dose, ...]

    def __repr__(self) -> str:
        return f"<Record {self.number}>"


class Groups:
    """Numbers that are brought together, two by two."""

    def __init__(self, numbers: Iterable[int], pairs: Iterable[Pair] = ()) -> None:
        self._of = {number: number for number in numbers}
        for pair in pairs:
            self.join(*pair)

    def of(self, number: int) -> int:
        """The least of those whom a number is together with."""
        while (above := self._of[number]) != number:
            self._of[number] = self._of[above]
            number = above
        return number

    def join(self, one: int, other: int) -> None:
        """Bring two together, and whoever is with them."""
        first, second = sorted((self.of(one), self.of(other)))
        self._of[second] = first

    def all(self) -> list[list[int]]:
        """Everybody, those who are together in one list, by number."""
        found: dict[int, list[int]] = {}
        for number in sorted(self._of):
            found.setdefault(self.of(number), []).append(number)
        return list(found.values())


def edge(one: Record, other: Record) -> Edge:
    """What two records are to each other, by what identifies them and by their doses."""
    likeness, reasons = compare(one.features, other.features)
    toneless = not same_words(one.features, other.features)
    if likeness is Likeness.DIFFERENT:
        # A dose that is missing before another may be on record under a birth date that was mistyped.
        reasons = at_home(one.features, other.features)
        fit = fitting(one.doses, other.doses, toneless=toneless) if reasons else None
        if fit is Why.DOSES_FOLLOW_IN_TIME or (fit and _acts(one, other)):
            return Likeness.UNSURE, (*reasons, fit)
        return likeness, ()
    fit = fitting(one.doses, other.doses, toneless=toneless)
    if likeness is Likeness.SAME:
        if fit is Why.DOSES_DO_NOT_GO_TOGETHER and not _numbered(one, other):
            return Likeness.UNSURE, (Why.ALL_ELSE_AGREES, fit)
        return likeness, ()
    if _one_act(one, other, reasons):
        return Likeness.SAME, ()
    return likeness, (*reasons, fit) if fit else reasons


def _numbered(one: Record, other: Record) -> bool:
    return one.features.national_id is not None and one.features.national_id == other.features.national_id


def _one_act(one: Record, other: Record, reasons: Collection[Why]) -> bool:
    """Whether name, birth date, home and one injection agree: two units' rows of it, however common the name is."""
    return (
        one.features.name == other.features.name
        and Why.NAME_AND_BIRTH_DATE_AGREE in reasons
        and not {Why.DISTRICT_AGREES, Why.COMMUNE_AGREES}.isdisjoint(reasons)
        and {Why.TWO_TELEPHONE_NUMBERS, Why.TWO_COMMUNES}.isdisjoint(reasons)
        and not contradicting(reasons)
        and _acts(one, other)
    )


def _acts(one: Record, other: Record) -> bool:
    """Whether both tell of one injection."""
    return any(same_act(mine, theirs) for mine, theirs in product(one.doses, other.doses))


def stated_against(some: Sequence[Record], others: Sequence[Record], *, toneless: bool = False) -> bool:
    """Whether what is stated of one person contradicts all that is stated of another: identity number, sex, doses."""
    mine, theirs = ([record.features for record in records] for records in (some, others))
    if {one.national_id for one in mine if one.national_id} & {one.national_id for one in theirs}:
        return False
    for card in (0, 9, 12):
        numbered = [any(one.national_id and one.card in (0, card) for one in side) for side in (mine, theirs)]
        if all(numbered):
            return True
    sexes = [{one.sex for one in side if one.sex} for side in (mine, theirs)]
    if all(sexes) and sexes[0].isdisjoint(sexes[1]):
        return True
    given = [[dose for record in records for dose in record.doses] for records in (some, others)]
    return fitting(given[0], given[1], toneless=toneless) is Why.DOSES_DO_NOT_GO_TOGETHER


def contradict(some: Sequence[Record], others: Sequence[Record]) -> bool:
    """Whether two people are not to be made one by a program, whatever links them: names and birth dates count too."""
    mine, theirs = ([record.features for record in records] for records in (some, others))
    if {one.national_id for one in mine if one.national_id} & {one.national_id for one in theirs}:
        return False
    pairs = list(product(mine, theirs))
    if all(births(one.date_of_birth, other.date_of_birth) is Born.OTHER for one, other in pairs):
        return True
    names = {naming(one.name, other.name, one.bare, other.bare) for one, other in pairs}
    return names.isdisjoint(ONE_NAME) or stated_against(some, others, toneless=Naming.SAME not in names)


def people(
    records: Sequence[Record], same: Collection[Pair], decided: Collection[Pair], apart: Collection[Pair]
) -> list[list[int]]:
    """Whose records are one person's: their numbers, person by person.

    `same`: pairs that are surely one; `decided`: that a person said are one; `apart`: that one said are not.
    """
    by_number = {record.number: record for record in records}
    sure = [pair for pair in same if _numbered(by_number[pair[0]], by_number[pair[1]])]
    cores = Groups(by_number, [*decided, *sure])
    members = {core[0]: [by_number[number] for number in core] for core in cores.all()}
    linked = {_pair(cores, *pair) for pair in same} - {(number, number) for number in members}
    split = {_pair(cores, *pair) for pair in apart}
    together = Groups(members, linked)
    found: list[list[int]] = []
    for some in together.all():
        against = {
            pair for pair in combinations(some, 2)
            if pair in split or contradict(members[pair[0]], members[pair[1]])
        }  # fmt: skip
        parts = _parted(some, [pair for pair in linked if pair[0] in some], against) if against else [some]
        found += [sorted(record.number for core in part for record in members[core]) for part in parts]
    return sorted(found)


def _pair(cores: Groups, one: int, other: int) -> Pair:
    both = cores.of(one), cores.of(other)
    return min(both), max(both)


def _parted(some: Sequence[int], linked: Iterable[Pair], against: Collection[Pair]) -> list[list[int]]:
    """Those who are linked, without links that nothing says which of them is right."""
    links = {number: set[int]() for number in some}
    for one, other in linked:
        if (one, other) not in against:
            links[one].add(other)
            links[other].add(one)
    torn = {
        number for number, near in links.items()
        if any(pair in against for pair in combinations(sorted(near), 2))
    }  # fmt: skip
    left = Groups(some, [(one, two) for one, near in links.items() for two in near if not {one, two} & torn])
    parts: list[list[int]] = []
    for part in left.all():
        # Where two are still on one way, by others between them, none of these is known to be with whom.
        broken = any(pair in against for pair in combinations(part, 2))
        parts += [[number] for number in part] if broken else [part]
    return parts
