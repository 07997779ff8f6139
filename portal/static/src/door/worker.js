// Lets the door open again without a connection: with a page that holds no guest, which the script fills (store.js).
// `KEPT` is written before this file by the view that serves it (portal/events/door/offline_views.py).
const { page, files, name } = self.KEPT;
const PATIENCE = 8000; // milliseconds: a network that hangs is no network

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(name).then((cache) => cache.addAll([page, ...files])).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = caches.keys().then((names) => names.filter((each) => each.startsWith("door-") && each !== name));
  event.waitUntil(old.then((names) => Promise.all(names.map((each) => caches.delete(each)))).then(() => self.clients.claim()));
});

const fromNetwork = async (request) => {
  const late = new Promise((_, reject) => setTimeout(reject, PATIENCE, new Error("no answer")));
  const answer = await Promise.race([fetch(request), late]);
  if (answer.status >= 500) throw new Error("no good answer");
  return answer;
};

self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(fromNetwork(request).catch(() => caches.match(page)));
  else if (files.includes(url.pathname)) event.respondWith(caches.match(request).then((kept) => kept || fetch(request)));
});
