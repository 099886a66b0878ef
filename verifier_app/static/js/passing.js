// A code that is no certificate: told over the camera, without taking the page, and gone by itself.

import { language } from "./words.js";

const place = document.getElementById("passing");
const announcement = document.getElementById("announce");
const LONG = 2_000; // milliseconds

let timer = 0;

export function pass(section) {
  clearTimeout(timer);
  place.replaceChildren(section);
  place.hidden = false;
  const heard = [...section.querySelectorAll("h1, .reason")].filter((one) => one.closest("[lang]").lang === language());
  announcement.textContent = heard.map((one) => one.textContent).join(". ");
  timer = setTimeout(clear, LONG);
}

export function clear() {
  clearTimeout(timer);
  if (place.hidden) return;
  place.hidden = true;
  place.replaceChildren();
  announcement.textContent = "";
}
