// An email beside its text: written anew shortly after the last stroke. Without this file a button does it.
(() => {
  "use strict";
  const PAUSE = 350;
  let waiting, turn = 0, sending = false;

  // The new preview loads behind the old one and takes its place when it is there; what was in sight stays in sight.
  const show = (form) => {
    const frames = document.querySelector("[data-frames]");
    const next = frames.querySelector("iframe:not(.is-coming)").cloneNode();
    frames.querySelectorAll(".is-coming").forEach((late) => late.remove());
    next.removeAttribute("src");
    next.name = `preview-${turn += 1}`;
    next.classList.add("is-coming");
    const loaded = () => { if (isThere(next)) { next.removeEventListener("load", loaded); arrived(frames, next); } };
    next.addEventListener("load", loaded);
    frames.append(next);
    const button = form.querySelector("[data-show]");
    button.setAttribute("formtarget", next.name);
    sending = true;
    form.requestSubmit(button);
    sending = false;
  };
  const isThere = (frame) => frame.isConnected && frame.contentDocument && frame.contentDocument.URL !== "about:blank";

  const arrived = (frames, next) => {
    const page = next.contentDocument;
    const trouble = document.querySelector("[data-trouble]");
    const refused = page.querySelector("[data-refused]");
    trouble.textContent = refused ? [...refused.querySelectorAll("li")].map((one) => one.textContent).join(" ") : "";
    if (refused) return next.remove();
    const old = frames.querySelector("iframe:not(.is-coming)");
    const seen = old.contentDocument ? old.contentDocument.documentElement.scrollTop : 0;
    next.classList.remove("is-coming");
    page.documentElement.scrollTop = seen;
    old.remove();
  };

  const soon = (form) => { clearTimeout(waiting); waiting = setTimeout(() => show(form), PAUSE); };
  const formOf = (field) => field.form && field.form.hasAttribute("data-preview") ? field.form : null;
  const shown = ["subject", "preheader", "body", "reason", "as", "reader"];
  document.addEventListener("input", (event) => {
    const form = formOf(event.target);
    if (!form || !shown.includes(event.target.name)) return;
    if (event.target.name !== "as" && event.target.name !== "reader") form.dataset.changed = "1";
    soon(form);
  });

  // A field is put where the cursor last was in the email.
  let last = null;
  document.addEventListener("focusin", (event) => { if (event.target.matches("[data-preview] :is(input, textarea)[name]")) last = event.target; });
  document.addEventListener("click", (event) => {
    const tag = event.target.closest("[data-put]");
    if (!tag) return;
    const body = document.querySelector("[data-words]"), menu = tag.closest("details");
    if (menu) menu.open = false;
    const place = last && last.isConnected && last.type !== "hidden" && shown.includes(last.name) && !("alone" in tag.dataset) ? last : body;
    const start = place.selectionStart, before = place.value.slice(0, start), after = place.value.slice(place.selectionEnd);
    const gap = (text, end) => !("alone" in tag.dataset) || !text.trim() || (end ? text.endsWith("\n\n") : text.startsWith("\n\n")) ? "" : "\n\n";
    const put = gap(before, true) + tag.dataset.put + gap(after, false);
    place.value = before + put + after;
    place.focus();
    const words = tag.dataset.put.startsWith("[") ? tag.dataset.put.indexOf("]") : -1;
    const from = start + gap(before, true).length;
    if (words > 0) place.setSelectionRange(from + 1, from + words);
    else place.setSelectionRange(start + put.length, start + put.length);
    place.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // Words that were typed and not saved are not lost by a wrong press.
  document.addEventListener("submit", (event) => {
    const form = event.target, only = event.submitter && event.submitter.hasAttribute("data-show");
    if (!form.hasAttribute("data-preview")) return;
    if (!only) delete form.dataset.changed;
    else if (!sending) { event.preventDefault(); soon(form); } // Enter in a line
  });
  addEventListener("beforeunload", (event) => { if (document.querySelector("[data-preview][data-changed]")) event.preventDefault(); });

  const opened = () => document.querySelectorAll("[data-preview][data-stale]").forEach(show);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", opened);
  else opened();
})();
