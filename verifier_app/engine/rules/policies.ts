// What a place's policy says of a certificate: for each thing that is asked for one result, with what there is of it
// (vaxcert/rules/policies/judging). The policy was checked where it was compiled; here it is only followed.

import { civil, MICROS } from "../calendar";
import * as codes from "../codes";
import { TrustError, type Outcome } from "../errors";
import {
  earliestBirth, isOver, isToCome, latestBirth,
  type Certificate, type Dose, type Recovery, type TestResult,
} from "../model";
import { TABLES, type Words } from "../tables";
import type { Asked, PolicyEntry, Span } from "../trust/bundle";
import type { Opened } from "../trust/store";
import * as uvci from "../uvci";
import type { RuleAnswer, RulesVerdict } from "../verdict";
import { filled, zoned } from "./saying";

// A test whose sample was taken by a clock that is a little ahead is new, and not of the future.
const AHEAD_HOURS = -1;
const RANK: Readonly<Record<Outcome, number>> = { failed: 0, unknown: 1, passed: 2, skipped: 2 };

// What a certificate states against one disease, on a day and at a moment. `doses`: those that count, of all `stated`.
interface Facts {
  readonly name: Words;
  readonly stated: readonly Dose[];
  readonly doses: readonly Dose[];
  readonly tests: readonly TestResult[];
  readonly recoveries: readonly Recovery[];
  readonly today: number;
  readonly at: bigint;
}

export class PlacePolicy {
  private readonly dayOf: (at: bigint) => number;

  constructor(private readonly policy: PolicyEntry) {
    assureFollowed(policy.asked, policy.mode);
    if (!policy.diseases.length) throw new TrustError(`rules ${policy.mode}: against no disease`);
    // Throws for a zone that this browser does not have: by another one days would be counted otherwise.
    this.dayOf = zoned(policy.zone);
  }

  judge(certificate: Certificate, opened: Opened, at: bigint): RulesVerdict {
    const { mode, title, signed } = this.policy;
    return { mode, title, signed, results: this.results(certificate, opened.signer.country, at) };
  }

  private results(certificate: Certificate, signedIn: string | null, at: bigint): RuleAnswer[] {
    const today = this.dayOf(at);
    const results = [...ofTheCard(this.policy, certificate, signedIn)];
    const exempt = exemption(this.policy.exempt, certificate, today);
    if (exempt?.outcome === "passed") return [...results, exempt];
    const answers = this.policy.diseases.map((disease) =>
      answer(this.policy.asked, factsOf(certificate, disease, today, at)),
    );
    // Of the disease that does best, the first of these.
    const asked = answers.reduce((best, one) => (betterThan(one, best) ? one : best));
    // Whoever may be exempt has not failed.
    if (exempt?.outcome === "unknown" && ofAll(asked) !== "passed") return [...results, exempt];
    return [...results, ...asked];
  }
}

// What asks for nothing would let everybody in: such a policy was never written.
function assureFollowed(asked: Asked, mode: string): void {
  const nested = [...asked.any, ...asked.all];
  if (!asksForDoses(asked) && !asked.test && !asked.recovery && !nested.length) {
    throw new TrustError(`rules ${mode}: asks for nothing`);
  }
  for (const one of nested) assureFollowed(one, mode);
}

function asksForDoses(asked: Asked): boolean {
  return Boolean(asked.doses || asked.complete || asked.booster || asked.products.length || asked.daysSinceLast);
}

function betterThan(one: readonly RuleAnswer[], other: readonly RuleAnswer[]): boolean {
  const difference = RANK[ofAll(one)] - RANK[ofAll(other)];
  return difference > 0 || (difference === 0 && met(one) > met(other));
}

function ofAll(results: readonly RuleAnswer[]): Outcome {
  return results.reduce<Outcome>((worst, { outcome }) => (RANK[outcome] < RANK[worst] ? outcome : worst), "passed");
}

function met(results: readonly RuleAnswer[]): number {
  return results.filter((one) => one.outcome === "passed").length;
}

function* ofTheCard(policy: PolicyEntry, certificate: Certificate, signedIn: string | null): Generator<RuleAnswer> {
  if (policy.formats.length) yield told("formats", policy.formats.includes(certificate.format));
  if (policy.bannedSites.length) yield told("banned_sites", !isBanned(policy, certificate, signedIn));
}

