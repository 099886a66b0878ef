// A card is judged in the page: no server, no network, and the verdict that the library would give.
//
//   text ─bare, recognise→ a format ─unwrap→ Sealed ─kid, issuer→ keys ─WebCrypto→ Opened ─read→ Certificate
//        ─usage, validity, content, revocation, rules→ Verdict
//
// Every step has the name, the stage and the reasons of the library's (vaxcert/verify), and tests hold the two against
// each other card by card. What the engine does not know, another format or rules that it was not given, is never
// accepted: it is told so, and a page that can ask a server asks it.
//
//   const trust = await Trust.of(value);            // what vaxcert/bundle made; throws TrustError, whole or not at all
//   const { trust } = await sync(source, given);     // or what a publisher has signed, by TUF's chain (synced/)
//   const verdict = await verify(text, trust, { mode: "gate" });

import { Book } from "./book";
import { EARLIEST, LATEST, MICROS } from "./calendar";
import * as checks from "./checks";
import { CardError, type Stage } from "./errors";
import type { Format } from "./formats/base";
import { linkIn } from "./formats/hcert";
import * as links from "./formats/links";
import type { Link } from "./formats/links";
import { bare, recognise } from "./formats/recognise";
import type { Certificate } from "./model";
import { notHeld } from "./rules/modes";
import type { Opened, Trust } from "./trust/store";
import { decisive, told, type Verdict } from "./verdict";

export { prequal } from "./codes";
export { SyncError, TrustError } from "./errors";
export { printable } from "./names";
export { isCapable, load, sync } from "./synced/sync";
export type { Mark, Publication } from "./synced/repository";
export { Trust } from "./trust/store";
export type { Verdict } from "./verdict";

export interface Options {
  // The moment to judge the card by, in milliseconds since 1970; else it is judged by the clock.
  readonly at?: number;
  // What the clock shows.
  readonly now?: number;
  // By which rules, as the bundle names them; "" for none.
  readonly mode?: string;
  // Refuse a card that claims another country than its signer's, which is else a warning.
  readonly requireSignerCountry?: boolean;
}

// Reasons that the clock alone gives, by what is the matter with it.
const DOUBTED: Readonly<Record<string, ReadonlySet<string>>> = {
  clock_rolled_back: checks.TOO_EARLY,
  clock_suspect: checks.TOO_LATE,
};

// The verdict on the text of a code. Never rejects for a bad card; throws `RangeError` for a moment that is none.
export async function verify(text: string, trust: Trust, options: Options = {}): Promise<Verdict> {
  const { at, now = Date.now(), mode = "", requireSignerCountry = false } = options;
  const clock = microseconds(now);
  const moment = at === undefined ? clock : microseconds(at);
  const book = new Book();
  let stages: readonly Stage[] = ["format"];
  let language: Format | null = null;
  let opened: Opened | null = null;
  let certificate: Certificate | null = null;
  let link: Link | null = null;
  const card = await bare(text);
  try {
    // 1. Whose text is it?
    language = recognise(card);
    stages = language.stages;
    // 2. Decode it, as far as a message that claims a signature.
    const sealed = await language.unwrap(card);
    // 3. May the list of keys be relied on now? If not, a bad signature is still a bad signature.
    askFreshness(book, trust, clock, at === undefined);
    // 4. The one step from claimed to checked.
    opened = await trust.open(sealed, language);
    // 5. What does it say?
    certificate = language.read(opened);
  } catch (error) {
    if (!(error instanceof CardError)) throw error;
    book.broken = error;
    book.errors.push(error);
    if (language === null) link = links.read(card);
  }
  if (opened !== null && certificate !== null) {
    await judge(book, trust, opened, certificate, moment, requireSignerCountry, mode);
    if (certificate.format === "vhl") link = linkIn(opened);
  }
  return told({
    trust,
    checks: book.checks(stages, trust.revocations !== null || typeof opened?.signer.rids.held === "number"),
    error: decisive(book.errors),
    format: certificate?.format ?? language?.name ?? null,
    signer: opened?.signer ?? null,
    // What states nothing that is read here is no certificate to be shown as one.
    certificate: certificate?.entries.length ? certificate : null,
    warnings: opened !== null && certificate !== null ? checks.warnings(certificate, opened) : [],
    rules: book.rules,
    link,
  });
}

// Each of these is asked whatever the others answer.
async function judge(
  book: Book,
  trust: Trust,
  opened: Opened,
  certificate: Certificate,
  at: bigint,
  requireSignerCountry: boolean,
  mode: string,
): Promise<void> {
  const { signer } = opened;
  const { revocations } = trust;
  // 6. What the signer may sign, when, and what the content's own rules allow.
  await book.ask(() => checks.usage(certificate, signer));
  if (requireSignerCountry) await book.ask(() => checks.signerCountry(certificate, signer));
  await book.ask(...checks.VALIDITY.map((step) => () => step(certificate, signer, at)));
  await book.ask(() => checks.content(certificate));
  // 7. Revocation: of whole keys, by the issuer's own list, and where ours has them of sites and certificates.
  await book.ask(() => checks.keyNotWithdrawn(signer));
  if (signer.rids.isAny) await book.ask(() => checks.notOnIssuersList(certificate, signer));
  if (revocations !== null) await book.ask(() => checks.notRevoked(certificate, opened, revocations));
  // 8. The rules that need no rule set.
  await book.ask(...checks.RULES.map((step) => () => step(certificate, at)));
  // 9. What the place asks for, of what is genuine. Rules that are not here are not met by leaving them out.
  if (mode) book.judge(trust.rules.get(mode)?.judge(certificate, opened, at) ?? notHeld(mode));
}

function askFreshness(book: Book, trust: Trust, clock: bigint, byClock: boolean): void {
  let problem = trust.problem(clock);
  if (problem === null) return;
  // A clock that the list contradicts accuses no card that is judged by it.
  if (byClock) book.doubted = DOUBTED[problem] ?? new Set();
  // For a card that is judged by another moment the list is old, whatever the clock is.
  else if (problem === "clock_suspect") problem = "trust_list_stale";
  book.errors.push(new CardError("key", problem, "", true));
}

function microseconds(milliseconds: number): bigint {
  if (!(milliseconds >= Number(EARLIEST) * 1000 && milliseconds <= Number(LATEST) * 1000)) {
    throw new RangeError("not a moment of the years 1 to 9999");
  }
  return (BigInt(Math.floor(milliseconds)) * MICROS) / 1000n;
}
