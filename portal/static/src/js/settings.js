// Choosing a color shows at once what it will look like, on the whole page.
(() => {
  "use strict";
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement) || !field.matches("[data-accent]")) return;
    if (/^#[0-9a-f]{6}$/i.test(field.value)) document.documentElement.style.setProperty("--gw-accent", field.value);
  });
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement) || !field.matches("[data-brand-name]")) return;
    document.querySelectorAll("[data-shows-name]").forEach((place) => { place.textContent = field.value; });
  });
})();
