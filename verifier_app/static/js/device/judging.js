// Who judges: this device, as far as it can; the server, where there is one and the device cannot tell. A verdict of
// this device is never made better by a server that does not answer.

import { ask } from "../asking.js";
import { sections } from "./drawing.js";

// What is no card, by how little it says (vaxcert/sorting).
const SAYING = ["keyboard_layout", "format_unsupported", "not_a_certificate", "format_unknown"];
const PATIENCE = 4_000; // milliseconds that the server is given for what the device could not tell

// Returns { sections, by } or { trouble }; `by`: "device" or "server".
export async function judge(device, said, { texts = [], picture = null }, mode, read) {
  if (picture) return ofPicture(device, said, picture, mode, read);
  const told = device.judges() ? await judged(device, texts, mode) : [];
  const open = !told.length || told.some(({ verdict }) => isOpen(verdict));
  if (open && device.settings.server && (device.online || !told.length)) {
    const answer = await ask({ texts }, told.length ? { patience: PATIENCE, tries: 1 } : {});
    if (!answer.trouble) return { ...answer, by: "server" };
    if (!told.length) return answer;
  }
  if (!told.length) return { trouble: "device_empty" };
  return { sections: sections(told, said), by: "device" };
}

// A server reads photos better than this page does, and PDFs at all.
async function ofPicture(device, said, picture, mode, read) {
  if (device.settings.server && device.online) {
    const answer = await ask({ picture });
    if (answer.trouble !== "no_answer") return answer.trouble ? answer : { ...answer, by: "server" };
  }
  const texts = await read(picture);
  if (texts === null) return { trouble: "photo_unread" };
  if (!texts.length) return { trouble: "no_code" };
  return judge(device, said, { texts }, mode, read);
}

async function judged(device, texts, mode) {
  const all = [];
  for (const [at, text] of texts.entries()) {
    if (text.trim()) all.push({ at, text, verdict: await device.verify(text, mode) });
  }
  const cards = all.filter(({ verdict }) => isCard(verdict));
  const [other] = all.filter(({ verdict }) => !isCard(verdict)).sort((one, two) => saying(one) - saying(two));
  return cards.length ? cards : other ? [other] : [];
}

function isCard({ format, reason }) {
  return format !== null || !SAYING.includes(reason);
}

function saying({ verdict }) {
  return SAYING.indexOf(verdict.reason);
}

// Whether somebody else may know more: of what is no certificate nobody does.
function isOpen({ status, reason }) {
  return status === "undetermined" && !["not_a_certificate", "keyboard_layout", "parts_missing", "parts_differ"].includes(reason);
}
