"""How two stores, folders or lists differ."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from vaxcert.cli.shared.saying import say, say_json
from vaxcert.cli.trust.facts import key_facts

if TYPE_CHECKING:
    from vaxcert import TrustedKey
    from vaxcert.trust.holdings import Holdings

_NAMES = ("country", "formats", "usages", "issuer", "revoked")


def difference(before: Holdings, after: Holdings, as_json: bool) -> None:
    """Print what is new, what is gone, and of what stayed what a verifier would judge otherwise."""
    old, new = _by_identity(before.keys), _by_identity(after.keys)
    added = [new[identity] for identity in new.keys() - old.keys()]
    removed = [old[identity] for identity in old.keys() - new.keys()]
    both = [(old[identity], new[identity]) for identity in old.keys() & new.keys()]
    changed = [(was, now) for was, now in both if _judged(was) != _judged(now)]
    if as_json:
        said = {
            "added": [key_facts(key) for key in _in_order(added)],
            "removed": [key_facts(key) for key in _in_order(removed)],
            "changed": [{"before": key_facts(was), "after": key_facts(now)} for was, now in changed],
            "unchanged": len(both) - len(changed),
        }
        say_json(said)
        return
    for sign, keys in (("+", added), ("-", removed)):
        for key in _in_order(keys):
            say(f"{sign} {_line(key)}", fg="green" if sign == "+" else "red")
    for before_key, after_key in changed:
        say(f"~ {_line(before_key)}", fg="yellow")
        for name, was, now in zip(_NAMES, _judged(before_key), _judged(after_key), strict=True):
            if was != now:
                say(f"    {name}: {was} → {now}")
    same = len(both) - len(changed)
    say(f"{len(added)} added, {len(removed)} removed, {len(changed)} changed, {same} as before")


def _judged(key: TrustedKey) -> tuple[Any, ...]:
    return (key.country, sorted(key.formats), sorted(key.usages), key.issuer, key.withdrawn)


def _by_identity(keys: Iterable[TrustedKey]) -> dict[tuple[bytes, bytes, bytes], TrustedKey]:
    return {(key.kid, key.certificate, key.fingerprint): key for key in keys}


def _in_order(keys: Iterable[TrustedKey]) -> list[TrustedKey]:
    return sorted(keys, key=lambda key: (key.country or "", key.kid))


def _line(key: TrustedKey) -> str:
    return f"{key.kid.hex()}  {key.country or '??'}  {key.subject or key.issuer or key.algorithm}"
