// What the page is given to judge by: the value that vaxcert/bundle makes. Taken as a whole or not at all.

import { TrustError } from "../errors";
import type { Words } from "../tables";

export interface KeyEntry {
  readonly kid: string;
  readonly spki: string;
  readonly algorithm: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly country: string | null;
  readonly usages: readonly string[];
  readonly formats: readonly string[];
  readonly withdrawn: boolean;
  readonly subject: string;
  // Whose cards alone it may sign, any where "". What was published before there was this says nothing of it.
  readonly issuer?: string;
  readonly rids?: RidsEntry;
}

// What an issuer of health cards says of those that it has withdrawn: which version of its list there is, and the list.
export interface RidsEntry {
  readonly wanted: number;
  readonly held: { readonly counter: number; readonly entries: readonly string[] } | null;
}

export interface FreshnessEntry {
  readonly state: string;
  readonly published_at: string | null;
  readonly valid_until: string | null;
}

export type RevocationKind = "uci" | "country_uci" | "signature" | "site";

export interface Span {
  readonly from: number | null;
  readonly to: number | null;
}

export interface Asked {
  readonly doses: number | null;
  readonly complete: boolean;
  readonly booster: boolean;
  readonly products: readonly string[];
  readonly daysSinceLast: Span | null;
  readonly test: { readonly hours: number; readonly codes: readonly string[] } | null;
  readonly recovery: Span | null;
  readonly any: readonly Asked[];
  readonly all: readonly Asked[];
}

export interface PolicyEntry {
  readonly kind: "policy";
  readonly mode: string;
  readonly title: Words;
  readonly signed: boolean;
  readonly asked: Asked;
  readonly diseases: readonly { readonly codes: readonly string[]; readonly name: Words }[];
  readonly formats: readonly string[];
  readonly bannedSites: readonly string[];
  readonly exempt: { readonly under: number | null; readonly fromAge: number | null } | null;
  readonly zone: string;
}

export interface RuleEntry {
  readonly id: string;
  readonly type: string;
  readonly country: string;
  readonly region: string;
  readonly schema: readonly [number, number, number];
  readonly certificateType: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly words: Words;
  readonly logic: unknown;
}

export interface CountryEntry {
  readonly kind: "country";
  readonly mode: string;
  readonly title: Words;
  readonly signed: boolean;
  readonly country: string | null;
  readonly rules: readonly RuleEntry[];
  readonly valueSets: Readonly<Record<string, readonly { readonly day: string; readonly codes: readonly string[] }[]>>;
}

export interface Bundle {
  readonly version: number;
  readonly environment: "test" | "production";
  readonly freshness: FreshnessEntry;
  readonly keys: readonly KeyEntry[];
  readonly revocations: Readonly<Record<RevocationKind, string>> | null;
  readonly rules: readonly (PolicyEntry | CountryEntry)[];
}

// The part that a publisher signs as one file, for pages (vaxcert/trust/publishing/pages): what is withdrawn stands beside
// it in files of its own, and how fresh it is in TUF's metadata.
export interface PublishedList extends Pick<Bundle, "version" | "environment" | "keys" | "rules"> {
  readonly maxOfflineHours: number;
  readonly revocations: {
    readonly number: number;
    readonly held: readonly string[];
    readonly files: readonly string[];
    readonly reinstated: readonly (readonly [string, string, number])[];
  };
}

// The form that this engine reads. Another may mean something else by the same words.
export const VERSION = 1;

// The value, once its outline is what it should be. What is in it is looked at by whoever takes it.
export function outlined(value: unknown): Bundle {
  const found = value as Partial<Bundle> | null;
  outlinedList(found);
  const { freshness, revocations } = found as Partial<Bundle>;
  if (typeof freshness !== "object" || freshness === null) throw new TrustError("freshness is missing");
  // Left out is not the same as none: a list of withdrawals that was lost would let everybody in.
  if (revocations === undefined || typeof revocations !== "object") throw new TrustError("revocations are missing");
  return found as Bundle;
}

// The same of what a publisher signs.
export function outlinedList(value: unknown): Pick<Bundle, "version" | "environment" | "keys" | "rules"> {
  const found = value as Partial<Bundle> | null;
  if (typeof found !== "object" || found === null || found.version !== VERSION) {
    throw new TrustError("not what this page judges by, or of another version");
  }
  const { environment, keys, rules } = found;
  if (environment !== "test" && environment !== "production") throw new TrustError("environment: neither test nor production");
  if (!Array.isArray(keys) || !Array.isArray(rules)) throw new TrustError("keys or rules are missing");
  return found as Bundle;
}

export function base64(text: unknown, what: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(String(text)), (one) => one.charCodeAt(0));
  } catch {
    throw new TrustError(`${what}: not base64`);
  }
}
