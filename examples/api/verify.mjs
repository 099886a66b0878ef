// Asks the verifier app about cards: texts, or pictures, given one by one.
//
//     node examples/api/verify.mjs http://127.0.0.1:8080 'HC1:…' card.png
//
// Only what Node and browsers have. Prints a line for each card; exits with 0 if all were accepted, else with 1.

import { readFile } from "node:fs/promises";
import { extname } from "node:path";

const KINDS = { ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp", ".pdf": "application/pdf" };

async function ask(address, card, token) {
  const kind = KINDS[extname(card).toLowerCase()];
  const headers = { "Content-Type": kind ?? "application/json", ...(token && { Authorization: `Bearer ${token}` }) };
  const body = kind ? await readFile(card) : JSON.stringify({ text: card });
  for (const pause of [1, 5, 0]) {
    const answer = await fetch(`${address}/verify`, { method: "POST", headers, body, signal: AbortSignal.timeout(15_000) });
    const content = await answer.json();
    if (answer.ok) return content;
    if (![429, 503].includes(answer.status) || !pause) throw new Error(`${answer.status}: ${content.detail}`); // RFC 9457
    await new Promise((resolve) => setTimeout(resolve, pause * 1000)); // busy: it says so at once
  }
}

const [address, ...cards] = process.argv.slice(2);
let good = true;
for (const card of cards) {
  try {
    const verdict = await ask(address.replace(/\/$/, ""), card, process.env.VAXCERT_APP_TOKEN);
    // "accepted" alone is good: neither "refused" nor "undetermined" is, nor a list for trials in real use.
    console.log(verdict.status, verdict.reason ?? "", verdict.environment === "test" ? "TEST" : "");
    good &&= verdict.status === "accepted";
  } catch (error) {
    console.log(`not checked: ${error.message}`);
    good = false;
  }
}
process.exitCode = good ? 0 : 1;
