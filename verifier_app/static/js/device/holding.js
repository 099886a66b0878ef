// Where the device keeps what it judges by: the publication in one place, in one step, and beside it a mark that is
// small and outlasts it, so that an older publication in its place is noticed.

const NAME = "vaxcert";
const STORE = "publication";
const CURRENT = "current";
const MARK = "vaxcert-mark";

function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

// Does one thing in a transaction of its own, and gives back its result once that is on the disk.
async function within(mode, work) {
  const base = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = base.transaction(STORE, mode, { durability: "strict" });
      const asked = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  } finally {
    base.close();
  }
}

export const held = () => within("readonly", (store) => store.get(CURRENT));

export async function keep(publication, mark) {
  await within("readwrite", (store) => store.put(publication, CURRENT));
  // Last: a mark ahead of what is held would be a loss that never was.
  localStorage.setItem(MARK, JSON.stringify(mark));
}

export const isMarked = () => localStorage.getItem(MARK) !== null;

// What the device remembers beside, or null. Throws for what cannot be read: that is a loss, and no first use.
export function marked() {
  const text = localStorage.getItem(MARK);
  if (text === null) return null;
  const { root, timestamp, environment, since } = JSON.parse(text);
  if (typeof root !== "string" || !Number.isInteger(timestamp)) throw new SyntaxError("no mark");
  return { root, timestamp, environment, since };
}

// Everything that this page has ever kept here. The next use is a first one.
export async function clear() {
  for (const registration of (await navigator.serviceWorker?.getRegistrations()) ?? []) await registration.unregister();
  for (const name of await caches.keys()) await caches.delete(name);
  await new Promise((resolve) => {
    const asked = indexedDB.deleteDatabase(NAME);
    asked.onsuccess = asked.onerror = asked.onblocked = resolve;
  });
  localStorage.clear();
}
