// Cards in several codes (shc:/2/3/…): held until all are there, whichever way each comes in, and told which are missing.
// Nothing of them outlasts the page, nor a minute.

import { put } from "./words.js";

const PART = /^(?:https?:\/\/[^\s#]{1,300}#)?shc:\/([1-9]\d?)\/([1-9]\d?)\/\d+$/i;
// How other cards begin, of whom no part is waited for any more.
const CARD = /^(?:HC1:|NZCP:\/|shc:\/|eyJ|\{)/i;
const KEPT = 60_000; // milliseconds

const place = document.getElementById("parts");
let held = new Map(); // number → text
let count = 0;
let timer = 0;

// `texts`: those to judge: what is no part, and of a card that is whole now all its parts, a line each. `parts`: those that
// are held. What is missing the page says.
export function taken(texts) {
  const others = [];
  const parts = [];
  for (const text of texts) {
    if (hold(text)) parts.push(text);
    else others.push(text);
  }
  if (!parts.length && others.some((text) => CARD.test(text.trim()))) forget();
  const whole = count > 0 && held.size === count;
  if (whole && parts.length) others.push(joined());
  tell();
  return { texts: others, parts };
}

// A verdict was given on these texts: what they were put together of is waited for no more.
export function judged(texts) {
  if (count > 0 && held.size === count && texts.includes(joined())) forget();
}

export function forget() {
  clearTimeout(timer);
  held = new Map();
  count = 0;
  place.hidden = true;
  place.textContent = "";
}

// Whether a text is a part, which is held from then on. One that contradicts what is held is of another card.
function hold(text) {
  const line = text.trim().replace(/^\][A-Za-z][0-9A-Za-z]/, "").replace(/\s+/g, "");
  const found = PART.exec(line);
  if (!found) return false;
  const [number, of] = [Number(found[1]), Number(found[2])];
  if (of < 2 || number > of) return false;
  if (of !== count || (held.has(number) && held.get(number) !== line)) forget();
  count = of;
  held.set(number, line);
  clearTimeout(timer);
  timer = setTimeout(forget, KEPT);
  return true;
}

function joined() {
  return [...held].sort(([one], [other]) => one - other).map(([, line]) => line).join("\n");
}

function tell() {
  const missing = Array.from({ length: count }, (_, at) => at + 1).filter((number) => !held.has(number));
  place.hidden = !missing.length;
  if (missing.length) put(place, "parts_missing", missing.map((number) => `${number}/${count}`).join(", "));
}
