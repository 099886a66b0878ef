// Points in time as signed claims have them: seconds since 1970, whole or not (RFC 7519 and RFC 8392, section 2;
// vaxcert/formats/dates).

import { EARLIEST, LATEST, MICROS } from "../calendar";
import { contentInvalid } from "../errors";

// The moment of a claim that `name` calls, in microseconds since 1970. Floats stand in many real cards.
export function moment(value: unknown, name: string): bigint {
  if (typeof value === "bigint" && value >= EARLIEST && value <= LATEST) return value * MICROS;
  if (typeof value === "number" && value >= Number(EARLIEST) && value <= Number(LATEST)) return micros(value);
  throw contentInvalid(`${name} is missing or no point in time`);
}

// Seconds with decimals in microseconds, half of one to the even: as the library's `timedelta` has it.
function micros(seconds: number): bigint {
  const whole = Math.trunc(seconds);
  const scaled = (seconds - whole) * 1e6;
  const ofScaled = Math.trunc(scaled);
  const total = BigInt(whole) * MICROS + BigInt(ofScaled);
  const left = scaled - ofScaled;
  if (Math.abs(left) !== 0.5) return total + BigInt(Math.round(left));
  return total % 2n === 0n ? total : total + (left > 0 ? 1n : -1n);
}
