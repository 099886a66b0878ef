"""Whose records are one person's: the same in any order, and never across what is stated against it."""

from datetime import date
from itertools import combinations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from vaxcert import Person
from vaxcert.registry.comparing.clusters import Record, edge, people, stated_against
from vaxcert.registry.comparing.likeness import Likeness, features
from vaxcert.registry.records.doses import RecordedDose

names = st.sampled_from(
    ["Nguyễn Mẫu An", "Nguyễn Mẫu Ân", "NGUYEN MAU AN", "Mẫu An Nguyễn", "Nguyễn Mẫu Thị An", "Trần Ví Dụ"]
)


@st.composite
def records(draw: st.DrawFn) -> list[Record]:
    """Records of few values, so that they agree and contradict wherever they can."""
    found = []
    for number in range(draw(st.integers(1, 8))):
        family, _, rest = draw(names).partition(" ")
        born = draw(st.sampled_from(["1990-05-17", "1990-05-17", "1990-05-18", "1990-01-01"]))
        identity, card = draw(st.sampled_from([("", 0), ("", 0), ("a", 12), ("b", 12), ("c", 9)]))
        said = features(
            Person(family_name=family, given_name=rest, date_of_birth=born),
            district=draw(st.sampled_from(["", "Tam Đảo", "Yên Lạc"])),
            phone=draw(st.sampled_from([None, "1", "1", "2"])),
            sex=draw(st.sampled_from(["", "", "male", "female"])),
            national_id=identity or None,
            card=card,
        )
        day = draw(st.sampled_from([date(2026, 3, 1), date(2026, 3, 5), date(2026, 4, 1)]))
        dose = RecordedDose(
            product="EU/1/20/1528", number=draw(st.sampled_from([1, 2])), series=2, date=day, site="VP01", lot="L1"
        )
        found.append(Record(number, said, (dose,)))
    return found


def settled(some: list[Record], decided: Any = (), apart: Any = ()) -> set[frozenset[int]]:
    same = [(one.number, two.number) for one, two in combinations(sorted(some, key=lambda record: record.number), 2)
            if edge(one, two)[0] is Likeness.SAME]  # fmt: skip
    return set(map(frozenset, people(some, same, decided, apart)))


@given(records(), st.randoms())
def test_any_order_of_records_gives_the_same_people(some: list[Record], chance: Any) -> None:
    numbers = [record.number for record in some]
    others = numbers.copy()
    chance.shuffle(others)
    renamed = dict(zip(numbers, others, strict=True))
    turned = [Record(renamed[record.number], record.features, record.doses) for record in some]
    chance.shuffle(turned)
    assert settled(turned) == {frozenset(renamed[number] for number in person) for person in settled(some)}


@given(records())
def test_nobody_is_made_one_across_what_is_stated_against_it(some: list[Record]) -> None:
    by_number = {record.number: record for record in some}
    for person in settled(some):
        for one, other in combinations(sorted(person), 2):
            mine, theirs = by_number[one], by_number[other]
            ids = {record.features.national_id for record in (mine, theirs)} - {None}
            same_kind = mine.features.card == theirs.features.card
            assert len(ids) < 2 or not same_kind
            through_a_number = any(
                by_number[number].features.national_id for number in person
            )  # what one number says is one person's, whatever else a row says
            assert through_a_number or not stated_against([mine], [theirs])


@given(records(), st.data())
def test_what_a_person_decided_stands_over_all_else(some: list[Record], data: Any) -> None:
    numbers = st.sampled_from([record.number for record in some])
    one, other = data.draw(numbers), data.draw(numbers)
    together = settled(some, decided=[(one, other)])
    assert any({one, other} <= person for person in together)
    if one != other and not any({one, other} <= person for person in settled(some)):
        return
    if one != other:
        apart = settled(some, apart=[(one, other)])
        mine, theirs = ({r.number: r for r in some}[number].features.national_id for number in (one, other))
        assert (mine and mine == theirs) or not any({one, other} <= person for person in apart)


def test_a_record_that_could_be_either_of_two_who_contradict_stands_by_itself() -> None:
    def said(number: int, name: str, identity: str = "") -> Record:
        family, _, rest = name.partition(" ")
        person = Person(family_name=family, given_name=rest, date_of_birth="1990-05-17")
        return Record(number, features(person, phone="1", national_id=identity or None, card=12), ())

    twins = [said(1, "Nguyễn Mẫu An"), said(2, "Nguyễn Mẫu Ân"), said(3, "NGUYEN MAU AN")]
    assert settled(twins) == {frozenset({1}), frozenset({2}), frozenset({3})}
    # Once a number says whose it is, it is theirs.
    numbered = [said(1, "Nguyễn Mẫu An", "a"), said(2, "Nguyễn Mẫu Ân", "b"), said(3, "NGUYEN MAU AN", "a")]
    assert settled(numbered) == {frozenset({1, 3}), frozenset({2})}
