// Small comforts of the desk. Every page works without them.
"use strict";

// An open menu closes by Escape, and by a click anywhere else.
const closeMenus = (except) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.open = false;
  }
};
document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeMenus(null);
});

// A box that goes with no other one unticks the others beside it, and each of them unticks it.
document.addEventListener("change", (event) => {
  const ticked = event.target;
  if (!ticked.matches?.('input[type="checkbox"]:checked')) return;
  const alone = ticked.hasAttribute("data-alone");
  for (const box of ticked.closest("fieldset")?.querySelectorAll(`input[name="${ticked.name}"]:checked`) ?? []) {
    if (box !== ticked && (alone || box.hasAttribute("data-alone"))) box.checked = false;
  }
});

// Somebody new is who was just looked for: the name, number or address need not be typed again.
document.addEventListener("change", (event) => {
  if (event.target.id !== "customer-new") return;
  const words = document.getElementById("who-search").value.trim();
  const what = words.includes("@") ? "email" : /^[\d\s()+.-]*$/.test(words) ? "phone" : "name";
  const field = document.getElementById(`id_new-${what}`);
  if (field && !field.value) field.value = words;
});

// A page that is meant for paper too.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A field that is meant to be handed on.
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    const copied = await Promise.resolve(navigator.clipboard?.writeText(field.value))
      .then(() => Boolean(navigator.clipboard))
      .catch(() => false);
    button.nextElementSibling.textContent = copied ? button.dataset.done : button.dataset.failed;
  });
}

// What was typed before the scripts had come is looked for now: a field that asks as one types has heard nothing of it.
document.addEventListener("DOMContentLoaded", () => {
  for (const field of document.querySelectorAll('input[hx-trigger^="input"]')) {
    if (field.value !== field.defaultValue) field.dispatchEvent(new Event("input", { bubbles: true }));
  }
});
