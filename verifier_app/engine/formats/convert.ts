// Decoded CBOR as the fields of a structure, with the words that the library has for what does not fit: a type and the
// path to it (`$.v[0].dn`), never the value.

import { contentInvalid } from "../errors";
import { CborMap, Simple, Tag, type Item } from "../wire/cbor";

// What may stand in a field, as it is told.
export type Type = "str" | "str | null" | "int | float" | "int | float | str" | "object" | "array | null";
export interface Field {
  readonly type: Type;
  readonly required: boolean;
  // Where it holds structures.
  readonly of?: Structure;
}
export type Structure = ReadonlyMap<string, Field>;
export type Fields = ReadonlyMap<string, Item>;

// The fields of a structure that an item has; keys that it does not know are left out.
export function convert(item: Item, structure: Structure, path = "$"): Fields {
  if (!(item instanceof CborMap)) throw expected("object", item, path);
  const fields = new Map<string, Item>();
  for (const [key, value] of item) {
    if (typeof key !== "string") throw contentInvalid(`Expected \`str\` - at \`key\` in \`${path}\``);
    const field = structure.get(key);
    if (field === undefined) continue;
    check(value, field, `${path}.${key}`);
    fields.set(key, value);
  }
  for (const [key, field] of structure) {
    if (field.required && !fields.has(key)) {
      throw contentInvalid(`Object missing required field \`${key}\`${path === "$" ? "" : ` - at \`${path}\``}`);
    }
  }
  return fields;
}

function check(value: Item, field: Field, path: string): void {
  if (!field.type.split(" | ").includes(kindOf(value))) throw expected(field.type, value, path);
  if (field.of === undefined) return;
  if (Array.isArray(value)) value.forEach((one, at) => convert(one, field.of!, `${path}[${at}]`));
  else if (value !== null) convert(value, field.of, path);
}

function expected(type: string, value: Item, path: string) {
  return contentInvalid(`Expected \`${type}\`, got \`${kindOf(value)}\`${path === "$" ? "" : ` - at \`${path}\``}`);
}

function kindOf(value: Item): string {
  if (value === null) return "null";
  if (value === undefined) return "cbor2.UndefinedType";
  if (value instanceof Uint8Array) return "bytes";
  if (value instanceof CborMap) return "object";
  if (value instanceof Tag) return "cbor2.CBORTag";
  if (value instanceof Simple) return "cbor2.CBORSimpleValue";
  if (Array.isArray(value)) return "array";
  return { bigint: "int", number: "float", string: "str", boolean: "bool" }[typeof value as "bigint"];
}
