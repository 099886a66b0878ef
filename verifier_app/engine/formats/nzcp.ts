// NZ COVID Pass: NZCP:/1/ + base32(COSE_Sign1(CWT claims with a verifiable credential)), without padding
// (vaxcert/formats/nzcp). A pass names its holder and no dose.

import { dayAtUtc } from "../calendar";
import { CardError, contentInvalid } from "../errors";
import { fullName, person, type Certificate, type Person } from "../model";
import { normalise } from "../names";
import { length } from "../text";
import type { Opened } from "../trust/store";
import { inSteps } from "../wire/base64url";
import * as cbor from "../wire/cbor";
import * as cose from "../wire/cose";
import { hex, type Bytes } from "../wire/sealed";
import type { Format } from "./base";
import * as dates from "./dates";

const PREFIX = "NZCP:/";
const MAX_TEXT = 5_000;
const VERSION = "1";
const BASE32 = new Map(Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", (character, value) => [character, value]));
const ALPHABET = /^[A-Z2-7]+$/;

// CWT claim keys (RFC 8392, section 4) and the one that the specification adds, section 2.1
const ISS = 1n, EXP = 4n, NBF = 5n, CTI = 7n, VC = "vc";
const CONTEXTS = ["https://www.w3.org/2018/credentials/v1", "https://nzcp.covid19.health.nz/contexts/v1"] as const;
const TYPES = ["VerifiableCredential", "PublicCovidPass"] as const;
const DID = /^did:web:[A-Za-z0-9.:%_-]{1,255}$/;

export const NZCP: Format = {
  name: "nzcp",
  algorithms: new Set(["ES256"]),
  stages: ["format", "encoding", "envelope"],
  detect: (text) => text.startsWith(PREFIX),
  unwrap: async (text) => {
    const sealed = cose.decode(message(text));
    return { ...sealed, issuer: issuerOf(sealed.payload) };
  },
  read,
};

// Whether a text begins as a scanner's caps lock makes of a pass's.
export function isInSmallLetters(text: string): boolean {
  return text.startsWith(PREFIX.toLowerCase());
}

function message(text: string): Bytes {
  const characters = length(text);
  if (characters > MAX_TEXT) {
    throw new CardError("format", "text_too_long", `${characters} characters, at most ${MAX_TEXT}`);
  }
  const rest = text.slice(PREFIX.length);
  const slash = rest.indexOf("/");
  const [version, body] = slash < 0 ? [rest, ""] : [rest.slice(0, slash), rest.slice(slash + 1)];
  if (version !== VERSION) throw invalid("not of version 1");
  if (!ALPHABET.test(body)) throw invalid("a character outside the alphabet, or none");
  // So many characters are no whole number of bytes, whatever they are.
  if ([1, 3, 6].includes(body.length % 8)) throw invalid("a dangling character");
  const data = inSteps(body, BASE32, 5);
  // Bits beyond the last byte would give one message several texts.
  if (data === null) throw invalid("bits beyond the last byte");
  return data;
}

function invalid(detail: string): CardError {
  return new CardError("encoding", "base32_invalid", detail);
}

function claimsIn(payload: Bytes): cbor.CborMap {
  let claims;
  try {
    claims = cbor.loads(payload);
  } catch (error) {
    if (error instanceof CardError) throw contentInvalid(error.detail);
    throw error;
  }
  if (!(claims instanceof cbor.CborMap)) throw contentInvalid("the claims are no map");
  return claims;
}

// Whose keys are to be tried: only claimed as yet, and keys are bound to their issuer.
function issuerOf(payload: Bytes): string {
  let issuer;
  try {
    issuer = claimsIn(payload).get(ISS);
  } catch (error) {
    if (error instanceof CardError) throw new CardError("envelope", "cbor_invalid", error.detail);
    throw error;
  }
  if (typeof issuer !== "string" || !DID.test(issuer)) throw new CardError("envelope", "cose_invalid", "claim 1 is no did:web");
  return issuer;
}

function read({ payload, signer }: Opened): Certificate {
  const claims = claimsIn(payload);
  const issuer = claims.get(ISS);
  if (issuer !== signer.issuer) throw contentInvalid("iss is not the signer's");
  const begins = dates.moment(claims.get(NBF), "claim 5");
  const ends = dates.moment(claims.get(EXP), "claim 4");
  const id = claims.get(CTI);
  if (!(id instanceof Uint8Array) || id.length !== 16) throw contentInvalid("claim 7 is no UUID");
  const credential = map(claims.get(VC), "vc");
  assurePass(credential);
  const subject = map(credential.get("credentialSubject"), "credentialSubject");
  const version = text(credential, "version");
  return {
    format: "nzcp",
    version,
    person: holderOf(subject),
    entries: [
      {
        kind: "pass",
        name: TYPES[1],
        validFrom: dayAtUtc(begins),
        disease: "",
        country: "NZ",
        issuer,
        certificateId: `urn:uuid:${hex(id).replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")}`,
      },
    ],
    issuer,
    issuedAt: begins,
    expiresAt: ends,
    notBefore: begins,
  };
}

// What is no credential of the specification's, section 2.3 and 2.4, is refused.
function assurePass(credential: cbor.CborMap): void {
  const contexts = credential.get("@context");
  const types = credential.get("type");
  if (!Array.isArray(contexts) || !Array.isArray(types) || contexts[0] !== CONTEXTS[0]) {
    throw contentInvalid("no verifiable credential");
  }
  if (types[0] !== TYPES[0] || !contexts.includes(CONTEXTS[1])) throw contentInvalid("no pass");
  if (types.length !== TYPES.length || types[1] !== TYPES[1]) {
    // The specification leaves room for other kinds of pass.
    throw new CardError("content", "content_unknown", "nz_covid_pass", true);
  }
}

function holderOf(subject: cbor.CborMap): Person {
  const family = subject.has("familyName") ? text(subject, "familyName") : "";
  const found = person(family, text(subject, "givenName"), text(subject, "dob"), "", "");
  if (found === null) throw contentInvalid("dob is no date of birth");
  if (!normalise(fullName(found)) || found.dateOfBirth.length !== 10) throw contentInvalid("no name, or no date of birth");
  return found;
}

function map(value: cbor.Item, name: string): cbor.CborMap {
  if (!(value instanceof cbor.CborMap)) throw contentInvalid(`${name} is no map`);
  return value;
}

function text(holder: cbor.CborMap, name: string): string {
  const value = holder.get(name);
  if (typeof value !== "string") throw contentInvalid(`${name} is no text`);
  return value;
}
