// Cards that are told in several codes, `shc:/C/N/…`: what a part says, and all of them put together as they come
// (vaxcert/formats/shc, vaxcert/formats/chunks).

import { CardError } from "../errors";

// A symbol of 40 parts would hold a tenth of a card each.
const MAX_PARTS = 99;
export const NUMERIC = /^(?:https?:\/\/[^ \t\n\r\f\v#]{1,300}#)?shc:\//i;
const PART = /^([1-9][0-9]{0,3})\/([1-9][0-9]{0,3})\/([0-9]+)$/;

// A part of a card, `number` of `count`.
export interface CardPart {
  readonly number: number;
  readonly count: number;
  readonly digits: string;
}

// The part that a bare text is; null for a whole card, and for other texts.
export function part(line: string): CardPart | null {
  const rest = restOf(line);
  if (rest === null || !rest.includes("/")) return null;
  const found = PART.exec(rest);
  if (found === null) throw neither();
  const [number, count] = [Number(found[1]), Number(found[2])];
  if (number > count || count > MAX_PARTS) throw new CardError("format", "part_invalid", `part ${number} of ${count}`);
  return { number, count, digits: found[3]! };
}

// The digits of a card, in the order of its parts, one on each line.
export function digitsOf(text: string): string {
  const found = new Map<number, string>();
  const counts = new Set<number>();
  for (const line of text.split("\n")) {
    const { number, count, digits } = part(line) ?? whole(line);
    counts.add(count);
    const held = found.get(number) ?? digits;
    found.set(number, held);
    if (held !== digits || counts.size > 1) throw new CardError("format", "parts_differ", "parts of different cards", true);
  }
  const numbers = Array.from({ length: [...counts][0]! }, (_, at) => at + 1);
  const missing = numbers.filter((number) => !found.has(number));
  if (missing.length) throw new CardError("format", "parts_missing", `${missing.join(", ")} / ${numbers.length}`, true);
  return numbers.map((number) => found.get(number)).join("");
}

function whole(line: string): CardPart {
  const digits = restOf(line);
  if (digits === null) throw neither();
  return { number: 1, count: 1, digits };
}

function restOf(line: string): string | null {
  const begun = NUMERIC.exec(line);
  return begun && line.slice(begun[0].length);
}

function neither(): CardError {
  return new CardError("encoding", "numeric_invalid", "neither digits nor a part of several");
}
