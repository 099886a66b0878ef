"""What is wrong with rules, all of it at once: what keeps them from being used, and what their readers stumble over.

The second kind is what the EU's gateway asks of a rule before it passes it on ("Validation Rules Validation").
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from vaxcert import codes
from vaxcert.errors import ConfigurationError, Reason
from vaxcert.rules.certlogic import faults
from vaxcert.rules.sets.rule import GENERAL, INVALIDATION, Rule

_IDENTIFIER = re.compile(r"(GR|VR|TR|RR|IR)-([A-Z]{2})-\d+", re.ASCII)
# The two letters that a rule's name begins with, by what it is for.
_BEGINNINGS = {"General": "GR", "Vaccination": "VR", "Test": "TR", "Recovery": "RR"}
_SHORTEST_DESCRIPTION = 20
_PAYLOAD = "payload."


class RuleFinding(NamedTuple):
    """Something about a rule. `refused`: the rule, and the set that it is in, cannot be used."""

    rule: str
    reason: Reason
    detail: str
    refused: bool


def check(source: Any, where: str) -> list[RuleFinding]:
    """All findings about a rule in decoded JSON, refusals first. `where`: what it is called without an `Identifier`."""
    identifier = source.get("Identifier") if isinstance(source, dict) else None
    name = identifier[:60] if isinstance(identifier, str) and identifier else where
    try:
        rule = Rule.of(source, where)
    except ConfigurationError as error:
        wrong = faults(source["Logic"]) if isinstance(source, dict) and "Logic" in source else []
        found = [RuleFinding(name, fault.reason, fault.detail, refused=True) for fault in wrong]
        first = RuleFinding(name, error.reason, error.detail.removeprefix(f"{name}: "), refused=True)
        return found if first in found else [first, *found]
    return [RuleFinding(name, Reason.RULE_INVALID, said, refused=False) for said in _odd(rule)]


def _odd(rule: Rule) -> Iterator[str]:
    named = _IDENTIFIER.fullmatch(rule.identifier)
    if named is None:
        yield "Identifier is not of the form GR-VN-0001"
    else:
        kind, country = named.groups()
        if (kind == "IR") != (rule.type == INVALIDATION):
            yield f"Identifier begins with {kind}, and Type is {rule.type}"
        elif kind != "IR" and rule.type != GENERAL and kind != _BEGINNINGS[rule.certificate_type]:
            yield f"Identifier begins with {kind}, and CertificateType is {rule.certificate_type}"
        if codes.country(country) != rule.country:
            yield "Country is another one than in Identifier"
    if rule.valid_from >= rule.valid_to:
        yield "ValidFrom is not before ValidTo: the rule never holds"
    if not any(lang == "en" for lang, _ in rule.descriptions):
        yield "Description has no English"
    if any(len(text) < _SHORTEST_DESCRIPTION for _, text in rule.descriptions):
        yield f"Description is shorter than {_SHORTEST_DESCRIPTION} characters"
    read = {path.removeprefix(_PAYLOAD) for path in rule.logic.accesses if path.startswith(_PAYLOAD)}
    stated = set(rule.affected_fields)
    if read - stated:
        yield f"AffectedFields lacks {', '.join(sorted(read - stated))}"
    if stated - read:
        yield f"AffectedFields has {', '.join(sorted(stated - read))}, which Logic does not read"
