// A worker: pictures in, texts out. The page stays quick while this one looks for codes.

import { prepareZXingModule, readBarcodes } from "../vendor/zxing/es/reader/index.js";

const wasm = new URL("../vendor/zxing/reader/zxing_reader.wasm", import.meta.url).href;
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

addEventListener("message", async ({ data: { number, width, height, pixels } }) => {
  try {
    const found = await readBarcodes(new ImageData(new Uint8ClampedArray(pixels), width, height), OPTIONS);
    postMessage({ number, texts: [...new Set(found.filter((one) => one.isValid).map((one) => one.text))] });
  } catch {
    postMessage({ number, texts: [] });
  }
});
