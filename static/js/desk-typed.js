// What was typed comes back: after an expired session, another language, a lost connection. Kept in this tab alone,
// for the colleague who typed it, until the form has been taken. Without this file every form still works.
"use strict";

const user = document.body.dataset.user;
const PENDING = "typed-pending";
const TYPED = 'input:not([type="hidden"], [type="password"], [type="file"], [type="submit"], [autocomplete="one-time-code"]), textarea, select';

const forms = () => [...document.querySelectorAll('main form[method="post"]')].filter((form) => form.querySelector(TYPED));
const keyOf = (form) => `typed:${user}:${location.pathname}:${forms().indexOf(form)}`;
const known = () => Object.keys(sessionStorage).filter((key) => key.startsWith("typed:"));

const valuesOf = (form) =>
  [...form.querySelectorAll(TYPED)]
    .filter((field) => field.name)
    .map((field) => [field.name, field.type, field.value, field.checked ?? null]);

const isAsBefore = (form) =>
  [...form.querySelectorAll(TYPED)].every((field) => {
    if (field.type === "checkbox" || field.type === "radio") return field.checked === field.defaultChecked;
    if (field.tagName === "SELECT") return [...field.options].every((one) => one.selected === one.defaultSelected) ||
      ![...field.options].some((one) => one.defaultSelected);
    return field.value === field.defaultValue;
  });

// Fields of one name are told apart by their value where they are ticked, else by their turn.
const put = (form, values) => {
  const turns = new Map();
  let changed = false;
  for (const [name, type, value, checked] of values) {
    const same = [...form.querySelectorAll(TYPED)].filter((field) => field.name === name && field.type === type);
    const ticked = type === "checkbox" || type === "radio";
    const turn = turns.get(name) ?? 0;
    turns.set(name, turn + 1);
    const field = ticked ? same.find((one) => one.value === value) : same[turn];
    if (!field) continue;
    if (ticked ? field.checked === checked : field.value === value) continue;
    if (ticked) field.checked = checked;
    else field.value = value;
    changed = true;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  return changed;
};

const say = (form, key) => {
  const note = document.getElementById("typed-again")?.content.firstElementChild.cloneNode(true);
  if (!note) return;
  note.querySelector("button").addEventListener("click", () => {
    sessionStorage.removeItem(key);
    form.reset();
    note.remove();
  });
  form.prepend(note);
};

const bringBack = () => {
  for (const key of known()) if (!key.startsWith(`typed:${user}:`)) sessionStorage.removeItem(key);
  const pending = sessionStorage.getItem(PENDING);
  sessionStorage.removeItem(PENDING);
  const [way] = performance.getEntriesByType("navigation");
  // An answer to what was sent: it was taken, or stands on the page with what is wrong. Else the way was cut off.
  const isAnswer = "sent" in document.body.dataset || way?.redirectCount > 0;
  if (pending && isAnswer) sessionStorage.removeItem(pending);
  for (const form of forms()) {
    const key = keyOf(form);
    const kept = sessionStorage.getItem(key);
    if (kept && isAsBefore(form) && put(form, JSON.parse(kept))) say(form, key);
  }
};

if (user) {
  bringBack();
  const keep = (event) => {
    const form = event.target.closest?.('main form[method="post"]');
    if (!event.isTrusted || !form || !form.querySelector(TYPED)) return;
    sessionStorage.setItem(keyOf(form), JSON.stringify(valuesOf(form)));
  };
  document.addEventListener("input", keep);
  document.addEventListener("change", keep);
  document.addEventListener("submit", (event) => {
    if (event.target.matches('main form[method="post"]')) sessionStorage.setItem(PENDING, keyOf(event.target));
    if (event.target.matches("[data-sign-out]")) known().forEach((key) => sessionStorage.removeItem(key));
  });
} else {
  // The way leads by here to sign in, or something went wrong: what was sent has not been taken.
  sessionStorage.removeItem(PENDING);
}
