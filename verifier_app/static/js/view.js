// What the camera has in view: which codes have had their verdict, and which are to be asked about now.

const GONE = 1_500; // milliseconds out of view, after which a code counts as shown anew
const MOST = 4; // codes that are asked about at once

export class View {
  // `stage`: { shown(), givesWay() }. `take(texts, before)`: asks about them, of which those in `before` have
  // had a verdict. `tell(word)`: what is said while nothing is asked.
  constructor(stage, take, tell) {
    Object.assign(this, { stage, take, tell });
    this.judged = new Map(); // text → the word to say while it stays in view
    this.frame = [];
    this.found = false; // the frame before was the first with something to ask about
    this.last = 0;
  }

  // `texts`: those of one frame. `busy`: something is asked about. `long`: nothing was read for long.
  saw(texts, { busy, long }) {
    const now = performance.now();
    // Of two codes side by side one is often read first, so two frames, one of them whole, count as one view.
    const near = [...new Set([...this.frame, ...texts])];
    this.frame = texts;
    if (texts.some((text) => this.judged.has(text))) this.last = now;
    else if (now - this.last > GONE) this.judged.clear();
    if (busy) return;
    const fresh = near.filter((text) => !this.judged.has(text));
    const shown = this.stage.shown();
    const wanted = fresh.length > 0 && (!shown || this.mayReplace(near, fresh));
    if (!fresh.length && !shown) this.tell(this.judged.values().next().value ?? (long ? "tips" : "point"));
    if (wanted && this.found) this.ask(fresh, shown ? near.filter((text) => this.judged.has(text)) : [], now);
    this.found = wanted && !this.found;
  }

  // What is shown goes for codes beside those that it is about, and for the next card where that counts as an act.
  mayReplace(near, fresh) {
    return fresh.length < near.length || (!this.judged.size && this.stage.givesWay());
  }

  ask(fresh, before, now) {
    const texts = [...fresh, ...before].slice(0, MOST);
    for (const text of fresh) this.judged.set(text, "seen_unchecked");
    this.last = now;
    this.take(texts, before);
  }

  // What there is to say of codes that have had a verdict, while they stay in view.
  answered(texts, word) {
    for (const text of texts) if (this.judged.has(text)) this.judged.set(text, word);
  }

  // Nothing was checked: the same code is asked about again.
  forget(texts) {
    for (const text of texts) this.judged.delete(text);
  }
}
