// A verdict as people are shown it, in one language: what the server's pages say of it, word by word (vaxcert/showing,
// verifier_app/showing). What a card says is untrusted text.

import { prequal, printable } from "../../vendor/engine/engine.js";

const OF_RULES = ["rule_not_met", "rule_not_evaluable", "rule_too_many_steps", "rule_schema_later", "no_rule_applies"];
const SIGNS = { passed: "✔", failed: "✘", unknown: "?" };
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const ELSEWHERE = ["name", "date_of_birth", "dose", "test"];

// How a verdict looks, by the same names as the server's.
export function kindOf({ reason, card, environment, status }) {
  if (reason === "not_a_certificate") return "other";
  if (OF_RULES.includes(reason) && card === "accepted") return "not_enough";
  return environment === "test" && status === "accepted" ? "test" : status;
}

// What is drawn of a verdict. `said`: the server's words of verdicts; `now`: a Date.
export function shown(verdict, lang, said, now) {
  const of = (words) => words[lang === "vi" ? 1 : 0];
  const { certificate, reason, warnings, status } = verdict;
  const person = certificate?.person;
  const told = lines(verdict, lang, said).map(([field, text]) => [field, printable(text)]);
  const small = told.filter(([field], at) => !ELSEWHERE.includes(field) || told.findIndex((one) => one[0] === field) !== at);
  return {
    lang,
    colour: kindOf(verdict),
    headline: of(said.headlines[headlineOf(verdict, said)]),
    test: verdict.environment === "test",
    large: certificate && status === "accepted" ? large(certificate.entries[0], lang, said) : "",
    name: person ? printable(fullName(person)) : "",
    latin: person ? printable(latin(person)) : "",
    born: person ? printable(birth(person.date_of_birth, lang)) : "",
    lines: small.map(([field, text]) => [of(said.labels[field]), text]),
    reason: reasonOf(verdict, lang, said, now),
    code: reason ?? "",
    warnings: warnings.map((warning) => of(said.reasons[warning])),
    mode: modeOf(verdict, lang, said),
    rules: (verdict.rules?.results ?? []).map((one) => `${SIGNS[one.outcome]} ${printable(one[lang])}`),
  };
}

function headlineOf(verdict, said) {
  if (kindOf(verdict) === "not_enough") return verdict.reason === "rule_not_met" ? "not_enough" : "not_judged";
  const own = verdict.status === "undetermined" && Object.hasOwn(said.ownHeadlines, verdict.reason ?? "");
  return own ? said.ownHeadlines[verdict.reason] : verdict.status;
}

function reasonOf({ reason, checks, rules, freshness, recognised }, lang, said, now) {
  const of = (words) => words[lang === "vi" ? 1 : 0];
  if (reason === null) return "";
  const first = rules && rules.outcome !== "passed" ? rules.results.find(({ outcome }) => outcome === rules.outcome) : null;
  if (OF_RULES.includes(reason) && first) {
    const words = printable(first[lang]);
    return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;
  }
  if (["clock_rolled_back", "clock_suspect"].includes(reason) && freshness.published_at) {
    const times = { shown: moment(now, lang), published: moment(new Date(freshness.published_at), lang) };
    return of(said.clockWrong).replace(/\{(\w+)\}/g, (_, name) => times[name]);
  }
  if (reason === "keyboard_layout") return `${of(said.reasons[reason])} ${of(said.keyboardHelp)}`;
  if (reason === "parts_missing") {
    const { detail } = checks.find((check) => check.reason === reason);
    return `${of(said.reasons[reason])} ${of(said.missing).replace("{parts}", () => detail)}`;
  }
  const known = recognised !== null && Object.hasOwn(said.recognised[reason] ?? {}, recognised);
  return of(known ? said.recognised[reason][recognised] : said.reasons[reason]);
}

function modeOf({ rules }, lang, said) {
  if (rules === null) return "";
  const of = (words) => words[lang === "vi" ? 1 : 0];
  return `${of(said.rules)}: ${printable(rules.title[lang])}${rules.signed ? "" : ` (${of(said.unsigned)})`}`;
}

