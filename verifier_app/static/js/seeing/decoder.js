// A worker: pictures in, texts out. The page stays quick while this one looks for codes.

import { sharpened } from "./sharper.js";
import { prepareZXingModule, readBarcodes } from "../../vendor/zxing/es/reader/index.js";

const wasm = new URL("../../vendor/zxing/reader/zxing_reader.wasm", import.meta.url).href;
// The package's own default is a server of somebody else's.
const loaded = prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });

const OPTIONS = {
  formats: ["QRCode"],
  tryHarder: true,
  tryRotate: true,
  tryInvert: true,
  tryDownscale: true,
  maxNumberOfSymbols: 4,
  textMode: "Plain",
};

loaded.then(
  () => postMessage({ ready: true }),
  () => postMessage({ failed: true }),
);

// With those that are seen and not read; these count among the symbols too.
const UNREAD = { ...OPTIONS, maxNumberOfSymbols: 16, returnErrors: true };
// No card is shorter than what version 5 holds; single marks are taken for the smaller ones.
const LEAST_VERSION = 5;
const LEAST_SIDE = 30; // pixels
const LONGEST = 2.2; // times the shortest side

// `unread`: codes that are seen and not read are told too. `sharpen`: where there is neither, the frame gets a second
// look, sharpened.
addEventListener("message", async ({ data: { number, width, height, pixels, unread, sharpen } }) => {
  try {
    const own = new Uint8ClampedArray(pixels);
    let found = await read(own, width, height, unread);
    if (sharpen && !found.texts.length && !found.unread.length) {
      found = await read(sharpened(own, width, height), width, height, unread);
    }
    postMessage({ number, ...found });
  } catch {
    postMessage({ number, texts: [], read: [], unread: [] });
  }
});

async function read(pixels, width, height, unread) {
  const found = await readBarcodes(new ImageData(pixels, width, height), unread ? UNREAD : OPTIONS);
  const read = found.filter((one) => one.isValid).map(seen);
  // What is read is now and then told of once more, as unread.
  const fresh = (one) => isCode(one) && !read.some((other) => covers(other, one));
  return {
    texts: [...new Set(read.map(({ text }) => text))],
    read,
    unread: found.filter((one) => !one.isValid).map(seen).filter(fresh),
  };
}

function seen({ text, format, extra, position: { topLeft, topRight, bottomRight, bottomLeft } }) {
  const version = format === "QRCode" ? Number(JSON.parse(extra || "{}").Version) || 0 : 0;
  return { text, version, corners: [topLeft, topRight, bottomRight, bottomLeft].map(({ x, y }) => [x, y]) };
}

// Whether the middle of a code lies within another.
function covers(other, code) {
  return [0, 1].every((axis) => {
    const [places, own] = [other, code].map(({ corners }) => corners.map((corner) => corner[axis]));
    const middle = (Math.min(...own) + Math.max(...own)) / 2;
    return Math.min(...places) < middle && middle < Math.max(...places);
  });
}

function isCode({ version, corners }) {
  const sides = corners.map(([x, y], i) => Math.hypot(x - corners.at(i - 1)[0], y - corners.at(i - 1)[1]));
  return version >= LEAST_VERSION && Math.min(...sides) > LEAST_SIDE && Math.max(...sides) < LONGEST * Math.min(...sides);
}
