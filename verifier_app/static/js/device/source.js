// Where a publication is fetched from: the app itself, or the one server that its settings name. Never more than is
// expected, and nothing of this page's is sent to another server.

import { SyncError } from "../../vendor/engine/engine.js";

const TIMEOUT = 30_000; // milliseconds for one file

// `base`: the publisher's folder. As the engine asks for it: the content of a path, or null.
export function sourceAt(base) {
  const folder = new URL(base, location.href);
  const credentials = folder.origin === location.origin ? "same-origin" : "omit";
  return async (path, most) => {
    let answer;
    try {
      const signal = AbortSignal.timeout?.(TIMEOUT);
      answer = await fetch(new URL(path, folder), { cache: "no-store", credentials, referrerPolicy: "no-referrer", signal });
    } catch {
      throw new SyncError("unreachable", path);
    }
    if (new URL(answer.url).origin !== folder.origin) throw new SyncError("unreachable", "sent on to another server");
    if (answer.status === 404) return null;
    if (!answer.ok) throw new SyncError("unreachable", `${path}: ${answer.status}`);
    return read(answer.body.getReader(), most, path);
  };
}

async function read(reader, most, path) {
  const parts = [];
  let length = 0;
  try {
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
      length += value.length;
      if (length > most) throw new SyncError("too_large", path);
      parts.push(value);
    }
  } catch (error) {
    reader.cancel().catch(() => {});
    throw error instanceof SyncError ? error : new SyncError("unreachable", path);
  }
  const content = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    content.set(part, at);
    at += part.length;
  }
  return content;
}
