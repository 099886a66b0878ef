// EU DCC: the content that EU states, Vietnam and some eighty countries sign, read for what it means
// (vaxcert/formats/eudcc).

import { EARLIEST, LATEST, MICROS, readDay, readMoment, dayAt, type Moment } from "../calendar";
import { CardError, contentInvalid } from "../errors";
import { dayOfEntry, dose, fullName, person, type Certificate, type Entry, type Person } from "../model";
import { normalise } from "../names";
import type { Item } from "../wire/cbor";
import { convert, type Field, type Fields, type Structure, type Type } from "./convert";

function structure(required: Record<string, Type>, optional: Record<string, Type> = {}): Structure {
  const field = (needed: boolean) => ([name, type]: [string, Type]): [string, Field] => [name, { type, required: needed }];
  return new Map([...Object.entries(required).map(field(true)), ...Object.entries(optional).map(field(false))]);
}

const NAME = structure({}, { fn: "str | null", gn: "str | null", fnt: "str | null", gnt: "str | null" });
const VACCINATION = structure(
  { tg: "str", vp: "str", mp: "str", ma: "str", dn: "int | float", sd: "int | float", dt: "str", is: "str", ci: "str" },
  { co: "str | null" },
);
const TEST = structure(
  { tg: "str", tt: "str", sc: "int | float | str", tr: "str", is: "str", ci: "str" },
  { co: "str | null", tc: "str | null", nm: "str | null", ma: "str | null" },
);
const RECOVERY = structure({ tg: "str", fr: "str", df: "str", du: "str", is: "str", ci: "str" }, { co: "str | null" });
const DCC: Structure = new Map<string, Field>([
  ["ver", { type: "str", required: true }],
  ["nam", { type: "object", required: true, of: NAME }],
  ["dob", { type: "str", required: true }],
  ["v", { type: "array | null", required: false, of: VACCINATION }],
  ["t", { type: "array | null", required: false, of: TEST }],
  ["r", { type: "array | null", required: false, of: RECOVERY }],
]);

type Claims = Pick<Certificate, "issuer" | "issuedAt" | "expiresAt" | "notBefore">;

// The certificate in decoded CBOR, its entries latest first.
export function read(content: Item, claims: Claims): Certificate {
  const dcc = convert(content, DCC);
  // All are read, and one that cannot be is the card's fault: who could choose would choose what lets them in.
  const entries = [...all(dcc, "v", VACCINATION, readDose), ...all(dcc, "t", TEST, readTest), ...all(dcc, "r", RECOVERY, readRecovery)];
  if (!entries.length) throw new CardError("content", "content_empty", "no entry");
  entries.sort(latestFirst);
  return { format: "hcert", version: text(dcc, "ver"), person: readPerson(dcc), entries, ...claims };
}

function all(dcc: Fields, key: string, form: Structure, reading: (entry: Fields) => Entry): Entry[] {
  const found = dcc.get(key) as Item[] | null | undefined;
  return (found ?? []).map((entry) => reading(convert(entry, form)));
}

function latestFirst(one: Entry, other: Entry): number {
  const number = (entry: Entry) => (entry.kind === "vaccination" ? entry.number : 0n);
  const days = dayOfEntry(other) - dayOfEntry(one);
  const numbers = number(other) - number(one);
  return days || (numbers > 0n ? 1 : numbers < 0n ? -1 : 0);
}

function text(fields: Fields, key: string): string {
  return (fields.get(key) as string | null | undefined) ?? "";
}

function readPerson(dcc: Fields): Person {
  // Some states write births as midnights, or what they do not know as zeros.
  const born = text(dcc, "dob").split("T", 1)[0]!.split("-00", 1)[0]!;
  const name = convert(dcc.get("nam"), NAME);
  const found = person(text(name, "fn"), text(name, "gn"), born, text(name, "fnt"), text(name, "gnt"));
  if (found === null) throw contentInvalid("dob is no date of birth");
  // What is shown: of letters that nobody sees nothing is.
  if (!normalise(fullName(found))) throw contentInvalid("nam holds no name");
  return found;
}

function stated(entry: Fields) {
  return {
    disease: text(entry, "tg"),
    country: text(entry, "co"),
    issuer: text(entry, "is"),
    certificateId: text(entry, "ci"),
  };
}

function readDose(entry: Fields): Entry {
  return dose({
    ...stated(entry),
    product: text(entry, "mp"),
    number: count(entry, "dn"),
    series: count(entry, "sd"),
    date: day(entry, "dt"),
    prophylaxis: text(entry, "vp"),
    holder: text(entry, "ma"),
  });
}

function readTest(entry: Fields): Entry {
  return {
    kind: "test",
    ...stated(entry),
    type: text(entry, "tt"),
    result: text(entry, "tr"),
    sampledAt: instant(entry.get("sc") as string | bigint | number),
    name: text(entry, "nm"),
    device: text(entry, "ma"),
    centre: text(entry, "tc"),
  };
}

function readRecovery(entry: Fields): Entry {
  return {
    kind: "recovery",
    ...stated(entry),
    firstPositive: day(entry, "fr"),
    validFrom: day(entry, "df"),
    validUntil: day(entry, "du"),
  };
}

function count(entry: Fields, field: string): bigint {
  const value = entry.get(field) as bigint | number;
  // Some encoders write 2.0 for 2.
  if (typeof value === "number" && !Number.isInteger(value)) throw contentInvalid(`${field} is no whole number`);
  return BigInt(value);
}

function day(entry: Fields, field: string): number {
  const value = text(entry, field);
  const found = value.length === 10 ? readDay(value) : "T ".includes(value.charAt(10)) ? dayOfMoment(value) : null;
  if (found === null) throw contentInvalid(`${field} is no date`);
  return found;
}

// A day may be a midnight.
function dayOfMoment(value: string): number | null {
  const moment = value.length > 10 ? readMoment(value) : null;
  return moment && dayAt(moment);
}

// A text, or under CBOR tag 1 a number of seconds. No zone means UTC.
function instant(value: string | bigint | number): Moment {
  const found = typeof value === "string" ? (value.length < 16 ? null : readMoment(value)) : ofSeconds(value);
  if (found === null) throw contentInvalid("sc is no point in time");
  return found;
}

function ofSeconds(value: bigint | number): Moment | null {
  let seconds, micros;
  if (typeof value === "bigint") {
    [seconds, micros] = [value, 0n];
  } else {
    if (!Number.isFinite(value)) return null;
    const whole = Math.trunc(value);
    // As the library has it: decimals rounded half to even, and carried.
    [seconds, micros] = [BigInt(whole), BigInt(halfToEven((value - whole) * 1e6))];
    if (micros >= MICROS) [seconds, micros] = [seconds + 1n, micros - MICROS];
    else if (micros < 0n) [seconds, micros] = [seconds - 1n, micros + MICROS];
  }
  return seconds < EARLIEST || seconds > LATEST ? null : { utc: seconds * MICROS + micros, offset: 0 };
}

function halfToEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value - Math.trunc(value)) === 0.5 ? 2 * Math.round(value / 2) : rounded;
}
