// The guests as this phone knows them: what the server said, and what was done here and has not been sent yet.
export const guests = new Map();

// A newcomer has a key of this phone, and may have come along with a guest.
export const aboutWhom = (fields) => fields.key ?? fields.guest_id;

// Changes the guests as an entry of the queue says; the same when it is made and when the page opens again.
export const apply = ({ kind, fields, local }) => {
  const guest = guests.get(aboutWhom(fields));
  if (kind === "check-ins" && guest) Object.assign(guest, { in: fields.at, left: null, isWaiting: true, words: "" });
  if (kind === "undone-check-ins" && guest) Object.assign(guest, { in: null, left: null, isWaiting: false, isConflict: false });
  if (kind === "check-outs" && guest) Object.assign(guest, { left: fields.at, isWaiting: true });
  if (kind === "walk-ins") guests.set(fields.key, { ...local, id: fields.key, in: fields.at, isWaiting: true, words: "" });
};

// What the server says wins, but for guests about whom something still waits to be sent.
export const merge = (rows, waiting, { isAll }) => {
  const conflicts = new Set([...guests.values()].filter((guest) => guest.isConflict).map((guest) => guest.id));
  if (isAll) for (const id of guests.keys()) if (!waiting.has(id)) guests.delete(id);
  for (const row of rows) {
    if (!waiting.has(row.id)) guests.set(row.id, { ...row, isConflict: Boolean(row.in) && conflicts.has(row.id) });
  }
};

export const nameOf = (guest) => guest.name || guest.short;

const plain = (text) => (text || "").normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

const fits = (guest, typed, numberHash) => {
  if (!typed) return true;
  if (numberHash && guest.number === numberHash) return true;
  const said = plain(`${guest.name || ""} ${guest.from || ""} ${guest.short || ""}`);
  return plain(typed).split(/\s+/).every((word) => said.includes(word));
};

const byName = (one, other) => nameOf(one).localeCompare(nameOf(other));
const newestFirst = (one, other) => (one.in < other.in ? 1 : one.in > other.in ? -1 : byName(one, other));

export const lists = (typed, numberHash) => {
  const found = [...guests.values()].filter((guest) => fits(guest, typed, numberHash));
  return {
    missing: found.filter((guest) => !guest.in && (guest.expected || typed)).sort(byName),
    here: found.filter((guest) => guest.in).sort(newestFirst),
  };
};

export const countsOf = () => {
  const all = [...guests.values()];
  return { here: all.filter((guest) => guest.in && guest.expected).length };
};
