// Bringing a device's publication up to date: fetched by TUF's chain, checked whole, and only then handed to whoever
// keeps it in one step (vaxcert/trust/synced/sync). What was there before stays in use for as long as it is good.
//
// root that is trusted ─next roots, each signed by the one before→ root ─timestamp→ snapshot→ targets→ files→ Publication

import { momentText } from "../calendar";
import { SyncError } from "../errors";
import type { Bytes } from "../wire/sealed";
import { lost, packed } from "./held";
import { assureSame, parse, signedBy, type Metadata, type Role } from "./metadata";
import { assureNamed, LIST, load, PAGES, read, sameKeys, seal, type Loaded, type Mark, type Publication } from "./repository";

export { load } from "./repository";

// Bytes of each file at most (as python-tuf has them), of what pages hold together, and roots at once.
const MOST: Readonly<Record<Role, number>> = { root: 512_000, timestamp: 16_384, snapshot: 2_000_000, targets: 5_000_000 };
const MOST_BYTES = 32_000_000;
const MOST_ROOTS = 256;

// Where a publication is: the content of a file by its path, or null where there is none of that name. It throws
// `SyncError` ("unreachable", "too_large") and reads no more than `most` bytes.
export type Source = (path: string, most: number) => Promise<Bytes | null>;

export interface Given {
  // What the device holds, checked, and what it holds it as; null where there is nothing, or nothing that is whole.
  readonly before: { readonly held: Publication; readonly loaded: Loaded } | null;
  // What the device remembers beside, which outlasts what it holds; null at first.
  readonly mark: Mark | null;
  // The root that came with the page: believed at first use, and never again.
  readonly root: string | null;
  // What the page is for, if it says so.
  readonly environment: string | null;
  // What the clock shows, in milliseconds since 1970.
  readonly now: number;
}

export interface Synced {
  readonly held: Publication;
  readonly loaded: Loaded;
  // Whether it is another one than before.
  readonly changed: boolean;
}

// Whether this browser can check a publisher's signatures.
export async function isCapable(): Promise<boolean> {
  try {
    await crypto.subtle.importKey("raw", new Uint8Array(32), "Ed25519", false, ["verify"]);
    return new DecompressionStream("deflate-raw") instanceof DecompressionStream;
  } catch {
    return false;
  }
}

// Throws `SyncError` for whatever is wrong with what is published; then nothing has changed.
export async function sync(source: Source, given: Given): Promise<Synced> {
  const { before, mark } = given;
  const now = BigInt(Math.floor(given.now)) * 1000n;
  const trusted = before?.held.metadata.root ?? mark?.root ?? given.root;
  if (trusted === null) throw new SyncError("not_there", "no root to begin with");
  const root = await newestRoot(source, parse(trusted, "root"), now);
  const old = before === null ? null : before.loaded.metadata;
  const same = (role: Role) => old !== null && sameKeys(root, old.root, role);

  const timestamp = await fetched(source, "timestamp", "timestamp.json", root);
  assureNoLess(timestamp, same("timestamp") ? old!.timestamp.version : null);
  if (mark !== null && sameKeys(root, parse(mark.root, "root"), "timestamp")) assureNoLess(timestamp, mark.timestamp);
  const next = timestamp.meta.get("snapshot.json");
  if (next === undefined) throw new SyncError("not_authentic", "timestamp: names no snapshot");
  if (same("timestamp") && next.version < old!.timestamp.meta.get("snapshot.json")!.version) throw new SyncError("rolled_back", "snapshot");
  if (before !== null && same("timestamp") && timestamp.version === old!.timestamp.version && root.version === old!.root.version) {
    return { ...before, changed: false };
  }
  const snapshot = await fetched(source, "snapshot", `${next.version}.snapshot.json`, root);
  await assureNamed(timestamp, snapshot);
  if (same("snapshot")) {
    for (const [name, { version }] of old!.snapshot.meta) {
      if ((snapshot.meta.get(name)?.version ?? 0) < version) throw new SyncError("rolled_back", name.replace(".json", ""));
    }
  }
  const version = snapshot.meta.get("targets.json")?.version ?? 0;
  const targets = await fetched(source, "targets", `${version}.targets.json`, root);
  await assureNamed(snapshot, targets);
  for (const file of [timestamp, snapshot, targets]) assureLasts(file, now);

  const files = await filesOf(source, targets, before?.held.files ?? {});
  const list = read(files[LIST]!, targets.version);
  const wanted = [before?.loaded.list.environment, mark?.environment, given.environment];
  if (wanted.some((one) => (one ?? list.environment) !== list.environment)) {
    throw new SyncError("environment_differs", `for ${list.environment}, which this page is not`);
  }
  const metadata = { root: root.text, timestamp: timestamp.text, snapshot: snapshot.text, targets: targets.text };
  const first = await publication(metadata, files, timestamp.publishedAt!, new Uint8Array());
  if (before === null) return { held: first, loaded: await load(first, null), changed: true };
  // As it is without what was there before, and then with it.
  const alone = await load(first, null);
  const { lists, kept, list: earlier } = before.loaded;
  const left = lost({ lists, kept, number: earlier.revocations.number }, alone.lists, list.revocations.reinstated);
  // What a key that was replaced has said of the time does not count any more: it may have been in wrong hands.
  const newest = same("timestamp") && before.loaded.newest > timestamp.publishedAt! ? before.loaded.newest : timestamp.publishedAt!;
  const held = await publication(metadata, files, newest, packed(left));
  return { held, loaded: await load(held, null), changed: true };
}

