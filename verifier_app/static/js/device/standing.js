// How the device stands: the line over the camera, and what the status says of it.

import { kept } from "./keeping.js";
import { language, put, say } from "../words.js";

const line = document.getElementById("standing");
const LOCALES = { vi: "vi-VN", en: "en-GB" };

// A moment as it is said here: with the day's name within a week, else with its date.
export function local(time) {
  const near = Math.abs(time - Date.now()) < 6 * 86_400_000;
  const day = near ? { weekday: "long" } : { day: "numeric", month: "short", year: "numeric" };
  const said = new Intl.DateTimeFormat(LOCALES[language()], { ...day, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const parts = Object.fromEntries(said.formatToParts(time).map(({ type, value }) => [type, value]));
  const date = near ? parts.weekday : [parts.day, parts.month, parts.year].join(language() === "vi" ? "/" : " ");
  return `${date} ${parts.hour}:${parts.minute}`;
}

// The word for how it stands, and the moment in it.
export function standing(device) {
  const state = device.state();
  if (state === "empty") return [`device_${device.fault ?? "first"}`, ""];
  const word = { ready: device.online ? "device_checks" : "device_offline", soon: "device_soon", stale: "device_stale", clock: "device_clock" };
  return [word[state], local(device.until())];
}

export function tell(device) {
  const [word, until] = standing(device);
  line.hidden = false;
  line.className = `standing standing-${device.state()}`;
  if (line.dataset.t !== word || line.dataset.n !== until || line.lang !== language()) put(line, word, until);
  line.lang = language();
}

// What the status says of the device, and the way to clear it.
export function facts(device) {
  const { before, first, fault, refused, since, settings } = device;
  const list = document.createElement("dl");
  const add = (label, value) => {
    const row = document.createElement("div");
    const [term, told] = [document.createElement("dt"), document.createElement("dd")];
    put(term, label);
    told.append(value);
    row.append(term, told);
    list.append(row);
  };
  add("checks_by", say(device.judges() ? "this_device" : "the_server"));
  if (before) {
    const { trust, list: listed, lists } = before.loaded;
    add("until", local(device.until()));
    add("network_before", local(device.until()));
    add("published", local(Date.parse(trust.freshness.published_at)));
    add("publication", String(listed.revocations.number));
    add("keys", String(listed.keys.length));
    add("revocations", trust.revocations.isWhole ? String([...lists.values()].reduce((sum, one) => sum + one.length, 0)) : say("not_held"));
    if (since) add("believed", local(Date.parse(since)));
  } else if (first && !fault) add("until", say("device_first"));
  if (fault) add("until", say(`device_${fault}`));
  if (refused) add("update_refused", refused);
  const { opens, promised } = kept();
  add("opens_offline", say(opens));
  add("kept_for_good", say(promised));
  add("version", `vaxcert ${settings.version}`);
  return [list, clearing(device)];
}

// Asked twice: without a network nothing can be checked afterwards.
function clearing(device) {
  const button = document.createElement("button");
  button.type = "button";
  button.id = "clear";
  put(button, "clear");
  button.addEventListener("click", async () => {
    if (button.dataset.t === "clear") return put(button, "clear_sure");
    await device.clear();
    location.reload();
  });
  return button;
}
