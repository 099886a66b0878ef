// What a verification says, in the shape of the library's `Verdict.to_dict()` (vaxcert/verdict).

import type { CardError, Outcome, Stage } from "./errors";
import type { Link } from "./formats/links";
import { toDict, type Certificate } from "./model";
import type { Words } from "./tables";
import type { FreshnessEntry } from "./trust/bundle";
import type { TrustedKey } from "./trust/keys";
import { type Trust } from "./trust/store";

export type Status = "accepted" | "refused" | "undetermined";

export interface Check {
  readonly stage: Stage;
  readonly outcome: Outcome;
  readonly reason: string | null;
  readonly detail: string;
}

// What one rule says. `reason`: null where the outcome's usual one is meant.
export interface RuleAnswer {
  readonly id: string;
  readonly outcome: Outcome;
  readonly words: Words;
  readonly reason: string | null;
}

export interface RulesVerdict {
  readonly mode: string;
  readonly title: Words;
  readonly signed: boolean;
  readonly results: readonly RuleAnswer[];
}

export interface Verdict {
  readonly status: Status;
  readonly reason: string | null;
  readonly environment: string;
  readonly format: string | null;
  readonly recognised: string | null;
  readonly checks: readonly Check[];
  readonly warnings: readonly string[];
  readonly freshness: FreshnessEntry;
  readonly signer: { readonly kid: string; readonly country: string | null; readonly subject: string } | null;
  readonly certificate: Record<string, unknown> | null;
  readonly card: Status;
  readonly rules: Record<string, unknown> | null;
  readonly link: Link | null;
}

// Reasons that the rules of a place give.
export const OF_RULES: ReadonlySet<string | null> = new Set([
  "rule_not_met", "rule_not_evaluable", "rule_too_many_steps", "rule_schema_later", "no_rule_applies",
]);

const USUAL: Partial<Record<Outcome, string>> = { failed: "rule_not_met", unknown: "rule_not_evaluable" };

export function why(answer: RuleAnswer): string | null {
  return answer.reason ?? USUAL[answer.outcome] ?? null;
}

// Failed where one rule is not met, else unknown where one cannot be told, else passed.
export function overall(results: readonly RuleAnswer[]): Outcome {
  const worst: Outcome[] = ["failed", "unknown"];
  return worst.find((outcome) => results.some((one) => one.outcome === outcome)) ?? "passed";
}

// The error that decides: the first that refuses, else the first that leaves it undetermined.
export function decisive(errors: readonly CardError[]): CardError | null {
  return errors.find((error) => !error.undetermined) ?? errors[0] ?? null;
}

// Reasons whose detail is what a code is that is none of ours.
const NAMING: ReadonlySet<string> = new Set(["format_unsupported", "not_a_certificate", "content_unknown"]);

interface Told {
  readonly trust: Trust;
  readonly checks: readonly Check[];
  readonly error: CardError | null;
  readonly format: string | null;
  readonly signer: TrustedKey | null;
  readonly certificate: Certificate | null;
  readonly warnings: readonly string[];
  readonly rules: RulesVerdict | null;
  readonly link: Link | null;
}

export function told({ trust, checks, error, format, signer, certificate, warnings, rules, link }: Told): Verdict {
  const reason = error?.reason ?? null;
  const { state, published_at, valid_until } = trust.freshness;
  return {
    status: error === null ? "accepted" : error.undetermined ? "undetermined" : "refused",
    reason,
    environment: trust.environment,
    format,
    recognised: error?.undetermined && NAMING.has(error.reason) ? error.detail || null : null,
    checks,
    warnings,
    freshness: { state, published_at, valid_until },
    signer: signer && { kid: signer.kid, country: signer.country, subject: signer.subject },
    certificate: certificate && toDict(certificate),
    card: cardStatus(checks),
    rules: rules && rulesDict(rules),
    link,
  };
}

// The status without the rules of the place: whether the certificate is genuine, in date and not revoked.
function cardStatus(checks: readonly Check[]): Status {
  const outcomes = new Set(checks.filter((check) => !OF_RULES.has(check.reason)).map((check) => check.outcome));
  if (outcomes.has("failed")) return "refused";
  return outcomes.has("unknown") ? "undetermined" : "accepted";
}

function rulesDict({ mode, title, signed, results }: RulesVerdict): Record<string, unknown> {
  return {
    mode,
    title: { en: title.en, vi: title.vi },
    signed,
    outcome: overall(results),
    results: results.map((one) => ({ id: one.id, outcome: one.outcome, reason: why(one), ...one.words })),
  };
}
