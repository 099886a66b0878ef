// A publication as a device holds it, opened without a network: every signature and hash checked again, and how long it is
// good for (vaxcert/trust/synced/repository).

import { readMoment, momentText } from "../calendar";
import { SyncError, TrustError } from "../errors";
import { outlinedList, type FreshnessEntry, type PublishedList } from "../trust/bundle";
import { KINDS, Revocations, type Kind, type Lists } from "../trust/revocation";
import { Trust } from "../trust/store";
import type { Bytes } from "../wire/sealed";
import { folded, unpacked, withKept, type Kept } from "./held";
import { assureSame, hashed, object, parse, signedBy, type Metadata, type Role } from "./metadata";

export const LIST = "pages/trust.json";
export const PAGES = "pages/";
// No publisher may tell a device to go on for longer without news (vaxcert/trust/synced/listing).
const MOST_OFFLINE_HOURS = 720;
const HOUR_MICROS = 3_600_000_000n;

// As it lies in the device's storage: what was signed, as it was written, and what the device remembers besides.
export interface Publication {
  readonly metadata: Readonly<Record<Role, string>>;
  readonly files: Readonly<Record<string, Bytes>>;
  // The newest time of publication ever seen, and what earlier publications revoked and this one lost.
  readonly newest: string;
  readonly kept: Bytes;
  // SHA-256 of both: what nobody signed must not be changed by chance either.
  readonly seal: string;
}

// What stands apart from the publication, so that an older one in its place is noticed: small, and kept when it goes.
export interface Mark {
  readonly root: string;
  readonly timestamp: number;
  readonly environment: string;
}

export interface Checked {
  readonly root: Metadata;
  readonly timestamp: Metadata;
  readonly snapshot: Metadata;
  readonly targets: Metadata;
}

export interface Loaded {
  readonly trust: Trust;
  readonly metadata: Checked;
  readonly list: PublishedList;
  readonly lists: Lists;
  readonly kept: readonly Kept[];
  readonly newest: bigint;
  readonly mark: Mark;
}

export function seal(newest: string, kept: Bytes): Promise<string> {
  return hashed(new Uint8Array([...new TextEncoder().encode(newest), 0, ...kept]));
}

// All of it checked. `mark`: what the device remembers of it elsewhere, or null. Throws `SyncError`.
export async function load(held: Publication, mark: Mark | null): Promise<Loaded> {
  const metadata = await checked(outlined(held).metadata);
  if (mark !== null) await assureAhead(metadata, mark);
  const list = await listOf(held, metadata);
  if (mark !== null && mark.environment !== list.environment) throw new SyncError("environment_differs", list.environment);
  if ((await seal(held.newest, held.kept)) !== held.seal) throw new SyncError("not_authentic", "what the device remembers");
  const { number, held: kinds, files } = list.revocations;
  const contents = await Promise.all(files.map((name) => fileOf(held, PAGES + name, metadata)));
  const lists = folded(kinds, files, contents, number);
  const kept = unpacked(held.kept);
  const newest = readMoment(held.newest)?.utc ?? null;
  if (newest === null) throw new SyncError("not_authentic", "what the device remembers");
  const freshness = freshnessOf(metadata, list, newest);
  try {
    const trust = await Trust.published(list, freshness, new Revocations(withKept(lists, kept)));
    const root = metadata.root.text;
    const { version: timestamp } = metadata.timestamp;
    return { trust, metadata, list, lists, kept, newest, mark: { root, timestamp, environment: list.environment } };
  } catch (error) {
    if (error instanceof TrustError) throw new SyncError("form_unknown", error.message);
    throw error;
  }
}

// Nothing that a stop, or somebody else, has left in its place.
function outlined(held: Publication): Publication {
  const { metadata, files, newest, kept, seal: sealed } = (held ?? {}) as Partial<Publication>;
  const texts = Object.values(metadata ?? {});
  const whole =
    texts.length === 4 && texts.every((text) => typeof text === "string") && typeof files === "object" && files !== null &&
    typeof newest === "string" && kept instanceof Uint8Array && typeof sealed === "string";
  if (!whole) throw new SyncError("incomplete", "parts are missing");
  return held;
}

