// The door with a script: acts show at once, are sent in order, and wait on this phone while there is no connection.
import { draw, say, showMore, timeOf } from "./lists.js";
import { startCamera } from "./scan.js";
import { Away, Refused, guestsSince, send } from "./server.js";
import { aboutWhom, apply, guests, lists, merge, nameOf } from "./state.js";
import * as store from "./store.js";

const EVERY = 10_000; // milliseconds between two looks at what other doors did
const ANEW = 300_000; // and between two whole lists: answers change, too
const root = document.getElementById("door");
const base = location.pathname.replace(/\/$/, "");
const token = base.split("/").pop();
const find = (selector) => document.querySelector(selector);
const door = { expected: 0, zone: "UTC", by: root?.dataset.by || new URLSearchParams(location.search).get("by") || "" };
let hash, typed = "", numberHash = "", offset = 0, since = "", wholeAt = 0, isSending = false, awaySince = null;

const now = () => new Date(Date.now() + offset).toISOString();
const redraw = () => draw(door, typed, numberHash);

const announce = (text) => { find("#door-scanned").textContent = text; aloud.textContent = text; };
const aloud = document.createElement("p");

const showConnection = async () => {
  const notice = find("#door-offline"), waiting = (await store.queued(hash)).length;
  notice.hidden = awaySince === null;
  if (notice.hidden) return;
  notice.querySelector("strong").textContent = say("offline", { at: timeOf(awaySince, door.zone) });
  notice.querySelector("span").textContent = say(waiting === 0 ? "keptNone" : waiting === 1 ? "keptOne" : "keptMany", { n: waiting });
};

const showProblem = (text) => {
  find("#door-problem p").textContent = text;
  find("#door-problem").hidden = false;
};

// What waits to be sent, by the guests it is about.
const waitingIds = async () => new Set((await store.queued(hash)).map(({ fields }) => aboutWhom(fields)));

const refresh = async () => {
  const isWhole = !since || Date.now() - wholeAt > ANEW;
  const said = await guestsSince(base, isWhole ? "" : since);
  offset = new Date(said.now).getTime() - Date.now();
  since = said.now;
  merge(said.guests, await waitingIds(), { isAll: said.all });
  if (said.all) wholeAt = Date.now();
  const { guests: _rows, now: listAt, all: _all, ...facts } = said;
  Object.assign(door, facts, { listAt });
  await store.save(hash, door, [...guests.values()]);
};

const taken = (entry, said) => {
  if (said.guest.id !== entry.fields.key) guests.delete(entry.fields.key);
  guests.set(said.guest.id, { ...said.guest, isWaiting: false, isConflict: said.outcome === "already_in" });
  if (said.outcome !== "done") announce(said.words);
};

const refused = (entry, refusal) => {
  const guest = guests.get(aboutWhom(entry.fields));
  if (guest) guest.isWaiting = false;
  showProblem(say("lost", { words: [guest && nameOf(guest), refusal.message].filter(Boolean).join(": ") }));
};

// One after the other, in the order of the acts; what the server took or refused leaves the queue.
const flush = async () => {
  for (let [entry] = await store.queued(hash); entry; [entry] = await store.queued(hash)) {
    try {
      taken(entry, await send(base, entry.kind, entry.fields));
    } catch (problem) {
      if (!(problem instanceof Refused)) throw problem;
      refused(entry, problem);
    }
    await store.dequeue(entry);
  }
};

const closedByServer = async (refusal) => {
  await store.wipe(hash);
  guests.clear();
  find("#door-missing-list").replaceChildren();
  find("#door-here-list").replaceChildren();
  showProblem(refusal.message);
};

const sync = async () => {
  if (isSending) return;
  isSending = true;
  try {
    await flush();
    await refresh();
    awaySince = null;
  } catch (problem) {
    if (problem instanceof Refused) await closedByServer(problem);
    else awaySince ??= now();
    if (!(problem instanceof Refused || problem instanceof Away)) console.warn(problem);
  } finally {
    isSending = false;
  }
  redraw();
  await showConnection();
};

const perform = async (kind, fields, local) => {
  const entry = { hash, kind, fields: { by: door.by, at: now(), ...fields }, local };
  apply(entry);
  redraw();
  await store.enqueue(entry);
  await sync();
};

const checkIn = async (guest) => {
  announce(say(guest.in ? "alreadyIn" : "in", { name: nameOf(guest) }) + (guest.in ? ` ${guest.words}` : ""));
  if (!guest.in) await perform("check-ins", { guest_id: guest.id });
};

// Not sent yet: then it never happened. Else the server is told which check-in is meant.
const undo = async (guest) => {
  const waiting = (await store.queued(hash)).find(({ kind, fields }) =>
    (kind === "check-ins" && fields.guest_id === guest.id) || (kind === "walk-ins" && fields.key === guest.id));
  if (!waiting || isSending) return perform("undone-check-ins", { guest_id: guest.id, undoes: guest.in });
  await store.dequeue(waiting);
  if (waiting.kind === "walk-ins") guests.delete(guest.id);
  else Object.assign(guest, { in: null, isWaiting: false });
  redraw();
  await showConnection();
};

