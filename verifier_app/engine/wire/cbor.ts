// A strict profile of CBOR (RFC 8949) for input that nobody has vouched for yet: the library's, item by item.
//
// Heads and strings are read by `cbor2`; what is built of them, and how deep, is ours, since a general decoder takes 1.0
// for 1, the last of two equal keys, and a break for a value.

import { SequenceEvents } from "cbor2/decoder";

import { CardError } from "../errors";
import { hex, type Bytes } from "./sealed";

// Arrays, maps and tags within one another. An empty array or map of a stated length holds nothing, and is no level.
const MAX_DEPTH = 16;
const CWT = 61;
const COSE_SIGN1 = 18;

const UNSIGNED = 0, NEGATIVE = 1, BYTES = 2, TEXT = 3, ARRAY = 4, MAP = 5, TAG = 6;
const HALF = 25, INDEFINITE = 31;
const FALSE = 20, TRUE = 21, NULL = 22, UNDEFINED = 23;

// Integers are bigint, floats are number. A map's keys are integers, texts or byte strings, each by itself alone.
export type Item = bigint | number | string | boolean | null | undefined | Bytes | Item[] | CborMap | Tag | Simple;

export class Tag {
  constructor(
    readonly number: number,
    readonly item: Item,
  ) {}
}

export class Simple {
  constructor(readonly value: number) {}
}

export type Key = bigint | string | Bytes;

// A map in its own order.
export class CborMap {
  private readonly held = new Map<string, [Key, Item]>();

  get size(): number {
    return this.held.size;
  }

  has(key: Key): boolean {
    return this.held.has(name(key));
  }

  get(key: Key): Item {
    return this.held.get(name(key))?.[1];
  }

  // False where the key is there already.
  add(key: Key, item: Item): boolean {
    const named = name(key);
    if (this.held.has(named)) return false;
    this.held.set(named, [key, item]);
    return true;
  }

  [Symbol.iterator](): IterableIterator<[Key, Item]> {
    return this.held.values();
  }
}

function name(key: Key): string {
  if (typeof key === "bigint") return `i${key}`;
  return typeof key === "string" ? `t${key}` : `b${hex(key)}`;
}

class Malformed extends Error {}

// The one item that `data` holds, and nothing behind it.
export function loads(data: Bytes): Item {
  try {
    const reader = new Reader(data);
    const item = reader.item(0);
    if (reader.next() === undefined) return item;
  } catch {
    // Of what a decoder says nothing is told on: it may quote what it read.
  }
  throw new CardError("envelope", "cbor_invalid", "not exactly one well-formed item");
}

type Event = readonly [major: number, info: number, value: unknown, offset: number];

class Reader {
  private readonly events: SequenceEvents;

  constructor(private readonly data: Bytes) {
    this.events = new SequenceEvents(data);
  }

  next(): Event | undefined {
    return this.events.read() as Event | undefined;
  }

  item(depth: number): Item {
    return this.of(this.next(), depth);
  }

  private of(event: Event | undefined, depth: number): Item {
    if (event === undefined) throw new Malformed();
    const [major, info, value, offset] = event;
    switch (major) {
      case UNSIGNED:
      case NEGATIVE:
        return BigInt(value as number | bigint);
      case BYTES:
        return info === INDEFINITE ? joined(this.until() as Bytes[]) : (value as Bytes).slice();
      case TEXT:
        return info === INDEFINITE ? (this.until() as string[]).join("") : (value as string);
      case ARRAY:
        return this.array(info, Number(value), depth);
      case MAP:
        return this.map(info, Number(value), depth);
      case TAG:
        return this.tag(Number(value), depth + 1);
      default:
        // The decoder reads a half of which the last bytes are missing as if they were zeros.
        if (info === HALF && offset + 3 > this.data.length) throw new Malformed();
        return simple(info, value);
    }
  }

  // The pieces of a string in pieces; that they are of its kind, and whole, the decoder sees to.
  private until(): unknown[] {
    const pieces: unknown[] = [];
    for (;;) {
      const event = this.next();
      if (event === undefined) throw new Malformed();
      if (isBreak(event)) return pieces;
      pieces.push(event[2]);
    }
  }

  // As many events as there are items, or all to the break.
  private *several(info: number, count: number): Generator<Event> {
    for (let left = count; left > 0; left--) {
      const event = this.next();
      if (event === undefined) throw new Malformed();
      if (info === INDEFINITE && isBreak(event)) return;
      yield event;
    }
  }

  private array(info: number, count: number, depth: number): Item[] {
    const within = deeper(info, count, depth);
    const items: Item[] = [];
    for (const event of this.several(info, count)) items.push(this.of(event, within));
    return items;
  }

  private map(info: number, count: number, depth: number): CborMap {
    const within = deeper(info, count, depth);
    const map = new CborMap();
    for (const event of this.several(info, count)) {
      const key = this.of(event, within);
      if (typeof key !== "bigint" && typeof key !== "string" && !(key instanceof Uint8Array)) throw new Malformed();
      if (!map.add(key, this.item(within))) throw new Malformed();
    }
    return map;
  }

  private tag(number: number, depth: number): Item {
    if (depth > MAX_DEPTH) throw new Malformed();
    const item = this.item(depth);
    // Dates stay as they are written: the content's own reader decides what a date may look like.
    if (number === 0 && typeof item === "string") return item;
    if (number === 1 && (typeof item === "bigint" || typeof item === "number")) return item;
    if (number === COSE_SIGN1 || number === CWT) return new Tag(number, item);
    throw new Malformed();
  }
}

function deeper(info: number, count: number, depth: number): number {
  if (count === 0 && info !== INDEFINITE) return depth;
  if (depth >= MAX_DEPTH) throw new Malformed();
  return depth + 1;
}

function isBreak([major, info]: Event): boolean {
  return major === 7 && info === INDEFINITE;
}

function simple(info: number, value: unknown): Item {
  switch (info) {
    case INDEFINITE:
      throw new Malformed();
    case FALSE:
      return false;
    case TRUE:
      return true;
    case NULL:
      return null;
    case UNDEFINED:
      return undefined;
  }
  if (info > 24) return value as number;
  return new Simple(info === 24 ? (value as { value: number }).value : info);
}

function joined(pieces: Bytes[]): Bytes {
  const whole = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
