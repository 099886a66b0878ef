"""Every word that people are shown, in English and Vietnamese: a module for what each of them is about.

verdicts  what staff at a gate see        scanning   what is the matter with a scanner or a scan
rows      what is wrong with a row        questions  what only a person can decide about records
reports   coverage, and what records lack

The words of a page's own buttons stand beside the page.
"""

from vaxcert.wording.verdicts import HEADLINES, LABELS, REASONS, clock_wrong, headline, label, say
from vaxcert.wording.words import Words

__all__ = ["HEADLINES", "LABELS", "REASONS", "Words", "clock_wrong", "headline", "label", "say"]
