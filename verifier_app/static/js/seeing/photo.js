// A photo read on the device: for where no server does it better.

const TIME = 8_000; // milliseconds in all
const SIDES = [1_600, 2_600, 1_000]; // pixels of the longer side, in turn

// The texts of the codes in it, or null for what is no picture that this browser opens.
export async function readPhoto(worker, file) {
  let picture;
  try {
    picture = await createImageBitmap(file);
  } catch {
    return null;
  }
  const decoder = new Worker(worker, { type: "module" });
  try {
    return await Promise.race([read(decoder, picture), new Promise((resolve) => setTimeout(resolve, TIME, []))]);
  } finally {
    decoder.terminate();
    picture.close();
  }
}

async function read(decoder, picture) {
  for (const side of SIDES) {
    const scale = Math.min(1, side / Math.max(picture.width, picture.height));
    const [width, height] = [picture.width, picture.height].map((one) => Math.max(1, Math.round(one * scale)));
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d");
    context.drawImage(picture, 0, 0, width, height);
    const { buffer } = context.getImageData(0, 0, width, height).data;
    const { texts } = await new Promise((resolve, reject) => {
      decoder.onmessage = ({ data }) => data.failed ? reject(new Error("decoder_missing")) : data.number && resolve(data);
      decoder.onerror = reject;
      decoder.postMessage({ number: 1, width, height, pixels: buffer, unread: false, sharpen: true }, [buffer]);
    });
    if (texts.length) return texts;
  }
  return [];
}
