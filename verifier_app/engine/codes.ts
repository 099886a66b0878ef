// Codes of the EU DCC, as far as judging needs them (vaxcert/codes).

import { TABLES, under, type Product } from "./tables";

export const DETECTED = "260373001";
export const NOT_DETECTED = "260415000";

const HOLDERS = new Set(TABLES.holders);
const DEPRECATED = new Set(TABLES.deprecated);

export function product(code: string): Product | undefined {
  return under(TABLES.products, code);
}

// What a product's id of WHO's prequalification says of it (vaxcert/codes/prequal): its kind of vaccine begins it.
const PREQUAL_ID = /^([A-Z][A-Za-z0-9]{2,60})Product[0-9a-f]{32}$/;

export function isPrequalId(code: string): boolean {
  return PREQUAL_ID.test(code);
}

export function prequal(code: string): { readonly disease: string; readonly series: number } | undefined {
  const kind = PREQUAL_ID.exec(code)?.[1];
  return kind === undefined ? undefined : TABLES.prequal.find(({ begun }) => kind.startsWith(begun));
}

// The SNOMED code of a disease, whichever list its code is of; another code as it stands.
export function disease(code: string): string {
  return under(TABLES.icd11, code.split(".", 1)[0]!) ?? code;
}

// A country's two letters, whichever code names it; "" for what names none.
export function alpha2(code: string): string {
  const capitals = code.toUpperCase();
  return under(TABLES.alpha2, capitals) ?? (/^[A-Z]{2}$/.test(capitals) ? capitals : "");
}

// The one code for a country, whichever code names it.
export function country(code: string): string {
  const capitals = code.toUpperCase();
  return under(TABLES.aliases, capitals) ?? capitals;
}

// All codes of several countries, of those that are named at all, and each as it stands.
export function codesOfCountries(...countries: (string | null)[]): Set<string> {
  const found = new Set<string>();
  for (const named of countries) {
    if (!named) continue;
    const known = country(named);
    found.add(named).add(known);
    for (const [alias, meant] of Object.entries(TABLES.aliases)) if (meant === known) found.add(alias);
  }
  return found;
}

// Whether the holder is one of the product's; null where either code is unknown.
export function holderMatches(productCode: string, holderCode: string): boolean | null {
  const known = product(productCode);
  return known === undefined || !HOLDERS.has(holderCode) ? null : known.holders.includes(holderCode);
}

export function isDeprecated(code: string): boolean {
  return DEPRECATED.has(code);
}
