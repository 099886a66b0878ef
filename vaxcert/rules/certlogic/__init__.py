"""CertLogic 1.3.3: the language of the EU's rules, checked once and evaluated many times."""

from vaxcert.rules.certlogic.compiling import MAX_DEPTH, MAX_PARTS, MAX_STEPS, OPERATORS, Logic, compile_logic, faults
from vaxcert.rules.certlogic.moments import text_of
from vaxcert.rules.certlogic.values import Codes, Evaluation, Hop, Moment, Step, hops_to

__all__ = [
    "MAX_DEPTH",
    "MAX_PARTS",
    "MAX_STEPS",
    "OPERATORS",
    "Codes",
    "Hop",
    "Logic",
    "Moment",
    "Evaluation",
    "Step",
    "compile_logic",
    "faults",
    "hops_to",
    "text_of",
]
