// Dates and date-times of CertLogic, in milliseconds since 1970 (vaxcert/rules/certlogic/moments). Not `Date`'s own reading:
// for 30 February one browser says 2 March, and another one says that it is no date, which is neither before nor after any.

import { civil, firstOf } from "../calendar";
import { EvaluationError } from "../errors";

export const UNITS: ReadonlySet<unknown> = new Set(["year", "month", "day", "hour"]);

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const LONGEST = 64;
// ECMA-262, "Time Values and Time Range"
const FURTHEST = 8_640_000_000_000_000;

const FORM = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:Z|([+-])(\d{1,2})(?::?(\d{2}))?)?$/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const MONTH = /^(\d{4})-(\d{2})$/;
const YEAR = /^\d{4}$/;

// A date-time: no number to CertLogic, hence an object of its own.
export class Time {
  constructor(readonly ms: number) {}
}

function refused(detail: string): EvaluationError {
  return new EvaluationError("rule_not_evaluable", detail);
}

// A date-time, a date's midnight, or the last day that "YYYY" or "YYYY-MM" allows.
export function parse(text: string): number {
  const { length } = Array.from(text);
  if (length === 10) return midnight(text);
  if (length > LONGEST) throw refused("no date-time");
  return length > 10 ? instant(text) : lastDay(text);
}

// The last day that a birth date of any precision allows.
export function parseBirth(text: string): number {
  return text.length === 10 ? midnight(text) : lastDay(text);
}

// A moment with `amount` of a unit added, as the setters of `Date` do it: what a month does not have goes into the next.
export function add(moment: number, amount: number, unit: string): number {
  let found = moment;
  if (unit === "day") found += amount * DAY;
  else if (unit === "hour") found += amount * HOUR;
  else if (amount) {
    const days = Math.floor(moment / DAY);
    const [year, month, day] = civil(days);
    const first = unit === "year" ? firstOf(year + amount, month) : firstOf(year, month + amount);
    found = (first + day - 1) * DAY + (moment - days * DAY);
  }
  if (Math.abs(found) > FURTHEST) throw refused("beyond the dates that there are");
  return found;
}

function midnight(text: string): number {
  const found = DATE.exec(text);
  if (!found) throw refused("no date");
  return realDay(Number(found[1]), Number(found[2]), Number(found[3])) * DAY;
}

function lastDay(text: string): number {
  if (YEAR.test(text)) return (firstOf(Number(text) + 1, 1) - 1) * DAY;
  const found = MONTH.exec(text);
  const month = Number(found?.[2]);
  if (!found || month < 1 || month > 12) throw refused("no date");
  return (firstOf(Number(found[1]), month + 1) - 1) * DAY;
}

function instant(text: string): number {
  const found = FORM.exec(text);
  if (!found) throw refused("no date-time");
  const [hour, minute, second] = [found[4], found[5], found[6]].map(Number) as [number, number, number];
  const rest = ((hour * 60 + minute) * 60 + second) * 1000 + Number((found[7] ?? "").padEnd(3, "0").slice(0, 3));
  // Midnight may be the end of a day (ECMA-262, "Date Time String Format").
  if (minute > 59 || second > 59 || rest > DAY) throw refused("no time of day");
  const moment = realDay(Number(found[1]), Number(found[2]), Number(found[3])) * DAY + rest;
  if (!found[8]) return moment;
  const [hours, minutes] = [Number(found[9]), Number(found[10] ?? 0)];
  if (hours > 23 || minutes > 59) throw refused("no time zone");
  const offset = (hours * 60 + minutes) * 60_000;
  return found[8] === "-" ? moment + offset : moment - offset;
}

function realDay(year: number, month: number, day: number): number {
  if (month >= 1 && month <= 12 && day >= 1) {
    const found = firstOf(year, month) + day - 1;
    if (found < firstOf(year, month + 1)) return found;
  }
  throw refused("no day of the calendar");
}
