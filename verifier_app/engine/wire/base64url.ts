// base64url without padding (RFC 4648, section 5; RFC 7515, section 2): strictly read.

import type { Bytes } from "./sealed";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const VALUES = new Map(Array.from(ALPHABET, (character, value) => [character, value]));

// The bytes of a text, or null for other characters, padding, a dangling one, and bits beyond the last byte: those would
// give one message several texts.
export function decode(text: string): Bytes | null {
  return inSteps(text, VALUES, 6);
}

// Characters of so many bits each as bytes, or null where they are not exactly so many whole bytes.
export function inSteps(text: string, values: ReadonlyMap<string, number>, step: number): Bytes | null {
  const out = new Uint8Array(Math.floor((text.length * step) / 8));
  let bits = 0;
  let held = 0;
  let to = 0;
  for (const character of text) {
    const value = values.get(character);
    if (value === undefined) return null;
    bits = ((bits << step) | value) & 0xfff;
    held += step;
    if (held >= 8) {
      held -= 8;
      out[to++] = (bits >> held) & 0xff;
    }
  }
  return held < step && (bits & ((1 << held) - 1)) === 0 ? out : null;
}
