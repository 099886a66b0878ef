// HCERT: "HC1:" + base45(zlib(COSE_Sign1(CWT claims))) (vaxcert/formats/hcert). The claims hold a certificate under −260,
// whose own keys say in which language it is written.

import { CardError, contentInvalid } from "../errors";
import type { Certificate } from "../model";
import { length } from "../text";
import type { Opened } from "../trust/store";
import * as base45 from "../wire/base45";
import * as cbor from "../wire/cbor";
import * as cose from "../wire/cose";
import { inflate } from "../wire/deflate";
import type { Bytes } from "../wire/sealed";
import type { Format } from "./base";
import * as dates from "./dates";
import * as eudcc from "./eudcc";
import * as links from "./links";
import * as who from "./who";

export const PREFIX = "HC1:";

// The densest QR code holds 4,296 alphanumeric characters.
const MAX_TEXT = 5_000;

// CWT claim keys (RFC 8392, section 4) and the one that HCERT adds
const ISS = 1n, EXP = 4n, NBF = 5n, IAT = 6n, CTI = 7n, HCERT_CLAIM = -260n;
const EU_DCC = 1n;
const WHOS = [who.ICVP, who.DDCC, who.LINK];
// What WHO's network carries beside them: signed, and not read here.
const OTHER_CONTENTS: ReadonlyMap<unknown, string> = new Map([[4n, "who_ddcc"]]);
const PRINTABLE = /^[\x20-\x7e]*$/;

export const HCERT: Format = {
  name: "hcert",
  algorithms: new Set(["ES256", "PS256"]),
  stages: ["format", "encoding", "compression", "envelope"],
  detect: (text) => text.startsWith(PREFIX),
  unwrap: async (text) => cose.decode(await inflate(compressed(text))),
  read,
};

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
function read({ payload }: Opened): Certificate {
  const claims = decoded(payload);
  const contents = claims.get(HCERT_CLAIM);
  // A map and nothing else: the second item of an array is no content of the kind 1.
  if (!(contents instanceof cbor.CborMap) || !contents.has(EU_DCC)) return ofWho(claims, contents);
  return eudcc.read(contents.get(EU_DCC), {
    issuer: issuerOf(claims),
    issuedAt: moment(claims, IAT),
    expiresAt: moment(claims, EXP),
    notBefore: claims.has(NBF) ? moment(claims, NBF) : null,
  });
}

function ofWho(claims: cbor.CborMap, contents: cbor.Item): Certificate {
  const held = contents instanceof cbor.CborMap ? contents : new cbor.CborMap();
  const kind = WHOS.find((one) => held.has(one));
  if (kind !== undefined) {
    const container = containerOf(claims);
    if (kind === who.LINK) return who.readLink(container);
    return kind === who.ICVP ? who.readIcvp(held.get(kind), container, named(claims)) : who.readDdcc(held.get(kind), container);
  }
  const none = contents === null || !claims.has(HCERT_CLAIM);
  if (none && who.isLegacy(claims)) return who.readDdcc(claims, containerOf(claims));
  for (const [key] of held) {
    const other = OTHER_CONTENTS.get(key);
    if (other !== undefined) throw new CardError("content", "format_unsupported", other, true);
  }
  throw new CardError("content", "content_unknown", "no certificate of a known kind under claim -260");
}

// What the link says that a checked message holds in place of a certificate.
export function linkIn({ payload }: Opened): links.Link | null {
  return links.signed((decoded(payload).get(HCERT_CLAIM) as cbor.CborMap).get(who.LINK));
}

function decoded(payload: Bytes): cbor.CborMap {
  let claims;
  try {
    claims = cbor.loads(payload);
  } catch (error) {
    // The same strict profile, but by now the bytes are signed: the fault is the content's.
    if (error instanceof CardError) throw contentInvalid(error.detail);
    throw error;
  }
  if (!(claims instanceof cbor.CborMap)) throw contentInvalid("the claims are no map");
  return claims;
}

// What the container itself says of a content of WHO's, which need not say it all.
function containerOf(claims: cbor.CborMap): who.ContainerClaims {
  const [issuedAt, expiresAt, notBefore] = [IAT, EXP, NBF].map((key) => (claims.has(key) ? moment(claims, key) : null));
  return { issuer: issuerOf(claims), issuedAt: issuedAt!, expiresAt: expiresAt!, notBefore: notBefore! };
}

function issuerOf(claims: cbor.CborMap): string {
  const issuer = claims.has(ISS) ? claims.get(ISS) : null;
  if (issuer !== null && typeof issuer !== "string") throw contentInvalid("claim 1 is no text");
  return issuer ?? "";
}

// The id of a certificate that the container names (CWT's `cti`), "" for none that is text.
function named(claims: cbor.CborMap): string {
  const value = claims.get(CTI);
  const text = value instanceof Uint8Array ? String.fromCharCode(...value.slice(0, 65_536)) : "";
  return PRINTABLE.test(text) ? text : "";
}

function moment(claims: cbor.CborMap, key: bigint): bigint {
  return dates.moment(claims.get(key), `claim ${key}`);
}
