"""`vaxcert rules try`: what rules say of a card, rule by rule."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vaxcert.cli.shared.card import show_verdict
from vaxcert.cli.shared.exits import EXIT_UNREADABLE, exit_status
from vaxcert.cli.shared.options import Existing, IsoMoment, language_option, trust_options
from vaxcert.cli.shared.saying import say, say_json
from vaxcert.cli.shared.texts import UnreadableError, texts
from vaxcert.cli.shared.trusted import load_trust
from vaxcert.errors import ImageError

if TYPE_CHECKING:
    from vaxcert import Verdict
    from vaxcert.rules import RuleResult

_SIGNS = {"passed": ("✔", "green"), "failed": ("✘", "yellow"), "unknown": ("?", "yellow")}
_STATUSES = {"passed": "accepted", "failed": "refused", "unknown": "undetermined"}


@click.command("try")
@click.argument("card", metavar="TEXT|FILE|IMAGE|-")
@click.option(
    "--rules",
    "rules_path",
    type=Existing(),
    required=True,
    help="A policy (.toml), a file of rules, or a folder of rule.json.",
)
@click.option("--value-sets", type=Existing(dir_okay=False), help="The lists of codes that the rules compare with.")
@click.option(
    "--country", metavar="CC", help="Where the card is to be accepted.  [default: every country in the rules]"
)
@click.option("--region", metavar="TEXT", default="", help="The region of it, for rules that hold in one alone.")
@trust_options
@click.option("--at", type=IsoMoment(), help="Judge by this moment instead of now.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a rule and line.")
@language_option
def try_(
    card: str,
    rules_path: Path,
    value_sets: Path | None,
    country: str | None,
    region: str,
    trust: Path | None,
    environment: str | None,
    at: datetime | None,
    as_json: bool,
    lang: str,
) -> None:
    """Ask rules about a card: each that applies is met (✔), not met (✘), or cannot be answered (?).

    The card is verified against the keys in --trust DIR before, and nothing is asked of one that is not accepted. Exit
    status: 0 all met, 1 one not met or the card refused, 3 one without an answer, or none that applies, 4 unreadable.
    """
    from vaxcert import Verifier
    from vaxcert.rules import CardFacts, RuleSet, ValueSets, overall
    from vaxcert.rules.policies import load

    # A policy is judged by with the card; rules of countries are asked one by one of a card that is accepted.
    rule_set = None if rules_path.suffix == ".toml" else RuleSet.load(rules_path)
    policy = load(rules_path) if rule_set is None else None
    codes = None if value_sets is None else ValueSets.load(value_sets)
    verifier = Verifier(load_trust(trust, environment), rules=policy)
    moment = at or datetime.now(UTC)
    statuses: list[str | None] = []
    try:
        for text in texts(card):
            verdict = verifier.verify(text, at=at)
            if rule_set is None or not verdict or verdict.certificate is None or verdict.signer is None:
                statuses.append(verdict.status)
                _say_verdict(verdict, as_json, lang)
                continue
            facts = CardFacts.of(verdict.certificate, country=verdict.signer.country, kid=verdict.signer.kid)
            results = rule_set.judge(facts, moment, codes, country=country, region=region)
            for result in results:
                _say_result(result, as_json, lang)
            if not results and not as_json:
                say("? No rule applies to this card.", fg="yellow")
            statuses.append(_STATUSES[overall(results)[0]])
    except (UnreadableError, ImageError) as error:
        say(f"Unreadable: {error}", err=True)
        sys.exit(EXIT_UNREADABLE)
    sys.exit(exit_status(statuses))


def _say_verdict(verdict: Verdict, as_json: bool, lang: str) -> None:
    if as_json:
        say_json(verdict.to_dict())
    else:
        show_verdict(verdict, lang)


def _say_result(result: RuleResult, as_json: bool, lang: str) -> None:
    if as_json:
        told = {"rule": result.identifier, "outcome": result.outcome, "reason": result.reason, "detail": result.detail}
        say_json(told | {"description": result.description(lang)})
        return
    sign, colour = _SIGNS[result.outcome]
    why = "" if result.reason is None else f" ({', '.join(filter(None, (result.reason, result.detail)))})"
    say(f"{sign} {result.identifier}: {result.description(lang)}{why}", fg=colour)
