// What has been withdrawn: sorted hashes of ids, signatures and sites (vaxcert/trust/revocation). Withdrawn keys are
// marked so in the list of keys.

import { TrustError } from "../errors";
import type { Algorithm, Bytes, Sealed } from "../wire/sealed";
import { base64, type Bundle, type RevocationKind } from "./bundle";

const SIZE = 16;
const KINDS: readonly RevocationKind[] = ["uci", "country_uci", "signature", "site"];
const UTF8 = new TextEncoder();

export class Revocations {
  private readonly lists: ReadonlyMap<RevocationKind, Bytes>;

  constructor(given: NonNullable<Bundle["revocations"]>) {
    this.lists = new Map(KINDS.map((kind) => [kind, sorted(base64(given[kind], `revocations, ${kind}`), kind)]));
  }

  // Whether anything of a kind is listed, so that nobody hashes for nothing.
  holds(kind: RevocationKind): boolean {
    return this.lists.get(kind)!.length > 0;
  }

  has(kind: RevocationKind, wanted: Uint8Array): boolean {
    const list = this.lists.get(kind)!;
    let low = 0;
    let high = list.length / SIZE;
    while (low < high) {
      const middle = (low + high) >> 1;
      const order = compare(list, middle * SIZE, wanted, 0);
      if (order === 0) return true;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return false;
  }
}

function sorted(list: Bytes, kind: string): Bytes {
  if (list.length % SIZE) throw new TrustError(`revocations, ${kind}: cut short`);
  for (let at = SIZE; at < list.length; at += SIZE) {
    if (compare(list, at - SIZE, list, at) >= 0) {
      throw new TrustError(`revocations, ${kind}: not sorted, so not everything in it would be found`);
    }
  }
  return list;
}

function compare(one: Uint8Array, at: number, other: Uint8Array, otherAt: number): number {
  for (let octet = 0; octet < SIZE; octet++) {
    const difference = one[at + octet]! - other[otherAt + octet]!;
    if (difference) return difference;
  }
  return 0;
}

async function digest(data: Bytes): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data)).subarray(0, SIZE);
}

export function ofText(text: string): Promise<Uint8Array> {
  return digest(UTF8.encode(text));
}

// Of what no forger can change of a signature: r of ECDSA, for (r, n − s) is as good as (r, s), and all of RSA's.
export function ofSignature({ signature }: Sealed, algorithm: Algorithm): Promise<Uint8Array> {
  return digest(algorithm === "ES256" ? signature.slice(0, signature.length >> 1) : signature);
}
