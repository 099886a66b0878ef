// The camera: opened, watched and let go. Frames go to the worker: while nothing is seen one whole and three middles as
// they are, with pauses, for that costs little; else whole and as an enlarged middle in turn, so that small or distant
// codes are read without anybody stepping back.

const MIDDLE = 0.55; // of width and height; enlarged to the whole frame's size
const PAUSE = 40; // milliseconds between frames: quick enough for a hand, and easy on the battery
const IDLE_PAUSE = 120; // the same while nothing was seen in so many frames
const IDLE_AFTER = 12;
const DEAD = 4_000; // without an answer: the worker hangs, or has died; the frame is given up
const FIRST = 20_000; // the same for its first: it may still be compiling
const DEATHS = 3; // in a row, after which it is told
const LONG = 8_000; // without a code: time for advice

export class Camera {
  // `worker`: its address. `closer`: codes that are not read are looked for too. `saw(found, long)`: what a frame held,
  // { texts, read, unread }. `tell(word)`: how it stands. `failed(word)`: it has stopped.
  constructor(video, worker, closer, saw, tell, failed) {
    this.closer = closer;
    this.failed = failed;
    this.address = worker;
    this.video = video;
    this.saw = saw;
    this.tell = tell;
    this.canvas = document.createElement("canvas");
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
    this.stream = null;
    this.chosen = null;
    this.frame = 0;
    this.last = -Infinity; // the last frame in which anything was seen
    this.running = 0;
    this.deaths = 0;
    this.begin();
  }

  // A worker of its own, anew where one has died.
  begin() {
    this.worker?.terminate();
    this.patience = FIRST;
    this.ready = new Promise((resolve, reject) => {
      this.worker = new Worker(this.address, { type: "module" });
      this.worker.onmessage = ({ data }) => (data.ready ? resolve() : reject(new Error("decoder_missing")));
      this.worker.onerror = () => reject(new Error("decoder_missing"));
    });
    this.ready.catch(() => {}); // told when the camera is opened
  }

  // Raises an Error whose message is the word that says why there is no picture.
  async open() {
    this.close();
    this.tell("starting");
    if (!isSecureContext) throw new Error("camera_insecure");
    if (!navigator.mediaDevices?.getUserMedia) throw new Error("camera_none");
    const which = this.chosen ? { deviceId: { exact: this.chosen } } : { facingMode: { ideal: "environment" } };
    const turn = (this.running += 1);
    let stream;
    try {
      const wanted = { ...which, width: { ideal: 1920 }, height: { ideal: 1080 } };
      stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
    } catch (error) {
      throw new Error({ NotAllowedError: "camera_denied", NotReadableError: "camera_busy" }[error.name] ?? "camera_none");
    }
    if (turn !== this.running) return void stream.getTracks().forEach((track) => track.stop()); // closed meanwhile
    this.stream = stream;
    this.track.applyConstraints({ advanced: [{ focusMode: "continuous" }] }).catch(() => {});
    this.track.onended = () => this.stream === stream && this.lost();
    this.video.srcObject = stream;
    await Promise.all([this.video.play(), this.ready]);
    if (turn === this.running) this.watch(turn);
  }

  lost(word = "camera_none") {
    this.close();
    this.failed(word);
  }

  close() {
    this.running += 1;
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
    this.video.srcObject = null;
  }

  get track() {
    return this.stream?.getVideoTracks()[0];
  }

  async watch(turn) {
    let since = performance.now();
    while (turn === this.running) {
      const found = await this.read();
      if (turn !== this.running) return;
      if (!found) {
        // A picture that it hangs over is gone by the next frame; a worker of its own looks at that.
        this.begin();
        if ((this.deaths += 1) >= DEATHS) return this.lost("decoder_stuck");
        await this.ready.catch(() => {});
        continue;
      }
      this.deaths = 0;
      if (found.texts.length) since = performance.now();
      if (found.texts.length || found.unread.length) this.last = this.frame;
      this.saw(found, performance.now() - since > LONG);
      await new Promise((resolve) => setTimeout(resolve, this.idle ? IDLE_PAUSE : PAUSE));
    }
  }

