// What was chosen at this place, language and rules, kept on the device: the page that it keeps is nobody's own.

import { change, language } from "../words.js";

const page = document.getElementById("page");
const select = document.getElementById("mode");
const LANGUAGE = "vaxcert-language";
const MODE = "vaxcert-mode";

// `changed()`: other rules are judged by from now on.
export function prepare(device, changed) {
  const wanted = localStorage.getItem(LANGUAGE);
  if (wanted && wanted !== language()) document.getElementById("language").click();
  new MutationObserver(() => {
    localStorage.setItem(LANGUAGE, language());
    changed();
  }).observe(document.documentElement, { attributeFilter: ["lang"] });
  // What was chosen before the device kept anything came with the server's page.
  if (!wanted) localStorage.setItem(LANGUAGE, language());
  if (localStorage.getItem(MODE) === null && page.dataset.mode !== device.settings.usual) localStorage.setItem(MODE, page.dataset.mode);
  const mode = localStorage.getItem(MODE);
  if (mode !== null && (mode || !device.settings.usual)) page.dataset.mode = mode;
  select?.addEventListener("change", (event) => {
    event.stopImmediatePropagation();
    page.dataset.mode = select.value;
    localStorage.setItem(MODE, select.value);
    // So that a visit without scripts knows it too.
    if (page.dataset.state) fetch(`?mode=${encodeURIComponent(select.value)}`, { redirect: "manual" }).catch(() => {});
    changed();
  }, { capture: true });
}

// The rules that there are to choose from. A choice that is gone stands, and nothing is accepted by it.
export function list(device) {
  if (!select || !device.before) return;
  const rules = device.settings.rules ?? device.before.loaded.list.rules;
  const known = new Map(rules.map(({ mode, title }) => [mode, title[language()]]));
  for (const option of select.options) {
    if (known.has(option.value)) option.textContent = known.get(option.value);
    known.delete(option.value);
  }
  for (const [mode, title] of known) select.add(new Option(title, mode));
  if (![...select.options].some(({ value }) => value === page.dataset.mode)) select.add(new Option(page.dataset.mode, page.dataset.mode));
  select.value = page.dataset.mode;
}
