// UVCI: the id of a certificate, in all spellings that somebody may have revoked it by (vaxcert/uvci).

import { withoutBlanks } from "./text";

const PREFIX = "URN:UVCI:";

// An id as it stands, in other case, without blanks, with and without the prefix.
export function spellings(id: string): Set<string> {
  const body = bare(id);
  const found = new Set([id]);
  for (const one of [body, body.toUpperCase(), body.toLowerCase()]) {
    for (const prefix of ["", PREFIX, PREFIX.toLowerCase()]) found.add(prefix + one);
  }
  return found;
}

// The sites in ids, of those that name one.
export function sitesOf(ids: Iterable<string>): Set<string> {
  return new Set(Array.from(ids, siteOf).filter(Boolean));
}

function siteOf(id: string): string {
  // Without the check character, which may be a slash or a colon itself.
  const parts = bare(id).split("#", 1)[0]!.split(":");
  if (parts.length < 3) return "";
  const rest = parts.slice(2).join(":");
  const slash = rest.indexOf("/");
  return slash < 0 ? "" : rest.slice(0, slash);
}

function bare(id: string): string {
  const body = Array.from(withoutBlanks(id));
  const begins = body.slice(0, PREFIX.length).join("").toUpperCase() === PREFIX;
  return body.slice(begins ? PREFIX.length : 0).join("");
}
