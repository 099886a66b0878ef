"""Taking over a block of rows: each is a record, and whose records they are is settled for all of them together.

So it does not depend on the order of rows, blocks and files who is found to be whom.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
from sqlalchemy import Connection, select

from vaxcert.registry import schema
from vaxcert.registry.comparing import clusters
from vaxcert.registry.comparing.fitting import alike
from vaxcert.registry.comparing.likeness import Likeness, Why
from vaxcert.registry.intake.rows import Said, TableRow
from vaxcert.registry.records.doses import GivenDose, RecordedDose
from vaxcert.registry.records.judging import Decision, enriched, filled_in, judge
from vaxcert.registry.records.ledger import Ledger
from vaxcert.registry.records.matching import Candidates, candidates
from vaxcert.registry.records.neighbourhood import Held, KeptRecord, Neighbourhood, around
from vaxcert.registry.records.people import Profile, Somebody
from vaxcert.registry.records.settling import Settling
from vaxcert.registry.states import DoseState, ReviewKind, RowOutcome


def take(
    connection: Connection, ledger: Ledger, block: Sequence[TableRow], read: Callable[[TableRow], Said]
) -> list[tuple[TableRow, Said]]:
    """Take rows over, each with its outcome, and return those that are rejected; the registry's lock is held all along.

    Whether a row was taken before is asked first, whatever it is read as now.
    """
    taken = _taken(connection, {digest for row in block for digest in row.digests})
    said = {row.key: read(row) for row in block if row.digests[0] not in taken}
    outcomes: dict[int, tuple[RowOutcome, int | None]] = {}
    older = [row for row in block if row.key in said and any(digest in taken for digest in row.digests[1:])]
    if older:
        _again(connection, ledger, older, said, taken, outcomes)
    rejected: list[tuple[TableRow, Said]] = []
    fresh: list[tuple[TableRow, Profile, RecordedDose]] = []
    for row in block:
        if row.key not in said or row.key in outcomes:
            continue
        one = said[row.key]
        if one.problems or one.profile is None or one.dose is None:
            rejected.append((row, one))
        else:
            fresh.append((row, one.profile, one.dose))
    taken |= {row.digests[0]: outcomes[row.key][1] for row in older if row.key in outcomes}
    _fresh(connection, ledger, fresh, outcomes)
    wrong = {row.key for row, _ in rejected}
    for row in block:
        if row.key not in wrong:
            outcome, dose_id = outcomes.get(row.key) or _known(taken[row.digests[0]])
            ledger.row(row.line, row.digests[0], outcome, dose_id)
    ledger.write()
    return rejected


def _again(
    connection: Connection,
    ledger: Ledger,
    rows: Sequence[TableRow],
    said: dict[int, Said],
    taken: dict[str, int | None],
    outcomes: dict[int, tuple[RowOutcome, int | None]],
) -> None:
    """Say of rows that an earlier version took what they are, and fill in what it did not read."""
    some = (said[row.key] for row in rows)
    among = candidates(connection, (one.profile for one in some if one.profile is not None and one.dose is not None))
    for row in rows:
        known = _known_by(row.digests[1:], taken, said[row.key], among)
        if known is not None:
            outcomes[row.key] = known
            if known[1] is not None:
                _complete(said[row.key], known[1], ledger, among)
    # Whoever comes after these is compared with what they are by now.
    ledger.write()


def _fresh(
    connection: Connection,
    ledger: Ledger,
    rows: Sequence[tuple[TableRow, Profile, RecordedDose]],
    outcomes: dict[int, tuple[RowOutcome, int | None]],
) -> None:
    """Take over rows that nobody took before: each is a record of its own, or says what one says already."""
    near = around(connection, [profile for _, profile, _ in rows])
    said: dict[str, Held] = {}
    stated: list[tuple[TableRow, Held, bool]] = []
    for row, profile, dose in rows:
        held, new = (said[row.digests[0]], False) if row.digests[0] in said else _placed(near, ledger, profile, dose)
        stated.append((row, held, new))
        said[row.digests[0]] = held
    settling = Settling(connection, ledger, near)
    before = {number: bool(one.now and one.held and one.held[0].given) for number, one in near.kept.items()}
    settling.settle({held.person for _, held, new in stated if new or held.changed or near.kept[held.person].changed})
    there = {near.head(number) for number, held in before.items() if held}
    first: set[str] = set()
    for row, held, new in stated:
        again = row.digests[0] in first
        first.add(row.digests[0])
        head = near.head(held.person)
        if again:
            outcome = RowOutcome.AGAIN
        elif not new or held.double:
            outcome = RowOutcome.KNOWN
        elif held.state is DoseState.DISPUTED:
            outcome = RowOutcome.DISPUTED
        elif head in there:
            outcome = RowOutcome.MATCHED
        else:
            outcome = RowOutcome.QUESTION if held.person in settling.asked else RowOutcome.NEW
        there.add(head)
        outcomes[row.key] = (outcome, held.given.dose_id if held.given else None)


def _placed(near: Neighbourhood, ledger: Ledger, profile: Profile, dose: RecordedDose) -> tuple[Held, bool]:
    """The dose that a row states, of a record that says the same or of a new one; and whether it is a new one."""
    features = profile.features
    numbered = features.national_id is not None and features.national_id not in near.shared
    for number in near.equal(features):
        one = near.kept[number]
        mine = clusters.Record(0, near.record(number).features, (dose,))
        sure = clusters.edge(near.record(number), mine)[0] is Likeness.SAME
        twin = next((held for held in one.held if _states(held, dose)), None)
        if sure and twin is not None:
            _more(one, profile)
            if twin.state is not DoseState.WITHDRAWN:
                twin.dose, twin.changed = filled_in(twin.dose, dose), True
            return twin, False
        if sure and numbered:
            _more(one, profile)
            held = Held(number, dose)
            one.held.append(held)
            near.forget(number)
            return held, True
    somebody = ledger.new_person(profile)
    held = Held(somebody.person_id, dose)
    near.put(KeptRecord(somebody.person_id, profile, somebody, held=[held]))
    return held, True


def _states(held: Held, dose: RecordedDose) -> bool:
    return (held.dose.disease, held.dose.number) == (dose.disease, dose.number) and alike(held.dose, dose)


def _more(one: KeptRecord, profile: Profile) -> None:
    """Fill in what a further row says that is no part of whom it is of."""
    said = enriched(one.said, profile)
    if said != one.said:
        one.said, one.changed = said, True


def _known(dose_id: int | None) -> tuple[RowOutcome, int | None]:
    return RowOutcome.DELETED if dose_id is None else RowOutcome.AGAIN, dose_id


def _known_by(
    older: Sequence[str], taken: dict[str, int | None], said: Said, among: Candidates
) -> tuple[RowOutcome, int | None] | None:
    """What a row is that an earlier version took, None for one that none took."""
    found = next((digest for digest in older if digest in taken), None)
    if found is None:
        return None
    dose_id = taken[found]
    return _known(dose_id) if dose_id is None or _is_same(said, dose_id, among) else None


def _taken(connection: Connection, digests: set[str]) -> dict[str, int | None]:
    """The dose that each row was taken to state before; None where it was of somebody who was deleted since."""
    table = schema.source_row
    query = select(table.c.digest, table.c.dose_id).where(table.c.digest.in_(sorted(digests)))
    return {row.digest: row.dose_id for row in connection.execute(query)}


def _is_same(said: Said, dose_id: int, among: Candidates) -> bool:
    """Whether a row that an earlier version took is of whom it was taken to be of.

    That version may not have seen the identity number by which two people differ whose rows else say the same.
    """
    owner = among.whose(dose_id)
    if owner is None or said.profile is None:
        return True
    numbers = {_number(owner.profile), _number(said.profile)} - {None}
    return len(numbers) < 2


def _number(profile: Profile) -> str | None:
    return profile.features.national_id


def _complete(said: Said, dose_id: int, ledger: Ledger, among: Candidates) -> None:
    """Fill in what a row says and an earlier version did not read, where it still is of whom it was taken to be of."""
    if said.problems or said.profile is None or said.dose is None:
        return
    decision = judge(said.profile, said.dose, among)
    if decision.given is not None and decision.given.dose_id == dose_id:
        entered(decision, ledger, among)


def entered(decision: Decision, ledger: Ledger, among: Candidates) -> tuple[Somebody, GivenDose]:
    """Enter what was decided of a record, for those after it too; return whose it is and the dose that it states."""
    whose, given, against = decision.whose, decision.given, decision.against
    one: Somebody = ledger.change_person(whose, decision.profile) if whose else ledger.new_person(decision.profile)
    for other, reasons in decision.asked:
        first, second = sorted((one.person_id, other.person_id))
        ledger.ask(ReviewKind.PERSON, first, second, reasons)
        among.ask(first, second)
    if given:
        stated = ledger.change_dose(given, decision.dose, given.state)
        held = tuple(stated if old is given else old for old in one.doses)
    else:
        stated = ledger.new_dose(one.person_id, decision.dose, DoseState.DISPUTED if against else DoseState.GOOD)
        held = (*one.doses, stated)
    if against:
        ledger.ask(ReviewKind.DOSE, against.dose_id, stated.dose_id, (Why.SAME_DOSE_OTHERWISE,))
    one = msgspec.structs.replace(one, doses=held)
    among.put(one)
    return one, stated
