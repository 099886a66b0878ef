// COSE_Sign1 (RFC 9052, section 4.2). The two headers are never merged, so an algorithm in the unsigned one cannot pass
// for a signed one.

import { CardError } from "../errors";
import * as cbor from "./cbor";
import type { Algorithm, Bytes, Sealed } from "./sealed";

// Header labels: RFC 9052, section 3.1, table 3
const ALG = 1n, CRIT = 2n, KID = 4n;
// RFC 9053, section 2.1, and RFC 8230, section 2
const NAMES: ReadonlyMap<bigint, Algorithm> = new Map([[-7n, "ES256"], [-37n, "PS256"]]);

const CONTEXT = new TextEncoder().encode("Signature1");

function invalid(detail: string): CardError {
  return new CardError("envelope", "cose_invalid", detail);
}

// The message in `data`, tagged as COSE_Sign1, as a CWT around one, or untagged.
export function decode(data: Bytes): Sealed {
  let message = cbor.loads(data);
  while (message instanceof cbor.Tag) message = message.item;
  if (!Array.isArray(message) || message.length !== 4) throw invalid("not a COSE_Sign1 array of four");
  const [protectedHeader, unprotected, payload, signature] = message;
  if (!isBytes(protectedHeader) || !isBytes(payload) || !isBytes(signature)) {
    throw invalid("an item that is no byte string");
  }
  if (!(unprotected instanceof cbor.CborMap)) throw invalid("a header that is no map");
  const header = protectedHeader.length ? cbor.loads(protectedHeader) : new cbor.CborMap();
  if (!(header instanceof cbor.CborMap)) throw invalid("a header that is no map");
  const signed = read(header);
  const unsigned = read(unprotected);
  return {
    signingInput: signingInput(protectedHeader, payload),
    payload,
    signature,
    kid: signed.kid ?? unsigned.kid,
    alg: signed.alg,
    algUnprotected: unsigned.alg,
    issuer: "",
  };
}

function isBytes(item: cbor.Item): item is Bytes {
  return item instanceof Uint8Array;
}

function read(header: cbor.CborMap): { alg: string | null; kid: Bytes | null } {
  // RFC 9052, section 3.1: what is critical and not understood makes the message invalid.
  if (header.has(CRIT)) throw invalid("a critical header that is not understood");
  const kid = header.has(KID) ? header.get(KID) : null;
  if (kid !== null && !isBytes(kid)) throw invalid("a key id that is no byte string");
  return { alg: header.has(ALG) ? algorithm(header.get(ALG)) : null, kid };
}

function algorithm(label: cbor.Item): string | null {
  if (label === null) return null;
  if (typeof label !== "bigint") return "COSE algorithm that is no integer";
  return NAMES.get(label) ?? `COSE ${label}`;
}

// The Sig_structure over which the signature is made (RFC 9052, section 4.4), no external data.
function signingInput(protectedHeader: Bytes, payload: Bytes): Bytes {
  // The same section: a header without parameters is signed as an empty string.
  const header = protectedHeader.length === 1 && protectedHeader[0] === 0xa0 ? new Uint8Array() : protectedHeader;
  const parts = [[0x84, 0x60 | CONTEXT.length], CONTEXT, head(header.length), header, [0x40], head(payload.length), payload];
  return Uint8Array.from(parts.flatMap((part) => Array.from(part)));
}

// The head of a byte string (RFC 8949, section 3); what is inflated is no longer than 65,536 bytes.
function head(length: number): number[] {
  if (length < 24) return [0x40 | length];
  return length < 256 ? [0x58, length] : [0x59, length >> 8, length & 0xff];
}
