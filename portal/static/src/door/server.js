// The door's own addresses: its guests, and the acts that are sent to it.
const PATIENCE = 8000; // milliseconds: a network that hangs is no network
const json = { Accept: "application/json" };

export class Away extends Error {} // no connection, or a server that can't answer now: try again later
export class Refused extends Error {
  constructor(status, words) {
    super(words);
    this.status = status;
  }
}

const answerOf = async (asked) => {
  const answer = await asked.catch((problem) => { throw new Away(problem.message); });
  if (answer.status >= 500 || answer.status === 429 || answer.status === 408) throw new Away(String(answer.status));
  const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
  if (isJson && answer.ok) return answer.json();
  if (answer.ok) throw new Away("another network's page"); // of a hotel that wants one to sign in
  throw new Refused(answer.status, isJson ? (await answer.json()).words : headingOf(await answer.text()));
};

const headingOf = (html) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  return ["h1", ".gw-lede"].map((part) => page.querySelector(part)?.textContent.trim()).filter(Boolean).join(". ");
};

export const guestsSince = (base, since) =>
  answerOf(fetch(`${base}/guests${since ? `?since=${encodeURIComponent(since)}` : ""}`, {
    headers: json, signal: AbortSignal.timeout(PATIENCE),
  }));

// No cookie goes along: the link alone is the proof, however long ago somebody signed in.
export const send = (base, kind, fields) =>
  answerOf(fetch(`${base}/${kind}`, {
    method: "POST", headers: json, body: new URLSearchParams(fields), credentials: "omit",
    signal: AbortSignal.timeout(PATIENCE),
  }));
