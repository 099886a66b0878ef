// What every genuine card must meet besides (vaxcert/checks). Each check returns, or throws its `CardError`.

import { dayAtUtc, MICROS } from "./calendar";
import * as codes from "./codes";
import { CardError, contentInvalid } from "./errors";
import { dayOfEntry, earliestBirth, isOver, isToCome, type Certificate, type Recovery } from "./model";
import type { TrustedKey } from "./trust/keys";
import { ofRid, ofSignature, ofText, type Revocations } from "./trust/revocation";
import type { Opened } from "./trust/store";
import * as uvci from "./uvci";

// Two machines' clocks may differ by minutes. The end of a card or key has no such grace.
const SKEW = 300n * MICROS;
const MAX_DOSES = 99n;

export function usage(certificate: Certificate, signer: TrustedKey): void {
  const { format } = certificate;
  // A link states nothing that it could be allowed to.
  if (!signer.formats.has(format) && format !== "vhl") {
    throw new CardError("usage", "format_not_allowed", `the key is not for ${format}`);
  }
  // HCERT 1.0.8, annex A: no limit named means any.
  if (!signer.usages.size) return;
  for (const { kind } of certificate.entries) {
    if (!signer.usages.has(kind)) throw new CardError("usage", "usage_not_allowed", `the key is not for ${kind}`);
  }
}

export function signerCountry(certificate: Certificate, signer: TrustedKey): void {
  if (countryDiffers(certificate, signer)) throw new CardError("usage", "signer_country_differs");
}

// All that is asked of card and signer about time; where several fail, the first is the reason.
export const VALIDITY: readonly ((certificate: Certificate, signer: TrustedKey, at: bigint) => void)[] = [
  function notExpired(certificate, _, at) {
    if (certificate.expiresAt !== null && at > certificate.expiresAt) throw new CardError("validity", "expired");
  },
  function begun({ issuedAt, notBefore }, _, at) {
    if ([issuedAt, notBefore].some((moment) => moment !== null && moment - at > SKEW)) {
      throw new CardError("validity", "not_yet_valid");
    }
  },
  function issuedInTime({ issuedAt }, signer) {
    if (issuedAt === null) return;
    if (signer.notBefore - issuedAt > SKEW || issuedAt - signer.notAfter > SKEW) {
      throw new CardError("validity", "issued_outside_signer_validity");
    }
  },
  function signerNotExpired(_, signer, at) {
    if (at > signer.notAfter) throw new CardError("validity", "signer_expired");
  },
  function signerBegun(_, signer, at) {
    if (signer.notBefore - at > SKEW) throw new CardError("validity", "signer_not_yet_valid");
  },
];

// What cards of a system are called by, of which some state nothing that is read here.
const KINDS: Readonly<Record<string, string>> = { shc: "smart_health_card", vhl: "vhl" };

export function content(certificate: Certificate): void {
  if (!certificate.entries.length) throw new CardError("content", "content_unknown", KINDS[certificate.format] ?? "", true);
  const year = certificate.person.dateOfBirth.slice(0, 4);
  if (year && (year < "1900" || year > "2099")) throw contentInvalid("the birth date is not of 1900 to 2099");
  // The EU's always tell of how many doses one is; in other systems few do.
  const least = certificate.format === "hcert" ? 1n : 0n;
  for (const entry of certificate.entries) {
    if (entry.kind !== "vaccination") continue;
    const { number, series } = entry;
    if (number < 1n || number > MAX_DOSES || series < least || series > MAX_DOSES) {
      throw contentInvalid(`not dose 1 to ${MAX_DOSES}`);
    }
  }
}

export function keyNotWithdrawn(signer: TrustedKey): void {
  if (signer.withdrawn) throw new CardError("revocation", "key_revoked");
}

// The issuer's own list of withdrawn cards, where it has one, does not hold this card, and is not an older one.
export function notOnIssuersList(certificate: Certificate, { rids }: TrustedKey): void {
  for (const { certificateId } of certificate.entries) {
    if (rids.withdraws(certificateId, certificate.issuedAt)) throw new CardError("revocation", "revoked");
    if (certificateId && !rids.isCurrent) throw new CardError("revocation", "revocation_unknown", "", true);
  }
}

