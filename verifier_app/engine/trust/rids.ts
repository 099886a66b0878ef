// Cards that an issuer of SMART Health Cards has withdrawn, by the ids that they carry (vaxcert/trust/rids).

import { MICROS } from "../calendar";
import { TrustError } from "../errors";
import type { RidsEntry } from "./bundle";

const ENTRY = /^([A-Za-z0-9_-]{1,24})(?:\.(\d{1,11}))?$/;

export class Rids {
  // By id the moment before which cards are withdrawn, null for all; the widest where an id is there twice.
  private readonly index = new Map<string, bigint | null>();
  readonly wanted: number;
  readonly held: number | null;

  // Throws `TrustError`: a list that was lost would withdraw nothing.
  constructor(entry: RidsEntry = { wanted: 0, held: null }) {
    const { wanted, held } = entry;
    if (!isCount(wanted, 0) || (held !== null && (!isCount(held?.counter, 1) || !Array.isArray(held.entries)))) {
      throw new TrustError("revocation ids: no list");
    }
    this.wanted = wanted;
    this.held = held && held.counter;
    for (const one of held?.entries ?? []) this.add(one);
  }

  private add(entry: string): void {
    const found = ENTRY.exec(entry);
    if (found === null) throw new TrustError("revocation ids: one that is none");
    const [, rid, seconds] = found as unknown as [string, string, string | undefined];
    const until = seconds === undefined ? null : BigInt(seconds) * MICROS;
    const before = this.index.has(rid) ? this.index.get(rid)! : until;
    this.index.set(rid, until === null || before === null ? null : until > before ? until : before);
  }

  // Whether there is a list to be asked.
  get isAny(): boolean {
    return this.wanted > 0 || this.held !== null;
  }

  // Whether the list that is held is no older than what its issuer says that there is.
  get isCurrent(): boolean {
    return this.wanted <= (this.held ?? 0);
  }

  withdraws(rid: string, issuedAt: bigint | null): boolean {
    const until = this.index.get(rid);
    return until !== undefined && (until === null || issuedAt === null || issuedAt < until);
  }
}

function isCount(value: unknown, least: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= least;
}
