// Published keys that cards are checked against, by WebCrypto (vaxcert/trust/keys, vaxcert/trust/algorithms).

import { readMoment } from "../calendar";
import { TrustError } from "../errors";
import type { Algorithm, Bytes } from "../wire/sealed";
import { base64, type KeyEntry } from "./bundle";
import { Rids } from "./rids";

// Browsers take RSA of 1,024 and of 8,192 bits, and an exponent of 3 (HCERT 1.0.8, section 3.3.2; FIPS 186-5, 5.1).
const MIN_RSA = 2048, MAX_RSA = 4096;
const MIN_EXPONENT = 65_537n;

const ES256_SIZE = 64;
const P256 = { name: "ECDSA", namedCurve: "P-256" };
const PSS = { name: "RSA-PSS", hash: "SHA-256" };
// RFC 8230, section 2: a salt as long as the hash
const SALT = 32;

export interface TrustedKey {
  readonly kid: string;
  readonly algorithm: Algorithm;
  readonly notBefore: bigint;
  readonly notAfter: bigint;
  readonly country: string | null;
  readonly usages: ReadonlySet<string>;
  readonly formats: ReadonlySet<string>;
  readonly withdrawn: boolean;
  readonly subject: string;
  // Whose cards alone it may sign, any where "".
  readonly issuer: string;
  readonly rids: Rids;
  readonly key: CryptoKey;
  // Octets that a signature has.
  readonly size: number;
}

// The key of an entry. Throws `TrustError` for one that the library would not have listed.
export async function trustedKey(entry: KeyEntry): Promise<TrustedKey> {
  const { kid, algorithm } = entry;
  if (typeof kid !== "string" || !/^(?:[0-9a-f]{2})+$/.test(kid)) throw new TrustError("a key without an id");
  if (algorithm !== "ES256" && algorithm !== "PS256") throw new TrustError(`key ${kid}: an algorithm that is not used`);
  // A limit that was lost would be none.
  if (!Array.isArray(entry.usages) || !Array.isArray(entry.formats)) throw new TrustError(`key ${kid}: no limits`);
  const spki = base64(entry.spki, `key ${kid}`);
  const key = await imported(spki, algorithm, kid);
  return {
    kid,
    algorithm,
    notBefore: moment(entry.notBefore, kid),
    notAfter: moment(entry.notAfter, kid),
    country: entry.country ?? null,
    usages: new Set(entry.usages),
    formats: new Set(entry.formats),
    withdrawn: entry.withdrawn !== false,
    subject: String(entry.subject),
    issuer: issuerOf(entry),
    rids: new Rids(entry.rids),
    key,
    size: algorithm === "ES256" ? ES256_SIZE : await modulusSize(key, kid),
  };
}

function issuerOf({ kid, issuer = "", rids }: KeyEntry): string {
  // What was lost of an issuer's key would let in what it has withdrawn.
  if (typeof issuer !== "string" || (issuer && rids === undefined)) throw new TrustError(`key ${kid}: no issuer, or not whole`);
  return issuer;
}

async function imported(spki: Bytes, algorithm: Algorithm, kid: string): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey("spki", spki, algorithm === "ES256" ? P256 : PSS, true, ["verify"]);
  } catch {
    throw new TrustError(`key ${kid}: not a public key of its algorithm`);
  }
}

async function modulusSize(key: CryptoKey, kid: string): Promise<number> {
  const { n, e } = await crypto.subtle.exportKey("jwk", key);
  const modulus = unsigned(n!);
  const bits = modulus.toString(2).length;
  if (bits < MIN_RSA || bits > MAX_RSA) throw new TrustError(`key ${kid}: RSA of ${bits} bits`);
  if (unsigned(e!) < MIN_EXPONENT) throw new TrustError(`key ${kid}: RSA with a small exponent`);
  return Math.ceil(bits / 8);
}

function unsigned(base64url: string): bigint {
  const data = base64(base64url.replaceAll("-", "+").replaceAll("_", "/"), "RSA");
  return BigInt(`0x${Array.from(data, (one) => one.toString(16).padStart(2, "0")).join("") || "0"}`);
}

function moment(text: string, kid: string): bigint {
  const found = typeof text === "string" ? readMoment(text) : null;
  if (found === null) throw new TrustError(`key ${kid}: a date that is none`);
  return found.utc;
}

// Whether this key made a raw signature over the data: of exactly its own length, before anything else is asked.
export async function made(key: TrustedKey, signature: Bytes, data: Bytes): Promise<boolean> {
  if (signature.length !== key.size) return false;
  const scheme = key.algorithm === "ES256" ? { name: "ECDSA", hash: "SHA-256" } : { name: "RSA-PSS", saltLength: SALT };
  return crypto.subtle.verify(scheme, key.key, signature, data);
}
