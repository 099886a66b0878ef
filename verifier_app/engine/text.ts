// Texts as Python has them: by code points, and with its own idea of what a blank is.

// What `str.isspace` says of (Unicode: white space by bidirectional type or category).
const BLANK = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const IS_BLANK = new RegExp(`^[${BLANK}]$`, "u");
const BLANKS = new RegExp(`[${BLANK}]+`, "gu");
const LEADING_BLANKS = new RegExp(`^[${BLANK}]+`, "u");
const TRAILING_BLANKS = new RegExp(`(?<![${BLANK}])[${BLANK}]+$`, "u");

export function isBlank(character: string): boolean {
  return IS_BLANK.test(character);
}

export function withoutBlanks(text: string): string {
  return text.replace(BLANKS, "");
}

export function withoutLeadingBlanks(text: string): string {
  return text.replace(LEADING_BLANKS, "");
}

export function stripped(text: string): string {
  return withoutLeadingBlanks(text).replace(TRAILING_BLANKS, "");
}

export function isAscii(text: string): boolean {
  return /^[\x00-\x7f]*$/.test(text);
}

// How many characters a text has, and the first so many of them.
export function length(text: string): number {
  return Array.from(text).length;
}

export function beginning(text: string, most: number): string {
  // No character has more than two units: what lies behind need not be looked at.
  return Array.from(text.slice(0, 2 * most)).slice(0, most).join("");
}
