// JSON (RFC 8259) that nobody has vouched for yet, as the library reads it (vaxcert/wire/jsontext): `JSON.parse` takes the
// last of two equal names, and tells 1 from 1.0 no more.

import type { Bytes } from "./sealed";

// Whole numbers are bigint, those with decimals or an exponent number; objects are maps in their own order.
export type Json = string | bigint | number | boolean | null | Json[] | JsonObject;
export type JsonObject = Map<string, Json>;

// What is no such text. `detail`: what it is about, where that is more than that it is no JSON.
export class NotJson extends Error {
  constructor(readonly detail = "") {
    super("not JSON");
  }
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const BLANKS = /[ \t\n\r]*/y;
const NUMBER = /(-?(?:0|[1-9][0-9]*))(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
const PLAIN = /[^"\\\x00-\x1f]*/y;
const HEX = /[0-9A-Fa-f]{4}/y;
const WORD = /true|false|null|NaN|-?Infinity/y;
const WORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };
const ESCAPED: Readonly<Record<string, string>> = {
  '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t",
};
const MAX_DEPTH = 900;
const MAX_DIGITS = 1_000;
const HALF = /\p{Surrogate}/u;

// The one value that `data` holds. Throws `NotJson`.
export function loads(data: Bytes): Json {
  let text;
  try {
    text = UTF8.decode(data);
  } catch {
    throw new NotJson();
  }
  return read(text);
}

// The same of a text.
export function read(text: string): Json {
  return new Reader(text).whole();
}

class Reader {
  private at = 0;
  private halved = false;

  constructor(private readonly text: string) {}

  whole(): Json {
    const value = this.value(0);
    this.blanks();
    // Half of a character that takes two is no text.
    if (this.at !== this.text.length || this.halved) throw new NotJson();
    return value;
  }

  private value(depth: number): Json {
    this.blanks();
    switch (this.text[this.at]) {
      case "{":
        return this.object(deeper(depth));
      case "[":
        return this.array(deeper(depth));
      case '"':
        return this.string();
    }
    const word = this.take(WORD)?.[0];
    if (word === undefined) return this.number();
    if (!Object.hasOwn(WORDS, word)) throw new NotJson("no number of JSON's");
    return WORDS[word]!;
  }

  private object(depth: number): JsonObject {
    const found: JsonObject = new Map();
    let names = 0;
    if (!this.opens("}")) {
      do {
        this.blanks();
        if (this.text[this.at] !== '"') throw new NotJson();
        const name = this.string();
        this.blanks();
        if (this.text[this.at++] !== ":") throw new NotJson();
        found.set(name, this.value(depth));
        names++;
      } while (this.goesOn("}"));
    }
    if (found.size !== names) throw new NotJson("a name twice in one object");
    return found;
  }

  private array(depth: number): Json[] {
    const found: Json[] = [];
    if (!this.opens("]")) {
      do found.push(this.value(depth));
      while (this.goesOn("]"));
    }
    return found;
  }

  // Steps over what opens a value that holds others; whether it ends at once.
  private opens(end: string): boolean {
    this.at++;
    this.blanks();
    if (this.text[this.at] !== end) return false;
    this.at++;
    return true;
  }

  private goesOn(end: string): boolean {
    this.blanks();
    const sign = this.text[this.at++];
    if (sign !== "," && sign !== end) throw new NotJson();
    return sign === ",";
  }

  private string(): string {
    let found = "";
    this.at++;
    for (;;) {
      found += this.take(PLAIN)![0];
      const sign = this.text[this.at++];
      if (sign === '"') {
        this.halved ||= HALF.test(found);
        return found;
      }
      if (sign !== "\\") throw new NotJson();
      const escaped = this.text[this.at++] ?? "";
      if (escaped === "u") {
        const code = this.take(HEX)?.[0];
        if (code === undefined) throw new NotJson();
        found += String.fromCharCode(parseInt(code, 16));
      } else {
        if (!Object.hasOwn(ESCAPED, escaped)) throw new NotJson();
        found += ESCAPED[escaped]!;
      }
    }
  }

  private number(): bigint | number {
    const found = this.take(NUMBER);
    if (found === null) throw new NotJson();
    const [whole, integer, decimals, exponent] = found;
    if (decimals === undefined && exponent === undefined) {
      if (integer!.length > MAX_DIGITS) throw new NotJson("a number beyond all bounds");
      return BigInt(whole);
    }
    const number = Number(whole);
    if (!Number.isFinite(number)) throw new NotJson("a number beyond all bounds");
    return number;
  }

  private blanks(): void {
    this.take(BLANKS);
  }

  private take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found !== null) this.at = pattern.lastIndex;
    return found;
  }
}

function deeper(depth: number): number {
  if (depth >= MAX_DEPTH) throw new NotJson("nested too deeply");
  return depth + 1;
}
