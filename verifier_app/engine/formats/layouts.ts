// Texts that a hand scanner typed for a keyboard which the device does not have (vaxcert/formats/layouts).

import { TABLES } from "../tables";
import { beginning, isAscii, length } from "../text";

// Shorter than any card, so that a word which happens to begin so is no scanner's fault.
const LEAST = 60;
const BEGINNINGS = new RegExp(`^(?:${TABLES.layouts})`, "u");
const STRANGE = /[\p{L}\p{M}]/u;

// One letter that does not belong is damage, several are a keyboard.
export function isTypedOtherwise(text: string, prefix: string): boolean {
  if (text.startsWith(prefix)) return !isAscii(text) && strangeLetters(text) > 2;
  return length(text) >= LEAST && BEGINNINGS.test(beginning(text, 8).normalize("NFC").toUpperCase());
}

function strangeLetters(text: string): number {
  return Array.from(text).filter((character) => character > "\x7f" && STRANGE.test(character)).length;
}