// The four files of metadata, each checked by those before it. That they have not expired is for whoever fetched them.
export async function checked(texts: Readonly<Record<Role, string>>): Promise<Checked> {
  const [root, timestamp, snapshot, targets] = [
    parse(texts.root, "root"), parse(texts.timestamp, "timestamp"),
    parse(texts.snapshot, "snapshot"), parse(texts.targets, "targets"),
  ];
  for (const file of [root, timestamp, snapshot, targets]) await signedBy(root, file);
  await assureNamed(timestamp, snapshot);
  await assureNamed(snapshot, targets);
  if (timestamp.publishedAt! > timestamp.expires) throw new SyncError("not_authentic", "published after its end");
  return { root, timestamp, snapshot, targets };
}

// Throws `SyncError` where one file does not name the other as it is.
export async function assureNamed(one: Metadata, other: Metadata): Promise<void> {
  const named = one.meta.get(`${other.role}.json`);
  if (named === undefined) throw new SyncError("not_authentic", `${one.role}: does not name ${other.role}`);
  if (named.version !== other.version) throw new SyncError("mixed", `${other.role}: not the version that was published`);
  await assureSame(other.role, new TextEncoder().encode(other.text), named.length, named.sha256);
}

async function assureAhead({ root, timestamp }: Checked, mark: Mark): Promise<void> {
  const before = parse(mark.root, "root");
  if (root.version < before.version) throw new SyncError("rolled_back", "root");
  if (root.version === before.version && root.text !== before.text) throw new SyncError("not_authentic", "another root");
  if (sameKeys(root, before, "timestamp") && timestamp.version < mark.timestamp) throw new SyncError("rolled_back", "timestamp");
}

export function sameKeys(one: Metadata, other: Metadata, role: Role): boolean {
  const keys = (root: Metadata) => [...root.roles.get(role)!.keyids].sort().join();
  return keys(one) === keys(other);
}

async function fileOf({ files }: Publication, name: string, { targets }: Checked): Promise<Bytes> {
  const expected = targets.targets.get(name);
  if (expected === undefined) throw new SyncError("not_there", "nothing for pages is published");
  const content = Object.hasOwn(files, name) ? files[name] : undefined;
  if (!(content instanceof Uint8Array)) throw new SyncError("incomplete", `${name}: is missing`);
  await assureSame(name, content, expected.length, expected.sha256);
  return content;
}

async function listOf(held: Publication, metadata: Checked): Promise<PublishedList> {
  return read(await fileOf(held, LIST, metadata), metadata.targets.version);
}

// The list of keys and rules of a publication. Throws `SyncError` for what is none that this page reads.
export function read(content: Bytes, version: number): PublishedList {
  try {
    const found = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(content)) as PublishedList;
    outlinedList(found);
    const { number, held, files, reinstated } = object(found.revocations) as unknown as PublishedList["revocations"];
    if (![held, files, reinstated].every(Array.isArray)) throw new TrustError("revocations are missing");
    // The highest number decides: one that no publication can have would decide for ever.
    const numbers = [number, ...reinstated.map((one) => one[2])];
    const known = reinstated.every((one) => KINDS.includes(one[0] as Kind) && /^[0-9a-f]{16}$/.test(one[1]));
    if (!known || numbers.some((one) => !Number.isSafeInteger(one) || one > version)) {
      throw new TrustError("a publication that is still to come");
    }
    const { maxOfflineHours: hours } = found;
    if (!Number.isInteger(hours) || hours < 0 || hours > MOST_OFFLINE_HOURS) throw new TrustError("too long a time offline");
    return found;
  } catch (error) {
    throw new SyncError("form_unknown", error instanceof TrustError ? error.message : "not a list for pages");
  }
}

function freshnessOf({ root, timestamp, snapshot, targets }: Checked, list: PublishedList, newest: bigint): FreshnessEntry {
  const last = [root, snapshot, targets].map(({ expires }) => expires).reduce((one, other) => (one < other ? one : other));
  const until = timestamp.expires + BigInt(list.maxOfflineHours) * HOUR_MICROS;
  const published = timestamp.publishedAt!;
  return {
    state: "signed",
    published_at: momentText({ utc: published > newest ? published : newest, offset: 0 }),
    valid_until: momentText({ utc: until < last ? until : last, offset: 0 }),
  };
}