async function publication(
  metadata: Publication["metadata"], files: Publication["files"], newest: bigint, kept: Bytes,
): Promise<Publication> {
  const text = momentText({ utc: newest, offset: 0 });
  return { metadata, files, newest: text, kept, seal: await seal(text, kept) };
}

// The last root that a chain leads to: each signed by the one before, and by itself.
async function newestRoot(source: Source, first: Metadata, now: bigint): Promise<Metadata> {
  let root = first;
  await signedBy(root, root);
  for (let turn = 0; turn < MOST_ROOTS; turn++) {
    const content = await source(`metadata/${root.version + 1}.root.json`, MOST.root);
    if (content === null) break;
    const next = parse(decoded(content), "root");
    await signedBy(root, next);
    await signedBy(next, next);
    if (next.version !== root.version + 1) throw new SyncError("rolled_back", "root");
    root = next;
  }
  assureLasts(root, now);
  return root;
}

async function fetched(source: Source, role: Role, path: string, root: Metadata): Promise<Metadata> {
  const content = await source(`metadata/${path}`, MOST[role]);
  if (content === null) throw new SyncError("not_there", role);
  const file = parse(decoded(content), role);
  await signedBy(root, file);
  return file;
}

function decoded(content: Bytes): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    throw new SyncError("not_authentic", "not a text");
  }
}

function assureLasts({ role, expires }: Metadata, now: bigint): void {
  if (expires <= now) throw new SyncError("expired", role);
}

function assureNoLess({ role, version }: Metadata, before: number | null): void {
  if (before !== null && version < before) throw new SyncError("rolled_back", role);
}

// What is there for pages. What the device has already is not fetched again.
async function filesOf(source: Source, { targets }: Metadata, before: Publication["files"]): Promise<Record<string, Bytes>> {
  const wanted = [...targets].filter(([name]) => name.startsWith(PAGES));
  if (!targets.has(LIST)) throw new SyncError("not_there", "nothing for pages is published");
  if (wanted.reduce((sum, [, { length }]) => sum + length, 0) > MOST_BYTES) {
    throw new SyncError("too_large", "more is published than a page holds");
  }
  const files: Record<string, Bytes> = {};
  for (const [name, { length, sha256 }] of wanted) {
    const base = name.slice(PAGES.length);
    if (!/^[a-z0-9][a-z0-9.-]*$/.test(base)) throw new SyncError("not_authentic", "a name that no publisher gives");
    const there = Object.hasOwn(before, name) ? before[name] : undefined;
    files[name] = (await same(there, length, sha256)) ?? (await content(source, `targets/${PAGES}${sha256}.${base}`, length));
    await assureSame(name, files[name], length, sha256);
  }
  return files;
}

async function same(content: Bytes | undefined, length: number, sha256: string): Promise<Bytes | null> {
  if (content === undefined) return null;
  return assureSame("", content, length, sha256).then(() => content, () => null);
}

async function content(source: Source, path: string, length: number): Promise<Bytes> {
  const found = await source(path, length);
  if (found === null) throw new SyncError("not_there", path.split("/").at(-1)!);
  return found;
}
