// The list under the search box: arrow keys go through it, Enter opens what is chosen or all that was found if that is
// one, Escape closes. Without this file the box leads to a page that shows the same.
"use strict";

const searchForm = document.getElementById("search-form");
const box = document.getElementById("search-box");
const results = document.getElementById("search-results");

const options = () => [...results.querySelectorAll('[role="option"]')];
const chosen = () => results.querySelector('[aria-selected="true"]');

// What stands there alone, for exactly the words that stand in the box.
const only = () => {
  const words = box.value.trim();
  return words && results.dataset.of === words && options().length === 1 ? options()[0] : null;
};

const choose = (option) => {
  chosen()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) box.setAttribute("aria-activedescendant", option.id);
  else box.removeAttribute("aria-activedescendant");
};

const show = (isOpen) => {
  const list = isOpen ? document.getElementById("search-list") : null;
  results.hidden = !isOpen;
  box.setAttribute("aria-expanded", String(Boolean(list)));
  if (list) box.setAttribute("aria-controls", list.id);
  else box.removeAttribute("aria-controls");
  choose(null);
};

const step = (by) => {
  const all = options();
  const at = all.indexOf(chosen());
  // From the last one on to the first; before the first stands what was typed.
  choose(all[at < 0 && by < 0 ? all.length - 1 : at + by] ?? null);
};

const pressed = {
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  Enter: () => (chosen() ?? only()).click(),
  Escape: () => show(false),
};

if (box && results) {
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-haspopup", "listbox");
  show(false);

  box.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowDown" && results.hidden && results.childElementCount) show(true);
    if (results.hidden || !pressed[event.key] || (event.key === "Enter" && !chosen() && !only())) return;
    event.preventDefault();
    event.stopPropagation(); // Escape closes this and nothing behind it
    pressed[event.key]();
  });

  results.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
  searchForm.addEventListener("focusout", (event) => {
    if (!searchForm.contains(event.relatedTarget)) show(false);
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target !== results) return;
    const { xhr, pathInfo } = event.detail;
    // An answer from another address than asked for is the sign-in page.
    if (new URL(xhr.responseURL, location.href).pathname !== new URL(pathInfo.requestPath, location.href).pathname) {
      event.detail.shouldSwap = false;
      location.reload();
    }
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== results) return;
    results.dataset.of = new URL(event.detail.xhr.responseURL, location.href).searchParams.get("q")?.trim() ?? "";
    show(document.activeElement === box);
  });
}
