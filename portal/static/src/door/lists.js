// Draws both lists from the templates of the page, and keeps the focus where it was.
import { countsOf, lists, nameOf } from "./state.js";

const STEP = { missing: 100, here: 25 };
const shown = { ...STEP };
const words = document.getElementById("door-words")?.dataset ?? {};
export const say = (name, values = {}) => (words[name] || "").replace(/\{(\w+)\}/g, (_, part) => values[part] ?? "");

export const timeOf = (moment, zone) =>
  new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone })
    .format(new Date(moment));

const template = (name) => document.getElementById(name).content.firstElementChild.cloneNode(true);

const act = (button, guest) => {
  button.dataset.guest = guest.id;
  button.querySelector(".visually-hidden").textContent = ` ${nameOf(guest)}`;
};

const missingRow = (guest) => {
  const row = template("door-missing"), [from, detail] = row.querySelectorAll("small");
  row.querySelector("b").textContent = nameOf(guest);
  from.textContent = guest.name ? guest.from || "" : "";
  detail.textContent = guest.detail || (guest.seats > 1 && !guest.name ? `× ${guest.seats}` : "");
  act(row.querySelector("button"), guest);
  return row;
};

const statusOf = (guest, zone) => {
  if (guest.isWaiting) return ["waiting", "", say("waiting", { at: timeOf(guest.in, zone) })];
  if (guest.isConflict) return ["conflict", "gw-warn", guest.already];
  return ["done", "gw-good", guest.words];
};

const hereRow = (guest, door) => {
  const row = template("door-here"), status = row.querySelector(".gw-status");
  row.querySelector("b").textContent = nameOf(guest);
  row.querySelector("small").textContent = guest.name ? guest.from || "" : "";
  const [icon, tone, text] = statusOf(guest, door.zone);
  status.className = `gw-status ${tone}`;
  status.replaceChildren(document.getElementById(`door-icon-${icon}`).content.cloneNode(true), text);
  const [out, undo] = row.querySelectorAll("button");
  out.hidden = !door.checkout || Boolean(guest.left) || guest.isWaiting;
  undo.hidden = Boolean(guest.isConflict) && !guest.isWaiting; // it is another door's to undo
  act(out, guest);
  act(undo, guest);
  return row;
};

const put = (name, found, row) => {
  const list = document.getElementById(`door-${name}-list`), more = document.querySelector(`[data-door-more=${name}]`);
  list.replaceChildren(...found.slice(0, shown[name]).map(row));
  more.parentElement.hidden = found.length <= shown[name];
  more.textContent = say("more", { n: found.length - shown[name] });
  document.querySelector(`[data-door-${name}]`).textContent = found.length;
};

const focused = () => {
  const { dataset } = document.activeElement ?? {};
  return dataset?.guest ? `[data-guest="${dataset.guest}"]` : "";
};

export const draw = (door, typed, numberHash) => {
  if (!door.listAt) return; // nothing is known yet: the page says so
  const was = focused(), found = lists(typed, numberHash), { here } = countsOf();
  put("missing", found.missing, missingRow);
  put("here", found.here, (guest) => hereRow(guest, door));
  document.querySelectorAll("[data-door-cut], [data-door-empty]").forEach((part) => { part.hidden = true; });
  document.querySelector("[data-door-count]").textContent = say("count", { in: here, all: door.expected });
  document.querySelector("[data-door-bar]").setAttribute("width", door.expected ? Math.min(100, (100 * here) / door.expected) : 0);
  if (door.title) document.querySelector("[data-door-title]").textContent = door.title;
  document.querySelector("[data-door-from]").textContent = say("from", { at: timeOf(door.listAt, door.zone) });
  if (was) document.querySelector(was)?.focus({ preventScroll: true });
};

export const showMore = (name) => { shown[name] += STEP[name]; };