  // Nothing like a code was seen of late.
  get idle() {
    return this.frame - this.last > IDLE_AFTER;
  }

  read() {
    const { videoWidth: width, videoHeight: height } = this.video;
    if (!width || this.video.readyState < 2) return Promise.resolve({ texts: [], read: [], unread: [] });
    const number = (this.frame += 1);
    // What is to be read by somebody with more patience is looked for in all that there is.
    const sparing = this.idle && !this.closer;
    const whole = sparing ? number % 4 === 1 : number % 2 === 1;
    const [across, down] = whole ? [width, height] : [width, height].map((side) => Math.round(side * MIDDLE));
    const [wide, high] = sparing ? [across, down] : [width, height];
    if (this.canvas.width < width) this.canvas.width = width;
    if (this.canvas.height < height) this.canvas.height = height;
    const [left, top, share] = [(width - across) / 2, (height - down) / 2, across / wide];
    this.context.drawImage(this.video, left, top, across, down, 0, 0, wide, high);
    this.shown = { left, top, share, wide, high };
    const { buffer } = this.context.getImageData(0, 0, wide, high).data;
    const placed = ({ corners, ...code }) => ({ ...code, corners: corners.map(([x, y]) => [left + x * share, top + y * share]) });
    return new Promise((resolve) => {
      const dead = setTimeout(resolve, this.patience, null);
      this.worker.onmessage = ({ data: { texts, read, unread, ...data } }) => {
        if (data.number !== number) return;
        clearTimeout(dead);
        this.patience = DEAD;
        resolve({ texts, read: read.map(placed), unread: unread.map(placed) });
      };
      // Each other pair of a whole frame and a middle, and all while there is something to be seen.
      const sharpen = this.closer && (number % 4 < 2 || number - this.last <= 4);
      this.worker.postMessage({ number, width: wide, height: high, pixels: buffer, unread: this.closer, sharpen }, [buffer]);
    });
  }

  // A grey canvas with what the last frame has of a box, in pixels of the video; so many times its size.
  part({ left, top, right, bottom }, scale) {
    const { left: x, top: y, share, wide, high } = this.shown;
    const [from, down] = [Math.max(0, (left - x) / share), Math.max(0, (top - y) / share)];
    const width = Math.min(wide, (right - x) / share) - from;
    const height = Math.min(high, (bottom - y) / share) - down;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(width * share * scale);
    canvas.height = Math.round(height * share * scale);
    const context = canvas.getContext("2d");
    context.drawImage(this.canvas, from, down, width, height, 0, 0, canvas.width, canvas.height);
    const image = context.getImageData(0, 0, canvas.width, canvas.height);
    const { data } = image;
    for (let i = 0; i < data.length; i += 4) {
      data[i] = data[i + 1] = data[i + 2] = 0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2];
    }
    context.putImageData(image, 0, 0); // not by a filter: not every browser has those
    return canvas;
  }

  // What this device can do beside: { torch, zoom: {min, max, step, now}, cameras }.
  async abilities() {
    const can = this.track?.getCapabilities?.() ?? {};
    const cameras = (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === "videoinput");
    const zoom = can.zoom?.max > can.zoom?.min ? { ...can.zoom, now: this.track.getSettings().zoom } : null;
    return { torch: Boolean(can.torch), zoom, cameras: cameras.map(({ deviceId }) => deviceId) };
  }

  set(values) {
    return this.track?.applyConstraints({ advanced: [values] });
  }

  // Opens the device's next camera.
  async turn() {
    const { cameras } = await this.abilities();
    this.chosen = cameras[(cameras.indexOf(this.track?.getSettings().deviceId) + 1) % cameras.length];
    await this.open();
  }
}
