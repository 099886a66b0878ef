// The page that stays open all day: camera or scanner → this device, or the server → verdict → next.

import { ask } from "./asking.js";
import { onBack } from "./back.js";
import { again, count, counted } from "./memory.js";
import * as panel from "./panel.js";
import * as parts from "./parts.js";
import { clear, pass } from "./passing.js";
import { Camera } from "./seeing/camera.js";
import { SecondReader } from "./seeing/looking.js";
import { readPhoto } from "./seeing/photo.js";
import * as signals from "./signals.js";
import * as stage from "./stage.js";
import { View } from "./view.js";
import * as ways from "./ways.js";
import { change, knows, language, put } from "./words.js";

const page = document.getElementById("page");
const by = (id) => document.getElementById(id);
const hint = by("hint");
const LATE = 200; // milliseconds after which waiting is said
const STATE = 60_000;
const PATIENCE = 6_000; // milliseconds that the device has to open its own list
// What may be said of a card that stays in view, by its verdict: "checked" of what was checked alone.
const CHECKED = ["accepted", "test", "refused", "not_enough"];
const second = new SecondReader(page.dataset.look);

const queue = [];
const view = new View(stage, (texts, before) => take({ texts }, { before, replaces: true }), tell);
let asking = false;
let camera = null;
let shift = null; // where the device checks by itself
let started = Promise.resolve(); // once it is known whether it does: no code is judged by less before

document.documentElement.classList.add("js");
by("settings").hidden = false;
by("ways").open = matchMedia("(orientation: landscape) and (min-width: 60rem)").matches; // where there is room
signals.prepare();
panel.prepare(() => shift?.facts() ?? []);
ways.prepare((given, keep) => take(given, { keep }), { onward: stage.advance, scanned: stage.leave });
stage.onLeave(() => {
  tell("point");
  ways.ready();
  work();
});
onBack(() => (stage.shown() ? stage.advance() : panel.close()));
by("language").addEventListener("click", (event) => {
  event.preventDefault();
  fetch(event.currentTarget.href, { redirect: "manual" }).catch(() => {}); // so that the next visit knows
  change();
  event.currentTarget.lang = language() === "vi" ? "en" : "vi";
  event.currentTarget.href = `?lang=${event.currentTarget.lang}`;
  panel.renew();
});
// What is chosen is what is judged by: no other rules stand on the screen meanwhile.
by("mode")?.addEventListener("change", (event) => event.target.form.submit());
ways.ready();
setInterval(refresh, STATE);

// One at a time, and none is lost: what comes while another is asked about is asked next, and what comes before a
// refusal was seen waits for somebody to see it. `given`: {texts} or {picture}. `keep`: where typing goes on.
// `before`: texts among them that have had a verdict. `replaces`: what is shown may go for it.
function take(given, { keep = null, before = [], replaces = false }) {
  const { texts, parts: held } = parts.taken(given.texts ?? []);
  view.answered(held, "seen_part");
  if (given.texts && !texts.length) return signals.signal("part");
  queue.push({ given: given.texts ? { texts } : given, held, keep, before, replaces });
  work();
}

async function work() {
  if (asking) return;
  asking = true;
  try {
    while (queue.length && (queue[0].replaces || !stage.stays())) {
      const { given, held, keep, before } = queue.shift();
      await started;
      const waiting = setTimeout(() => tell("checking"), LATE);
      const answer = second.verdict(given) ?? (await (shift ? shift.judge(given) : ask(given)));
      clearTimeout(waiting);
      judge(given, held, keep, before, answer);
      refresh();
    }
  } finally {
    asking = false;
  }
}

function judge({ texts = [] }, held, keep, before, { sections, trouble }) {
  clear();
  if (trouble) {
    view.forget([...texts, ...held]);
    stage.trouble(trouble, keep);
    tally("undetermined", trouble);
    signals.signal("undetermined");
    return;
  }
  // A photo has no text here: what the page knows of it is its verdict alone.
  const cards = sections.map((section) => {
    const { at, colour, code } = section.dataset;
    const text = texts[at];
    if (text !== undefined && before.includes(text)) return { section, minutes: null };
    tally(colour, code);
    return { section, minutes: text !== undefined && CHECKED.includes(colour) ? again(text.trim()) : null };
  });
  const { colour } = sections[0].dataset;
  const checked = sections.every((section) => CHECKED.includes(section.dataset.colour));
  parts.judged(texts);
  view.answered([...texts, ...held], checked ? "seen" : colour === "other" ? "seen_other" : "seen_unchecked");
  signals.signal(colour);
  if (colour === "other") pass(sections[0]);
  else stage.show(cards, keep);
}