function isBanned(policy: PolicyEntry, certificate: Certificate, signedIn: string | null): boolean {
  return certificate.entries.some((entry) => {
    // The signer's country is known, the others are claimed: none of them takes a site out of a ban.
    const countries = codes.codesOfCountries(signedIn, certificate.issuer, entry.country);
    const sites = [...uvci.sitesOf(uvci.spellings(entry.certificateId))];
    const names = sites.flatMap((site) => [site, ...Array.from(countries, (country) => `${country}/${site}`)]);
    return names.some((name) => policy.bannedSites.includes(name));
  });
}

function exemption(asked: PolicyEntry["exempt"], certificate: Certificate, today: number): RuleAnswer | null {
  if (asked === null) return null;
  const unknown: RuleAnswer = { id: "exempt", outcome: "unknown", words: TABLES.words.ageUnknown, reason: null };
  const born = certificate.person.dateOfBirth;
  if (!born) return unknown;
  // Where only the month or the year is known, somebody is as old as either end of it makes them.
  const [one, other] = [latestBirth(born), earliestBirth(born)!].map((birth) => {
    const age = years(birth, today);
    return (asked.under !== null && age < asked.under) || (asked.fromAge !== null && age >= asked.fromAge);
  });
  return one === other ? told("exempt", one!) : unknown;
}

function years(birth: number, today: number): number {
  const [year, month, day] = civil(today);
  const [bornIn, bornMonth, bornDay] = civil(birth);
  return year - bornIn - (month < bornMonth || (month === bornMonth && day < bornDay) ? 1 : 0);
}

function factsOf(certificate: Certificate, disease: PolicyEntry["diseases"][number], today: number, at: bigint): Facts {
  const entries = certificate.entries.filter((entry) => disease.codes.includes(entry.disease));
  const stated = entries.filter((entry) => entry.kind === "vaccination");
  return {
    name: disease.name,
    stated,
    doses: stated,
    tests: entries.filter((entry) => entry.kind === "test"),
    recoveries: entries.filter((entry) => entry.kind === "recovery" && !isToCome(entry, today) && !isOver(entry, today)) as Recovery[],
    today,
    at,
  };
}

// One result for each thing that is asked for; all of them have to be met.
function answer(asked: Asked, given: Facts): RuleAnswer[] {
  const { products } = asked;
  const facts = products.length ? { ...given, doses: given.doses.filter((dose) => products.includes(dose.product)) } : given;
  const results = asksForDoses(asked) ? [...ofDoses(asked, facts)] : [];
  if (asked.test) results.push(ofTests(asked.test, facts));
  if (asked.recovery) results.push(ofRecoveries(asked.recovery, facts));
  for (const one of asked.all) results.push(...answer(one, facts));
  if (asked.any.length) {
    results.push(...oneOf(asked.any.map((one) => answer(one, facts)), asked.any.map((one) => speaksOf(one, facts))));
  }
  return results;
}

// Whether the card has something of the kind that is asked for: then what it lacks is worth telling.
function speaksOf(asked: Asked, facts: Facts): boolean {
  return Boolean(
    (asksForDoses(asked) && facts.doses.length) ||
      (asked.test && facts.tests.length) ||
      (asked.recovery && facts.recoveries.length) ||
      [...asked.all, ...asked.any].some((one) => speaksOf(one, facts)),
  );
}

// The results of the first way that is met, else one that tells what each lacks that the card speaks of.
function oneOf(answers: RuleAnswer[][], speaking: boolean[]): RuleAnswer[] {
  const first = answers.find((one) => ofAll(one) === "passed");
  if (first) return first;
  const outcome = answers.map(ofAll).reduce((best, one) => (RANK[one] > RANK[best] ? one : best));
  const spoken = answers.filter((_, at) => speaking[at]);
  const lacking = (spoken.length ? spoken : answers).map((one) => one.find((result) => result.outcome === ofAll(one))!.words);
  // By language: no way is named twice where two lack the same.
  const said = (lang: keyof Words) => [...new Set(lacking.map((words) => words[lang]))].join(TABLES.words.or[lang]);
  return [{ id: "any", outcome, words: { en: said("en"), vi: said("vi") }, reason: null }];
}

