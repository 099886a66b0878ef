// What is this code? Told by its shape, before anything of it is decoded (vaxcert/formats/recognise).

import { CardError } from "../errors";
import { isAscii, stripped, withoutBlanks } from "../text";
import * as around from "./around";
import * as foreign from "./foreign";
import { isWhole, PREFIX } from "./hcert";
import { isTypedOtherwise } from "./layouts";

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

// Returns for a text of the one format that the engine has; else throws, and says what it is instead.
export function recognise(text: string): void {
  const found = text.startsWith(PREFIX);
  if (found && isAscii(text)) return;
  // A shape says more than four letters do, which an insurance card may begin with as well.
  const other = found ? null : foreign.look(text);
  if (other !== null) throw unrecognised(other.reason, other.kind);
  if (isTypedOtherwise(text, PREFIX)) throw unrecognised("keyboard_layout");
  if (!found) throw unrecognised("format_unknown");
}

function unrecognised(reason: string, kind = ""): CardError {
  return new CardError("format", reason, kind, true);
}
