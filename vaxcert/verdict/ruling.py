"""What the rules of a place say of a certificate, beside whether that is genuine."""

from __future__ import annotations

import msgspec

from vaxcert.errors import Reason
from vaxcert.verdict.stages import Outcome
from vaxcert.wording.words import Words


class RuleAnswer(msgspec.Struct, frozen=True):
    """What one rule says. `id`: as its policy or rule set names it; `words`: what it asks for, and what there is.

    `outcome`: unknown where it cannot be told, which never counts as met. `reason`: why, where it is not passed. The
    words hold no name, and no birth date.
    """

    id: str
    outcome: Outcome
    words: Words
    reason: Reason | None = None

    @property
    def why(self) -> Reason | None:
        """The reason, also where none was given; None for what is met."""
        return self.reason or _USUAL.get(self.outcome)


_USUAL = {Outcome.FAILED: Reason.RULE_NOT_MET, Outcome.UNKNOWN: Reason.RULE_NOT_EVALUABLE}


class RulesVerdict(msgspec.Struct, frozen=True):
    """What the rules of a place say of a certificate, apart from whether that is genuine.

    `mode`: what the place calls its rules; `title`: as people are shown it; `signed`: whether they came with the signed
    list of keys, and not from a file of whoever runs this machine.
    """

    mode: str
    title: Words
    signed: bool
    results: tuple[RuleAnswer, ...]

    @property
    def outcome(self) -> Outcome:
        """Failed where one rule is not met, else unknown where one cannot be told, else passed."""
        outcomes = {result.outcome for result in self.results}
        return next((one for one in (Outcome.FAILED, Outcome.UNKNOWN) if one in outcomes), Outcome.PASSED)

    def told(self) -> RuleAnswer | None:
        """The first rule that decides: one that is not met, or else one that cannot be told; None where all are met."""
        wanted = self.outcome
        return (
            next((one for one in self.results if one.outcome is wanted), None) if wanted is not Outcome.PASSED else None
        )
