"""Every word that people are shown, in English and Vietnamese: a module for what each of them is about.

verdicts  what staff at a gate see        scanning   what is the matter with a scanner or a scan
rows      what is wrong with a value      questions  what only a person can decide about records
reports   coverage, and what records lack failures   why a command could not do what it was asked to
tables    how a table is understood       photos     what to do about a poor picture
programs  what programs are told that record doses

The words of a page's own buttons stand beside the page.
"""

from vaxcert.errors import InputError, Reason, VaxcertError
from vaxcert.wording.failures import FAILURES
from vaxcert.wording.photos import PHOTOS
from vaxcert.wording.rows import PROBLEMS, phrase
from vaxcert.wording.verdicts import HEADLINES, LABELS, VERDICTS, clock_wrong, headline, label
from vaxcert.wording.words import Words

__all__ = ["HEADLINES", "LABELS", "PHOTOS", "REASONS", "Words", "clock_wrong", "explain", "headline", "label", "say"]

# The words of every reason.
REASONS: dict[Reason, Words] = {**VERDICTS, **PROBLEMS, **FAILURES}


def say(reason: Reason, lang: str = "en") -> str:
    """One sentence for a reason; of a value, what is wrong with it."""
    return REASONS[reason].filled({}).of(lang)


def explain(error: VaxcertError, lang: str = "en") -> str:
    """An error in words; of an `InputError` with its field and bounds."""
    return phrase(error.problem).of(lang) if isinstance(error, InputError) else say(error.reason, lang)
