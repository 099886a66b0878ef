// What rules are asked about: a certificate as the JSON of the EU DCC (vaxcert/rules/facts). Made of the certificate that
// was checked and is shown, never of the card's bytes a second time.

import { dayText, EARLIEST, floorDivide, LATEST, MICROS, momentText } from "../calendar";
import * as codes from "../codes";
import type { Certificate, Entry, Pass } from "../model";
import type { TrustedKey } from "../trust/keys";

const KEYS = { vaccination: "v", test: "t", recovery: "r" } as const;
const TYPES = { vaccination: "Vaccination", test: "Test", recovery: "Recovery" } as const;
type Known = keyof typeof KEYS;

export interface CardFacts {
  readonly payload: Record<string, unknown>;
  readonly types: ReadonlySet<string>;
  readonly version: string;
  readonly issuerCountry: string;
  readonly external: Record<string, unknown>;
}

export function factsOf(certificate: Certificate, signer: TrustedKey): CardFacts {
  // Only where the signer's is unknown does the card's own claim count.
  const issuerCountry = codes.country(signer.country || certificate.issuer);
  return {
    payload: payloadOf(certificate),
    types: new Set(certificate.entries.flatMap(({ kind }) => TYPES[kind as Known] ?? [])),
    version: certificate.version,
    issuerCountry,
    external: {
      issuerCountryCode: issuerCountry,
      kid: signer.kid,
      ...(certificate.issuedAt === null ? {} : { iat: utcText(certificate.issuedAt) }),
      ...(certificate.expiresAt === null ? {} : { exp: utcText(certificate.expiresAt) }),
    },
  };
}

// A moment as rules read it: in UTC; at either end of the calendar, where UTC has no such day, by its own clock.
export function utcText(utc: bigint, offset = 0): string {
  const seconds = floorDivide(utc, MICROS);
  return momentText({ utc, offset: seconds < EARLIEST || seconds > LATEST ? offset : 0 });
}

function payloadOf({ version, person, entries }: Certificate): Record<string, unknown> {
  const lists: Record<string, Record<string, unknown>[]> = {};
  for (const entry of entries) if (entry.kind !== "pass") (lists[KEYS[entry.kind]] ??= []).push(entryOf(entry));
  const nam = stated({
    fn: person.familyName,
    fnt: person.familyNameTransliterated,
    gn: person.givenName,
    gnt: person.givenNameTransliterated,
  });
  return { ver: version, nam, dob: person.dateOfBirth, ...lists };
}

function entryOf(entry: Exclude<Entry, Pass>): Record<string, unknown> {
  const common = stated({ tg: entry.disease, co: entry.country, ci: entry.certificateId, is: entry.issuer });
  switch (entry.kind) {
    case "vaccination":
      return {
        ...common,
        ...stated({ vp: entry.prophylaxis, mp: entry.product, ma: entry.holder }),
        dn: Number(entry.number),
        sd: Number(entry.series),
        dt: dayText(entry.date),
      };
    case "test":
      return {
        ...common,
        ...stated({ tt: entry.type, nm: entry.name, ma: entry.device, tr: entry.result, tc: entry.centre }),
        sc: utcText(entry.sampledAt.utc, entry.sampledAt.offset),
      };
    case "recovery":
      return { ...common, fr: dayText(entry.firstPositive), df: dayText(entry.validFrom), du: dayText(entry.validUntil) };
  }
}

// What a card does not state is not there.
function stated(texts: Record<string, string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text));
}
