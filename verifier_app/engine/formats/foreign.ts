// Codes that are none of ours, told by how their text begins. Nothing of them is decoded, and none is a forgery
// (vaxcert/formats/foreign, whose shapes these are).

import { TABLES, type Shape } from "../tables";
import { beginning, length, withoutLeadingBlanks } from "../text";

const BEGINNING = 300;
const MOST = 70_000;

const SHAPES = TABLES.foreign.map((shape) => ({
  ...shape,
  // Only members of a JSON object are looked for everywhere: they have no order.
  pattern: new RegExp(shape.where === "object" ? shape.pattern : `^(?:${shape.pattern})`, "i"),
}));

// What a text is that is none of ours, or null where no shape fits.
export function look(text: string): Pick<Shape, "kind" | "reason"> | null {
  if (length(text) > MOST) return null;
  const bare = withoutLeadingBlanks(text);
  const begun = beginning(bare, BEGINNING);
  for (const shape of SHAPES) {
    if (shape.where === "object" && !bare.startsWith("{")) continue;
    if (shape.pattern.test(shape.where === "object" ? bare : begun)) return shape;
  }
  return null;
}
