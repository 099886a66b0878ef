// The other ways in: a hand scanner, which types; text that is pasted; photos and files.

import { put } from "./words.js";

const wedge = document.getElementById("wedge");
const lamp = document.getElementById("wedge-state");
const form = document.getElementById("form");

const PAUSE = 350; // milliseconds: the end of what a scanner types that sends no line end
const SHORT = 20; // what is shorter is a slip of a finger, not a code

// `take(given, wedge)` gets what was given: {texts} or {picture}. `scanned()` is told as soon as what is typed can be a
// code, and `onward()` of the Enter key alone.
export function prepare(take, { scanned, onward }) {
  let timer = 0;
  const send = () => {
    clearTimeout(timer);
    const text = wedge.value;
    wedge.value = "";
    if (!text.trim()) return;
    scanned();
    take({ texts: [text] }, wedge);
  };
  wedge.addEventListener("input", () => {
    if (wedge.value.length >= SHORT) scanned();
    clearTimeout(timer);
    timer = setTimeout(() => (wedge.value.length < SHORT ? (wedge.value = "") : send()), PAUSE);
  });
  wedge.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    if (wedge.value) send();
    else if (!event.repeat) onward();
  });
  for (const name of ["focus", "blur"]) wedge.addEventListener(name, lit);
  // A scanner types wherever the focus is: outside of fields its keys are led to the one that waits for them.
  addEventListener("keydown", ({ key, target, ctrlKey, metaKey, altKey }) => {
    const elsewhere = !target.closest("input:not([type=checkbox], [type=range], [type=file]), textarea");
    if (elsewhere && key.length === 1 && key !== " " && !ctrlKey && !metaKey && !altKey) ready();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = [...form.querySelectorAll("input[type=file]")].find((input) => input.files.length);
    const text = form.elements.text.value;
    take(text.trim() || !chosen ? { texts: [text] } : { picture: chosen.files[0] });
    form.reset();
  });
  for (const input of form.querySelectorAll("input[type=file]")) {
    input.addEventListener("change", () => input.files.length && form.requestSubmit());
  }
  document.getElementById("shoot").addEventListener("click", () => document.getElementById("photo").click());
  document.getElementById("scanner").hidden = false;
}

export const ready = () => wedge.focus({ preventScroll: true });

function lit() {
  const on = document.activeElement === wedge;
  lamp.classList.toggle("on", on);
  put(lamp.querySelector("[data-t]"), on ? "wedge_ready" : "wedge_off");
}
