"""What the rules of a place say of a certificate, beside whether that is genuine."""

from __future__ import annotations

import msgspec

from vaxcert.verdict.stages import Outcome
from vaxcert.wording.words import Words


class RuleResult(msgspec.Struct, frozen=True):
    """What one rule says. `id`: as its policy or rule set names it; `words`: what it asks for, and what there is.

    `outcome`: unknown where it cannot be told, which never counts as met. The words hold no name, and no birth date.
    """

    id: str
    outcome: Outcome
    words: Words


class RulesVerdict(msgspec.Struct, frozen=True):
    """What the rules of a place say of a certificate, apart from whether that is genuine.

    `mode`: what the place calls its rules; `title`: as people are shown it; `signed`: whether they came with the signed
    list of keys, and not from a file of whoever runs this machine.
    """

    mode: str
    title: Words
    signed: bool
    results: tuple[RuleResult, ...]

    @property
    def outcome(self) -> Outcome:
        """Failed where one rule is not met, else unknown where one cannot be told, else passed."""
        outcomes = {result.outcome for result in self.results}
        return next((one for one in (Outcome.FAILED, Outcome.UNKNOWN) if one in outcomes), Outcome.PASSED)

    def told(self) -> RuleResult | None:
        """The first rule that decides: one that is not met, or else one that cannot be told; None where all are met."""
        wanted = self.outcome
        return (
            next((one for one in self.results if one.outcome is wanted), None) if wanted is not Outcome.PASSED else None
        )
