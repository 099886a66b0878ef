// The camera: opened, watched and let go. Frames go to the worker, whole and as an enlarged middle in turn, so that
// small or distant codes are read without anybody stepping back.

const MIDDLE = 0.55; // of width and height; enlarged to the whole frame's size
const PAUSE = 40; // milliseconds between frames: quick enough for a hand, and easy on the battery
const DEAD = 10_000; // without an answer: the worker has died
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
    this.begin();
  }

  // A worker of its own, anew where one has died.
  begin() {
    this.worker?.terminate();
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
        this.begin();
        return this.lost();
      }
      if (found.texts.length) since = performance.now();
      if (found.texts.length || found.unread.length) this.last = this.frame;
      this.saw(found, performance.now() - since > LONG);
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }

  read() {
    const { videoWidth: width, videoHeight: height } = this.video;
    if (!width || this.video.readyState < 2) return Promise.resolve({ texts: [], read: [], unread: [] });
    const number = (this.frame += 1);
    const [across, down] = number % 2 ? [width, height] : [width * MIDDLE, height * MIDDLE];
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    const [left, top, share] = [(width - across) / 2, (height - down) / 2, across / width];
    this.context.drawImage(this.video, left, top, across, down, 0, 0, width, height);
    this.shown = { left, top, share };
    const { buffer } = this.context.getImageData(0, 0, width, height).data;
    const placed = ({ corners, ...code }) => ({ ...code, corners: corners.map(([x, y]) => [left + x * share, top + y * share]) });
    return new Promise((resolve) => {
      setTimeout(resolve, DEAD, null);
      this.worker.onmessage = ({ data: { texts, read, unread, ...data } }) =>
        data.number === number && resolve({ texts, read: read.map(placed), unread: unread.map(placed) });
      // Each other pair of a whole frame and a middle, and all while there is something to be seen.
      const sharpen = this.closer && (number % 4 < 2 || number - this.last <= 4);
      this.worker.postMessage({ number, width, height, pixels: buffer, unread: this.closer, sharpen }, [buffer]);
    });
  }

  // A grey canvas with what the last frame has of a box, in pixels of the video; so many times its size.
  part({ left, top, right, bottom }, scale) {
    const { left: x, top: y, share } = this.shown;
    const [from, down] = [Math.max(0, (left - x) / share), Math.max(0, (top - y) / share)];
    const width = Math.min(this.canvas.width, (right - x) / share) - from;
    const height = Math.min(this.canvas.height, (bottom - y) / share) - down;
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
