// The second reader: a code that stays in view without a text is cut out of its frame and sent to the server, which has
// more patience. Only where the operator has set it, one at a time, and nothing where nothing like a code is in view.
// What the server reads is then a text in view like any other, for as long as that code stays where it is.

const PATIENCE = 1_500; // milliseconds in view, before it is sent
const PAUSE = 1_000; // milliseconds from one sending to the next
const FAR = 5_000; // milliseconds until a server is asked again that did not answer
const KNOWN = 5_000; // milliseconds for which a text is taken to be that of the code in view; then it is read anew
const TIMEOUT = 12_000;
const AWAY = 12; // frames without it, after which another code may be there
const MOVED = 0.5; // of its side: so far no hand moves between two frames
const MARGIN = 0.3; // of its side, around it
const COARSE = 2; // pixels a module; what has fewer is read better when it is enlarged
const SIDE = 1_000; // pixels of what is sent, at most
const BYTES = 300_000; // of it, at most
const QUALITIES = [0.92, 0.8, 0.6]; // of the JPEG, until it is small enough

export class SecondReader {
  // `address`: where it is sent, or "" for nowhere. `camera.part(box, scale)`: a canvas with that part of the last frame.
  constructor(address) {
    this.address = address;
    this.track = null; // the code in view: { at, since, away, text, until, answer }
    this.lately = []; // the codes that the last frames were read of
    this.next = 0;
    this.word = null; // what there is to say while there is a code without a text
    this.busy = false;
  }

  // Of one frame: codes `read` and `unread`. `idle`: nothing is shown or asked about. Returns the texts in view.
  saw({ texts, read, unread }, idle, camera) {
    if (!this.address) return texts;
    const code = this.follow(read.map(placed), unread.map(placed));
    if (!this.track) return texts;
    const now = performance.now();
    if (this.track.text && !idle) this.track.until = now + KNOWN;
    const due = idle && now >= this.track.until && now - this.track.since >= PATIENCE;
    if (code && due) this.look(this.track, code, camera, now);
    return this.track.text ? [...new Set([...texts, this.track.text])] : texts;
  }

  // The verdict that came with this text, where it alone is asked about, and once: { sections }, or null.
  verdict({ texts = [] }) {
    if (texts.length !== 1 || this.track?.text !== texts[0]) return null;
    const { answer } = this.track;
    this.track.answer = null;
    return answer;
  }

  // The code that was there before, else the largest: another code beside it, read or not, hides no card. One that is
  // read in some frames and not in others needs nobody else to read it, and a card beside it does; what reaches over
  // one that was read is no code, but patterns of several taken together.
  follow(read, unread) {
    this.lately = [...this.lately, read].slice(-AWAY);
    const left = () => {
      const others = this.lately.flat().filter((code) => !this.isThere(code));
      return unread.filter((code) => !others.some((other) => touch(code, other)));
    };
    const own = read.find((code) => this.isThere(code));
    if (own && (own.text !== this.track.text || left().length)) this.forget();
    else if (own) return null;
    const lost = left().sort((a, b) => b.side - a.side);
    const other = lost.find((one) => !this.isThere(one));
    if (other && this.track?.failed) this.track = null; // what nobody could read may be no code at all
    const there = lost.find((one) => this.isThere(one));
    // Where it is lost for a moment, what is found elsewhere in that frame does not begin a wait of its own.
    if (!there && this.track && (this.track.away += 1) <= AWAY) return null;
    if (!there) this.forget();
    const code = there ?? other;
    if (!code) return null;
    this.track ??= { since: performance.now(), text: "", until: 0, answer: null };
    Object.assign(this.track, { at: code, away: 0 });
    return code;
  }

  // Of a lost code now this pattern is found and now another, of another size: one within the other is the same code.
  isThere(code) {
    return Boolean(this.track) && touch(code, this.track.at);
  }

  forget() {
    this.track = null;
    this.word = null;
  }

  async look(track, code, camera, now) {
    if (this.busy || now < this.next) return;
    this.busy = true;
    this.next = now + PAUSE;
    if (!track.text) this.word ??= "looking"; // what was advised stays, to be read
    try {
      const answer = await this.ask(await cut(code, camera));
      if (this.track !== track) return;
      if (answer && answer.text !== track.text) Object.assign(track, answer);
      if (track.text) track.until = performance.now() + KNOWN;
      track.failed = !answer;
      this.word = answer ? null : "tips";
    } finally {
      this.busy = false;
    }
  }

  // { text, answer } of what was read, or null. Whatever goes wrong on the way is no news of the card.
  async ask(body) {
    if (!body) return null;
    let answer;
    let content;
    try {
      const headers = { Accept: "application/problem+json", "Content-Type": body.type };
      answer = await fetch(this.address, { method: "POST", body, headers, cache: "no-store", signal: AbortSignal.timeout?.(TIMEOUT) });
      content = await answer.text();
    } catch {
      this.next = performance.now() + FAR;
      return null;
    }
    if (answer.status === 404) this.address = ""; // the operator has changed his mind
    if ([429, 503].includes(answer.status)) this.next = performance.now() + 1_000 * (Number(answer.headers.get("Retry-After")) || 5);
    if (!answer.ok) return null;
    const told = new DOMParser().parseFromString(content, "text/html");
    const text = told.getElementById("read")?.getAttribute("value");
    const sections = [...told.querySelectorAll("section.verdict")];
    return text && sections.length ? { text, answer: { sections } } : null;
  }
}

function isAt({ x, y }, before) {
  return Math.hypot(x - before.x, y - before.y) <= MOVED * before.side;
}

// Either has its middle where the other one is.
function touch(one, other) {
  return isAt(one, other) || isAt(other, one);
}

function placed({ text, version, corners }) {
  const [xs, ys] = [0, 1].map((axis) => corners.map((corner) => corner[axis]));
  const [left, top, right, bottom] = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  const side = Math.max(right - left, bottom - top);
  return { text, left, top, right, bottom, side, x: (left + right) / 2, y: (top + bottom) / 2, module: side / (17 + 4 * version) };
}

// The code and what is around it, grey; null where that cannot be made small enough.
async function cut({ left, top, right, bottom, side, module }, camera) {
  const margin = MARGIN * side;
  const box = { left: left - margin, top: top - margin, right: right + margin, bottom: bottom + margin };
  const scale = Math.min(module < COARSE ? 2 : 1, SIDE / (side + 2 * margin));
  const canvas = camera.part(box, scale);
  for (const quality of QUALITIES) {
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
    if (blob && blob.size < BYTES) return blob;
  }
  return null;
}
