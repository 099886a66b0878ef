// zlib streams (RFC 1950) and deflate alone (RFC 1951), bounded while they are inflated.

import { CardError } from "../errors";
import type { Bytes } from "./sealed";

// As the library's: 70 times the largest real certificate.
export const MAX_INFLATED = 64 * 1024;

// A browser inflates what it is given at once and whole: 44 MB of a bomb that a card can hold. Of so many bytes at most
// a thousand times as many come, and they are read out before the next are given.
const PIECE = 256;

// The content of exactly one stream of at most `MAX_INFLATED` bytes.
export async function inflate(data: Bytes, form: "deflate" | "deflate-raw" = "deflate"): Promise<Bytes> {
  const stream = new DecompressionStream(form);
  const writer = stream.writable.getWriter();
  const reader = stream.readable.getReader();
  const fed = feed(writer, data);
  // Whatever is wrong with the stream is told by the reader too; here it would only be told a second time.
  fed.catch(() => undefined);
  const parts: Bytes[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > MAX_INFLATED) {
        throw new CardError("compression", "inflated_too_large", `more than ${MAX_INFLATED} bytes`);
      }
      parts.push(value);
    }
    await fed;
  } catch (error) {
    if (error instanceof CardError) await reader.cancel().catch(() => undefined);
    // What is no stream, or more than one, is a `TypeError` (WHATWG Compression Streams); anything else is not the card's fault.
    if (!(error instanceof TypeError)) throw error;
    throw new CardError("compression", "compression_invalid", `not one whole ${form === "deflate" ? "zlib" : form} stream`);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

async function feed(writer: WritableStreamDefaultWriter<BufferSource>, data: Bytes): Promise<void> {
  for (let at = 0; at < data.length; at += PIECE) {
    // Waits until what came of the piece before was taken.
    await writer.ready;
    await writer.write(data.subarray(at, at + PIECE));
  }
  await writer.close();
}
