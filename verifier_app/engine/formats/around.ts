// What readers, scanners, mail programs and editors put around and into the text of a code (vaxcert/formats/around).

import { isAscii } from "../text";

// Control characters, a soft hyphen, and Unicode's marks of width, direction and order of bytes.
const UNSEEN = "\\x00-\\x1f\\x7f-\\x9f\\xad\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff";
const BLANKS = " \\t\\xa0";
// A mail's lines are quoted by the first, a table's cells by the others.
const QUOTES = ">\"'\\u201c\\u201d";
const BESIDE = `[${UNSEEN}${BLANKS}${QUOTES}]*`;
// Before a text also the symbology's identifier (ISO/IEC 15424, AIM: "]Q1"), and what zbarimg writes.
const LEAD = new RegExp(`^${BESIDE}(?:\\][A-Za-z][0-9A-Za-z])?${BESIDE}(?:QR-Code:)?${BESIDE}`);
const FRAME = new RegExp(`^[${UNSEEN}]+|[${UNSEEN}]+$`, "g");
const ENDED_BY = new RegExp(`[${UNSEEN}${QUOTES}]+$`);
const BLANKS_BEFORE = new RegExp(`^[${BLANKS}]*`);
const BLANKS_BEHIND = new RegExp(`[${BLANKS}]*$`);
const BREAKS = /\r?\n|[\r\v\f\x85\u2028\u2029]/;
const LONGEST = 20;
const QUOTED = /^(?:> ?)*>/;
// The last character of a text that ends with nothing that could be in question.
const END = /[0-9A-Z$%*+\-./:]$/;

// A text without what stood around it and, where it then begins with `prefix`, without breaks into lines: of the ways to
// put them together the first that gives something whole. `others`: beginnings of texts, in small letters, before which
// the same stands.
export async function bare(
  text: string,
  prefix: string,
  isWhole: (text: string) => Promise<boolean>,
  others: readonly string[],
): Promise<string> {
  if (text.startsWith(prefix) && END.test(text) && isAscii(text) && !/[\r\n]/.test(text)) return text;
  const framed = text.replace(FRAME, "");
  const lead = LEAD.exec(framed)![0];
  const begun = framed.slice(lead.length);
  if (!begun.startsWith(prefix)) {
    const small = begun.slice(0, LONGEST).toLowerCase();
    return lead.includes("]") || others.some((one) => small.startsWith(one)) ? begun : framed;
  }
  const lines = begun.replaceAll("\xa0", " ").split(BREAKS).map((line) => line.replace(QUOTED, ""));
  for (const way of new Set(ways(lines))) if (await isWhole(way)) return way;
  // What is whole in no way is left as it came: it is judged, and told as what it is.
  return lines.join("");
}

// How lines may belong together, the likeliest first: as they are, without empty ones, without what was added.
function ways(lines: string[]): string[] {
  const filled = lines.filter(Boolean);
  // Only as many blanks as all lines have were put there; the text's own stand where it happened to be cut.
  const indented = least(filled.slice(1).map((line) => BLANKS_BEFORE.exec(line)![0].length));
  const ended = least(filled.slice(0, -1).map((line) => BLANKS_BEHIND.exec(line)![0].length));
  const trimmed = filled.map((line, at) => {
    const begun = at ? line.slice(indented) : line;
    return at === filled.length - 1 ? begun.replace(ENDED_BY, "") : begun.slice(0, begun.length - ended);
  });
  return [lines, filled, trimmed].flatMap((some) => ["", " "].map((joint) => some.join(joint)));
}

function least(numbers: number[]): number {
  return numbers.length ? Math.min(...numbers) : 0;
}
