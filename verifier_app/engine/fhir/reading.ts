// A FHIR bundle about one person as the entries of a certificate (vaxcert/fhir/reading). One entry that cannot be read is
// the bundle's fault: who could choose would choose what lets them in.

import { DAY_MICROS, dayAt, readDay, readMoment, type Moment } from "../calendar";
import { contentInvalid } from "../errors";
import { dayOfEntry, dose, fullName, person, type Dose, type Entry, type Person, type TestResult } from "../model";
import { normalise } from "../names";
import type { Json, JsonObject } from "../wire/jsontext";
import * as tables from "./tables";

const MOST = 200;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
const GIVEN: readonly unknown[] = ["completed"];
const FINAL: readonly unknown[] = ["final", "amended", "corrected"];

type Value = Json | undefined;
type Common = Pick<Entry, "issuer" | "certificateId">;

export interface Statement {
  readonly person: Person;
  readonly entries: readonly Entry[];
}

// The statement of a decoded bundle, its entries the latest first; of nothing it may be none.
export function read(content: Value, issuer: string, certificateId: string): Statement {
  const resources = [...resourcesIn(object(content, "bundle"))];
  const [patient, ...others] = resources.filter(([, one]) => one.get("resourceType") === "Patient");
  if (patient === undefined || others.length) throw contentInvalid("not of one person");
  const common = { issuer, certificateId };
  const doses: Dose[] = [];
  const entries: Entry[] = [];
  for (const [, one] of resources) {
    const type = one.get("resourceType");
    if (type === "Immunization" && GIVEN.includes(one.get("status"))) {
      assureOf(one.get("patient"), patient[0]);
      doses.push(doseIn(one, common));
    } else if (type === "Observation" && FINAL.includes(one.get("status"))) {
      assureOf(one.get("subject"), patient[0]);
      const result = resultIn(one, common);
      if (result !== null) entries.push(result);
    }
  }
  entries.push(...counted(doses));
  entries.sort(latestFirst);
  return { person: personIn(patient[1]), entries };
}

// Each resource with its address in the bundle, "" where it has none.
function* resourcesIn(bundle: JsonObject): Generator<[string, JsonObject]> {
  if (bundle.get("resourceType") !== "Bundle") throw contentInvalid("no bundle");
  const entries = list(bundle.get("entry"), "entry");
  if (entries.length > MOST) throw contentInvalid(`more than ${MOST} resources`);
  for (const entry of entries) {
    const one = object(entry, "entry");
    yield [text(one.get("fullUrl"), "fullUrl"), object(one.get("resource"), "resource")];
  }
}

// What is stated has to be of the bundle's own person.
function assureOf(reference: Value, url: string): void {
  const said = text(object(reference, "reference").get("reference"), "reference");
  if (said !== url && !(url && url.endsWith(`/${said}`))) throw contentInvalid("a resource of another person");
}

function latestFirst(one: Entry, other: Entry): number {
  const number = (entry: Entry) => (entry.kind === "vaccination" ? Number(entry.number) : 0);
  return dayOfEntry(other) - dayOfEntry(one) || number(other) - number(one);
}

function personIn(patient: JsonObject): Person {
  const named = list(patient.get("name"), "name").map((one) => object(one, "name"));
  // The first is how the record calls somebody; one that is marked official is how papers do.
  const name = named.find((one) => one.get("use") === "official") ?? named[0];
  if (name === undefined) throw contentInvalid("no name");
  const given = optional(name.get("given"), "given").map((part) => text(part, "given")).join(" ");
  const family = text(name.get("family"), "family");
  const whole = family || (given ? "" : text(name.get("text"), "text"));
  const found = person(whole, given, text(patient.get("birthDate"), "birthDate"), "", "");
  if (found === null) throw contentInvalid("birthDate is no date of birth");
  if (!normalise(fullName(found))) throw contentInvalid("no name");
  return found;
}

function doseIn(one: JsonObject, common: Common): Dose {
  const pairs = codings(one.get("vaccineCode"), "vaccineCode").map(
    (coding) => [text(coding.get("system"), "system"), text(coding.get("code"), "code")] as const,
  );
  const known = pairs.map((pair) => tables.vaccine(...pair)).find((vaccine) => vaccine !== null);
  if (known === undefined && !pairs[0]?.[1]) throw contentInvalid("a vaccine without a code");
  const { product, disease, series } = known ?? { product: pairs[0]![1], disease: "", series: 0 };
  return dose({
    product,
    disease,
    number: count(one, "doseNumberPositiveInt"),
    series: count(one, "seriesDosesPositiveInt") || BigInt(series),
    date: day(one.get("occurrenceDateTime"), "occurrenceDateTime"),
    site: performer(one),
    lot: text(one.get("lotNumber"), "lotNumber"),
    prophylaxis: "",
    holder: "",
    country: "",
    ...common,
  });
}

