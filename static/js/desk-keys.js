// Keys, and the sheet that tells of them. Both read one table: whatever carries data-key on this page. A link or button
// is pressed, a box is entered, and what carries data-does is done. Without this file nothing is lost but the keys.
"use strict";

const SIGNS = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc" };
const ROWS = "main .list > li, main tbody > tr";

const sheet = document.getElementById("keys");
const lettersAreOff = document.body.dataset.letters === "off";

const keysOf = (way) => way.dataset.key.split(" ");
const ways = () => [...document.querySelectorAll("[data-key]")];
const isWriting = (element) => element.closest("input, textarea, select, [contenteditable], [role=listbox]");
const scrollsSideways = (element) => {
  for (let one = element; one && one !== document.body; one = one.parentElement) {
    if (one.scrollWidth > one.clientWidth && getComputedStyle(one).overflowX !== "visible") return true;
  }
  return false;
};

// Rows have one link that they are about: the first.
const rows = () => [...document.querySelectorAll(ROWS)].map((row) => row.querySelector("a[href]")).filter(Boolean);
const rowHere = () => document.activeElement?.closest(ROWS);
const go = (by) => {
  const all = rows();
  const at = all.indexOf(rowHere()?.querySelector("a[href]"));
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return Boolean(next);
};

const fill = () => {
  const list = sheet.querySelector("[data-keys-list]");
  const told = new Set();
  list.replaceChildren();
  for (const way of ways()) {
    const keys = keysOf(way).filter((key) => !told.has(key));
    if (!keys.length || way.hidden) continue;
    const [name, says] = [document.createElement("dt"), document.createElement("dd")];
    for (const key of keys) {
      told.add(key);
      const cap = document.createElement("kbd");
      cap.textContent = SIGNS[key] ?? key;
      name.append(cap);
    }
    says.textContent = (way.dataset.keyLabel ?? way.textContent).replace(/\s+/g, " ").trim();
    list.append(name, says);
  }
};

const does = {
  sheet: () => {
    fill();
    sheet.showModal();
    return true;
  },
  next: () => go(1),
  previous: () => go(-1),
  close: () => false, // whatever is open sees to that itself
};

const press = (way) => {
  if (way.dataset.does) return does[way.dataset.does]();
  if (way.matches("input")) {
    way.focus();
    way.select();
  } else way.click();
  return true;
};

const isMeant = (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
  if (isWriting(event.target) || document.querySelector("dialog[open]")) return false;
  const isCharacter = event.key.length === 1;
  if (isCharacter) return !lettersAreOff;
  if (event.shiftKey) return false;
  // Up and down belong to the page until one is in a list; left and right to whatever scrolls sideways.
  if (event.key === "ArrowUp" || event.key === "ArrowDown") return Boolean(rowHere());
  return !event.key.startsWith("Arrow") || !scrollsSideways(event.target);
};

document.addEventListener("keydown", (event) => {
  if (!isMeant(event)) return;
  const way = ways().find((one) => keysOf(one).includes(event.key));
  if (way && press(way)) event.preventDefault();
});

if (sheet) {
  for (const opener of document.querySelectorAll('[data-does="sheet"]')) {
    opener.hidden = false;
    opener.addEventListener("click", does.sheet);
  }
  sheet.addEventListener("click", (event) => {
    if (event.target === sheet || event.target.closest("[data-close-keys]")) sheet.close();
  });
}
