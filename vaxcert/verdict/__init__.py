"""What a verification says: one `Check` a stage, and the status that follows from them."""

from vaxcert.verdict.freshness import SUSPECT_AFTER, Freshness
from vaxcert.verdict.plain import CheckDict, FreshnessDict, RuleDict, RulesDict, SignerDict, VerdictDict
from vaxcert.verdict.ruling import RuleAnswer, RulesVerdict
from vaxcert.verdict.stages import Check, Environment, Outcome, Stage, Status
from vaxcert.verdict.whole import OF_RULES, Signer, Verdict, decisive

__all__ = [
    "Check",
    "CheckDict",
    "Environment",
    "Freshness",
    "FreshnessDict",
    "OF_RULES",
    "Outcome",
    "RuleDict",
    "RuleAnswer",
    "RulesDict",
    "RulesVerdict",
    "SUSPECT_AFTER",
    "Signer",
    "SignerDict",
    "Stage",
    "Status",
    "Verdict",
    "VerdictDict",
    "decisive",
]
