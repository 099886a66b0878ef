// `Sealed`: a signed message that nobody has checked yet. Everything in it is only claimed.

export type Algorithm = "ES256" | "PS256";

export interface Sealed {
  readonly signingInput: Bytes;
  readonly payload: Bytes;
  readonly signature: Bytes;
  // A hint at best.
  readonly kid: Bytes | null;
  // What the signed and the unsigned header name: as JOSE has it, else in a form that equals no key's algorithm.
  readonly alg: string | null;
  readonly algUnprotected: string | null;
  // Who the card says it is from, in formats whose keys are an issuer's own: of others no key is tried.
  readonly issuer: string;
}

export type Bytes = Uint8Array<ArrayBuffer>;

export function hex(data: Uint8Array): string {
  return Array.from(data, (one) => one.toString(16).padStart(2, "0")).join("");
}
