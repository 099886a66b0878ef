// JSON Web Signature, compact (RFC 7515, section 7.1; vaxcert/wire/jws). Keys and certificates that a token brings along are
// nobody's word for anything.

import { CardError } from "../errors";
import { decode as base64url } from "./base64url";
import { loads, NotJson, type Json, type JsonObject } from "./jsontext";
import type { Sealed } from "./sealed";

const MAX_HEADER = 16_000;
const UTF8 = new TextEncoder();

export interface Token {
  readonly sealed: Sealed;
  // What the header says that the payload is compressed with, or null.
  readonly zip: string | null;
}

export function invalid(detail: string): CardError {
  return new CardError("envelope", "jws_invalid", detail);
}

// The token in a text. Its payload is as it was signed, compressed where the header says so.
export function decode(text: string): Token {
  const parts = text.split(".");
  if (parts.length !== 3) throw invalid("not three parts");
  const [head, body, tail] = parts as [string, string, string];
  if (head.length > MAX_HEADER) throw invalid("a header that is too long");
  const header = headerOf(head);
  const [payload, signature] = [base64url(body), base64url(tail)];
  if (header === undefined || payload === null || signature === null) {
    throw invalid("a part that is no base64url, or a header that is no JSON");
  }
  if (!(header instanceof Map)) throw invalid("a header that is no object");
  // RFC 7515, section 4.1.11: what is critical and not understood makes the token invalid.
  if (header.has("crit")) throw invalid("a critical header that is not understood");
  const [alg, kid, zip] = ["alg", "kid", "zip"].map((name) => textOf(header, name)) as [string | null, string | null, string | null];
  if (alg === null) throw invalid("no algorithm");
  const signingInput = UTF8.encode(`${head}.${body}`);
  return { sealed: { signingInput, payload, signature, kid: kid === null ? null : UTF8.encode(kid), alg, algUnprotected: null, issuer: "" }, zip };
}

// What a token's first part says; undefined for what is no header.
export function headerOf(head: string): Json | undefined {
  const data = base64url(head);
  if (data === null) return undefined;
  try {
    return loads(data);
  } catch (error) {
    if (error instanceof NotJson) return undefined;
    throw error;
  }
}

function textOf(header: JsonObject, name: string): string | null {
  const value = header.get(name) ?? null;
  if (value !== null && typeof value !== "string") throw invalid(`${name} is no text`);
  return value;
}
