// The verdict, over the whole screen: shown at once, announced, counted down where nobody holds it, and gone again.

import { change, language, put } from "./words.js";

const page = document.getElementById("page");
const stage = document.getElementById("stage");
const announcement = document.getElementById("announce");
const seconds = Number(page.dataset.returnAfter);

let timer = 0;
let left = 0;
let gone = () => {};

export const shown = () => !stage.hidden;

// `left()` is called whenever a verdict goes.
export const onLeave = (then) => (gone = then);

// `sections`: as the server wrote them. `minutes`: since the same card, or null. `keep`: where typing shall go on.
export function show(sections, { minutes = null, keep = null } = {}) {
  const foot = document.getElementById("foot").content.cloneNode(true);
  stage.replaceChildren(...sections, foot);
  stage.hidden = false;
  page.inert = true;
  scrollTo(0, 0);
  if (minutes !== null) {
    const notice = document.getElementById("notice");
    put(notice, minutes ? "same_card" : "same_now", minutes);
    notice.hidden = false;
  }
  document.getElementById("next").addEventListener("click", leave);
  document.getElementById("hold").addEventListener("click", hold);
  document.getElementById("tongue").addEventListener("click", change);
  (keep ?? document.getElementById("next")).focus({ preventScroll: true });
  announcement.textContent = spoken();
  count();
}

// A fault of the way there: never green, and it says that nothing was checked.
export function trouble(name, options) {
  const section = document.createElement("section");
  section.className = "verdict undetermined";
  const heading = document.createElement("h1");
  put(heading, name);
  section.append(document.getElementById("sign").content.cloneNode(true), heading);
  show([section], options);
}

export function leave() {
  if (stage.hidden) return;
  clearInterval(timer);
  stage.hidden = true;
  stage.replaceChildren();
  announcement.textContent = "";
  page.inert = false;
  gone();
}

function spoken() {
  const wanted = [...stage.querySelectorAll("h1, .large, .reason, .name, .born, .notice:not([hidden])")];
  const heard = wanted.filter((element) => (element.closest("[lang]")?.lang ?? language()) === language());
  return heard.map((element) => element.textContent).join(". ");
}

function count() {
  clearInterval(timer);
  const bar = document.getElementById("left");
  const hidden = !seconds;
  for (const name of ["left", "countdown", "hold"]) document.getElementById(name).hidden = hidden;
  if (hidden) return;
  left = seconds;
  bar.max = seconds;
  tick();
  timer = setInterval(() => {
    left -= 1;
    if (left <= 0) leave();
    else tick();
  }, 1000);
}

function tick() {
  document.getElementById("left").value = left;
  put(document.getElementById("countdown"), "seconds", left);
}

function hold() {
  const button = document.getElementById("hold");
  const held = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", held);
  clearInterval(timer);
  if (held) put(document.getElementById("countdown"), "held");
  else count();
}

// By tap anywhere but on a button or on text that is being selected, or by key.
stage.addEventListener("click", (event) => {
  if (!event.target.closest("button") && getSelection().isCollapsed) leave();
});
addEventListener("keydown", (event) => {
  if (shown() && event.key === "Escape") leave();
});
