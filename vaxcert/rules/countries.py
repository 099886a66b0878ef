"""A country's set of rules as something that a place judges by, beside its policies."""

from __future__ import annotations

from datetime import datetime

import msgspec

from vaxcert.errors import ConfigurationError, EvaluationError, Reason
from vaxcert.model import Certificate
from vaxcert.rules.facts import CardFacts
from vaxcert.rules.sets import RuleResult, RuleSet, ValueSets
from vaxcert.rules.sets.rule import ACCEPTANCE, words
from vaxcert.trust import Opened
from vaxcert.verdict import Outcome, RuleAnswer, RulesVerdict
from vaxcert.wording import say
from vaxcert.wording.rules import OF_COUNTRY, OF_SET
from vaxcert.wording.words import Words


class CountryRules(msgspec.Struct, frozen=True):
    """Rules under the name that they are switched to by. `country`: where cards are to be accepted by them.

    `signed`: whether they came with the signed list.
    """

    mode: str
    rules: RuleSet
    value_sets: ValueSets
    country: str | None
    signed: bool = False

    @property
    def title(self) -> Words:
        """What people are shown as its name."""
        if self.country is None:
            return OF_SET.filled({"mode": self.mode})
        return OF_COUNTRY.filled({"country": self.country})

    def judge(self, certificate: Certificate, opened: Opened, at: datetime) -> RulesVerdict:
        """What each rule that applies says of a certificate at an aware moment."""
        signer = opened.signer
        facts = CardFacts.of(certificate, country=signer.country, kid=signer.kid)
        try:
            results = self.rules.judge(facts, at, self.value_sets, country=self.country)
        except EvaluationError as error:
            results = (RuleResult("", Outcome.UNKNOWN, error.reason, error.detail),)
        answers = tuple(map(_answer, results)) or (_none(),)
        return RulesVerdict(self.mode, self.title, self.signed, answers)


def _answer(result: RuleResult) -> RuleAnswer:
    return RuleAnswer(result.identifier, result.outcome, words(result.identifier, result.descriptions), result.reason)


def _none() -> RuleAnswer:
    reason = Reason.NO_RULE_APPLIES
    return RuleAnswer("", Outcome.UNKNOWN, Words(say(reason, "en"), say(reason, "vi")), reason)


def read(content: bytes, mode: str, value_sets: ValueSets, *, signed: bool, place: str) -> CountryRules:
    """The rules in a file's bytes. `place`: what an error calls it. Raises `ConfigurationError`.

    Where all that decide whether a card is accepted are of one country, cards are to be accepted there.
    """
    try:
        rules = RuleSet.load(content)
    except ConfigurationError as error:
        raise type(error)(f"{place}: {error.detail}", error.reason) from None
    accepting = {rule.country for rule in rules.rules if rule.type == ACCEPTANCE}
    country = accepting.pop() if len(accepting) == 1 else None
    return CountryRules(mode, rules, value_sets, country, signed)
