// What a card says, once its signature has been checked (vaxcert/model).

import * as codes from "./codes";
import { dayAt, dayOf, dayText, momentText, readDay, type Moment } from "./calendar";
import { normalise, transliterate } from "./names";

export type Kind = "vaccination" | "test" | "recovery" | "pass";

export interface Person {
  readonly familyName: string;
  readonly givenName: string;
  readonly dateOfBirth: string;
  readonly familyNameTransliterated: string;
  readonly givenNameTransliterated: string;
}

interface Stated {
  readonly disease: string;
  readonly country: string;
  readonly issuer: string;
  readonly certificateId: string;
}

// Numbers are bigint: what a card says may be any of 64 bits. Days are days since 1970.
export interface Dose extends Stated {
  readonly kind: "vaccination";
  readonly product: string;
  readonly number: bigint;
  readonly series: bigint;
  readonly date: number;
  readonly prophylaxis: string;
  readonly holder: string;
  readonly site: string;
  readonly lot: string;
}

export interface TestResult extends Stated {
  readonly kind: "test";
  readonly type: string;
  readonly result: string;
  readonly sampledAt: Moment;
  readonly name: string;
  readonly device: string;
  readonly centre: string;
}

export interface Recovery extends Stated {
  readonly kind: "recovery";
  readonly firstPositive: number;
  readonly validFrom: number;
  readonly validUntil: number;
}

// That its issuer holds somebody to meet what a pass asks for, and not by what.
export interface Pass extends Stated {
  readonly kind: "pass";
  readonly name: string;
  readonly validFrom: number;
}

export type Entry = Dose | TestResult | Recovery | Pass;

// `entries`: the latest first; none where a card states nothing that is read here. `format`: the system. Moments are
// microseconds since 1970.
export interface Certificate {
  readonly format: "hcert" | "shc" | "icvp" | "ddcc" | "vhl" | "nzcp";
  readonly version: string;
  readonly person: Person;
  readonly entries: readonly Entry[];
  readonly issuer: string;
  readonly issuedAt: bigint | null;
  readonly expiresAt: bigint | null;
  readonly notBefore: bigint | null;
}

const BIRTH_DATE = /^[0-9]{4}(?:-[0-9]{2}){0,2}$/;

// A person with the names as they are issued, or null for a birth date that is none.
export function person(fn: string, gn: string, dateOfBirth: string, fnt: string, gnt: string): Person | null {
  if (dateOfBirth && (!BIRTH_DATE.test(dateOfBirth) || earliestBirth(dateOfBirth) === null)) return null;
  const familyName = normalise(fn);
  const givenName = normalise(gn);
  return {
    familyName,
    givenName,
    dateOfBirth,
    familyNameTransliterated: fnt || (familyName && transliterate(familyName)),
    givenNameTransliterated: gnt || (givenName && transliterate(givenName)),
  };
}

// Family name and given name in their own writing, else transliterated.
export function fullName(one: Person): string {
  const own = [one.familyName, one.givenName].filter(Boolean).join(" ");
  return own || [one.familyNameTransliterated, one.givenNameTransliterated].filter(Boolean).join(" ");
}

// The first and the last day that a birth date allows, of whatever precision; null where it is none.
export function earliestBirth(text: string): number | null {
  return readDay(text.length < 10 ? text + "-01-01".slice(text.length - 4) : text);
}

export function latestBirth(text: string): number {
  if (text.length === 10) return readDay(text)!;
  const year = Number(text.slice(0, 4));
  const month = text.length === 7 ? Number(text.slice(5)) : 12;
  const days = [31, 30, 29, 28].find((day) => dayOf(year, month, day) !== null)!;
  return dayOf(year, month, days)!;
}

// Codes that the product's code list knows stand in for those that the card leaves out.
export function dose(given: Omit<Dose, "kind" | "site" | "lot"> & Partial<Pick<Dose, "site" | "lot">>): Dose {
  const known = codes.product(given.product);
  return {
    kind: "vaccination",
    site: "",
    lot: "",
    ...given,
    disease: given.disease || (known ?? codes.prequal(given.product))?.disease || "",
    prophylaxis: given.prophylaxis || (known?.prophylaxis ?? ""),
    holder: given.holder || (known?.holders[0] ?? ""),
  };
}

// The day of a dose, of a test's sample, of the first positive test before a recovery, or a pass's first.
export function dayOfEntry(entry: Entry): number {
  switch (entry.kind) {
    case "vaccination":
      return entry.date;
    case "test":
      return dayAt(entry.sampledAt);
    case "recovery":
      return entry.firstPositive;
    case "pass":
      return entry.validFrom;
  }
}

// Calendars differ by a day: it may be tomorrow at one place while it is today at another.
export function isToCome(recovery: Recovery, today: number): boolean {
  return recovery.validFrom - today > 1;
}

export function isOver(recovery: Recovery, today: number): boolean {
  return today - recovery.validUntil > 1;
}

// Plain values for JSON, as the library's `Certificate.to_dict` gives them. A number beyond 2**53 is the nearest that
// JavaScript has; no such card is accepted.
export function toDict(certificate: Certificate): Record<string, unknown> {
  const { person } = certificate;
  return {
    format: certificate.format,
    version: certificate.version,
    person: {
      family_name: person.familyName,
      given_name: person.givenName,
      date_of_birth: person.dateOfBirth,
      family_name_transliterated: person.familyNameTransliterated,
      given_name_transliterated: person.givenNameTransliterated,
    },
    entries: certificate.entries.map(entryDict),
    issuer: certificate.issuer,
    issued_at: textOrNull(certificate.issuedAt),
    expires_at: textOrNull(certificate.expiresAt),
    not_before: textOrNull(certificate.notBefore),
  };
}

function textOrNull(utc: bigint | null): string | null {
  return utc === null ? null : momentText({ utc, offset: 0 });
}

function entryDict(entry: Entry): Record<string, unknown> {
  const { kind, disease, country, issuer } = entry;
  const stated = { kind, disease, country, issuer, certificate_id: entry.certificateId };
  switch (entry.kind) {
    case "vaccination":
      return {
        ...stated,
        product: entry.product,
        number: Number(entry.number),
        series: Number(entry.series),
        date: dayText(entry.date),
        prophylaxis: entry.prophylaxis,
        holder: entry.holder,
        site: entry.site,
        lot: entry.lot,
      };
    case "test":
      return {
        ...stated,
        type: entry.type,
        result: entry.result,
        sampled_at: momentText(entry.sampledAt),
        name: entry.name,
        device: entry.device,
        centre: entry.centre,
      };
    case "recovery":
      return {
        ...stated,
        first_positive: dayText(entry.firstPositive),
        valid_from: dayText(entry.validFrom),
        valid_until: dayText(entry.validUntil),
      };
    case "pass":
      return { ...stated, name: entry.name, valid_from: dayText(entry.validFrom) };
  }
}
