// Keeps the page on the device, so that it opens without a server: all parts of one version, or those of the one before.
// Two lines of the server's stand before this: KEPT, what there is to keep, each part with its hash; and WORDS.
// What it cannot open whole it says so itself, in the words that stand here: there may be no part left to say it.

const CACHE = `vaxcert-${KEPT.version}`;

addEventListener("install", (event) => event.waitUntil(take()));
addEventListener("activate", (event) => event.waitUntil(tidy()));
// The page that is open goes on with its own version until it is opened anew.
addEventListener("message", ({ data }) => data === "activate" && skipWaiting());
addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname, search } = new URL(url);
  if (method !== "GET" || origin !== location.origin) return;
  if (mode === "navigate" && pathname === KEPT.scope && !search) event.respondWith(opened());
  else if (Object.hasOwn(KEPT.files, pathname)) event.respondWith(part(pathname).then((found) => found ?? Response.error()));
});

// All of it is here and whole before any of it is kept.
async function take() {
  const addresses = Object.keys(KEPT.files);
  const parts = await Promise.all(addresses.map(fetched));
  try {
    const cache = await caches.open(CACHE);
    await Promise.all(addresses.map((address, place) => cache.put(address, parts[place])));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

async function tidy() {
  for (const name of await caches.keys()) {
    if (name.startsWith("vaxcert-") && name !== CACHE) await caches.delete(name);
  }
}

// From the server, if it still has this version: a part of another one is none of ours.
async function fetched(address) {
  const answer = await fetch(address, { cache: "no-store", credentials: "same-origin" });
  const { ok, status, headers } = answer;
  const whole = new Response(await answer.arrayBuffer(), { status, headers });
  if (!ok || !(await isWhole(whole.clone(), address))) throw new Error("another version");
  return whole;
}

async function isWhole(answer, address) {
  const made = new Uint8Array(await crypto.subtle.digest("SHA-256", await answer.arrayBuffer()));
  return Array.from(made, (one) => one.toString(16).padStart(2, "0")).join("") === KEPT.files[address];
}

// A part as it was taken over, or null: one that is lost or was changed is fetched again, where that can be.
async function part(address) {
  const cache = await caches.open(CACHE);
  const found = await cache.match(address);
  if (found && (await isWhole(found.clone(), address))) return found;
  try {
    const answer = await fetched(address);
    await cache.put(address, answer.clone());
    return answer;
  } catch {
    return null;
  }
}

// The page, once all of its parts are whole: half of a page could judge by half of its rules.
async function opened() {
  const addresses = Object.keys(KEPT.files);
  const parts = await Promise.all(addresses.map(part));
  const lost = addresses.filter((_, place) => !parts[place]);
  if (!lost.length) return parts[addresses.indexOf(KEPT.page)];
  return new Response(said(lost), {
    status: 503,
    headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": "default-src 'none'", "Cache-Control": "no-store" },
  });
}

function said(lost) {
  const names = lost.map((address) => address.split("/").at(-1)).join(", ");
  const one = (lang, place) =>
    `<section lang="${lang}"><h1>${WORDS.part_lost[place]}</h1><p>${WORDS.part_lost_help[place]}</p></section>`;
  return `<!doctype html><html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>vaxcert</title><main>${one("vi", 1)}${one("en", 0)}<p><code>part_lost: ${names}</code></p></main>`;
}
