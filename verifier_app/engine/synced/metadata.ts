// The metadata of The Update Framework (specification 1.0) in the browser: who may sign what, and whether they did.
// Ed25519 alone, as vaxcert/trust/publishing makes it. Nothing here is believed before `signedBy` has said so.

import { canonicalize } from "@tufjs/canonical-json";

import { readMoment } from "../calendar";
import { SyncError } from "../errors";
import type { Bytes } from "../wire/sealed";

export type Role = "root" | "timestamp" | "snapshot" | "targets";

export interface FileMeta {
  readonly version: number;
  readonly length: number | null;
  readonly sha256: string | null;
}

export interface TargetFile {
  readonly length: number;
  readonly sha256: string;
}

// A role's file as it was written. `root`, `meta`, `targets`: of the roles that have them.
export interface Metadata {
  readonly text: string;
  readonly role: Role;
  readonly version: number;
  readonly expires: bigint;
  readonly publishedAt: bigint | null;
  readonly keys: ReadonlyMap<string, string>;
  readonly roles: ReadonlyMap<Role, { readonly keyids: readonly string[]; readonly threshold: number }>;
  readonly meta: ReadonlyMap<string, FileMeta>;
  readonly targets: ReadonlyMap<string, TargetFile>;
  readonly signed: Bytes;
  readonly signatures: ReadonlyMap<string, string>;
}

const PUBLISHED_AT = "x-vaxcert-published-at";
const ROLES: readonly Role[] = ["root", "timestamp", "snapshot", "targets"];
const UTF8 = new TextEncoder();
const HEX = /^(?:[0-9a-f]{2})+$/;

type Plain = Record<string, unknown>;

// A file of that role. Throws `SyncError` for anything else, be it a network's log-in page.
export function parse(text: string, role: Role): Metadata {
  try {
    const { signed, signatures } = object(JSON.parse(text));
    const said = object(signed);
    if (said["_type"] !== role) throw new SyncError("not_authentic", `${role}: is of another role`);
    if (!/^1\./.test(string(said["spec_version"]))) throw new Error("another specification");
    return {
      text,
      role,
      version: count(said["version"]),
      expires: moment(said["expires"]),
      publishedAt: role === "timestamp" ? moment(said[PUBLISHED_AT]) : null,
      ...(role === "root" ? rootOf(said) : { keys: new Map(), roles: new Map() }),
      meta: role === "timestamp" || role === "snapshot" ? mapOf(said["meta"], fileMeta) : new Map(),
      targets: role === "targets" ? mapOf(said["targets"], targetFile) : new Map(),
      signed: UTF8.encode(canonicalize(said)),
      signatures: signaturesOf(signatures),
    };
  } catch (error) {
    if (error instanceof SyncError) throw error;
    throw new SyncError("not_authentic", `${role}: cannot be read`);
  }
}

function rootOf(said: Plain): Pick<Metadata, "keys" | "roles"> {
  if (said["consistent_snapshot"] !== true) throw new Error("files that are overwritten in place");
  const keys = new Map<string, string>();
  for (const [keyid, value] of Object.entries(object(said["keys"]))) {
    const { keytype, scheme, keyval } = object(value);
    const key = string(object(keyval)["public"]);
    // Of another kind it signs nothing here.
    if (keytype === "ed25519" && scheme === "ed25519" && HEX.test(key)) keys.set(keyid, key);
  }
  const given = object(said["roles"]);
  const roles = new Map(
    ROLES.map((role) => {
      const { keyids, threshold } = object(given[role]);
      const names = array(keyids).map(string);
      if (new Set(names).size < names.length) throw new Error("a key twice");
      return [role, { keyids: names, threshold: count(threshold) }] as const;
    }),
  );
  return { keys, roles };
}

function signaturesOf(value: unknown): Map<string, string> {
  const found = new Map<string, string>();
  for (const one of array(value)) {
    const { keyid, sig } = object(one);
    if (found.has(string(keyid))) throw new Error("two signatures of one key");
    found.set(string(keyid), string(sig));
  }
  return found;
}

// Throws `SyncError` unless as many keys as the root asks for have signed the file in its role.
export async function signedBy(root: Metadata, file: Metadata): Promise<void> {
  const { keyids, threshold } = root.roles.get(file.role)!;
  const made = new Set<string>();
  for (const keyid of keyids) {
    const key = root.keys.get(keyid);
    const signature = file.signatures.get(keyid);
    // By the key and not by its name: one under two names is one.
    if (key !== undefined && signature !== undefined && (await isMade(key, signature, file.signed))) made.add(key);
  }
  if (made.size < threshold) throw new SyncError("not_authentic", `${file.role}: ${made.size} of ${threshold} signatures`);
}

async function isMade(key: string, signature: string, data: Bytes): Promise<boolean> {
  if (!HEX.test(signature)) return false;
  try {
    const imported = await crypto.subtle.importKey("raw", bytes(key), "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", imported, bytes(signature), data);
  } catch {
    return false;
  }
}

// A part with its SHA-256 and length as another part has them. Throws `SyncError`.
export async function assureSame(name: string, content: Bytes, length: number | null, sha256: string | null): Promise<void> {
  const differs =
    (length !== null && content.length !== length) || (sha256 !== null && (await hashed(content)) !== sha256);
  if (differs) throw new SyncError("not_authentic", `${name}: not what was signed`);
}

export async function hashed(content: Bytes): Promise<string> {
  const made = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return Array.from(made, (one) => one.toString(16).padStart(2, "0")).join("");
}

export function bytes(hex: string): Bytes {
  return Uint8Array.from(hex.match(/../g) ?? [], (two) => Number.parseInt(two, 16));
}

function fileMeta(value: unknown): FileMeta {
  const { version, length, hashes } = object(value);
  const sha256 = hashes === undefined ? null : string(object(hashes)["sha256"]);
  return { version: count(version), length: length === undefined ? null : whole(length), sha256 };
}

function targetFile(value: unknown): TargetFile {
  const { length, hashes } = object(value);
  const sha256 = string(object(hashes)["sha256"]);
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error("no hash");
  return { length: whole(length), sha256 };
}

function mapOf<T>(value: unknown, read: (one: unknown) => T): Map<string, T> {
  return new Map(Object.entries(object(value)).map(([name, one]) => [name, read(one)]));
}

function moment(value: unknown): bigint {
  const text = string(value);
  const found = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z$/.test(text) ? readMoment(text) : null;
  if (found === null) throw new Error("not a time in UTC");
  return found.utc;
}

export function object(value: unknown): Plain {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("not an object");
  return value as Plain;
}

function array(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error("not a list");
  return value;
}

function string(value: unknown): string {
  if (typeof value !== "string") throw new Error("not a text");
  return value;
}

function whole(value: unknown): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new Error("not a number");
  return value as number;
}

function count(value: unknown): number {
  if (whole(value) < 1) throw new Error("not a number from 1 on");
  return value as number;
}
