// Sound and vibration, one pattern for each verdict, so that staff need not look up. What is switched off stays off.

// Of tones: pitch in Hz, start and length in seconds. Of vibrations: milliseconds on, off, on …
const SIGNALS = {
  accepted: { tones: [[880, 0, 0.1], [1320, 0.11, 0.16]], wave: "sine", buzz: [70] },
  test: { tones: [[880, 0, 0.1], [1320, 0.11, 0.1], [880, 0.22, 0.16]], wave: "sine", buzz: [70, 60, 70] },
  refused: { tones: [[170, 0, 0.6]], wave: "square", buzz: [500] },
  not_enough: { tones: [[660, 0, 0.09], [520, 0.12, 0.09], [390, 0.24, 0.2]], wave: "triangle", buzz: [80, 60, 80, 60, 200] },
  other: { tones: [[620, 0, 0.07]], wave: "sine", buzz: [40] },
  part: { tones: [[740, 0, 0.07], [740, 0.1, 0.07]], wave: "sine", buzz: [40, 40, 40] }, // of several codes one
  undetermined: { tones: [[440, 0, 0.14], [440, 0.24, 0.14]], wave: "triangle", buzz: [180, 100, 180] },
};

const Context = globalThis.AudioContext ?? globalThis.webkitAudioContext;
let audio = null;

// Browsers let a page sound only after somebody has touched it.
function wake() {
  if (Context && !audio) {
    audio = new Context();
    audio.onstatechange = tellSilence;
  }
  audio?.resume?.();
  tellSilence();
}

// Whether the page is silent although it shall sound is said wherever there is room for it.
export function tellSilence() {
  const silent = Context && sound.checked && audio?.state !== "running";
  for (const place of document.querySelectorAll(".silent")) place.hidden = !silent;
}

function remembered(box) {
  const name = `vaxcert-${box.id}`;
  try {
    box.checked = localStorage.getItem(name) !== "off";
  } catch {
    return; // storage is forbidden: the choice lasts as long as the page
  }
  box.addEventListener("change", () => localStorage.setItem(name, box.checked ? "on" : "off"));
}

const sound = document.getElementById("sound");
const vibration = document.getElementById("vibration");

export function prepare() {
  remembered(sound);
  remembered(vibration);
  sound.addEventListener("change", tellSilence);
  // Browsers differ in which of these counts as a touch.
  for (const gesture of ["pointerdown", "pointerup", "keydown"]) addEventListener(gesture, wake, { capture: true });
  tellSilence();
}

export function signal(colour) {
  const { tones, wave, buzz } = SIGNALS[colour] ?? SIGNALS.undetermined;
  if (vibration.checked) navigator.vibrate?.(buzz);
  if (!sound.checked || audio?.state !== "running") return;
  for (const [pitch, start, length] of tones) {
    const [tone, volume] = [audio.createOscillator(), audio.createGain()];
    tone.type = wave;
    tone.frequency.value = pitch;
    volume.gain.value = 0.25;
    tone.connect(volume).connect(audio.destination);
    tone.start(audio.currentTime + start);
    tone.stop(audio.currentTime + start + length);
  }
}
