"""All that a page judges by which asks no server: keys, what is withdrawn, and rules, as one JSON value.

TrustStore, files of rules ─of→ JSON ─`Trust.of` of verifier_app/engine→ the same verdicts

Nobody signs it here: whoever hands it to a page answers for the way that it takes; a publisher has what `listed` makes
of it signed with the rest (`vaxcert.trust.publishing.pages`). The page takes it whole, or not at all.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from vaxcert.rules import modes
from vaxcert.rules.base import Rules
from vaxcert.rules.countries import CountryRules
from vaxcert.rules.policies.diseases import codes_of, name_of
from vaxcert.rules.policies.loading import PlacePolicy
from vaxcert.rules.policies.policy import Asked, Policy, Span
from vaxcert.rules.sets import ValueSets
from vaxcert.rules.sets.rule import Rule, version_of
from vaxcert.rules.sets.ruleset import sources
from vaxcert.trust import TrustedKey, TrustStore
from vaxcert.trust.revocation import Kind, Revocations, packed
from vaxcert.trust.rids import Rids

# What a page reads. One of another version refuses the value, since its words may mean something else there.
VERSION = 1

# Withdrawn keys are marked in the list of keys itself.
_KINDS = (Kind.UCI, Kind.COUNTRY_UCI, Kind.SIGNATURE, Kind.SITE)


def of(trust: TrustStore, rules: Mapping[str, bytes] | None = None, *, signed: bool = False) -> dict[str, Any]:
    """The value for a page, of plain types.

    `rules`: files of rules by their names, as `vaxcert.rules.modes.contents` reads them; `signed`: whether they came
    with the signed list of keys. Raises `ConfigurationError` for rules that cannot be followed, which names the file.
    """
    return {
        **listed(trust, rules, signed=signed),
        "freshness": msgspec.to_builtins(trust.freshness),
        "revocations": None if trust.revocations is None else _revocations(trust.revocations),
    }


def listed(trust: TrustStore, rules: Mapping[str, bytes] | None = None, *, signed: bool = True) -> dict[str, Any]:
    """The part of it that a publisher signs as one file: keys and rules. What ages, and what is withdrawn of
    certificates, stands beside them in files of its own. Raises as `of` does."""
    return {
        "version": VERSION,
        "environment": str(trust.environment),
        "keys": [_key(key) for key in trust],
        "rules": compiled(rules or {}, signed=signed),
    }


def compiled(rules: Mapping[str, bytes], *, signed: bool) -> list[dict[str, Any]]:
    """Rules as a page follows them, from files by their names. Raises as `of` does."""
    parsed = modes.parsed(rules, signed=signed)
    return [_rules(one, rules.get(f"{mode}.json", b"")) for mode, one in parsed.items()]


def at(place: str) -> list[dict[str, Any]]:
    """The rules of a place, as `vaxcert.rules.modes.at` finds them, for a page. They are not signed. Raises as that
    does."""
    path = Path(place)
    if path.exists():
        return compiled(modes.contents(path), signed=False)
    return [_rules(one, b"") for one in modes.at(place).values()]


def _key(key: TrustedKey) -> dict[str, Any]:
    return {
        "kid": key.kid.hex(),
        "spki": _base64(key.spki()),
        "algorithm": str(key.algorithm),
        "notBefore": msgspec.to_builtins(key.not_before),
        "notAfter": msgspec.to_builtins(key.not_after),
        "country": key.country,
        "usages": sorted(key.usages),
        "formats": sorted(key.formats),
        "withdrawn": key.withdrawn,
        "subject": key.subject,
        "issuer": key.issuer,
        "rids": _rids(key.rids),
    }


def _rids(rids: Rids) -> dict[str, Any]:
    held = rids.held
    return {
        "wanted": rids.wanted,
        "held": None if held is None else {"counter": held.counter, "entries": list(held.entries)},
    }


def _revocations(revocations: Revocations) -> dict[str, str]:
    return {str(kind): _base64(packed(revocations.revoked(kind))) for kind in _KINDS}


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _rules(rules: Rules, content: bytes) -> dict[str, Any]:
    if isinstance(rules, PlacePolicy):
        return {"kind": "policy", "mode": rules.mode} | _title(rules) | _policy(rules.policy)
    if isinstance(rules, CountryRules):
        return {"kind": "country", "mode": rules.mode} | _title(rules) | _country(rules, content)
    raise TypeError(f"rules: of type {type(rules).__name__}, which no page can follow")


def _title(rules: Rules) -> dict[str, Any]:
    return {"title": rules.title._asdict(), "signed": rules.signed}


def _policy(policy: Policy) -> dict[str, Any]:
    exempt = policy.exempt
    return {
        "asked": _asked(policy),
        "diseases": [
            {"codes": sorted(codes_of(disease)), "name": name_of(disease)._asdict()} for disease in policy.diseases
        ],
        "formats": list(policy.formats),
        "bannedSites": list(policy.banned_sites),
        "exempt": None if exempt is None else {"under": exempt.under, "fromAge": exempt.from_age},
        "zone": policy.zone,
    }


def _asked(asked: Asked) -> dict[str, Any]:
    return {
        "doses": asked.doses,
        "complete": asked.complete,
        "booster": asked.booster,
        "products": list(asked.products),
        "daysSinceLast": _span(asked.days_since_last),
        "test": None if asked.test is None else {"hours": asked.test.hours, "codes": sorted(asked.test.codes)},
        "recovery": None if asked.recovery is None else _span(asked.recovery.days),
        "any": [_asked(one) for one in asked.any],
        "all": [_asked(one) for one in asked.all],
    }


def _span(span: Span | None) -> dict[str, int | None] | None:
    return None if span is None else {"from": span.start, "to": span.end}


def _country(country: CountryRules, content: bytes) -> dict[str, Any]:
    # What was compiled is no JSON any more: the logic is handed on as it was published, and was checked as that.
    logics = {(one["Identifier"], version_of(one["Version"])): one["Logic"] for _, one in sources(content)}
    return {
        "country": country.country,
        "rules": [_rule(rule, logics[rule.identifier, rule.version]) for rule in country.rules.in_order()],
        "valueSets": _value_sets(country.value_sets),
    }


def _rule(rule: Rule, logic: Any) -> dict[str, Any]:
    return {
        "id": rule.identifier,
        "type": rule.type,
        "country": rule.country,
        "region": rule.region,
        "schema": list(rule.schema_version),
        "certificateType": rule.certificate_type,
        "validFrom": msgspec.to_builtins(rule.valid_from),
        "validTo": msgspec.to_builtins(rule.valid_to),
        "words": rule.words._asdict(),
        "logic": logic,
    }


def _value_sets(value_sets: ValueSets) -> dict[str, list[dict[str, Any]]]:
    return {
        name: [{"day": one.day.isoformat(), "codes": list(one.codes)} for one in dated]
        for name, dated in value_sets.dated().items()
    }
