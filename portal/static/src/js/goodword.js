// Every page works without this file; it saves a step here and there.
(() => {
  "use strict";
  document.documentElement.classList.add("gw-js");

  const on = (kind, selector, act) =>
    document.addEventListener(kind, (event) => {
      const found = event.target instanceof Element && event.target.closest(selector);
      if (found) act(found, event);
    });
  const each = (selector, act, root = document) => root.querySelectorAll(selector).forEach(act);

  // The menu of small screens.
  on("click", "[data-toggle]", (button, event) => {
    event.preventDefault();
    const open = document.getElementById(button.dataset.toggle).classList.toggle("show");
    button.setAttribute("aria-expanded", String(open));
  });
  on("keydown", "[data-toggle]", (button, event) => {
    if (event.key === " ") { event.preventDefault(); button.click(); }
  });

  // Small menus close when the reader goes elsewhere.
  const closeMenus = (except) => each("details[data-menu][open]", (menu) => { if (menu !== except) menu.open = false; });
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu]")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.activeElement.closest("details[data-menu][open]");
    closeMenus();
    if (menu) menu.querySelector("summary").focus();
  });

  // Dialogs: modal with a script, a native popover without.
  const showDialog = (dialog) => {
    if (dialog.matches(":popover-open")) dialog.hidePopover();
    if (dialog.open) dialog.close();
    dialog.removeAttribute("popover");
    dialog.showModal();
  };
  on("click", "[data-dialog]", (button, event) => {
    event.preventDefault();
    showDialog(document.getElementById(button.dataset.dialog));
  });
  on("click", "[data-close]", (button, event) => { event.preventDefault(); button.closest("dialog").close(); });
  on("click", "dialog[open]", (dialog, event) => { if (event.target === dialog) dialog.close(); });

  // Toasts close, and are said aloud although they were there when the page opened.
  on("click", "[data-close-toast]", (button) => button.closest("[data-toast]").remove());
  const say = (words) => {
    const region = document.createElement("div");
    region.className = "visually-hidden";
    region.setAttribute("role", "status");
    document.body.append(region);
    setTimeout(() => { region.textContent = words; }, 250);
  };

  // Picked rows and times: "3 picked", "Yes, these 3 times".
  const count = (form) => {
    const boxes = [...form.elements].filter((box) => box.type === "checkbox" && box.name && box.checked);
    const all = boxes.find((box) => box.dataset.all), picked = all ? all.dataset.all : boxes.length;
    each("[data-picked]", (place) => {
      if (place.dataset.picked !== form.id) return;
      const words = String(picked) === "1" ? place.dataset.one : place.dataset.many;
      place.textContent = picked ? words.replace("{n}", picked) : place.dataset.none;
    });
    each("[data-shown-when-picked]", (place) => { if (place.dataset.shownWhenPicked === form.id) place.hidden = !picked; });
  };
  on("change", "input[type=checkbox]", (box) => {
    if (!box.form) return;
    if (box.hasAttribute("data-pick-all")) each(".gw-table input[type=checkbox][name]", (one) => { one.checked = box.checked; }, box.form);
    const row = box.closest(".gw-table tr");
    if (row && box.name) row.classList.toggle("is-picked", box.checked);
    count(box.form);
  });
  on("click", "[data-clear]", (button) => {
    each("input[type=checkbox]:checked", (box) => { box.checked = false; }, button.form);
    each(".is-picked", (row) => row.classList.remove("is-picked"), button.form);
    count(button.form);
  });

  // One press is one act.
  on("submit", "form", (form, event) => {
    const method = (event.submitter && event.submitter.formMethod) || form.method;
    if (method !== "post" || event.defaultPrevented) return;
    if (event.submitter && event.submitter.formTarget) return; // it only shows something, in a frame
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
  });
  const forgetSent = () => each("form[data-sent]", (form) => {
    delete form.dataset.sent;
    each("[aria-busy]", (button) => button.removeAttribute("aria-busy"), form);
  });
  addEventListener("pageshow", forgetSent);
  document.addEventListener("htmx:afterRequest", forgetSent);

  // What counts while somebody types gives way to its own fields that are drawn anew, which brings the count along.
  on("htmx:beforeRequest", "[data-counts]", (counts, event) => {
    if (event.target !== counts) counts.dispatchEvent(new CustomEvent("htmx:abort", { bubbles: true, detail: { elt: counts } }));
    else if (counts.querySelector(".htmx-request")) event.preventDefault();
  });

  // Copying.
  on("click", "[data-copy]", async (button) => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    await navigator.clipboard.writeText(field.value);
    button.querySelector("span").textContent = button.dataset.done;
    say(button.dataset.done);
  });

  // Dropping a file where it is asked for.
  for (const kind of ["dragover", "dragleave", "drop"]) {
    on(kind, "[data-drop]", (area, event) => {
      event.preventDefault();
      area.classList.toggle("is-over", kind === "dragover");
      if (kind === "drop") area.querySelector("input[type=file]").files = event.dataTransfer.files;
    });
  }

  // Done when the page opens, and for every piece of it that arrives later.
  const prepare = (root) => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    each("select[data-time-zone]", (list) => {
      if (!list.value && [...list.options].some((one) => one.value === zone)) list.value = zone;
    }, root);
    each("[data-copy][hidden]", (button) => { button.hidden = !navigator.clipboard; }, root);
    each("dialog[open]", (dialog) => { if (!dialog.matches(":modal")) showDialog(dialog); }, root);
    each("form[id]", count, root);
    const problems = root.querySelector("[data-focus]");
    if (problems) problems.focus();
  };
  const opened = () => {
    prepare(document);
    const words = [...document.querySelectorAll("[data-toast] > div")].map((toast) => toast.textContent.trim());
    if (words.length) say(words.join(" "));
  };
  document.addEventListener("htmx:load", (event) => { if (event.target !== document.body) prepare(event.target); });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", opened);
  else opened();
})();
