// A verdict of this device's as the server's own markup has it (templates/verdicts.html): both languages, the worst first.

import { shown } from "./showing.js";
import { wordIn } from "../words.js";

const LANGUAGES = ["vi", "en"];
const GOOD = ["test", "accepted"];
const WORST_FIRST = ["refused", "undetermined", "accepted"];

// `told`: [{ verdict, at }]. Returns the sections.
export function sections(told, said, now = new Date()) {
  const sorted = [...told].sort((one, other) => WORST_FIRST.indexOf(one.verdict.status) - WORST_FIRST.indexOf(other.verdict.status));
  const cards = sorted.map(({ verdict, at }) => ({ at, of: LANGUAGES.map((lang) => shown(verdict, lang, said, now)) }));
  const kinds = cards.map(({ of }) => of[0].colour);
  return cards.map((card) => section(card, kinds));
}

function section({ at, of }, kinds) {
  const { colour, code } = of[0];
  const made = element("section", `verdict ${colour}`);
  Object.assign(made.dataset, { colour, code, at });
  made.append(...of.map((one) => words(one, kinds)));
  return made;
}

function words(one, kinds) {
  const made = element("div", "words");
  made.lang = one.lang;
  const judged = element("div", "judged");
  judged.append(symbol(one.colour), element("h1", "", one.headline));
  add(judged, "p", "large", one.large);
  add(judged, "p", "reason", one.reason);
  add(judged, "p", "mode", one.mode);
  const columns = element("div", "columns");
  columns.append(judged);
  if (one.name || one.warnings.length || one.lines.length) columns.append(holder(one));
  if (!one.name && one.code) judged.append(support(one));
  add(made, "p", "summary", summary(kinds, one.lang));
  if (one.test) made.append(element("p", "banner", `${wordIn("test", one.lang)}${one.lang === "en" ? "" : " · TEST"}`));
  made.append(columns);
  return made;
}

function holder(one) {
  const made = element("div", "holder");
  if (one.name) {
    made.append(element("p", "name", one.name));
    add(made, "p", "latin", one.latin);
    made.append(element("p", "born", one.born));
    if (GOOD.includes(one.colour)) made.append(element("p", "compare", wordIn("compare", one.lang)));
  }
  for (const warning of one.warnings) made.append(element("p", "warning", `! ${warning}`));
  if (one.rules.length) {
    const list = element("ul", "rules");
    list.append(...one.rules.map((rule) => element("li", "", rule)));
    made.append(list);
  }
  if (one.lines.length) {
    const list = element("dl");
    for (const [label, value] of one.lines) {
      const line = element("div");
      line.append(element("dt", "", label), element("dd", "", value));
      list.append(line);
    }
    made.append(list);
  }
  if (one.name && one.code) made.append(support(one));
  return made;
}

function support({ code, lang }) {
  const made = element("p", "code", `${wordIn("support", lang)}: `);
  made.append(element("code", "", code));
  return made;
}

// How codes that came together stand; the good ones count where all are.
function summary(kinds, lang) {
  if (kinds.length < 2) return "";
  const bad = kinds.filter((kind) => !GOOD.includes(kind));
  const counted = new Map();
  for (const kind of bad.length ? bad : kinds) counted.set(kind, (counted.get(kind) ?? 0) + 1);
  const [[first, number], ...rest] = [...counted];
  const named = { n: number, what: wordIn(`count_${first}`, lang), total: kinds.length };
  const whole = wordIn("of_several", lang).replace(/\{(\w+)\}/g, (_, name) => named[name]);
  return [whole, ...rest.map(([kind, many]) => `${many} ${wordIn(`count_${kind}`, lang)}`)].join(", ");
}

function symbol(colour) {
  return document.getElementById("symbols").content.querySelector(`.symbol-${colour}`).cloneNode(true);
}

function element(name, classes = "", text = "") {
  const made = document.createElement(name);
  if (classes) made.className = classes;
  made.textContent = text;
  return made;
}

function add(place, name, classes, text) {
  if (text) place.append(element(name, classes, text));
}