// A number of a protocol, or 0 where it is not said.
function count(one: JsonObject, name: string): bigint {
  for (const protocol of optional(one.get("protocolApplied"), "protocolApplied")) {
    const number = object(protocol, "protocolApplied").get(name) ?? null;
    if (typeof number === "bigint" && number > 0n && number < 100n) return number;
    if (number !== null) throw contentInvalid(`${name} is no number of a dose`);
  }
  return 0n;
}

// Doses with the numbers that they have among those of the bundle, where they do not tell their own. One that two
// registries have told of is one dose.
function counted(doses: readonly Dose[]): Dose[] {
  const byDisease = new Map<string, bigint>();
  const seen = new Set<string>();
  const found: Dose[] = [];
  for (const one of [...doses].sort((one, other) => one.date - other.date || Number(one.number - other.number))) {
    const same = `${one.date} ${one.product}`;
    if (seen.has(same)) continue;
    seen.add(same);
    const against = one.disease || one.product;
    const next = (byDisease.get(against) ?? 0n) + (one.number ? 0n : 1n);
    const number = one.number > next ? one.number : next;
    byDisease.set(against, number);
    found.push(one.number ? one : { ...one, number });
  }
  return found;
}

function performer(one: JsonObject): string {
  for (const held of optional(one.get("performer"), "performer")) {
    const actor = object(held, "performer").get("actor");
    const named = actor instanceof Map ? text(actor.get("display"), "display") : "";
    if (named) return named;
  }
  return "";
}

// A test's result; null for an observation of another kind, as of a body's weight.
function resultIn(one: JsonObject, common: Common): TestResult | null {
  const coded = codings(one.get("code"), "code").find((coding) => coding.get("system") === tables.LOINC);
  const test = coded && tables.test(text(coded.get("code"), "code"));
  if (test === undefined) return null;
  const value = one.get("valueCodeableConcept") ?? null;
  let result = "";
  for (const coding of value === null ? [] : codings(value, "valueCodeableConcept")) {
    const code = text(coding.get("code"), "code");
    result = tables.result(code) ?? (result || code);
  }
  return {
    kind: "test",
    ...test,
    result: result || text(one.get("valueString"), "valueString"),
    sampledAt: moment(one.get("effectiveDateTime"), "effectiveDateTime"),
    centre: laboratory(one),
    name: "",
    device: "",
    country: "",
    ...common,
  };
}

function laboratory(one: JsonObject): string {
  for (const held of optional(one.get("performer"), "performer")) {
    const named = text(object(held, "performer").get("display"), "display");
    if (named) return named;
  }
  return "";
}

// What carries a time has the zone that it was given in: its day is the day there.
function day(value: Value, field: string): number {
  const said = text(value, field);
  const at = MOMENT.test(said) ? readMoment(said) : null;
  const found = readDay(said) ?? (at && dayAt(at));
  if (found === null) throw contentInvalid(`${field} is no day`);
  return found;
}

function moment(value: Value, field: string): Moment {
  const said = text(value, field);
  // Where the hour is not told, the earliest, so that no test is taken for newer than it is.
  const begun = readDay(said);
  const found = begun !== null ? { utc: BigInt(begun) * DAY_MICROS, offset: 0 } : MOMENT.test(said) ? readMoment(said) : null;
  if (found === null) throw contentInvalid(`${field} is no point in time`);
  return found;
}

// What a concept is called, list by list.
function codings(value: Value, field: string): JsonObject[] {
  return list(object(value, field).get("coding"), "coding").map((one) => object(one, "coding"));
}

function object(value: Value, field: string): JsonObject {
  if (!(value instanceof Map)) throw contentInvalid(`${field} is no object`);
  return value;
}

function list(value: Value, field: string): Json[] {
  if (!Array.isArray(value)) throw contentInvalid(`${field} is no list`);
  return value;
}

// A list that may be left out, or hold nothing in whatever way that is said.
function optional(value: Value, field: string): Json[] {
  return !value || (value instanceof Map && !value.size) ? [] : list(value, field);
}

function text(value: Value, field: string): string {
  if (value === undefined || value === null) return "";
  if (typeof value !== "string") throw contentInvalid(`${field} is no text`);
  return value;
}
