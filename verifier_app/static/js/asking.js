// Asks the server for a verdict. Busy is asked again; no answer is an answer too, and never a good one.

import { knows } from "./words.js";

const page = document.getElementById("page");
const TIMEOUT = 12_000;
const PROBLEM = "urn:vaxcert:problem:"; // and its name, which is that of the words for it
const AGAIN = [300, 800, 2_000]; // milliseconds

// `given`: { texts } or { picture }. `patience`: milliseconds for an answer; `tries`: how often at most. Returns { sections }, of each verdict one and the worst first, or { trouble } with the word for what went wrong.
export async function ask({ texts = [], picture = null }, { patience = TIMEOUT, tries = AGAIN.length + 1 } = {}) {
  const { check: address, mode } = page.dataset;
  if (!address) return { trouble: "no_answer" };
  const body = new FormData();
  body.append("part", "1");
  body.append("mode", mode);
  for (const text of texts) body.append("text", text);
  if (picture) body.append("picture", picture);
  for (const pause of [...AGAIN.slice(0, tries - 1), null]) {
    let answer;
    let content;
    try {
      const headers = { Accept: "application/problem+json" };
      answer = await fetch(address, { method: "POST", body, headers, cache: "no-store", signal: AbortSignal.timeout?.(patience) });
      content = await answer.text();
    } catch {
      return { trouble: "no_answer" };
    }
    if (answer.ok) {
      // The server's own markup, with what cards say escaped there; scripts in it would not run anyway.
      const sections = [...new DOMParser().parseFromString(content, "text/html").querySelectorAll("section.verdict")];
      return sections.length ? { sections } : { trouble: "no_answer" };
    }
    if (![429, 503].includes(answer.status) || pause === null) return { trouble: named(content) };
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

function named(content) {
  try {
    const { type } = JSON.parse(content);
    const name = type.startsWith(PROBLEM) ? type.slice(PROBLEM.length) : "";
    return knows(name) ? name : "no_answer";
  } catch {
    return "no_answer"; // somebody else's answer: a network's log-in page, a proxy's error
  }
}
