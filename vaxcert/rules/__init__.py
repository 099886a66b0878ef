"""What a place asks of a certificate that is genuine, as rules that are data: `RuleSet` judges `CardFacts`."""

from vaxcert.rules.facts import CardFacts
from vaxcert.rules.sets import RuleResult, RuleSet, ValueSets, overall

__all__ = ["CardFacts", "RuleResult", "RuleSet", "ValueSets", "overall"]
