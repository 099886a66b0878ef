// WHO's certificates in the container of HCERT: of vaccination (DVC, ICVP), DDCC, and links to documents (VHL)
// (vaxcert/formats/who).

import { DAY_MICROS, MICROS, EARLIEST, readDay } from "../calendar";
import * as codes from "../codes";
import { CardError, contentInvalid } from "../errors";
import { dose, fullName, person, type Certificate, type Dose, type Person } from "../model";
import { normalise } from "../names";
import { CborMap, type Item } from "../wire/cbor";

// Keys under −260 (WHO SMART Trust, "HCERT specification", and the ICVP's implementation guide)
export const DDCC = 3n, LINK = 5n, ICVP = -6n;

const DOSE_WORDS: ReadonlyMap<string, bigint> = new Map([
  ["primary", 1n], ["firstdose", 1n], ["first", 1n], ["seconddose", 2n], ["second", 2n], ["thirddose", 3n], ["third", 3n],
]);
const NUMBER = /^[1-9][0-9]?$/;
const MOST = 50;
// Where a day has begun earliest on earth: at UTC+14. Its end is told by its last second, as a day is shown.
const EARLIEST_ZONE = 14n * 3_600n * MICROS;

export type ContainerClaims = Pick<Certificate, "issuer" | "issuedAt" | "expiresAt" | "notBefore">;

// The certificate of vaccination in its three shapes: one dose, a list of them, or a list beside a version.
export function readIcvp(content: Item, claims: ContainerClaims, certificateId: string): Certificate {
  const said = map(content, "the certificate");
  let doses = said.get("v");
  const version = typeof doses === "string" ? doses : "";
  if (version) doses = said.get("vx");
  const listed = Array.isArray(doses) ? doses : [doses];
  if (!listed.length) throw new CardError("content", "content_empty", "no entry");
  if (listed.length > MOST) throw contentInvalid("more doses than anybody has had");
  const given = listed.map((one) => map(one, "v"));
  const entries = given.map((one, at) => icvpDose(one, BigInt(at + 1), certificateId));
  entries.sort((one, other) => one.date - other.date).reverse();
  const holder = named(text(said, "n"), text(said, "dob"));
  const [begins, ends] = ["vls", "vle"].map((key) => given.map((one) => day(one, key)));
  return { format: "icvp", version: version || "1", person: holder, entries, ...narrowed(claims, begins!, ends!) };
}

function icvpDose(one: CborMap, at: bigint, certificateId: string): Dose {
  const product = codes.isPrequalId(text(one, "mp")) ? text(one, "mp") : text(one, "vp") || text(one, "mp");
  if (!product) throw contentInvalid("a dose of no vaccine");
  const known = codes.prequal(product);
  const disease = codes.disease(text(one, "tg")) || (known?.disease ?? "");
  if (!disease) throw contentInvalid("neither a disease nor a product that tells it");
  if (known !== undefined && known.disease !== disease) throw contentInvalid("the product is not against the disease");
  const date = day(one, "dt");
  if (date === null) throw contentInvalid("dt is no day");
  return dose({
    product,
    number: number(one, at),
    series: BigInt(known?.series ?? 0),
    date,
    disease,
    prophylaxis: "",
    holder: text(one, "ma"),
    country: "",
    issuer: text(one, "is") || text(one, "cn"),
    lot: text(one, "bo"),
    certificateId,
  });
}

// A dose's number, which is told in digits, in words or not at all: then by its place.
function number(one: CborMap, at: bigint): bigint {
  const value = one.has("dn") ? one.get("dn") : null;
  if (value === null) return at;
  if (typeof value === "bigint" && value > 0n && value < 100n) return value;
  if (typeof value !== "string") throw contentInvalid("dn is no number of a dose");
  return NUMBER.test(value) ? BigInt(value) : (DOSE_WORDS.get(value.replaceAll(" ", "").toLowerCase()) ?? at);
}