// Neither the certificate nor the site that issued it has been withdrawn.
export async function notRevoked(certificate: Certificate, opened: Opened, revocations: Revocations): Promise<void> {
  const { signer, sealed } = opened;
  if (revocations.holds("signature") && revocations.has("signature", await ofSignature(sealed, signer.algorithm))) {
    throw new CardError("revocation", "revoked");
  }
  for (const entry of certificate.entries) {
    // Whoever revoked it may have written it otherwise than the card does.
    const names = uvci.spellings(entry.certificateId);
    // The signer's country is known, the card's is claimed: either may have been meant, by any of its codes.
    const countries = codes.codesOfCountries(signer.country, certificate.issuer, entry.country);
    const rid = certificate.format === "shc" ? ofRid(entry.certificateId) : null;
    if (rid !== null && revocations.has("uci", rid)) throw new CardError("revocation", "revoked");
    if (revocations.holds("uci")) {
      for (const name of names) await assureNot(revocations, "uci", name, "revoked");
    }
    for (const country of countries) {
      if (revocations.holds("country_uci")) {
        for (const name of names) await assureNot(revocations, "country_uci", country + name, "revoked");
      }
    }
    if (!revocations.holds("site")) continue;
    for (const site of uvci.sitesOf(names)) {
      for (const country of countries) await assureNot(revocations, "site", `${country}/${site}`, "site_revoked");
    }
  }
  // More are revoked than this device holds: that it found none says nothing.
  if (!revocations.isWhole) throw new CardError("revocation", "revocation_not_held", "", true);
}

async function assureNot(
  revocations: Revocations,
  kind: "uci" | "country_uci" | "site",
  text: string,
  reason: string,
): Promise<void> {
  if (revocations.has(kind, await ofText(text))) throw new CardError("revocation", reason);
}

// The rules that need no rule set; where several fail, the first is the reason. `at` is in UTC, and so is its day.
export const RULES: readonly ((certificate: Certificate, at: bigint) => void)[] = [
  function notPositive({ entries }) {
    if (entries.some((entry) => entry.kind === "test" && entry.result === codes.DETECTED)) {
      throw new CardError("rules", "test_positive");
    }
  },
  function notBeforeBirth({ person, entries }) {
    const birth = person.dateOfBirth ? earliestBirth(person.dateOfBirth) : null;
    if (birth !== null && entries.some((entry) => birth - dayOfEntry(entry) > 1)) {
      throw new CardError("rules", "event_before_birth");
    }
  },
  function notInFuture({ entries }, at) {
    const today = dayAtUtc(at);
    if (entries.some((entry) => dayOfEntry(entry) - today > 1)) throw new CardError("rules", "event_in_future");
  },
  function recoveryBegun(certificate, at) {
    const recoveries = nothingButRecoveries(certificate);
    if (recoveries.length && recoveries.every((one) => isToCome(one, dayAtUtc(at)))) {
      throw new CardError("rules", "recovery_not_yet_valid");
    }
  },
  function recoveryLasting(certificate, at) {
    const recoveries = nothingButRecoveries(certificate);
    const today = dayAtUtc(at);
    const left = recoveries.filter((one) => !isOver(one, today));
    if (left.length < recoveries.length && left.every((one) => isToCome(one, today))) {
      throw new CardError("rules", "recovery_expired");
    }
  },
];

function nothingButRecoveries({ entries }: Certificate): readonly Recovery[] {
  const found = entries.filter((entry) => entry.kind === "recovery");
  return found.length === entries.length ? found : [];
}

// What a clock that is behind cannot tell, and one that is far ahead.
export const TOO_EARLY: ReadonlySet<string> = new Set([
  "not_yet_valid", "signer_not_yet_valid", "event_in_future", "recovery_not_yet_valid",
]);
export const TOO_LATE: ReadonlySet<string> = new Set(["expired", "signer_expired", "recovery_expired"]);

// What is odd about a card and changes nothing.
export function warnings(certificate: Certificate, opened: Opened): string[] {
  const odd = new Set<string>();
  if (opened.sealed.alg === null) odd.add("algorithm_unprotected");
  if (countryDiffers(certificate, opened.signer)) odd.add("signer_country_differs");
  for (const entry of certificate.entries) {
    if (entry.kind === "vaccination") {
      if (codes.holderMatches(entry.product, entry.holder) === false) odd.add("product_holder_mismatch");
      if (codes.isDeprecated(entry.prophylaxis) || codes.isDeprecated(entry.product)) odd.add("code_deprecated");
    } else if (entry.kind === "test" && ![codes.DETECTED, codes.NOT_DETECTED].includes(entry.result)) {
      odd.add("test_result_unknown");
    }
  }
  return [...odd];
}

const TWO_LETTERS = /^\p{L}{2}$/u;

// Whether the issuer or an entry claims a country that is not the signer's. What is no two-letter code claims none.
function countryDiffers({ issuer, entries }: Certificate, signer: TrustedKey): boolean {
  if (!signer.country) return false;
  const own = codes.country(signer.country);
  return [issuer, ...entries.map((entry) => entry.country)].some(
    (claimed) => TWO_LETTERS.test(claimed) && codes.country(claimed) !== own,
  );
}
