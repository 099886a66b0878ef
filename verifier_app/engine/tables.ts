// What the library knows by heart, as it wrote it down for the page: a test holds the file against the library.

import tables from "./tables.json";

export interface Words {
  readonly en: string;
  readonly vi: string;
}

export interface Product {
  readonly prophylaxis: string;
  readonly holders: readonly string[];
  readonly disease: string;
  readonly series: number | null;
}

export interface Shape {
  readonly kind: string;
  readonly reason: string;
  readonly where: "beginning" | "object";
  readonly pattern: string;
}

interface Tables {
  readonly products: Readonly<Record<string, Product>>;
  readonly holders: readonly string[];
  readonly deprecated: readonly string[];
  readonly aliases: Readonly<Record<string, string>>;
  readonly alpha2: Readonly<Record<string, string>>;
  readonly icd11: Readonly<Record<string, string>>;
  readonly prequal: readonly { readonly begun: string; readonly disease: string; readonly series: number }[];
  readonly fhir: {
    readonly cvx: string;
    readonly prequal: string;
    readonly products: readonly string[];
    readonly loinc: string;
    // By code of CVX: product, disease, doses of a course.
    readonly vaccines: Readonly<Record<string, readonly [string, string, number]>>;
    readonly tests: Readonly<Record<string, string>>;
    readonly testedFor: string;
    readonly results: Readonly<Record<string, string>>;
  };
  readonly letters: Readonly<Record<string, string>>;
  readonly marked: Readonly<Record<string, string>>;
  readonly unseen: string;
  readonly layouts: string;
  readonly foreign: readonly Shape[];
  readonly asked: Readonly<Record<string, readonly [Words, Words]>>;
  readonly words: Readonly<Record<"ageUnknown" | "or" | "modeMissing" | "ofSet" | "noRuleApplies", Words>>;
}

export const TABLES = tables as unknown as Tables;

// What a table has under a key; nothing of what every object has.
export function under<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
