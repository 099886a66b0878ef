// The page on a device that checks by itself: what app.js needs of it.

import { wordIn } from "../words.js";
import { Device } from "./device.js";
import { judge } from "./judging.js";
import { keep } from "./keeping.js";
import * as place from "./place.js";
import { facts, local, tell } from "./standing.js";

const page = document.getElementById("page");

export class Shift {
  // `read(picture)`: the texts of the codes in it, or null. `idle()`: whether the page may be opened anew.
  static async started({ read, idle, changed }) {
    const shift = new Shift();
    shift.read = read;
    shift.said = await (await fetch(page.dataset.sayings)).json();
    shift.device = await Device.started(page.dataset.device, () => {
      shift.tell();
      changed();
    });
    place.prepare(shift.device, () => shift.tell());
    shift.tell();
    setInterval(() => shift.tell(), 30_000);
    keep(page.dataset.keeper, idle).then(changed);
    return shift;
  }

  tell() {
    tell(this.device);
    place.list(this.device);
  }

  facts() {
    return facts(this.device);
  }

  state() {
    const state = this.device.state();
    return state === "empty" ? "offline" : state;
  }

  // As `ask` does, with who it was that judged on each verdict.
  async judge(given) {
    const answer = await judge(this.device, this.said, given, page.dataset.mode, this.read);
    for (const section of answer.sections ?? []) {
      for (const words of section.querySelectorAll(".words")) {
        const who = document.createElement("p");
        who.className = "who";
        const until = answer.by === "device" && this.device.judges() ? ` · ${local(this.device.until())}` : "";
        who.textContent = `${wordIn(`who_${answer.by}`, words.lang)}${until}`;
        words.append(who);
      }
    }
    return answer;
  }
}
