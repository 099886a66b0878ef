// Words with values in them, and days of a place.

import { civil, dayOf, DAY_MICROS, floorDivide } from "../calendar";

// A text with values at the places that have names in it; what is not said is an ellipsis.
export function filled(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => (Object.hasOwn(values, name) ? String(values[name]) : "…"));
}

// The day that a place has at a moment, by its time zone (an IANA name). Throws `RangeError` for a zone that is none.
export function zoned(zone: string): (at: bigint) => number {
  const format = new Intl.DateTimeFormat("en-US-u-ca-iso8601-nu-latn", {
    timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit",
  });
  return (at) => {
    const utc = Number(floorDivide(at, DAY_MICROS));
    const parts = new Map(format.formatToParts(Number(floorDivide(at, 1000n))).map((one) => [one.type, Number(one.value)]));
    const found = dayOf(parts.get("year")!, parts.get("month")!, parts.get("day")!);
    // At either end of the calendar, where the place would have none, the moment's own; no zone is two days away.
    return found === null || Math.abs(found - utc) > 1 ? dayOf(...civil(utc))! : found;
  };
}
