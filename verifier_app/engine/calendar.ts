// Days and moments as the library has them: days since 1970 in the Gregorian calendar of the years 1 to 9999, and moments
// in microseconds since 1970 in UTC. JavaScript's `Date` has neither the microseconds nor the bounds.

export const MICROS = 1_000_000n;
export const DAY_MICROS = 86_400n * MICROS;
// The first and the last second of the calendar.
export const EARLIEST = -62_135_596_800n;
export const LATEST = 253_402_300_799n;

// A moment, and minutes by which the clock that it was read from is ahead of UTC.
export interface Moment {
  readonly utc: bigint;
  readonly offset: number;
}

// The days from 1970-01-01 to the first of a month, which may be any number; so may be the year.
export function firstOf(year: number, month: number): number {
  const years = year + Math.floor((month - 1) / 12);
  const months = ((((month - 1) % 12) + 12) % 12) + 1;
  // Years that begin in March end with the leap day; four hundred of them repeat.
  const shifted = months > 2 ? years : years - 1;
  const era = Math.floor(shifted / 400);
  const ofEra = shifted - era * 400;
  const ofYear = Math.floor((153 * (months > 2 ? months - 3 : months + 9) + 2) / 5);
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468;
}

// A day by its numbers, or null where the calendar has no such day in the years 1 to 9999.
export function dayOf(year: number, month: number, day: number): number | null {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return null;
  const found = firstOf(year, month) + day - 1;
  return found < firstOf(year, month + 1) ? found : null;
}

// Year, month and day of a day.
export function civil(days: number): [number, number, number] {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const ofEra = shifted - era * 146_097;
  const year = Math.floor(
    (ofEra - Math.floor(ofEra / 1_460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
  const part = Math.floor((5 * ofYear + 2) / 153);
  const month = part < 10 ? part + 3 : part - 9;
  return [year + era * 400 + (month <= 2 ? 1 : 0), month, ofYear - Math.floor((153 * part + 2) / 5) + 1];
}

const DAY = /^(\d{4})-(\d\d)-(\d\d)$/;
// A day with a time behind it: of hours, minutes, seconds and decimals as many as there are; without a zone it is UTC.
const MOMENT = new RegExp(
  "^(\\d{4})-(\\d\\d)-(\\d\\d)(?:[\\s\\S]([01]\\d|2[0-3])" +
    "(?::([0-5]\\d)(?::([0-5]\\d)(?:[.,](\\d+))?)?|([0-5]\\d)(?:([0-5]\\d)(?:[.,](\\d+))?)?)?" +
    "(Z|([+-])([01]\\d|2[0-3])(?::?([0-5]\\d))?)?)?$",
  "u",
);

// The day that a text "YYYY-MM-DD" names, or null.
export function readDay(text: string): number | null {
  const found = DAY.exec(text);
  return found && dayOf(Number(found[1]), Number(found[2]), Number(found[3]));
}

// The moment that a text names, and whether it names its zone, or null.
export function readMoment(text: string): Moment | null {
  const found = MOMENT.exec(text);
  if (!found) return null;
  const day = dayOf(Number(found[1]), Number(found[2]), Number(found[3]));
  if (day === null) return null;
  const minute = found[5] ?? found[8] ?? "0";
  const second = found[6] ?? found[9] ?? "0";
  const decimals = (found[7] ?? found[10] ?? "").slice(0, 6).padEnd(6, "0");
  const offset = (Number(found[13] ?? 0) * 60 + Number(found[14] ?? 0)) * (found[12] === "-" ? -1 : 1);
  const minutes = Number(found[4] ?? 0) * 60 + Number(minute) - offset;
  const utc = BigInt(day) * DAY_MICROS + BigInt(minutes * 60 + Number(second)) * MICROS + BigInt(decimals);
  return { utc, offset: offset || 0 };
}

// The day that a moment has by the clock that it was read from.
export function dayAt({ utc, offset }: Moment): number {
  return Number(floorDivide(utc + BigInt(offset) * 60n * MICROS, DAY_MICROS));
}

// The same of a moment in UTC.
export function dayAtUtc(at: bigint): number {
  return Number(floorDivide(at, DAY_MICROS));
}

export function floorDivide(one: bigint, by: bigint): bigint {
  const quotient = one / by;
  return one % by < 0n ? quotient - 1n : quotient;
}

export function dayText(days: number): string {
  const [year, month, day] = civil(days);
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

// A moment as RFC 3339 has it, by its own clock, with decimals where it is finer than a second.
export function momentText({ utc, offset }: Moment): string {
  const local = utc + BigInt(offset) * 60n * MICROS;
  const days = floorDivide(local, DAY_MICROS);
  const rest = local - days * DAY_MICROS;
  const seconds = Number(rest / MICROS);
  const micros = Number(rest % MICROS);
  const time = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map((one) => pad(one, 2)).join(":");
  const ahead = Math.abs(offset);
  const zone = offset ? `${offset < 0 ? "-" : "+"}${pad(Math.floor(ahead / 60), 2)}:${pad(ahead % 60, 2)}` : "Z";
  return `${dayText(Number(days))}T${time}${micros ? `.${pad(micros, 6)}` : ""}${zone}`;
}

function pad(number: number, width: number): string {
  return String(number).padStart(width, "0");
}
