// Names of people: as they are issued, and in A–Z and `<` (vaxcert/names).

import { TABLES, under } from "./tables";
import { isAscii, isBlank } from "./text";

const MAX_LENGTH = 80; // DCC schema 1.3.0
const UNSEEN = new RegExp(TABLES.unseen, "gu");
const REMOVED = /^[\p{Cc}\p{Cf}]$/u;
const SEPARATOR = /^[\p{Zs}\p{Zl}\p{Zp}\p{Pd}<]$/u;
const MARK_OF = /^\p{M}$/u;
const LETTER = /^[\p{L}\p{Nl}]$/u;
const MARKED_AGAIN = /[ÄÖÜÅäöüå](?=[\u0300-\u036f])/g;
const PLAIN = /^[\x20-\x7e]*$/;

// Signs of the table: a mark that did not melt into its letter, and OU or Y, which depends on the letter before.
const MARK = "\x02";
const UPSILON = "\x01";

// The name as it is issued: NFC, single spaces and none outside, nothing invisible; "" where nothing is left.
export function normalise(name: string): string {
  return seen(name).split(" ").filter(Boolean).join(" ").normalize("NFC");
}

function seen(text: string): string {
  if (PLAIN.test(text)) return text;
  const visible = Array.from(text, spaceOrVisible).join("");
  return isAscii(visible) ? visible : visible.replace(UNSEEN, "");
}

function spaceOrVisible(character: string): string {
  if (isBlank(character)) return " ";
  return REMOVED.test(character) ? "" : character;
}

// The name in A–Z and `<`, at most 80 characters (ICAO Doc 9303, part 3, section 6).
export function transliterate(name: string): string {
  let text = Array.from(name.normalize("NFC"), one).join("");
  if (text.includes(MARK) || text.includes(UPSILON)) text = carefully(name);
  return text.split("<").filter(Boolean).join("<").slice(0, MAX_LENGTH).replace(/<+$/, "");
}

function one(character: string): string {
  if (isBlank(character) || SEPARATOR.test(character)) return "<";
  if (MARK_OF.test(character)) return MARK;
  if (!LETTER.test(character)) return "";
  const capital = character.toUpperCase().normalize("NFD");
  const marked = under(TABLES.marked, capital);
  if (marked !== undefined) return marked;
  return Array.from(capital.normalize("NFKD").toUpperCase(), letter).join("");
}

function letter(capital: string): string {
  return capital >= "A" && capital <= "Z" && capital.length === 1 ? capital : (under(TABLES.letters, capital) ?? "");
}

// The transliteration of a name in which a letter depends on what stands next to it.
function carefully(name: string): string {
  const bare = name.normalize("NFC").replace(MARKED_AGAIN, (found) => found.normalize("NFD")[0]!);
  const text = Array.from(bare, one).join("").replaceAll(MARK, "");
  return text.replaceAll(`O${UPSILON}`, "OU").replaceAll(UPSILON, "Y");
}