const walkIn = (form) => {
  const { name, company, email, guest_id } = Object.fromEntries(new FormData(form));
  const short = [name, company].filter(Boolean).join(", ");
  const local = { name, from: company, short, detail: say("walkIn"), seats: 1, expected: false };
  form.reset();
  form.closest("dialog").close();
  announce(say("in", { name }));
  const fields = { key: crypto.randomUUID(), name, company, email };
  return perform("walk-ins", guest_id ? { ...fields, guest_id } : fields, local);
};

// Whom somebody may have come along with.
const listHosts = () => {
  const choice = find("#walk-in-with"), { missing, here } = lists("", "");
  const options = [...here, ...missing].map((guest) => new Option(nameOf(guest), guest.id));
  choice.replaceChildren(choice.options[0], ...options);
};

const workspaceOf = (code) => {
  const bytes = [...atob(code.replace(/-/g, "+").replace(/_/g, "/").slice(0, 24))].slice(0, 16);
  return bytes.map((byte) => byte.charCodeAt(0).toString(16).padStart(2, "0")).join("");
};

const numberIn = (text) => text.replace(/[\s-]/g, "").toUpperCase();

const guestOf = async (code, text) => {
  const wanted = await store.hashOf(code || numberIn(text));
  return [...guests.values()].find((guest) => (code ? guest.ticket : guest.number) === wanted);
};

// A ticket of the list is found without the server; of any other the server says what is wrong, or this phone as well as it can.
const scanned = async (text) => {
  const code = text.match(/[\w-]{60,}/g)?.pop() ?? "", guest = await guestOf(code, text);
  if (guest) return checkIn(guest);
  if (!code) return announce(say("noTicket"));
  try {
    const said = await send(base, "scans", { code, by: door.by, at: now() });
    guests.set(said.guest.id, said.guest);
    announce(said.words);
    redraw();
  } catch (problem) {
    const isOther = workspaceOf(code) !== (door.workspace || "").replaceAll("-", "");
    announce(problem instanceof Refused ? problem.message : say(isOther ? "otherWorkspace" : "unknown"));
  }
};

const closeDoor = async () => {
  await sync();
  const waiting = (await store.queued(hash)).length;
  if (waiting) return showProblem(say("notSent", { n: waiting }));
  await store.wipe(hash);
  location.assign(base);
};

const search = async (value) => {
  typed = value.trim();
  numberHash = /^[2-9A-HJ-NP-Z]{8}$/.test(numberIn(typed)) ? await store.hashOf(numberIn(typed)) : "";
  redraw();
};

const pressed = (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const guest = guests.get(button.dataset.guest);
  if (button.matches("[data-door-in]")) checkIn(guest);
  else if (button.matches("[data-door-undo]")) undo(guest);
  else if (button.matches("[data-door-out]")) perform("check-outs", { guest_id: guest.id });
  else if (button.matches("[data-door-retry]")) sync();
  else if (button.matches("[data-door-read]")) find("#door-problem").hidden = true;
  else if (button.matches("[data-door-close]")) closeDoor();
  else if (button.matches("[data-dialog=walk-in]")) listHosts();
  else if (button.matches("[data-dialog=scan]")) setTimeout(() => startCamera(find("#scan"), scanned));
  else if (button.matches("[data-door-more]")) { showMore(button.dataset.doorMore); redraw(); }
};

const submitted = (event) => {
  const form = event.target;
  if (!form.matches("[data-door-newcomer], [data-door-scan], [data-door-search]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.matches("[data-door-newcomer]")) walkIn(form);
  if (form.matches("[data-door-scan]")) { scanned(form.elements.code.value); form.elements.code.select(); }
};

const start = async () => {
  hash = await store.hashOf(token);
  await store.sweep();
  const saved = await store.load(hash);
  if (saved) {
    const { guests: rows, by, hash: _hash, savedAt: _at, ...facts } = saved;
    Object.assign(door, facts, { by: door.by || by });
    merge(rows, new Set(), { isAll: true });
  }
  for (const entry of await store.queued(hash)) apply(entry);
  aloud.className = "visually-hidden";
  aloud.setAttribute("role", "status");
  root.append(aloud);
  typed = find("#q").value.trim();
  document.addEventListener("click", pressed);
  document.addEventListener("submit", submitted, { capture: true });
  find("#q").addEventListener("input", (event) => search(event.target.value));
  const closing = find("[data-door-close]");
  if (closing) closing.hidden = false;
  if (navigator.serviceWorker) await navigator.serviceWorker.register(root.dataset.worker, { scope: "/door/" });
  if (saved) redraw();
  await sync();
  setInterval(sync, EVERY);
  addEventListener("online", sync);
  addEventListener("offline", () => { awaySince ??= now(); showConnection(); });
};

// A page without a certificate can keep nothing: then its forms do the work.
if (root && isSecureContext && navigator.serviceWorker) start();