function tally(colour, reason) {
  tabulate(count(colour, reason));
}

function tabulate(counts) {
  const rows = counts.map(([hour, was, why, number]) => {
    const row = document.createElement("tr");
    row.append(cell(hour), cell(""), cell(number));
    const name = document.createElement("span");
    put(name, `count_${was}`);
    row.children[1].append(name, why ? ` (${why})` : "");
    return row;
  });
  by("counts").tBodies[0].replaceChildren(...rows);
  by("counts").hidden = false;
  by("no-counts").hidden = true;
}

function cell(text) {
  const made = document.createElement("td");
  made.textContent = text;
  return made;
}

function tell(word) {
  const name = ["point", "tips"].includes(word) ? (second.word ?? word) : word;
  if (hint.dataset.t !== name) put(hint, name);
}

async function refresh() {
  const link = by("state");
  let state = shift?.state() ?? "offline";
  try {
    const answer = await fetch(page.dataset.state, { cache: "no-store", signal: AbortSignal.timeout?.(5_000) });
    if (answer.ok) state = shift?.device.judges() ? state : (await answer.json()).state;
  } catch {
    // said as what it is
  }
  link.className = `state state-${state}`;
  put(link.querySelector("[data-t]"), state === "unsigned" ? "ready" : state);
  panel.renew();
}

function saw(found, long) {
  const busy = asking || queue.length > 0;
  view.saw(second.saw(found, !stage.shown() && !busy, camera), { busy, long });
}

// The device's own list, where it has one to be.
async function begin() {
  if (page.dataset.device) {
    const idle = () => !stage.shown() && !asking && !queue.length;
    const given = { read: (picture) => readPhoto(page.dataset.worker, picture), idle, changed: refresh };
    // Where files are of another version, or the browser has not what they want, the server judges, as ever.
    const coming = import("./device/shift.js").then(({ Shift }) => Shift.started(given)).then((made) => (shift = made), () => {});
    started = Promise.race([coming, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
    await started;
    const counts = counted();
    if (counts.length) tabulate(counts);
    refresh();
  }
  prepare();
}

async function start() {
  by("again").hidden = true;
  try {
    await camera.open();
    tell("point");
    await tools();
  } catch (error) {
    failed(error.message);
    return;
  }
  by("camera").classList.remove("off");
}

function failed(word) {
  tell(knows(word) ? word : "camera_none");
  by("camera").classList.add("off");
  by("again").hidden = false;
  by("ways").open = true;
}

async function tools() {
  const { torch, zoom, cameras } = await camera.abilities();
  by("torch").hidden = !torch;
  by("torch").setAttribute("aria-pressed", "false");
  by("switch").hidden = cameras.length < 2;
  by("zooming").hidden = !zoom;
  if (zoom) Object.assign(by("zoom"), { min: zoom.min, max: zoom.max, step: zoom.step || 0.1, value: zoom.now });
}

function prepare() {
  by("camera").hidden = false;
  if (!page.dataset.worker) {
    by("camera").classList.add("off");
    by("ways").open = true;
    return tell("decoder_missing");
  }
  camera = new Camera(by("video"), page.dataset.worker, Boolean(page.dataset.look), saw, tell, failed);
  by("again").addEventListener("click", start);
  by("switch").addEventListener("click", async () => {
    await camera.turn().then(tools, start);
  });
  by("torch").addEventListener("click", async () => {
    const on = by("torch").getAttribute("aria-pressed") !== "true";
    await camera.set({ torch: on });
    by("torch").setAttribute("aria-pressed", on);
  });
  by("zoom").addEventListener("input", () => camera.set({ zoom: Number(by("zoom").value) }));
  // A page that nobody sees lets the camera go, and the screen stays lit while one looks at it.
  document.addEventListener("visibilitychange", () => (document.hidden ? camera.close() : awake()));
  awake();
}

function awake() {
  navigator.wakeLock?.request("screen").catch(() => {});
  start();
}

begin();
