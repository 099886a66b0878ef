// Which rules there are to judge by, each under the name that it is switched to by (vaxcert/rules/modes).

import { TrustError } from "../errors";
import type { Certificate } from "../model";
import { TABLES } from "../tables";
import type { CountryEntry, PolicyEntry } from "../trust/bundle";
import type { Opened } from "../trust/store";
import type { RulesVerdict } from "../verdict";
import { CountryRules } from "./countries";
import { PlacePolicy } from "./policies";

export interface Rules {
  // What the rules say of a certificate at a moment. Never throws for what a certificate states.
  judge(certificate: Certificate, opened: Opened, at: bigint): RulesVerdict;
}

export function rulesOf(entries: readonly (PolicyEntry | CountryEntry)[]): Map<string, Rules> {
  const found = new Map<string, Rules>();
  for (const entry of entries) {
    if (typeof entry?.mode !== "string" || !entry.mode || found.has(entry.mode)) throw new TrustError("rules without a name");
    found.set(entry.mode, rulesIn(entry));
  }
  return found;
}

function rulesIn(entry: PolicyEntry | CountryEntry): Rules {
  try {
    switch (entry.kind) {
      case "policy":
        return new PlacePolicy(entry);
      case "country":
        return new CountryRules(entry);
    }
  } catch (error) {
    if (error instanceof TrustError) throw error;
  }
  throw new TrustError(`rules ${entry.mode}: cannot be followed`);
}

// What is said where a page's mode names rules that it does not hold: nobody can tell whether they are met.
export function notHeld(mode: string): RulesVerdict {
  const title = { en: TABLES.words.ofSet.en.replace("{mode}", () => mode), vi: TABLES.words.ofSet.vi.replace("{mode}", () => mode) };
  const answer = { id: "", outcome: "unknown", words: TABLES.words.modeMissing, reason: null } as const;
  return { mode, title, signed: false, results: [answer] };
}
