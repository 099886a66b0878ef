// SMART Health Cards: shc:/ + two digits a character of a JWS; its payload: deflate(JSON claims with a FHIR bundle)
// (vaxcert/formats/shc). A card may also be the JWS alone, or a file with it; long ones come in parts, `shc:/1/3/…`.

import { CardError, contentInvalid } from "../errors";
import * as fhir from "../fhir/reading";
import type { Certificate } from "../model";
import { length } from "../text";
import type { Opened } from "../trust/store";
import { decode as base64url } from "../wire/base64url";
import { inflate } from "../wire/deflate";
import { loads, NotJson, read as readJson, type Json, type JsonObject } from "../wire/jsontext";
import * as jws from "../wire/jws";
import type { Bytes } from "../wire/sealed";
import type { Format } from "./base";
import { digitsOf, NUMERIC } from "./chunks";
import * as dates from "./dates";

const MAX_TEXT = 70_000;
const TOKEN = /^eyJ[\w-]{1,16000}\.[\w-]*\.[\w-]*$/;
// What a file, and FHIR's answer to a request for cards, have tokens in. White space is that of ASCII alone.
const FILE = /"(?:verifiableCredential"[ \t\n\r\f\v]*:[ \t\n\r\f\v]*\[|valueString"[ \t\n\r\f\v]*:)[ \t\n\r\f\v]*"eyJ/;
// The hyphen is the first of a token's characters: two digits tell how far behind it another stands.
const FIRST = 45;
const LAST_PAIR = 77;
const TYPE = "https://smarthealth.cards#health-card";
const SYSTEM = "https://smarthealth.cards#";
const ISSUER = /^https:\/\/[^ \t\n\r\f\v/?#@]{1,255}(?:\/[^ \t\n\r\f\v?#]{0,500}[^ \t\n\r\f\v?#/])?$/u;
const RID = /^[A-Za-z0-9_-]{1,24}$/;
const LATIN = new TextDecoder("latin1");

export const SHC: Format = {
  name: "shc",
  algorithms: new Set(["ES256"]),
  // The token stands around what is compressed.
  stages: ["format", "encoding", "envelope", "compression"],
  detect(text) {
    if (NUMERIC.test(text)) return true;
    if (text.startsWith("e")) return TOKEN.test(text) && isOurs(text);
    return text.startsWith("{") && FILE.test(text);
  },
  async unwrap(text) {
    const { sealed, zip } = jws.decode(tokenOf(text));
    if (zip !== "DEF") throw jws.invalid("not compressed as its system asks");
    const payload = await inflate(sealed.payload, "deflate-raw");
    return { ...sealed, payload, issuer: issuerOf(payload) };
  },
  read,
};

// The certificate in the claims of a checked token; it has no entries where none is of a kind that is read.
function read({ payload, signer }: Opened): Certificate {
  const claims = claimsIn(payload);
  const issuer = claims.get("iss");
  if (issuer !== signer.issuer) throw contentInvalid("iss is not the signer's");
  const credential = object(claims, "vc");
  const types = credential.get("type");
  if (!Array.isArray(types) || !types.includes(TYPE)) throw contentInvalid("not of the type of a health card");
  const subject = object(credential, "credentialSubject");
  const version = subject.get("fhirVersion");
  if (typeof version !== "string" || !version.startsWith("4.")) throw contentInvalid("not of FHIR 4");
  const rid = credential.has("rid") ? credential.get("rid") : "";
  if (typeof rid !== "string" || (rid && !RID.test(rid))) throw contentInvalid("rid is no revocation id");
  const begins = dates.moment(claims.get("nbf"), "nbf");
  const said = fhir.read(subject.get("fhirBundle"), issuer, rid);
  return {
    format: "shc",
    version,
    person: said.person,
    entries: said.entries,
    issuer,
    issuedAt: begins,
    expiresAt: claims.has("exp") ? dates.moment(claims.get("exp"), "exp") : null,
    notBefore: begins,
  };
}

// The JWS in a text of any of the forms.
function tokenOf(text: string): string {
  const characters = length(text);
  if (characters > MAX_TEXT) {
    throw new CardError("format", "text_too_long", `${characters} characters, at most ${MAX_TEXT}`);
  }
  if (text.startsWith("{")) {
    const found = tokensIn(text);
    if (found.length !== 1) throw new CardError("format", "several_cards", `${found.length} cards in one file`, true);
    return found[0]!;
  }
  return NUMERIC.test(text) ? letters(digitsOf(text)) : text;
}

// The tokens in a file.
function tokensIn(text: string): string[] {
  let found: Json | undefined = undefined;
  try {
    const content = readJson(text);
    if (content instanceof Map) found = content.get("verifiableCredential") ?? parameters(content);
  } catch (error) {
    if (!(error instanceof NotJson)) throw error;
  }
  if (!Array.isArray(found) || !found.every((one) => typeof one === "string")) {
    throw new CardError("format", "file_invalid", "not a file of cards");
  }
  return found;
}

// The tokens in FHIR's answer to a request for cards.
function parameters(content: JsonObject): Json | undefined {
  const all = content.get("parameter");
  if (!Array.isArray(all)) return undefined;
  const named = all.filter((one) => one instanceof Map && one.get("name") === "verifiableCredential") as JsonObject[];
  return named.map((one) => one.get("valueString") ?? null);
}

// The characters that pairs of digits stand for.
function letters(digits: string): string {
  if (!/^(?:[0-9]{2})+$/.test(digits)) throw new CardError("encoding", "numeric_invalid", "not pairs of digits");
  const pairs = Array.from(digits.match(/../g)!, Number);
  if (pairs.some((pair) => pair > LAST_PAIR)) throw new CardError("encoding", "numeric_invalid", "a pair beyond the alphabet");
  return pairs.map((pair) => String.fromCharCode(FIRST + pair)).join("");
}

// Whether a token is a health card's: it says that it is compressed as they are, or names their system inside.
function isOurs(text: string): boolean {
  const [head, body] = text.split(".") as [string, string];
  const header = jws.headerOf(head);
  if (header === undefined) return false;
  if (header instanceof Map && header.has("zip")) return true;
  const inside = base64url(body);
  return inside !== null && LATIN.decode(inside).includes(SYSTEM);
}

function claimsIn(payload: Bytes): JsonObject {
  let claims;
  try {
    claims = loads(payload);
  } catch (error) {
    if (error instanceof NotJson) throw contentInvalid(error.detail ? `no JSON: ${error.detail}` : "no JSON");
    throw error;
  }
  if (!(claims instanceof Map)) throw contentInvalid("the claims are no object");
  return claims;
}

// Whose keys are to be tried: only claimed as yet, and keys are bound to their issuer's address.
function issuerOf(payload: Bytes): string {
  let issuer;
  try {
    issuer = claimsIn(payload).get("iss");
  } catch (error) {
    if (error instanceof CardError) throw jws.invalid(error.detail);
    throw error;
  }
  if (typeof issuer !== "string" || !ISSUER.test(issuer)) throw jws.invalid("iss is no address of an issuer");
  return issuer;
}

function object(holder: JsonObject, name: string): JsonObject {
  const value = holder.get(name);
  if (!(value instanceof Map)) throw contentInvalid(`${name} is no object`);
  return value;
}
