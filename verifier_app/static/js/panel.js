// How the device stands, opened within the page: the camera stays on meanwhile, and a card is judged as ever.

import { guard } from "./back.js";
import { compare } from "./status.js";
import { language, put } from "./words.js";

const link = document.getElementById("state");
const panel = document.getElementById("panel");
const content = document.getElementById("panel-content");
let facts = () => [];

// `of`: what there is to say of the device itself, as elements.
export function prepare(of = () => []) {
  facts = of;
  link.setAttribute("aria-controls", "panel");
  link.setAttribute("aria-expanded", "false");
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // another tab was meant
    event.preventDefault();
    if (panel.hidden) open();
    else close();
  });
  document.getElementById("panel-close").addEventListener("click", close);
  panel.addEventListener("keydown", ({ key }) => key === "Escape" && close());
}

async function open() {
  panel.hidden = false;
  link.setAttribute("aria-expanded", "true");
  guard();
  await renew();
  panel.focus({ preventScroll: true });
}

export function close() {
  if (panel.hidden) return;
  panel.hidden = true;
  content.replaceChildren();
  link.setAttribute("aria-expanded", "false");
  link.focus({ preventScroll: true });
}

// As it stands now, in the language of the page, where it is open.
export async function renew() {
  if (panel.hidden) return;
  const own = facts();
  if (own.length && !document.getElementById("page").dataset.state) return content.replaceChildren(...own);
  try {
    const address = `${link.href}?part=1&lang=${language()}`;
    const answer = await fetch(address, { cache: "no-store", signal: AbortSignal.timeout?.(5_000) });
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok || !found.getElementById("device")) throw new Error("somebody else's answer");
    content.replaceChildren(...own, ...found.body.childNodes);
    compare(language());
  } catch {
    const note = document.createElement("p");
    note.className = "note";
    put(note, "offline");
    content.replaceChildren(...own, note);
  }
}
