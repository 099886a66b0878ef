// What has been withdrawn: sorted hashes of ids, signatures, sites and keys (vaxcert/trust/revocation), cut to 8 bytes.
// Withdrawn keys are marked so in the list of keys too.

import { TrustError } from "../errors";
import type { Algorithm, Bytes, Sealed } from "../wire/sealed";
import { base64, type Bundle, type RevocationKind } from "./bundle";

// Of a hash as the library has it, and as it is held here: among a million entries one card in 10^13 is taken for
// another that is revoked, and none the other way.
const WHOLE = 16;
export const SIZE = 8;
export type Kind = RevocationKind | "key";
export const KINDS: readonly Kind[] = ["uci", "country_uci", "signature", "site", "key"];
const OF_CARDS: readonly Kind[] = ["uci", "country_uci", "signature", "site"];
const UTF8 = new TextEncoder();

// Hashes of each kind as numbers, sorted.
export type Lists = ReadonlyMap<Kind, BigUint64Array>;

export class Revocations {
  // Whether all kinds are held: of the others nothing is known of any card.
  readonly isWhole: boolean;

  constructor(private readonly lists: Lists) {
    this.isWhole = OF_CARDS.every((kind) => lists.has(kind));
  }

  // Of the value that vaxcert/bundle makes.
  static of(given: NonNullable<Bundle["revocations"]>): Revocations {
    const kinds = OF_CARDS as readonly RevocationKind[];
    return new Revocations(new Map(kinds.map((kind) => [kind, sorted(base64(given[kind], `revocations, ${kind}`), kind)])));
  }

  // Whether anything of a kind is listed, so that nobody hashes for nothing.
  holds(kind: Kind): boolean {
    return (this.lists.get(kind)?.length ?? 0) > 0;
  }

  has(kind: Kind, wanted: Uint8Array): boolean {
    return includes(this.lists.get(kind) ?? NONE, numberAt(wanted, 0));
  }

  count(): number {
    return [...this.lists.values()].reduce((sum, list) => sum + list.length, 0);
  }
}

const NONE = new BigUint64Array();

export function includes(list: BigUint64Array, wanted: bigint): boolean {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const found = list[middle]!;
    if (found === wanted) return true;
    if (found < wanted) low = middle + 1;
    else high = middle;
  }
  return false;
}

export function numberAt(data: Uint8Array, at: number): bigint {
  return new DataView(data.buffer, data.byteOffset, data.byteLength).getBigUint64(at);
}

function sorted(list: Bytes, kind: string): BigUint64Array {
  if (list.length % WHOLE) throw new TrustError(`revocations, ${kind}: cut short`);
  for (let at = WHOLE; at < list.length; at += WHOLE) {
    if (compare(list, at - WHOLE, at) >= 0) {
      throw new TrustError(`revocations, ${kind}: not sorted, so not everything in it would be found`);
    }
  }
  return BigUint64Array.from({ length: list.length / WHOLE }, (_, place) => numberAt(list, place * WHOLE));
}

function compare(list: Uint8Array, at: number, other: number): number {
  for (let octet = 0; octet < WHOLE; octet++) {
    const difference = list[at + octet]! - list[other + octet]!;
    if (difference) return difference;
  }
  return 0;
}

async function digest(data: Bytes): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
}

export function ofText(text: string): Promise<Uint8Array> {
  return digest(UTF8.encode(text));
}

// The hash of the certificate's id that a health card carries in place of it; null for what is none.
export function ofRid(rid: string): Bytes | null {
  if (rid.length !== 22) return null;
  return base64(rid.replaceAll("-", "+").replaceAll("_", "/"), "a revocation id");
}

// Of what no forger can change of a signature: r of ECDSA, for (r, n − s) is as good as (r, s), and all of RSA's.
export function ofSignature({ signature }: Sealed, algorithm: Algorithm): Promise<Uint8Array> {
  return digest(algorithm === "ES256" ? signature.slice(0, signature.length >> 1) : signature);
}

// Of a public key, as its entry has it.
export function ofKey(spki: string): Promise<Uint8Array> {
  return digest(base64(spki, "a key"));
}
