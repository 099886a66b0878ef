// What is this code? Told by its shape, before anything of it is decoded (vaxcert/formats/recognise).

import { CardError } from "../errors";
import { isAscii, stripped, withoutBlanks } from "../text";
import * as around from "./around";
import type { Format } from "./base";
import * as foreign from "./foreign";
import { HCERT, isWhole, PREFIX } from "./hcert";
import { isTypedOtherwise } from "./layouts";
import { isInSmallLetters, NZCP } from "./nzcp";
import { SHC } from "./shc";

const FORMATS: readonly Format[] = [HCERT, SHC, NZCP];
// How the texts of other formats begin, in small letters.
const OTHERS = ["shc:/", "nzcp:/", '{"data":'];
// Blanks and breaks into lines are nobody's in these; of parts of a card each stays on its own line.
const CLOSE = /^(?:shc:\/|nzcp:\/|eyJ[\w-])/i;
const PARTS = /(?=shc:\/)/i;

// The text of a code without what stood around it, its lines put together.
export async function bare(text: string): Promise<string> {
  const found = await around.bare(text, PREFIX, isWhole, OTHERS);
  if (found.startsWith(PREFIX)) return found;
  const begun = stripped(found);
  return CLOSE.test(begun) ? begun.split(PARTS).filter(Boolean).map(withoutBlanks).join("\n") : begun;
}

// The format of a bare text; else throws, and says what it is instead.
export function recognise(text: string): Format {
  const found = FORMATS.find((known) => known.detect(text)) ?? null;
  if (found !== null && isAscii(text)) return found;
  // Capitals are the specification's own; small ones come of a scanner's caps lock.
  if (found === null && isInSmallLetters(text)) throw unrecognised("keyboard_layout");
  // A shape says more than four letters do, which an insurance card may begin with as well.
  const other = found === null ? foreign.look(text) : null;
  if (other !== null) throw unrecognised(other.reason, other.kind);
  if (isTypedOtherwise(text, PREFIX)) throw unrecognised("keyboard_layout");
  if (found === null) throw unrecognised("format_unknown");
  return found;
}

function unrecognised(reason: string, kind = ""): CardError {
  return new CardError("format", reason, kind, true);
}
