// Base45 (RFC 9285), strict: no other character, no dangling one, no group above its range.

import { CardError } from "../errors";
import type { Bytes } from "./sealed";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"; // RFC 9285, table 1
const VALUES = new Int8Array(128).fill(-1);
for (const [value, character] of Array.from(ALPHABET).entries()) VALUES[character.charCodeAt(0)] = value;

function invalid(detail: string): CardError {
  return new CardError("encoding", "base45_invalid", detail);
}

export function decode(text: string): Bytes {
  const values = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const value = code < 128 ? VALUES[code]! : -1;
    if (value < 0) throw invalid("a character outside the alphabet");
    values[at] = value;
  }
  const tail = values.length % 3;
  if (tail === 1) throw invalid("a dangling character");
  const out = new Uint8Array(((values.length - tail) / 3) * 2 + (tail ? 1 : 0));
  let to = 0;
  for (let at = 0; at + 1 < values.length; at += 3) {
    const whole = at + 2 < values.length;
    const number = values[at]! + 45 * values[at + 1]! + (whole ? 2025 * values[at + 2]! : 0);
    if (number > (whole ? 0xffff : 0xff)) throw invalid("a group above its range");
    if (whole) out[to++] = number >> 8;
    out[to++] = number & 0xff;
  }
  return out;
}
