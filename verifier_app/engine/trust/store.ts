// The keys that are believed, and the only door from claimed to checked (vaxcert/trust/store).

import { readMoment, DAY_MICROS } from "../calendar";
import { CardError, TrustError } from "../errors";
import type { Format } from "../formats/base";
import { rulesOf, type Rules } from "../rules/modes";
import { hex, type Bytes, type Sealed } from "../wire/sealed";
import { outlined, type Bundle, type FreshnessEntry, type PublishedList } from "./bundle";
import { made, trustedKey, type TrustedKey } from "./keys";
import { ofKey, Revocations } from "./revocation";

const MAX_KEYS_PER_KID = 8;
// A list that was not synced for so long after its end is rarer than a clock that was set to another year.
const SUSPECT_AFTER = 30n * DAY_MICROS;

// A message whose signature was checked.
export interface Opened {
  readonly payload: Bytes;
  readonly signer: TrustedKey;
  readonly sealed: Sealed;
}

// All that a page judges by. `Trust.of` alone makes one: whole, or not at all.
export class Trust {
  private readonly byKid = new Map<string, TrustedKey[]>();
  private readonly publishedAt: bigint | null;
  private readonly validUntil: bigint | null;

  private constructor(
    readonly environment: Bundle["environment"],
    readonly freshness: FreshnessEntry,
    keys: readonly TrustedKey[],
    readonly revocations: Revocations | null,
    readonly rules: ReadonlyMap<string, Rules>,
  ) {
    this.publishedAt = moment(freshness.published_at);
    this.validUntil = moment(freshness.valid_until);
    for (const key of keys) this.byKid.set(key.kid, [...(this.byKid.get(key.kid) ?? []), key]);
  }

  // What the publisher's value says. Throws `TrustError` where any of it is not as it should be.
  static async of(value: unknown): Promise<Trust> {
    const { environment, freshness, keys, revocations, rules } = outlined(value);
    return new Trust(
      environment,
      freshness,
      await Promise.all(keys.map(trustedKey)),
      revocations === null ? null : Revocations.of(revocations),
      rulesOf(rules),
    );
  }

  // The same of a list whose way here was checked, with what is withdrawn. Throws as `of` does.
  static async published(list: PublishedList, freshness: FreshnessEntry, revocations: Revocations): Promise<Trust> {
    const keys = await Promise.all(
      list.keys.map(async (entry) => {
        const key = await trustedKey(entry);
        // As it was said once, whatever the list says now.
        const withdrawn = revocations.holds("key") && revocations.has("key", await ofKey(entry.spki));
        return withdrawn ? { ...key, withdrawn } : key;
      }),
    );
    return new Trust(list.environment, freshness, keys, revocations, rulesOf(list.rules));
  }

  // The same with rules of the operator's own, which stand in for those that were published.
  judgingBy(rules: Bundle["rules"]): Trust {
    const keys = [...this.byKid.values()].flat();
    return new Trust(this.environment, this.freshness, keys, this.revocations, rulesOf(rules));
  }

  // Why the list may not be relied on at the moment that a clock shows, or null.
  problem(now: bigint): string | null {
    if (this.publishedAt !== null && now < this.publishedAt) return "clock_rolled_back";
    if (this.validUntil === null || now <= this.validUntil) return null;
    return now - this.validUntil > SUSPECT_AFTER ? "clock_suspect" : "trust_list_stale";
  }

  // Check a message's signature with the keys that its key id points at: an id finds candidates and proves nothing, and
  // the key decides the algorithm, never the card.
  async open(sealed: Sealed, { name: format, algorithms }: Pick<Format, "name" | "algorithms">): Promise<Opened> {
    if (sealed.kid === null) throw unavailable("key_id_missing");
    const held = this.byKid.get(hex(sealed.kid));
    if (held === undefined) throw unavailable("key_unknown");
    if (held.length > MAX_KEYS_PER_KID) throw unavailable("too_many_keys");
    // A key that is listed twice, once withdrawn, is withdrawn; then those for this format come first.
    const last = (key: TrustedKey) => (key.withdrawn ? 0 : 2) + (key.formats.has(format) ? 0 : 1);
    // Ids are an issuer's own: by the same one two of them may call two keys, or the same.
    const bound = held.filter((key) => key.issuer === sealed.issuer).sort((one, other) => last(one) - last(other));
    if (!bound.length) throw unavailable("key_unknown");
    const named = [sealed.alg, sealed.algUnprotected];
    let tried = false;
    for (const key of bound) {
      const { algorithm } = key;
      if (!algorithms.has(algorithm) || !named.every((one) => one === null || one === algorithm)) continue;
      tried = true;
      if (await made(key, sealed.signature, sealed.signingInput)) return { payload: sealed.payload, signer: key, sealed };
    }
    throw new CardError("signature", tried ? "signature_invalid" : "algorithm_not_allowed");
  }
}

function unavailable(reason: string): CardError {
  return new CardError("key", reason, "", true);
}

function moment(text: string | null | undefined): bigint | null {
  if (text === null) return null;
  const found = typeof text === "string" ? readMoment(text) : null;
  if (found === null) throw new TrustError("freshness: a moment that is none");
  return found.utc;
}
