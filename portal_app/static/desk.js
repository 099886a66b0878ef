// What helps at the desk and is not needed: arrow keys among people, a filter of today's list, printing at once.
"use strict";

const bare = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();

function arrows(event) {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  if (event.target.closest("select, textarea, [type=radio]")) return;
  const list = document.querySelector("[data-arrows]");
  if (!list) return;
  // Of a row, what is done to it with one key; else who it is.
  const rows = [...list.children].filter((row) => !row.hidden);
  const stops = rows.map((row) => row.querySelector("button[name=from]") ?? row.querySelector("a.person, select")).filter(Boolean);
  if (!stops.length) return;
  const at = stops.indexOf(document.activeElement);
  const next = at < 0 ? 0 : at + (event.key === "ArrowDown" ? 1 : -1);
  if (at < 0 && event.key === "ArrowUp") return;
  event.preventDefault();
  if (next < 0) document.querySelector("#full_name, #filter")?.focus();
  else stops[Math.min(next, stops.length - 1)].focus();
}
document.addEventListener("keydown", arrows);

for (const field of document.querySelectorAll("[data-filter]")) {
  const rows = document.querySelectorAll(`#${field.dataset.filter} [data-row]`);
  field.hidden = false;
  const input = field.querySelector("input");
  input.addEventListener("input", () => {
    const words = bare(input.value).split(/\s+/).filter(Boolean);
    for (const row of rows) {
      const name = bare(row.querySelector(".person").textContent);
      row.hidden = !words.every((word) => name.includes(word));
    }
  });
  // Where the page itself says what is first, this may run before the browser has gone there.
  if (document.activeElement === document.body && !document.querySelector("[autofocus]")) input.focus();
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
  addEventListener("afterprint", () => document.querySelector("[data-after]")?.focus());
  if ("atOnce" in button.dataset) window.print();
}

// A form that is sent twice is one form, and is seen to be on its way.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) { event.preventDefault(); return; }
  if (form.querySelector("[name=request_id]")) form.dataset.sent = "1";
});
addEventListener("pageshow", () => { for (const form of document.forms) delete form.dataset.sent; });
