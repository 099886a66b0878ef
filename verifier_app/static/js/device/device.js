// The device that judges by itself: what it holds, how it came by it, and until when that is good.

import { isCapable, load, sync, SyncError, verify } from "../../vendor/engine/engine.js";
import * as holding from "./holding.js";
import { sourceAt } from "./source.js";

const EVERY = 10 * 60_000; // milliseconds between two looks at what is published
const SOON = 12 * 3_600_000;

export class Device {
  // `changed()`: what it holds, or what there is to say of it, is another.
  constructor(settings, changed) {
    this.settings = settings;
    this.changed = changed;
    this.before = null; // { held, loaded }
    this.known = null; // the mark that what is held would have
    this.trust = null;
    this.fault = null; // why it judges nothing, by name
    this.refused = null; // why the last publication was not taken over, by name
    this.first = false; // whether this is its first use
    this.since = null;
    this.online = navigator.onLine;
    this.looking = false;
    this.again = false;
    this.channel = new BroadcastChannel("vaxcert");
    this.channel.onmessage = ({ data }) => (data === "cleared" ? location.reload() : this.open().then(changed));
  }

  // Ready as far as it can be without a network; it looks for news by itself from then on.
  static async started(address, changed) {
    const settings = await (await fetch(address)).json();
    const device = new Device(settings, changed);
    if (!(await isCapable())) {
      device.fault = "not_capable";
      return device;
    }
    await device.open();
    const look = () => device.look();
    look();
    setInterval(look, EVERY);
    addEventListener("online", look);
    addEventListener("offline", () => device.met(false));
    document.addEventListener("visibilitychange", () => document.hidden || look());
    return device;
  }

  // What is held here, checked whole. Whatever is wrong with it is told by name, and nothing is judged by it.
  async open() {
    try {
      const mark = markOrNull();
      this.since = mark?.since ?? null;
      const held = await holding.held();
      this.first = held === undefined && !holding.isMarked();
      if (held === undefined) return this.take(null, this.first ? null : "lost");
      const loaded = await load(held, mark);
      // Without its mark an older one would go unnoticed. Its root is still the one to go on from.
      this.known = loaded.mark;
      this.take(mark === null ? null : { held, loaded }, mark === null ? "lost" : null);
    } catch (error) {
      this.take(null, error instanceof SyncError ? error.fault : "no_storage");
    }
  }

  take(before, fault) {
    const { rules } = this.settings;
    this.before = before;
    this.fault = fault;
    this.trust = before && (rules ? before.loaded.trust.judgingBy(rules) : before.loaded.trust);
  }

  // Look at what is published, one tab after the other. Asked for meanwhile, it looks once more: what is under way may
  // have read what was there before.
  async look() {
    if (this.fault === "not_capable") return;
    this.again = true;
    if (this.looking) return;
    this.looking = true;
    while (this.again) {
      this.again = false;
      await navigator.locks.request("vaxcert-look", () => this.follow());
    }
    this.looking = false;
  }

  // What cannot be taken over changes nothing.
  async follow() {
    try {
      const mark = markOrNull() ?? this.known;
      // Another tab was here first: from what it took over nothing may be forgotten.
      if (this.before && mark && mark.timestamp !== this.before.loaded.mark.timestamp) await this.open();
      const { published, root, environment } = this.settings;
      const synced = await sync(sourceAt(published), { before: this.before, mark, root, environment, now: Date.now() });
      if (synced.changed) {
        this.since ??= new Date().toISOString();
        await holding.keep(synced.held, { ...synced.loaded.mark, since: this.since });
        this.take(synced, null);
        this.channel.postMessage("changed");
      }
      this.refused = null;
      this.met(true);
    } catch (error) {
      const fault = error instanceof SyncError ? error.fault : "no_storage";
      this.refused = fault === "unreachable" ? null : fault;
      this.met(fault !== "unreachable");
    }
  }

  met(online) {
    this.online = online;
    this.changed();
  }

  judges() {
    return this.trust !== null;
  }

  verify(text, mode) {
    return verify(text, this.trust, { mode });
  }

  // Milliseconds since 1970 until which the list is good, or null.
  until() {
    return this.trust && Date.parse(this.trust.freshness.valid_until);
  }

  // "ready", "soon", "stale" or "clock", as the server says it of its own list; "empty" where there is none.
  state(now = Date.now()) {
    if (!this.trust) return "empty";
    const problem = this.trust.problem(BigInt(now) * 1000n);
    if (problem !== null) return problem === "trust_list_stale" ? "stale" : "clock";
    return this.until() - now < SOON ? "soon" : "ready";
  }

  async clear() {
    await holding.clear();
    this.channel.postMessage("cleared");
  }
}

// A mark that cannot be read is one that was lost.
function markOrNull() {
  try {
    return holding.marked();
  } catch {
    return null;
  }
}
