// HCERT: "HC1:" + base45(zlib(COSE_Sign1(CWT claims))) (vaxcert/formats/hcert).

import { CardError, contentInvalid, type Stage } from "../errors";
import type { Certificate } from "../model";
import { length } from "../text";
import type { Opened } from "../trust/store";
import * as base45 from "../wire/base45";
import * as cbor from "../wire/cbor";
import * as cose from "../wire/cose";
import { inflate } from "../wire/deflate";
import type { Bytes, Sealed } from "../wire/sealed";
import * as dates from "./dates";
import * as eudcc from "./eudcc";

export const NAME = "hcert";
export const PREFIX = "HC1:";
export const STAGES: readonly Stage[] = ["format", "encoding", "compression", "envelope"];

// The densest QR code holds 4,296 alphanumeric characters.
const MAX_TEXT = 5_000;

// CWT claim keys (RFC 8392, section 4) and the one that HCERT adds
const ISS = 1n, EXP = 4n, NBF = 5n, IAT = 6n, HCERT_CLAIM = -260n;
const EU_DCC = 1n;
// What WHO's network carries beside it: signed, and not read here.
const OTHER_CONTENTS: ReadonlyMap<unknown, string> = new Map([
  [3n, "who_ddcc"], [4n, "who_ddcc"], [5n, "vhl"], [-6n, "who_icvp"],
]);

export async function unwrap(text: string): Promise<Sealed> {
  return cose.decode(await inflate(compressed(text)));
}

function compressed(text: string): Bytes {
  const characters = length(text);
  if (characters > MAX_TEXT) {
    throw new CardError("format", "text_too_long", `${characters} characters, at most ${MAX_TEXT}`);
  }
  return base45.decode(text.slice(PREFIX.length));
}

// Whether a text decodes as far as one whole compressed stream: what was cut, or lost a letter, never does.
export async function isWhole(text: string): Promise<boolean> {
  try {
    await inflate(compressed(text));
    return true;
  } catch (error) {
    if (error instanceof CardError) return false;
    throw error;
  }
}

// The certificate in the claims of a checked message.
export function read(opened: Opened): Certificate {
  const claims = decoded(opened.payload);
  if (!(claims instanceof cbor.CborMap)) throw contentInvalid("the claims are no map");
  const contents = claims.get(HCERT_CLAIM);
  // A map and nothing else: the second item of an array is no content of the kind 1.
  if (!(contents instanceof cbor.CborMap) || !contents.has(EU_DCC)) {
    for (const [kind] of contents instanceof cbor.CborMap ? contents : []) {
      const other = OTHER_CONTENTS.get(kind);
      if (other !== undefined) throw new CardError("content", "format_unsupported", other, true);
    }
    throw new CardError("content", "content_unknown", "no certificate of a known kind under claim -260");
  }
  const issuer = claims.has(ISS) ? claims.get(ISS) : null;
  if (issuer !== null && typeof issuer !== "string") throw contentInvalid("claim 1 is no text");
  return eudcc.read(contents.get(EU_DCC), {
    issuer: issuer ?? "",
    issuedAt: moment(claims, IAT),
    expiresAt: moment(claims, EXP),
    notBefore: claims.has(NBF) ? moment(claims, NBF) : null,
  });
}

function decoded(payload: Bytes): cbor.Item {
  try {
    return cbor.loads(payload);
  } catch (error) {
    // The same strict profile, but by now the bytes are signed: the fault is the content's.
    if (error instanceof CardError) throw contentInvalid(error.detail);
    throw error;
  }
}

function moment(claims: cbor.CborMap, key: bigint): bigint {
  return dates.moment(claims.get(key), `claim ${key}`);
}
