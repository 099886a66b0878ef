"""Whom a desk means: people on record who could be meant, with the matching's reasons, before anything is saved.

The same likeness as an import's, so that a unit's export which comes later finds what was recorded known.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection

from vaxcert.errors import InputError, Reason
from vaxcert.registry import audit
from vaxcert.registry.accounts.seeing import Masked, masked
from vaxcert.registry.comparing.likeness import Why
from vaxcert.registry.database import Registry
from vaxcert.registry.intake import rows
from vaxcert.registry.intake.rows import Said
from vaxcert.registry.records.doses import RecordedDose
from vaxcert.registry.records.judging import Decision, enriched, judge, placed
from vaxcert.registry.records.matching import Candidates, candidates
from vaxcert.registry.records.now import Side, side, somebody, stands_for
from vaxcert.registry.records.people import Profile, Somebody
from vaxcert.registry.states import DoseState, WarningKind
from vaxcert.tables.values.cards import identity_card
from vaxcert.tables.values.reading import AS_IT_STANDS


class Candidate(NamedTuple):
    """Somebody on record who could be meant. `sure`: it could be nobody else; `reasons`: why that is not sure.

    `next_numbers`: by disease, which dose comes next. `masked`: them to whoever has to give a reason.
    """

    side: Side
    sure: bool
    reasons: tuple[Why, ...]
    next_numbers: dict[str, int]
    masked: Masked

    def __repr__(self) -> str:
        return f"<Candidate {self.side.number}>"


class Answers(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody was shown and said before a dose is recorded.

    `person`: the number of whom it is; None: of nobody else than the matching is sure of. `others`: numbers of those
    who were shown and are not meant. `warnings`: which kinds were shown; `reason`: why it was recorded all the same.
    `shown` false: it was written down beforehand, and nobody was shown anything; then that stops nothing.
    """

    person: int | None = None
    others: Set[int] = frozenset()
    warnings: Set[WarningKind] = frozenset()
    reason: str = ""
    shown: bool = True


class Meant(NamedTuple):
    """What was decided of a record. `alias`: what was said of whom somebody chose, where it is not surely of them;
    `why`: the reasons for that."""

    decision: Decision
    among: Candidates
    alias: Profile | None = None
    why: tuple[Why, ...] = ()


def read(registry: Registry, told: Mapping[str, str]) -> Said:
    """What was told of somebody, by the fields of a unit's table and read as that is; `card`: an identity card's code.

    What a card says is taken where nothing else is told. Never raises for a text: all that is wrong stands in it.
    """
    texts = {name: text for name, text in told.items() if text.strip() and name != "card"}
    if told.get("card", "").strip():
        try:
            texts = identity_card(told["card"]) | texts
        except InputError as error:
            return Said(None, None, (error.problem,))
    # A row has a dose as well: of this day, which is nobody's.
    stated = {"product": "EU/1/20/1528", "number": "1", "date": registry.today().isoformat()}
    with registry.reading() as connection:
        lists = rows.lists(connection, registry.today(), registry.secrets)
    said = rows.read(texts | stated, lists, AS_IT_STANDS)
    return Said(said.profile, None, said.problems)


def who(registry: Registry, profile: Profile, *, actor: str) -> list[Candidate]:
    """Everybody on record whom a profile could be of: first who it surely is. It stands in the audit log."""
    with registry.noting() as connection:
        same, unsure = candidates(connection, [profile]).like(profile)
        found = [(one, True, ()) for one in same] + [(one, False, why) for one, why in unsure]
        seen = [shown(registry, one, sure, why) for one, sure, why in found]
        audit.record(registry, connection, actor, "search", people=[one.person_id for one, _, _ in found])
    return seen


def by_number(registry: Registry, number: int, *, actor: str) -> Candidate:
    """Somebody by their number, as `who` shows them. Raises `NotFoundError` where there is none."""
    with registry.noting() as connection:
        one = somebody(connection, stands_for(connection, number))
        audit.record(registry, connection, actor, "search", people=[one.person_id])
    return shown(registry, one, True, ())


