// What a phone keeps for the time without a connection: of a guest the hash of the ticket, “Ada L., Nordwind” and the
// seats; of the door's link a hash. What was done meanwhile stands in a queue of its own until the server took it.
const LIFETIME = 12 * 60 * 60 * 1000;
let opening;

const request = (asked) => new Promise((resolve, reject) => {
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});

const open = () => (opening ??= new Promise((resolve, reject) => {
  const asked = indexedDB.open("goodword-door", 1);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore("doors", { keyPath: "hash" });
    asked.result.createObjectStore("queue", { keyPath: "n", autoIncrement: true });
  };
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
}));

const table = async (name, mode = "readonly") => (await open()).transaction(name, mode).objectStore(name);

export const hashOf = async (text) => {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, 32);
};

// The door as it was saved, without what is too old; null when there is nothing.
export const load = async (hash) => {
  const saved = await request((await table("doors")).get(hash));
  if (!saved || Date.now() - saved.savedAt < LIFETIME) return saved ?? null;
  await forget(hash);
  return null;
};

const kept = ({ id, ticket, number, short, seats, expected, along, left, words, already, ...guest }) =>
  ({ id, ticket, number, short, seats, expected, along, left, words, already, in: guest.in });

export const save = async (hash, door, guests) =>
  request((await table("doors", "readwrite")).put({ ...door, hash, savedAt: Date.now(), guests: guests.map(kept) }));

export const forget = async (hash) => request((await table("doors", "readwrite")).delete(hash));

export const queued = async (hash) =>
  (await request((await table("queue")).getAll())).filter((entry) => entry.hash === hash);

export const enqueue = async (entry) => request((await table("queue", "readwrite")).add(entry));

export const dequeue = async (entry) => request((await table("queue", "readwrite")).delete(entry.n));

// Everything of doors that nobody opened for twelve hours, on whatever door's page this phone stands now.
export const sweep = async () => {
  for (const saved of await request((await table("doors")).getAll())) {
    if (Date.now() - saved.savedAt >= LIFETIME) await forget(saved.hash);
  }
};

// The guests, the pages and the files: nothing of a door stays on this phone.
export const wipe = async (hash) => {
  await forget(hash);
  for (const name of await caches.keys()) if (name.startsWith("door-")) await caches.delete(name);
  for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();
};