function latest(doses: readonly Dose[], first: (dose: Dose) => bigint, second: (dose: Dose) => bigint): Dose {
  return doses.reduce((best, one) => {
    const order = first(one) - first(best) || second(one) - second(best);
    return order > 0n ? one : best;
  });
}

function* ofDoses(asked: Asked, facts: Facts): Generator<RuleAnswer> {
  const counting = facts.doses;
  if (!counting.length) {
    const lacking = TABLES.asked["no_dose"]![1];
    const words = { en: filled(lacking.en, { disease: facts.name.en }), vi: filled(lacking.vi, { disease: facts.name.vi }) };
    yield { id: "doses", outcome: "failed", words, reason: null };
    return;
  }
  const date = (dose: Dose) => BigInt(dose.date);
  const number = (dose: Dose) => dose.number;
  const highest = latest(counting, number, date);
  const have = `${highest.number}/${highest.series}`;
  // A card of the second dose says that there was a first one, which counts unless the card says that it was of a vaccine
  // that does not; two doses in one card are two.
  const others = new Set(
    facts.stated.filter((dose) => !counting.includes(dose) && dose.number < highest.number).map(number),
  );
  const apart = BigInt(new Set(counting.map((dose) => `${dose.date} ${dose.number}`)).size);
  const following = highest.number - BigInt(others.size);
  const count = following > apart ? following : apart;
  if (asked.doses !== null) yield told("doses", count >= BigInt(asked.doses), { have, asked: asked.doses });
  if (asked.complete) yield told("complete", counting.some((dose) => dose.number >= dose.series), { have });
  if (asked.booster) yield told("booster", counting.some(isBooster), { have });
  if (asked.daysSinceLast) yield since(asked.daysSinceLast, days(facts, latest(counting, date, number).date));
  if (asked.products.length && !(asked.doses || asked.complete || asked.booster || asked.daysSinceLast)) {
    yield told("doses", true, { have });
  }
}

// Days since a day. What is of tomorrow by another calendar is of today.
function days(facts: Facts, day: number): number {
  return Math.max(0, facts.today - day);
}

// A dose beyond its series, as 3/2 or 2/1 say it, and 3/3 of a vaccine whose series has two.
function isBooster(dose: Dose): boolean {
  const series = codes.product(dose.product)?.series ?? null;
  const usual = series === null ? dose.series : BigInt(series);
  return dose.number > (usual < dose.series ? usual : dose.series);
}

function holds(span: Span, count: number): boolean {
  return (span.from === null || count >= span.from) && (span.to === null || count <= span.to);
}

function since(span: Span, count: number): RuleAnswer {
  const key = span.to !== null && count > span.to ? "too_late" : "too_early";
  const values = { days: count, from_day: span.from ?? 0, to_day: span.to ?? 0 };
  return { ...told(key, holds(span, count), values), id: "days_since_last" };
}

function ofTests(wanted: NonNullable<Asked["test"]>, facts: Facts): RuleAnswer {
  const negative = facts.tests.filter(
    (test) => test.result === codes.NOT_DETECTED && (!wanted.codes.length || wanted.codes.includes(test.type)),
  );
  if (!negative.length) return { ...told("no_test", false), id: "test" };
  const hours = negative.map((test) => Number(facts.at - test.sampledAt.utc) / Number(MICROS) / 3600);
  const taken = hours.sort((one, other) => one - other).find((one) => one >= AHEAD_HOURS);
  if (taken === undefined) return { ...told("test_ahead", false), id: "test" };
  return told("test", taken <= wanted.hours, { hours: Math.max(0, Math.ceil(taken)), most: wanted.hours });
}

function ofRecoveries(span: Span, facts: Facts): RuleAnswer {
  if (!facts.recoveries.length) return { ...told("no_recovery", false), id: "recovery" };
  const counts = facts.recoveries.map((one) => days(facts, one.firstPositive)).sort((one, other) => one - other);
  const count = counts.find((one) => holds(span, one)) ?? counts[0]!;
  return told("recovery", holds(span, count), { days: count });
}

function told(rule: string, isMet: boolean, values: Record<string, string | number> = {}): RuleAnswer {
  const words = TABLES.asked[rule]![isMet ? 0 : 1];
  const said = { en: filled(words.en, values), vi: filled(words.vi, values) };
  return { id: rule, outcome: isMet ? "passed" : "failed", words: said, reason: null };
}