// The DDCC of one vaccination (WHO, "Digital documentation of COVID-19 certificates: vaccination status", 2021).
export function readDdcc(content: Item, claims: ContainerClaims): Certificate {
  const said = map(content, "the certificate");
  const date = day(said, "date");
  if (date === null) throw contentInvalid("date is no day");
  const disease = codes.disease(code(said, "disease"));
  const brand = code(said, "brand");
  const [number, series] = ["dose", "total_doses"].map((key) => (said.has(key) ? said.get(key) : null));
  if (!isCount(number) || !(series === null || isCount(series))) throw contentInvalid("dose is no number");
  const given = dose({
    product: brand || code(said, "vaccine"),
    number,
    series: series ?? 0n,
    date,
    disease,
    prophylaxis: code(said, "vaccine"),
    holder: code(said, "ma_holder") || code(said, "manufacturer"),
    country: codes.alpha2(code(said, "country")),
    issuer: text(said, "pha") || text(said, "centre"),
    certificateId: text(said, "hcid"),
    lot: text(said, "lot"),
  });
  if (!given.product || !given.disease) throw contentInvalid("neither a vaccine nor what it is against");
  const holder = named(text(said, "name"), text(said, "birthDate"));
  const days = narrowed(claims, [day(said, "valid_from")], [day(said, "valid_until")]);
  return { format: "ddcc", version: "1", person: holder, entries: [given], ...days };
}

// Whether claims are themselves the fields of a DDCC.
export function isLegacy(claims: CborMap): boolean {
  return ["name", "date", "hcid"].every((name) => typeof claims.get(name) === "string") && claims.has("disease");
}

// A signed link, which is genuine and states nothing: what is behind it was not seen here.
export function readLink(claims: ContainerClaims): Certificate {
  return { format: "vhl", version: "1", person: person("", "", "", "", "")!, entries: [], ...claims };
}

// The container's claims, narrowed by the days that the content says: by the latest begin and the earliest end.
function narrowed(claims: ContainerClaims, begins: (number | null)[], ends: (number | null)[]): ContainerClaims {
  let { notBefore, expiresAt } = claims;
  for (const begin of begins) {
    if (begin === null) continue;
    const midnight = BigInt(begin) * DAY_MICROS;
    const since = midnight - EARLIEST * MICROS;
    const moment = midnight - (since < EARLIEST_ZONE ? since : EARLIEST_ZONE);
    if (notBefore === null || moment > notBefore) notBefore = moment;
  }
  for (const end of ends) {
    if (end === null) continue;
    const moment = BigInt(end + 1) * DAY_MICROS - MICROS;
    if (expiresAt === null || moment < expiresAt) expiresAt = moment;
  }
  return { ...claims, notBefore, expiresAt };
}

function named(name: string, born: string): Person {
  // One field for the whole name: which part of it is the family's is not for us to guess.
  const found = person(name, "", born.split("T", 1)[0]!, "", "");
  if (found === null) throw contentInvalid("no date of birth");
  if (!normalise(fullName(found)) || !found.dateOfBirth) throw contentInvalid("no name, or no date of birth");
  return found;
}

function map(value: Item, name: string): CborMap {
  if (!(value instanceof CborMap)) throw contentInvalid(`${name} is no map`);
  return value;
}

function text(holder: CborMap, name: string): string {
  const value = holder.has(name) ? holder.get(name) : null;
  if (value === null) return "";
  if (typeof value !== "string") throw contentInvalid(`${name} is no text`);
  return value;
}

// A code, alone or with its list beside it.
function code(holder: CborMap, name: string): string {
  const value = holder.get(name);
  return value instanceof CborMap ? text(value, "code") : text(holder, name);
}

function day(holder: CborMap, name: string): number | null {
  const value = text(holder, name);
  if (!value) return null;
  const found = value.length === 10 || "T ".includes(value.charAt(10)) ? readDay(value.slice(0, 10)) : null;
  if (found === null) throw contentInvalid(`${name} is no day`);
  return found;
}

function isCount(value: Item): value is bigint {
  return typeof value === "bigint" && value > 0n && value < 100n;
}
