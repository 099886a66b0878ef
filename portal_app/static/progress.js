// Tells how far a table is without the page being loaded anew; without this the page loads itself, or is asked to.
"use strict";
const part = document.querySelector("[data-state]");
const bar = document.querySelector("#bar");
const words = document.querySelector("#words");

async function look() {
  try {
    const answer = await fetch(part.dataset.state, { headers: { Accept: "application/json" } });
    const state = answer.ok ? await answer.json() : { running: false };
    if (!state.running) {
      location.reload();
      return;
    }
    if (state.rows) {
      bar.max = state.rows;
      bar.value = state.done;
    }
    if (words.textContent !== state.words) words.textContent = state.words;
  } catch {
    // The network went away: the work goes on, and so does asking.
  }
  setTimeout(look, 1500);
}

if (part) setTimeout(look, 700);
