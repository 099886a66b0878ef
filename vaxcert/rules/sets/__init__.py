"""Sets of rules in the EU's form, and the value sets that they compare with."""

from vaxcert.rules.sets.rule import Rule
from vaxcert.rules.sets.ruleset import RuleResult, RuleSet, overall, sources
from vaxcert.rules.sets.valuesets import ValueSet, ValueSets

__all__ = ["Rule", "RuleResult", "RuleSet", "ValueSet", "ValueSets", "overall", "sources"]