function lines({ certificate, signer, link }, lang, said) {
  const found = [];
  if (certificate) {
    const { person, entries } = certificate;
    found.push(["name", fullName(person)], ["date_of_birth", person.date_of_birth]);
    for (const entry of entries) {
      found.push(...ofEntry(entry, lang, said));
      if (entry.disease) found.push(["disease", named("disease", entry.disease, lang, said)]);
      found.push(["issuer", entry.issuer]);
    }
    if (certificate.expires_at !== null) found.push(["valid_until", day(certificate.expires_at.slice(0, 10), lang)]);
    for (const entry of entries) found.push(["certificate_id", entry.certificate_id]);
  }
  if (link) found.push(...ofLink(link, lang, said));
  if (signer) found.push(["signer", `${signer.country || "??"} ${signer.kid}`]);
  return found;
}

function ofEntry(entry, lang, said) {
  if (entry.kind === "vaccination") {
    return [["vaccine", product(entry.product, lang, said)], ["dose", doseText(entry)], ["date", day(entry.date, lang)]];
  }
  if (entry.kind === "test") {
    const result = ["result", named("test_result", entry.result, lang, said)];
    return [["test", named("test_type", entry.type, lang, said)], result, ["date", moment(new Date(entry.sampled_at), lang)]];
  }
  if (entry.kind === "pass") return [["pass", named("pass", entry.name, lang, said)], ["date", day(entry.valid_from, lang)]];
  return [["recovery", `${day(entry.valid_from, lang)} – ${day(entry.valid_until, lang)}`]];
}

function ofLink({ address, label, flags, expires_at: end }, lang, said) {
  const found = [["link", address]];
  if (label) found.push(["label", label]);
  if (end !== null) found.push(["valid_until", moment(new Date(end), lang)]);
  if (flags.includes("P")) found.push(["passcode", said.passcode[lang === "vi" ? 1 : 0]]);
  return found;
}

// Which dose of how many; the number alone where it is not said of how many.
function doseText({ number, series }) {
  return series ? `${number}/${series}` : `${number}`;
}

function large(entry, lang, said) {
  const of = (words) => words[lang === "vi" ? 1 : 0];
  if (entry.kind === "vaccination") return `${of(said.labels.dose)} ${doseText(entry)}`;
  if (entry.kind === "pass") return named("pass", entry.name, lang, said);
  return entry.kind === "test" ? named("test_type", entry.type, lang, said) : of(said.labels.recovery);
}

function named(kind, code, lang, said) {
  const names = held(said.codes[kind], code) ?? (kind === "disease" ? held(said.icd11, code.split(".", 1)[0]) : null);
  return names ? names[lang === "vi" ? 1 : 0] : code;
}

// A product by its name, else by its kind, where its id of WHO's tells that.
function product(code, lang, said) {
  const kind = prequal(code);
  const names = kind && !held(said.codes.product, code) ? held(said.kinds, kind.begun) : null;
  return names ? names[lang === "vi" ? 1 : 0] : named("product", code, lang, said);
}

function held(table, key) {
  return Object.hasOwn(table, key) ? table[key] : null;
}

function fullName(person) {
  const joined = (...parts) => parts.filter(Boolean).join(" ");
  return joined(person.family_name, person.given_name) || joined(person.family_name_transliterated, person.given_name_transliterated);
}

// The name as the machine-readable line of an identity document has it, where its writing is not Latin.
function latin(person) {
  const letters = fullName(person).match(/\p{L}/gu) ?? [];
  if (letters.every((letter) => /\p{Script=Latin}/u.test(letter))) return "";
  const parts = [person.family_name_transliterated, person.given_name_transliterated];
  return parts.join(" ").replaceAll("<", " ").split(/\s+/).filter(Boolean).join(" ");
}

function birth(text, lang) {
  return /^\d{4}-\d\d-\d\d$/.test(text) ? day(text, lang) : text;
}

// A day "YYYY-MM-DD" in the reader's form.
function day(text, lang) {
  const [year, month, date] = text.split("-");
  return lang === "vi" ? `${date}/${month}/${year}` : `${Number(date)} ${MONTHS[month - 1]} ${year}`;
}

// A point in time by this device's zone, which is named.
export function moment(time, lang) {
  const two = (number) => String(number).padStart(2, "0");
  const date = [String(time.getFullYear()).padStart(4, "0"), two(time.getMonth() + 1), two(time.getDate())].join("-");
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}`;
  const ahead = -time.getTimezoneOffset();
  const zone = `UTC${ahead ? `${ahead < 0 ? "-" : "+"}${two(Math.floor(Math.abs(ahead) / 60))}:${two(Math.abs(ahead) % 60)}` : ""}`;
  return lang === "vi" ? `${clock} ${day(date, lang)} ${zone}` : `${day(date, lang)} ${clock} ${zone}`;
}
