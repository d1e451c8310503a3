// One tap puts the words of a solution into the box, after what stands there already, and ticks that it was used.
// Without this script the same link opens the solution.
"use strict";

const LINK = "a[data-words-into]";

const showLabels = () => {
  for (const link of document.querySelectorAll(LINK)) link.textContent = link.dataset.wordsLabel;
};
showLabels();
document.addEventListener("htmx:load", showLabels);

document.addEventListener("click", (event) => {
  const link = event.target.closest(LINK);
  const box = link && document.getElementById(link.dataset.wordsInto);
  if (!box || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const tick = link.closest("li")?.querySelector('input[type="checkbox"]');
  if (tick) tick.checked = true;
  if (!box.value.includes(link.dataset.words)) {
    box.value = [box.value.trimEnd(), link.dataset.words].filter(Boolean).join("\n");
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }
  box.focus();
});
