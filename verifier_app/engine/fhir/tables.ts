// Codes that FHIR resources of other systems carry, and what they are here (vaxcert/fhir/tables).

import * as codes from "../codes";
import { TABLES, under } from "../tables";

const { fhir } = TABLES;

export interface CodedVaccine {
  readonly product: string;
  readonly disease: string;
  readonly series: number;
}

// What a coding of a vaccine says; null where its list is not read here.
export function vaccine(system: string, code: string): CodedVaccine | null {
  if (system === fhir.cvx) {
    const [product, disease, series] = under(fhir.vaccines, code) ?? [`cvx:${code}`, "", 0];
    return { product, disease, series };
  }
  return system === fhir.prequal || fhir.products.includes(system) ? ofProduct(code) : null;
}

function ofProduct(product: string): CodedVaccine | null {
  const known = codes.product(product) ?? codes.prequal(product);
  return known === undefined ? null : { product, disease: known.disease, series: known.series ?? 0 };
}

export const { loinc: LOINC } = fhir;

// A test's kind by its code of LOINC, as the EU's list calls it, and what it looks for.
export function test(code: string): { readonly type: string; readonly disease: string } | undefined {
  const type = under(fhir.tests, code);
  return type === undefined ? undefined : { type, disease: fhir.testedFor };
}

export function result(code: string): string | undefined {
  return under(fhir.results, code);
}
