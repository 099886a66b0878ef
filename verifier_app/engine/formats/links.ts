// Links to health documents (vaxcert/formats/links): decoded and shown, and never followed. Their key is never shown.

import { momentText } from "../calendar";
import { CardError } from "../errors";
import { printable } from "../names";
import { beginning, stripped } from "../text";
import { CborMap, type Item } from "../wire/cbor";
import { decode } from "../wire/base64url";
import { loads, NotJson, type Json } from "../wire/jsontext";
import * as dates from "./dates";

export interface Link {
  readonly address: string;
  readonly label: string;
  readonly flags: string;
  readonly expires_at: string | null;
}

// White space is that of ASCII, which a browser's `\s` is more than.
const LINK = /^(?:https?:\/\/[^ \t\n\r\f\v#]{1,300}#)?(?:shlink|vhlink):\/([A-Za-z0-9_=-]{1,4000})$/i;
const LABEL = 80, FLAGS = 8;
const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:/;
const AROUND = /^[\x00-\x20]+/;

// What a link's text says; null for another text, or one that cannot be read.
export function read(text: string): Link | null {
  const inside = LINK.exec(stripped(text))?.[1];
  const data = inside === undefined ? null : decode(inside.replace(/=+$/, ""));
  if (data === null) return null;
  try {
    const said = loads(data);
    return said instanceof Map ? of(said) : null;
  } catch (error) {
    if (error instanceof NotJson) return null;
    throw error;
  }
}

// What the link says that stands in a signed message in place of a certificate: its text or its members, in an object or
// in a list of them; null where it says nothing.
export function signed(content: Item): Link | null {
  const one = Array.isArray(content) && content.length ? content[0] : content;
  const inside = one instanceof CborMap && typeof one.get("u") === "string" ? one.get("u") : one;
  if (typeof inside === "string") return read(inside);
  return inside instanceof CborMap ? of(inside) : null;
}

interface Members {
  get(name: string): Json | Item | undefined;
}

// What the members of a link say; null where it points nowhere.
function of(said: Members): Link | null {
  const url = said.get("url");
  const host = typeof url === "string" ? hostOf(url) : "";
  if (!host) return null;
  return {
    address: printable(host),
    label: text(said.get("label"), LABEL),
    flags: text(said.get("flag"), FLAGS),
    expires_at: end(said.get("exp")),
  };
}

// As the library takes an address apart: a browser would make another of one that is none.
function hostOf(url: string): string {
  const bare = url.replace(AROUND, "").replace(/[\t\r\n]/g, "");
  const rest = bare.replace(SCHEME, "");
  if (!rest.startsWith("//")) return "";
  const netloc = /^\/\/([^/?#]*)/.exec(rest)![1]!;
  if (netloc.includes("[") !== netloc.includes("]")) return "";
  const place = netloc.slice(netloc.lastIndexOf("@") + 1);
  const bracketed = place.indexOf("[");
  const host = bracketed < 0 ? place.split(":", 1)[0]! : place.slice(bracketed + 1).split("]", 1)[0]!;
  const zone = host.indexOf("%");
  return zone < 0 ? host.toLowerCase() : host.slice(0, zone).toLowerCase() + host.slice(zone);
}

function end(value: Json | Item | undefined): string | null {
  try {
    return momentText({ utc: dates.moment(value, "exp"), offset: 0 });
  } catch (error) {
    if (error instanceof CardError) return null;
    throw error;
  }
}

function text(value: Json | Item | undefined, most: number): string {
  return typeof value === "string" ? printable(beginning(value, most)) : "";
}
