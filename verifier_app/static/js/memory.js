// What this page remembers: which cards it saw, as numbers, until it is closed, and how many. Where the device checks by
// itself the numbers of the day outlast the page, and end with the day; nothing of a card is among them.

const minutes = Number(document.getElementById("page").dataset.sameCard);
const seed = crypto.getRandomValues(new Uint32Array(2));
const seen = new Map();
const KEPT = "vaxcert-counts";
const keeps = Boolean(document.getElementById("page").dataset.device);
let counts = new Map();

// 53 bits that say nothing of a card to whoever does not have it. Not crypto.subtle: that is not there without HTTPS.
function digest(text) {
  let [a, b] = seed;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 0x9e3779b1);
    b = Math.imul(b ^ code, 0x5f356495);
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  return (b >>> 0) * 0x200000 + (a >>> 11);
}

// Minutes since the same card was shown, or null; remembers it.
export function again(text, now = Date.now()) {
  if (!minutes) return null;
  for (const [card, time] of seen) if (now - time > minutes * 60_000) seen.delete(card);
  const card = digest(text);
  const before = seen.get(card);
  seen.set(card, now);
  return before === undefined ? null : Math.floor((now - before) / 60_000);
}

// Counts one verdict in the hour that it was given in. Returns all of them: [hour, colour, reason, number].
export function count(colour, reason, now = new Date()) {
  recall(now);
  const hour = `${String(now.getHours()).padStart(2, "0")}:00`;
  const key = [hour, colour, reason].join(" ");
  counts.set(key, (counts.get(key) ?? 0) + 1);
  if (keeps) localStorage.setItem(KEPT, JSON.stringify({ day: dayOf(now), counts: [...counts] }));
  return counted(now);
}

// All of them, those of other tabs and of before a reload too.
export function counted(now = new Date()) {
  recall(now);
  return [...counts].map(([name, number]) => [...name.split(" "), number]);
}

function recall(now) {
  if (!keeps) return;
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT));
    counts = new Map(kept?.day === dayOf(now) ? kept.counts : []);
  } catch {
    counts = new Map();
  }
  if (!counts.size) localStorage.removeItem(KEPT);
}

function dayOf(now) {
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].join("-");
}
