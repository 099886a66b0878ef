// A country's set of rules, and what it says of a card (vaxcert/rules/countries, vaxcert/rules/sets).

import { dayAtUtc, readDay, readMoment } from "../calendar";
import * as codes from "../codes";
import { EvaluationError, TrustError } from "../errors";
import type { Certificate } from "../model";
import { TABLES } from "../tables";
import type { CountryEntry, RuleEntry } from "../trust/bundle";
import type { Opened } from "../trust/store";
import type { RuleAnswer, RulesVerdict } from "../verdict";
import { Codes, Evaluation, Logic } from "./certlogic";
import { factsOf, utcText, type CardFacts } from "./facts";

const VERSION = /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:[-+][0-9A-Za-z.+-]*)?$/;
// The steps of a card, not of a rule: a set of many slow rules is bounded as well.
const MAX_STEPS = 100_000;

interface Rule {
  readonly entry: RuleEntry;
  readonly from: bigint;
  readonly to: bigint;
  readonly logic: Logic;
}

interface Dated {
  readonly day: number;
  readonly codes: Codes;
}

export class CountryRules {
  // By identifier, the highest version first, as the bundle has them.
  private readonly rules: readonly Rule[];
  private readonly valueSets: ReadonlyMap<string, readonly Dated[]>;

  constructor(private readonly given: CountryEntry) {
    if (!given.rules.length) throw new TrustError(`rules ${given.mode}: none`);
    this.rules = given.rules.map((entry) => ({
      entry,
      from: momentOf(entry.validFrom, entry.id),
      to: momentOf(entry.validTo, entry.id),
      logic: new Logic(entry.logic),
    }));
    this.valueSets = new Map(Object.entries(given.valueSets).map(([id, sets]) => [id, sets.map(dated)]));
  }

  judge(certificate: Certificate, opened: Opened, at: bigint): RulesVerdict {
    const { mode, title, signed, country } = this.given;
    const facts = factsOf(certificate, opened.signer);
    const external = {
      ...facts.external,
      validationClock: utcText(at),
      valueSets: this.setsAt(dayAtUtc(at)),
      countryCode: country ?? "",
      region: "",
    };
    const run = new Evaluation({ payload: facts.payload, external }, MAX_STEPS);
    const results = this.chosen(facts, at).map((rule) => asked(rule, facts, run));
    return { mode, title, signed, results: results.length ? results : [noneApplies()] };
  }

  // The rules that apply: of each the highest version that holds.
  private chosen(facts: CardFacts, at: bigint): Rule[] {
    const arrival = this.given.country ? codes.country(this.given.country) : null;
    const found = new Map<string, Rule>();
    for (const rule of this.rules) {
      const { id, type, certificateType, country, region } = rule.entry;
      if (certificateType !== "General" && !facts.types.has(certificateType)) continue;
      if (type === "Acceptance" && arrival !== null && country !== arrival) continue;
      if (type === "Invalidation" && country !== facts.issuerCountry) continue;
      if (!region && rule.from <= at && at <= rule.to && !found.has(id)) found.set(id, rule);
    }
    return [...found.values()];
  }

  // By id the codes that hold on a day: of the latest day until then, else of the first there is.
  private setsAt(today: number): Record<string, unknown> {
    const found: Record<string, unknown> = {};
    for (const [id, sets] of this.valueSets) {
      const known = sets.findLast((one) => one.day <= today) ?? sets[0]!;
      Object.defineProperty(found, id, { value: known.codes, enumerable: true });
    }
    return found;
  }
}

function momentOf(text: string, rule: string): bigint {
  const found = readMoment(text);
  if (found === null) throw new TrustError(`rule ${rule}: a moment that is none`);
  return found.utc;
}

function dated({ day, codes: held }: { day: string; codes: readonly string[] }): Dated {
  const found = readDay(day);
  if (found === null) throw new TrustError("value sets: a day that is none");
  return { day: found, codes: new Codes(held) };
}

// Whether the rule knows what a content of that version states: not where it was written for later ones.
function isFor([major, minor, patch]: RuleEntry["schema"], version: string): boolean {
  const found = VERSION.exec(version)?.slice(1).map(Number);
  if (found === undefined || found[0] !== major) return false;
  return found[1]! > minor || (found[1] === minor && found[2]! >= patch);
}

function asked({ entry, logic }: Rule, facts: CardFacts, run: Evaluation): RuleAnswer {
  const told = { id: entry.id, words: entry.words };
  try {
    if (!isFor(entry.schema, facts.version)) throw new EvaluationError("rule_schema_later");
    const answer = logic.evaluate(run);
    if (answer === true) return { ...told, outcome: "passed", reason: null };
    if (answer === false) return { ...told, outcome: "failed", reason: "rule_not_met" };
    // What it was meant to say nobody knows.
    return { ...told, outcome: "unknown", reason: "rule_not_evaluable" };
  } catch (error) {
    if (error instanceof EvaluationError) return { ...told, outcome: "unknown", reason: error.reason };
    throw error;
  }
}

function noneApplies(): RuleAnswer {
  return { id: "", outcome: "unknown", words: TABLES.words.noRuleApplies, reason: "no_rule_applies" };
}
