// The page that stays open all day: camera or scanner → server → verdict → next.

import { ask } from "./asking.js";
import { Camera } from "./seeing/camera.js";
import { SecondReader } from "./seeing/looking.js";
import { again, count } from "./memory.js";
import * as signals from "./signals.js";
import * as stage from "./stage.js";
import * as ways from "./ways.js";
import { change, knows, put } from "./words.js";

const page = document.getElementById("page");
const by = (id) => document.getElementById(id);
const hint = by("hint");
const GONE = 1_500; // milliseconds out of view, after which a card counts as shown anew
const LATE = 200; // milliseconds after which waiting is said
const STATE = 60_000;
const second = new SecondReader(page.dataset.look);

let asking = false;
let queued = null;
let current = ""; // the card in view that has had its verdict
let last = 0; // when it was seen last
let camera = null;

document.documentElement.classList.add("js");
by("settings").hidden = false;
by("ways").open = false;
signals.prepare();
ways.prepare(take, stage.leave);
stage.onLeave(() => {
  tell("point");
  ways.ready();
});
by("language").addEventListener("click", (event) => {
  event.preventDefault();
  fetch(event.currentTarget.href, { redirect: "manual" }).catch(() => {}); // so that the next visit knows
  change();
  event.currentTarget.lang = document.documentElement.lang === "vi" ? "en" : "vi";
  event.currentTarget.href = `?lang=${event.currentTarget.lang}`;
});
ways.ready();
setInterval(refresh, STATE);

// One at a time, and none is lost: what comes while another is asked about is asked next.
async function take(fields, keep = null) {
  if (asking) {
    queued = [fields, keep];
    return;
  }
  asking = true;
  const waiting = setTimeout(() => tell("checking"), LATE);
  try {
    judge(fields, keep, second.verdict(fields.text) ?? (await ask(fields)));
  } finally {
    clearTimeout(waiting);
    asking = false;
  }
  refresh();
  if (!queued) return;
  const [next, where] = queued;
  queued = null;
  await take(next, where);
}

function judge(fields, keep, { sections, trouble }) {
  if (trouble) {
    stage.trouble(trouble, { keep });
    tally("undetermined", trouble);
    signals.signal("undetermined");
    return;
  }
  // A photo has no text here: what the page knows of it is its verdict alone.
  const minutes = fields.text ? again(fields.text.trim()) : null;
  stage.show(sections, { minutes, keep });
  for (const { dataset } of sections) tally(dataset.colour, dataset.code);
  signals.signal(worst(sections.map(({ dataset }) => dataset.colour)));
}

function worst(colours) {
  return ["refused", "undetermined", "test", "accepted"].find((colour) => colours.includes(colour));
}

function tally(colour, reason) {
  const rows = count(colour, reason).map(([hour, was, why, number]) => {
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

function saw(read, long, unread) {
  const texts = second.saw(read, unread, !stage.shown() && !asking, camera);
  const now = performance.now();
  if (texts.includes(current)) last = now;
  else if (now - last > GONE) current = "";
  if (stage.shown() || asking) return;
  const [text] = texts;
  if (texts.length > 1) tell("several_seen");
  else if (!text || text === current) tell(current ? "seen" : long ? "tips" : "point");
  else {
    current = text;
    last = now;
    take({ text });
  }
}

async function refresh() {
  const link = by("state");
  let state = "offline";
  try {
    const answer = await fetch(page.dataset.state, { cache: "no-store", signal: AbortSignal.timeout?.(5_000) });
    if (answer.ok) ({ state } = await answer.json());
  } catch {
    // said as what it is
  }
  link.className = `state state-${state}`;
  put(link.querySelector("[data-t]"), state === "unsigned" ? "ready" : state);
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

prepare();
