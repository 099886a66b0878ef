"""What a run, a row, a dose and a question may be: closed lists, whose words the database keeps."""

from __future__ import annotations

from enum import StrEnum


class RunKind(StrEnum):
    """What changed the registry."""

    IMPORT = "import"
    CORRECTION = "correction"
    DECISION = "decision"
    ISSUE = "issue"
    DELETION = "deletion"
    RECORD = "record"  # of one dose, at a desk or by a program


class RunState(StrEnum):
    """How far a run is. One that nobody runs and that is `RUNNING` was stopped."""

    RUNNING = "running"
    DONE = "done"
    UNDONE = "undone"


class Upon(StrEnum):
    """What may build upon a run, so that it cannot be taken back before that is."""

    LATER_CHANGE_OF_SOMEBODY = "a_later_change_of_somebody"
    DOSE_OF_SOMEBODY = "a_dose_of_somebody"
    LATER_CHANGE_OF_A_DOSE = "a_later_change_of_a_dose"
    DECISION = "a_decision"
    OPEN_QUESTION = "an_open_question"
    ROW_THAT_SAYS_THE_SAME = "a_row_that_says_the_same"
    CERTIFICATE = "a_certificate"
    LATER_DOSE_OF_SOMEBODY = "a_later_dose_of_somebody"
    LATER_ROW_ABOUT_SOMEBODY = "a_later_row_about_somebody"
    CERTIFICATE_OF_SOMEBODY = "a_certificate_of_somebody"
    DESK_RECORD_OF_THE_SAME = "a_desk_record_of_the_same"
    ADVERSE_EVENT = "an_adverse_event"


class RowOutcome(StrEnum):
    """What became of a row that was taken over."""

    NEW = "new"  # of somebody who was not on record
    MATCHED = "matched"  # a further dose of somebody who was
    KNOWN = "known"  # a dose that was on record
    AGAIN = "again"  # the very same row was taken over before
    QUESTION = "question"  # of whom, a person has to say
    DISPUTED = "disputed"  # of a dose that is on record otherwise
    DELETED = "deleted"  # of somebody who was taken out


class DoseState(StrEnum):
    """Whether a dose counts."""

    GOOD = "good"
    DISPUTED = "disputed"  # another record of the same dose says otherwise
    WITHDRAWN = "withdrawn"  # found not to be so


class ReviewKind(StrEnum):
    """What is asked: whether two records are one person, or which of two records of a dose is right."""

    PERSON = "person"
    DOSE = "dose"


class ReviewAnswer(StrEnum):
    """What a person may decide: the first two of people, the others of doses."""

    SAME = "same"
    DIFFERENT = "different"
    FIRST = "first"
    SECOND = "second"
    BOTH = "both"


class Role(StrEnum):
    """What an account is for; what each may do stands in `accounts.actions`."""

    CLERK = "clerk"
    VACCINATOR = "vaccinator"
    REVIEWER = "reviewer"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"
    INTEGRATOR = "integrator"


class AccessReason(StrEnum):
    """Why somebody has to be shown a person of other sites. A closed list: a free text would hold people's names."""

    PRESENT = "present"  # the person is here
    MOVED = "moved"  # and is looked after here from now on
    MISTAKE = "mistake"  # a record has to be put right
    ASKED = "asked"  # the person or an authority asked


class WarningKind(StrEnum):
    """What is said against a dose before it is recorded; none of it forbids it."""

    TOO_EARLY = "too_early"
    OTHER_PRODUCT = "other_product"
    ALREADY_HELD = "already_held"
    OTHER_LOT = "other_lot"
    EARLIER_DOSE_MISSING = "earlier_dose_missing"
    TOO_YOUNG = "too_young"
    GUARDIAN_MISSING = "guardian_missing"


class EventKind(StrEnum):
    """What happened to somebody after a dose."""

    LOCAL = "local"  # pain, redness or swelling where it was given
    FEVER = "fever"
    FAINTING = "fainting"
    ALLERGIC = "allergic"
    ANAPHYLAXIS = "anaphylaxis"
    OTHER = "other"
