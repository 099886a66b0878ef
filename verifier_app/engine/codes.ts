// Codes of the EU DCC, as far as judging needs them (vaxcert/codes).

import { TABLES, under, type Product } from "./tables";

export const DETECTED = "260373001";
export const NOT_DETECTED = "260415000";

const HOLDERS = new Set(TABLES.holders);
const DEPRECATED = new Set(TABLES.deprecated);

export function product(code: string): Product | undefined {
  return under(TABLES.products, code);
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
