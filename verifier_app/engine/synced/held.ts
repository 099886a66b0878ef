// What is revoked, out of the files that a publisher makes for pages (vaxcert/trust/publishing/pages): a base, then what
// each day changed. And what an earlier publication said that this one does not: nothing withdrawn is forgotten.

import { SyncError } from "../errors";
import { includes, KINDS, numberAt, SIZE, type Kind, type Lists } from "../trust/revocation";
import type { Bytes } from "../wire/sealed";
import { bytes } from "./metadata";

const HEAD = 2 * KINDS.length * 4;
const NAME = /^(\d{8})-(base|\d{4}-\d\d-\d\d)\.bin$/;

// An entry that a publication lost: it holds on, with the number of the last one that had it.
export interface Kept {
  readonly kind: Kind;
  readonly hash: bigint;
  readonly number: number;
}

// Of each kind what is added and taken away, sorted.
type Change = ReadonlyMap<Kind, readonly [BigUint64Array, BigUint64Array]>;

function change(content: Bytes, name: string): Change {
  const wrong = () => new SyncError("not_authentic", `${name}: not sorted, or cut short`);
  if (content.length < HEAD) throw wrong();
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  let at = HEAD;
  const side = (place: number): BigUint64Array => {
    const length = view.getUint32(place * 4);
    if (at + length * SIZE > content.length) throw wrong();
    const list = new BigUint64Array(length);
    for (let one = 0; one < length; one++, at += SIZE) {
      list[one] = view.getBigUint64(at);
      if (one && list[one]! <= list[one - 1]!) throw wrong();
    }
    return list;
  };
  const found = new Map(KINDS.map((kind, place) => [kind, [side(2 * place), side(2 * place + 1)] as const]));
  if (at !== content.length) throw wrong();
  return found;
}

// What is revoked after all of the files, in their order. `held`: kinds that the publisher has for pages; `number`: of
// the publication. Throws `SyncError` where that is not what a publisher makes.
export function folded(held: readonly string[], names: readonly string[], contents: readonly Bytes[], number: number): Lists {
  names.forEach((name, place) => {
    const found = NAME.exec(name);
    if (!found || (found[2] === "base") !== (place === 0) || Number(found[1]) > number) {
      throw new SyncError("not_authentic", "not the name of a list for pages, or one of a publication still to come");
    }
  });
  if (!names.length) throw new SyncError("not_authentic", "no list of what is revoked");
  const changes = contents.map((content, place) => change(content, names[place]!));
  const kinds = KINDS.filter((kind) => held.includes(kind));
  return new Map(kinds.map((kind) => [kind, changes.map((one) => one.get(kind)!).reduce(changed, NONE)]));
}

const NONE = new BigUint64Array();

function changed(before: BigUint64Array, [added, removed]: readonly [BigUint64Array, BigUint64Array]): BigUint64Array {
  if (!before.length) return added;
  if (!added.length && !removed.length) return before;
  const left = removed.length ? before.filter((one) => !includes(removed, one)) : before;
  return joined(left, added.filter((one) => !includes(left, one)));
}

function joined(one: BigUint64Array, other: BigUint64Array): BigUint64Array {
  const all = new BigUint64Array(one.length + other.length);
  all.set(one);
  all.set(other, one.length);
  return all.sort();
}

// With what was kept of earlier publications.
export function withKept(lists: Lists, kept: readonly Kept[]): Lists {
  const missing = (kind: Kind, list: BigUint64Array) =>
    BigUint64Array.from(new Set(kept.filter((one) => one.kind === kind && !includes(list, one.hash)).map(({ hash }) => hash)));
  return new Map([...lists].map(([kind, list]) => [kind, joined(list, missing(kind, list))]));
}

// What an earlier publication had, of that number, and was kept there, that the new one neither has nor has taken back.
export function lost(
  before: { readonly lists: Lists; readonly kept: readonly Kept[]; readonly number: number },
  now: Lists,
  reinstated: readonly (readonly [string, string, number])[],
): Kept[] {
  const back = new Map(reinstated.map(([kind, hash, number]) => [`${kind} ${numberAt(bytes(hash), 0)}`, number]));
  const found = before.kept.filter(({ kind, hash }) => now.has(kind) && !includes(now.get(kind)!, hash));
  for (const [kind, list] of before.lists) {
    const there = now.get(kind);
    if (there === undefined) continue;
    for (const hash of list) if (!includes(there, hash)) found.push({ kind, hash, number: before.number });
  }
  return found.filter(({ kind, hash, number }) => (back.get(`${kind} ${hash}`) ?? -1) <= number);
}

const KEPT = 1 + SIZE + 4;

export function packed(kept: readonly Kept[]): Bytes {
  const content = new Uint8Array(kept.length * KEPT);
  const view = new DataView(content.buffer);
  kept.forEach(({ kind, hash, number }, place) => {
    view.setUint8(place * KEPT, KINDS.indexOf(kind));
    view.setBigUint64(place * KEPT + 1, hash);
    view.setUint32(place * KEPT + 1 + SIZE, number);
  });
  return content;
}

export function unpacked(content: Bytes): Kept[] {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  return Array.from({ length: Math.floor(content.length / KEPT) }, (_, place) => ({
    kind: KINDS[view.getUint8(place * KEPT)]!,
    hash: view.getBigUint64(place * KEPT + 1),
    number: view.getUint32(place * KEPT + 1 + SIZE),
  }));
}