def meant(connection: Connection, profile: Profile | None, dose: RecordedDose, said: Answers | None) -> Meant:
    """Decide whose a dose is, by what was said at a desk, else as an import does.

    `profile` None: of whom was chosen, nothing new is said. Raises `InputError` where what was said does not go with
    what is on record, and where there are others than those who were shown.
    """
    found = _meant(connection, profile, dose, said)
    return found._replace(decision=_given_anew(found.decision, dose)) if said and said.shown else found


def _meant(connection: Connection, profile: Profile | None, dose: RecordedDose, said: Answers | None) -> Meant:
    if said is None or said.person is None:
        if profile is None:
            raise InputError("person", Reason.MISSING)
        among = candidates(connection, [profile])
        decision = judge(profile, dose, among)
        if said is not None and said.shown:
            _check_shown(decision, said.others)
        return Meant(decision, among)
    whose = somebody(connection, stands_for(connection, said.person))
    if profile is None:
        return Meant(placed(whose, whose.profile, dose), Candidates([whose]))
    return _chosen(connection, whose, profile, dose)


def _given_anew(decision: Decision, dose: RecordedDose) -> Decision:
    """A dose that was withdrawn and is recorded again is another one: at a desk somebody says that it was given."""
    whose = decision.whose
    if whose is None or decision.given is None or decision.given.state is not DoseState.WITHDRAWN:
        return decision
    held = tuple(given for given in whose.doses if given.state is not DoseState.WITHDRAWN)
    return placed(msgspec.structs.replace(whose, doses=held), decision.profile, dose, decision.asked)


def _chosen(connection: Connection, whose: Somebody, profile: Profile, dose: RecordedDose) -> Meant:
    if _says_no_more(profile, whose.profile):
        return Meant(placed(whose, whose.profile, dose), Candidates([whose]))
    among = candidates(connection, [profile])
    decision = judge(profile, dose, among)
    if decision.whose and decision.whose.person_id == whose.person_id:
        return Meant(decision, among)
    same, unsure = among.like(profile)
    if any(one.person_id == whose.person_id for one in same):
        return Meant(placed(whose, profile, dose), among)
    if same:
        raise InputError("person", Reason.SOMEBODY_ELSE)
    # As a question that is answered: what was said stays on record beside, and is known when it is said again.
    why = next((why for one, why in unsure if one.person_id == whose.person_id), (Why.TWO_NAMES,))
    among.put(whose)
    return Meant(placed(whose, profile, dose), among, profile, why)


def _says_no_more(profile: Profile, known: Profile) -> bool:
    """Whether all that is said of somebody is on record as it is said."""
    said, kept = profile.features, known.features
    return (said.name, said.date_of_birth) == (kept.name, kept.date_of_birth) and all(
        (
            said.phone in (None, kept.phone),
            said.national_id in (None, kept.national_id),
            enriched(known, profile) == known,
        )
    )


def _check_shown(decision: Decision, others: Set[int]) -> None:
    if decision.whose is not None and decision.whose.person_id in others:
        raise InputError("person", Reason.ON_RECORD_SURELY)
    if decision.whose is None and {one.person_id for one, _ in decision.asked} - others:
        raise InputError("person", Reason.CANDIDATES_UNSEEN)


def shown(registry: Registry, one: Somebody, sure: bool, why: tuple[Why, ...]) -> Candidate:
    """Somebody as a candidate."""
    numbers: dict[str, int] = {}
    for given in one.doses:
        if given.state is not DoseState.WITHDRAWN:
            numbers[given.dose.disease] = max(numbers.get(given.dose.disease, 1), given.dose.number + 1)
    told, person = side(registry, one.person_id, one.profile, one.doses), one.profile.person
    names = (person.family_name_transliterated, person.given_name_transliterated)
    return Candidate(told, sure, why, numbers, masked(*names, person.date_of_birth))
