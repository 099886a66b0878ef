// The verdict, over the whole screen: shown at once, announced, one after the other where several came together, and
// gone again: a good one by itself after some seconds, a refusal when somebody acts.

import { guard } from "./back.js";
import { tellSilence } from "./signals.js";
import { change, language, put } from "./words.js";

const page = document.getElementById("page");
const stage = document.getElementById("stage");
const announcement = document.getElementById("announce");
const seconds = Number(page.dataset.returnAfter);
const MEANT_FOR_ANOTHER = 700; // milliseconds: a tap or key so soon was meant for what was there before

let cards = [];
let at = 0;
let since = 0;
let timer = 0;
let left = 0;
let keep = null;
let gone = () => {};

export const shown = () => !stage.hidden;

const fresh = () => performance.now() - since < MEANT_FOR_ANOTHER;
// Whoever is not to go in stays on the screen until somebody has acted.
const refused = () => ["refused", "not_enough"].includes(cards[at].section.dataset.colour);
const last = () => at === cards.length - 1;

// Whether somebody has yet to act.
export const stays = () => shown() && (refused() || !last());

// Whether the next card before the camera is such an act.
export const givesWay = () => shown() && refused() && last() && !fresh();

// `then()` is called whenever the last verdict goes.
export const onLeave = (then) => (gone = then);

// `given`: [{section, minutes}], the worst first: sections as the server wrote them, and the minutes since the same
// card, or null. `typing`: where typing shall go on, or null.
export function show(given, typing = null) {
  cards = given;
  at = 0;
  keep = typing;
  guard();
  draw();
}

function draw() {
  const { section, minutes } = cards[at];
  const foot = document.getElementById("foot").content.cloneNode(true);
  stage.replaceChildren(section, foot);
  stage.hidden = false;
  page.inert = true;
  since = performance.now();
  stage.scrollTo(0, 0);
  if (minutes !== null) {
    stage.prepend(document.getElementById("head").content.cloneNode(true));
    put(document.getElementById("notice"), minutes ? "same_card" : "same_now", minutes);
  }
  const next = document.getElementById("next");
  if (last()) put(next, "next");
  else put(next, "next_code", `${at + 2}/${cards.length}`);
  next.addEventListener("click", advance);
  document.getElementById("hold").addEventListener("click", hold);
  document.getElementById("tongue").addEventListener("click", change);
  (keep ?? next).focus({ preventScroll: true });
  announcement.textContent = spoken();
  tellSilence();
  count();
}

// A fault of the way there: never green, and it says that nothing was checked.
export function trouble(name, typing) {
  const section = document.createElement("section");
  section.className = "verdict undetermined";
  section.dataset.colour = "undetermined";
  section.append(document.getElementById("sign").content.cloneNode(true));
  put(section.querySelector("h1"), name);
  show([{ section, minutes: null }], typing);
}

// On to the next verdict, or back to scanning: what a tap, a key or the way back does.
export function advance() {
  if (!shown()) return;
  if (!fresh()) {
    if (last()) return leave();
    at += 1;
    draw();
  }
  guard();
}

export function leave() {
  if (!shown()) return;
  clearInterval(timer);
  stage.hidden = true;
  stage.replaceChildren();
  cards = [];
  announcement.textContent = "";
  page.inert = false;
  gone();
}

function spoken() {
  const wanted = [...stage.querySelectorAll(".summary, h1, .large, .reason, .name, .latin, .born, .notice")];
  const heard = wanted.filter((element) => (element.closest("[lang]")?.lang ?? language()) === language());
  return heard.map((element) => element.textContent).join(". ");
}

function count() {
  clearInterval(timer);
  const bar = document.getElementById("left");
  const still = !seconds || stays();
  for (const name of ["left", "countdown", "hold"]) document.getElementById(name).hidden = still;
  if (still) return;
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

// Before any button of the verdict hears of it.
for (const kind of ["click", "keydown", "keyup"]) {
  const early = (event) => {
    const scanned = event.target.id === "wedge" && event.key !== "Enter"; // the next card: that is always meant
    if (!shown() || !fresh() || scanned || event.key === "Tab") return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  addEventListener(kind, early, { capture: true });
}
// By tap anywhere but on a button or on text that is being selected, or by key.
stage.addEventListener("click", (event) => {
  if (!event.target.closest("button") && getSelection().isCollapsed) advance();
});
addEventListener("keydown", (event) => {
  if (shown() && event.key === "Escape") advance();
});
