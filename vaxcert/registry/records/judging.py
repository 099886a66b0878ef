"""Where a record belongs: whose it is, which dose of theirs it states, and what a person has to say. Knows no database.

Two rules stand over all others: nobody is made one with somebody else unless it is sure, and nothing that was said is
lost. What is not sure is asked, and until that is answered stands by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from vaxcert.model import Dose, Person
from vaxcert.names import plain
from vaxcert.registry.comparing.fitting import alike, fitting
from vaxcert.registry.comparing.likeness import Why, same_words
from vaxcert.registry.records.doses import GivenDose, RecordedDose
from vaxcert.registry.records.matching import Candidates, Unsure
from vaxcert.registry.records.people import SEALED, TOLD, Number, Profile, Somebody
from vaxcert.registry.states import DoseState, RowOutcome

# Whoever could be more people than these was not taken down in earnest; one question would keep them back as well.
_MOST_ASKED = 10


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What is to become of a record of a person and a dose.

    `whose`: whom on record it is of; None: of somebody new. `profile`: what is known of them from now on. `given`: the
    dose on record that it states; None: a further one. `dose`: what is known of that from now on. `against`: the dose
    on record that it contradicts. `asked`: of whom else it could be, with the reasons.
    """

    whose: Somebody | None
    profile: Profile
    given: GivenDose | None
    dose: RecordedDose
    against: GivenDose | None
    asked: Sequence[Unsure]
    outcome: RowOutcome

    def __repr__(self) -> str:
        return f"<Decision {self.outcome}>"


def judge(record: Profile, dose: RecordedDose, among: Candidates) -> Decision:
    """Decide where a record of a person and a dose belongs among those who could be meant."""
    # 1. Of whom it surely is, and of whom it could be.
    same, unsure = among.like(record)

    # 2. Sure of several of whom it is asked already whether they are one: it stands with whom its dose goes with.
    if len(same) > 1 and among.are_linked(same):
        same = [one for one in same if not _contradicts(one, record, dose)][-1:] or same[-1:]

    # 3. Sure of several else: either these are one, or it is not of all. Neither is for a program to say.
    if len(same) > 1:
        same, unsure = [], [(one, (Why.AGREES_WITH_TWO_PEOPLE,)) for one in same]

    # 4. All agrees but the dose, and no number says who it is: they may be twins, one of whom a clerk wrote toneless.
    if same and not among.are_numbered(same[0], record) and _contradicts(same[0], record, dose):
        same, unsure = [], [(same[0], (Why.ALL_ELSE_AGREES, Why.DOSES_DO_NOT_GO_TOGETHER))]

    # 5. It is of the one who is left, or of somebody new who could be one of the others.
    whose = same[0] if same else None
    asked = [] if whose else unsure[:_MOST_ASKED]

    # 6. An identity number that is somebody else's already is written down for neither, and asked.
    theirs = [one for one, _ in unsure if among.are_numbered(one, record)]
    if whose and theirs and not among.are_numbered(whose, record):
        record = msgspec.structs.replace(record, national_id=None)
        asked = [(one, (Why.IDENTITY_NUMBER_OF_SOMEBODY_ELSE,)) for one in theirs if not among.are_asked(one, whose)]

    # 7. It states a dose that they have, or a further one, which may contradict one that they have.
    return placed(whose, record, dose, asked)


def placed(whose: Somebody | None, record: Profile, dose: RecordedDose, asked: Sequence[Unsure] = ()) -> Decision:
    """What is to become of a record of which it is known whose it is. `asked`: of whom else it could be."""
    which = (dose.disease, dose.number)
    held = [old for old in whose.doses if (old.dose.disease, old.dose.number) == which] if whose else []
    given = next((old for old in held if alike(old.dose, dose)), None)
    against = None if given else next((old for old in held if old.state is not DoseState.WITHDRAWN), None)

    if against:
        outcome = RowOutcome.DISPUTED
    elif whose:
        outcome = RowOutcome.KNOWN if given else RowOutcome.MATCHED
    else:
        outcome = RowOutcome.QUESTION if asked else RowOutcome.NEW
    return Decision(
        whose=whose,
        profile=enriched(whose.profile, record) if whose else record,
        given=given,
        dose=_known_again(given, dose) if given else dose,
        against=against,
        asked=asked,
        outcome=outcome,
    )


def enriched(old: Profile, new: Profile) -> Profile:
    """What is known of a person once a further record is.

    What is there stays; what was not known is filled in, and a name without tones gets those that the other has.
    """
    return Profile(
        person=_with_tones(old.person, new.person),
        **{name: getattr(old, name) or getattr(new, name) for name in (*TOLD, "priority_group", *SEALED)},
        national_id=_number(old.national_id, new.national_id),
        phone=_number(old.phone, new.phone),
    )


def _number(old: Number | None, new: Number | None) -> Number | None:
    """The one that says something; what was known first, where both do."""
    if old is None or (not old.hash and new is not None and new.hash):
        return new
    return old


def _with_tones(one: Person, other: Person) -> Person:
    """A person, by the name that another record has, where that is theirs with the tones and accents that it lacks."""
    mine, theirs = (one.family_name, one.given_name), (other.family_name, other.given_name)
    bare = all(map(str.isascii, mine)) and not all(map(str.isascii, theirs))
    if not bare or list(map(plain, mine)) != list(map(plain, theirs)):
        return one
    return msgspec.structs.replace(other, date_of_birth=one.date_of_birth)


def _contradicts(one: Somebody, record: Profile, dose: Dose) -> bool:
    """Whether somebody has a dose on record that cannot stand beside this one."""
    withdrawn = [old.dose for old in one.doses if old.state is DoseState.WITHDRAWN]
    if any(old.disease == dose.disease and alike(old, dose) for old in withdrawn):
        # One that was found wrong is stated again.
        return False
    counted = [old.dose for old in one.doses if old.state is not DoseState.WITHDRAWN]
    toneless = not same_words(one.profile.features, record.features)
    return fitting([dose], counted, toneless=toneless) is Why.DOSES_DO_NOT_GO_TOGETHER


def _known_again(given: GivenDose, dose: RecordedDose) -> RecordedDose:
    """A dose on record that is stated again. One that was withdrawn stays as it is, whoever states it."""
    return given.dose if given.state is DoseState.WITHDRAWN else filled_in(given.dose, dose)


def filled_in(old: RecordedDose, dose: RecordedDose) -> RecordedDose:
    """A dose on record, with what was not known of it and is no reason for another certificate."""
    told = old.site_told or ("" if old.site else dose.site_told)
    return msgspec.structs.replace(old, site=old.site or dose.site, lot=old.lot or dose.lot, site_told=told)
