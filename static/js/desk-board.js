// A board renews itself when there is news, and shows details beside it. Without this file every link still works.
"use strict";

const beside = () => document.getElementById("beside");
const board = () => document.getElementById("columns");

// A part that came from another address than asked for (the sign-in page) must not land in the board.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, pathInfo } = event.detail;
  const asked = new URL(pathInfo.requestPath, location.href).pathname;
  if (new URL(xhr.responseURL, location.href).pathname === asked) return;
  event.detail.shouldSwap = false;
  location.reload();
});

// Nothing changes under the reader's fingers: not while one presses, scrolls or marks words, nor where nobody looks.
const STILL = 1500; // milliseconds after the last movement
let pressed = false;
let movedAt = -STILL;
const moved = () => (movedAt = performance.now());
for (const name of ["pointerdown", "touchstart"]) document.addEventListener(name, () => (pressed = true), true);
for (const name of ["pointerup", "pointercancel", "touchend", "touchcancel", "dragend"]) {
  document.addEventListener(name, () => ((pressed = false), moved()), true);
}
for (const name of ["scroll", "wheel"]) document.addEventListener(name, moved, { capture: true, passive: true });
const isBusy = () => {
  const selected = document.getSelection();
  const marking = selected && !selected.isCollapsed && board()?.contains(selected.anchorNode);
  return marking || pressed || document.hidden || performance.now() - movedAt < STILL;
};
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.matches?.("[data-asks]") && isBusy()) event.preventDefault();
});

// Renewing keeps the place where one was reading, and the details that are open.
let kept = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target !== board()) return;
  const { scrollLeft, scrollTop } = board();
  kept = { left: scrollLeft, top: scrollTop, opened: board().querySelector(".block[aria-current]")?.dataset.open };
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "columns" && kept) {
    [event.target.scrollLeft, event.target.scrollTop] = [kept.left, kept.top];
    if (kept.opened && beside().childElementCount) mark(kept.opened);
    kept = null;
  }
  if (event.target.id === "beside") beside().focus({ preventScroll: true });
});

const mark = (opened) => {
  for (const block of document.querySelectorAll(".block")) {
    if (opened && block.dataset.open === opened) block.setAttribute("aria-current", "true");
    else block.removeAttribute("aria-current");
  }
};

const close = () => {
  const opened = document.querySelector(".block[aria-current]");
  const address = new URL(location.href);
  address.searchParams.delete("open");
  address.hash = "";
  history.replaceState(null, "", address);
  beside().replaceChildren();
  mark(null);
  opened?.focus();
};

document.addEventListener("click", (event) => {
  const block = event.target.closest(".block");
  if (block) mark(block.dataset.open);
  if (event.target.closest("[data-close-beside]") && beside()) {
    event.preventDefault();
    close();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && beside()?.childElementCount) close();
});

// A day that was picked opens at once; typing one needs Enter. So does what is shown only, of which one resource alone
// leaves nothing else to choose.
document.documentElement.classList.add("scripted");
const picker = document.getElementById("day");
let typing = false;
picker?.addEventListener("keydown", () => (typing = true));
picker?.addEventListener("pointerdown", () => (typing = false));
picker?.addEventListener("change", () => {
  if (!typing && picker.value) picker.form.requestSubmit();
});
document.getElementById("filter")?.addEventListener("change", (event) => {
  const { elements } = event.currentTarget;
  if (event.target.name !== "resource" && elements.resource) elements.resource.value = "";
  event.currentTarget.requestSubmit();
});

// On paper stands the hour at which it was printed, on the clock of the place.
window.addEventListener("beforeprint", () => {
  const hour = document.querySelector("[data-printed]");
  if (!hour) return;
  const parts = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" };
  const language = document.documentElement.lang;
  hour.textContent = new Date().toLocaleString(language, { ...parts, hour12: false, timeZone: hour.dataset.printed });
});

// The first look goes to the day that was asked for, and to now.
const day = board()?.querySelector(".column[data-asked]");
if (day && board().scrollWidth > board().clientWidth) {
  board().scrollLeft = day.offsetLeft - board().querySelector(".hours").offsetWidth;
}
const now = board()?.querySelector(".now");
if (now) board().scrollTop = Math.max(0, now.offsetTop - board().clientHeight / 3);

// A click on a free place begins a new appointment then and there; what it would begin with is shown under the pointer.
const QUARTER = 15;
const placeOf = (event) => {
  const rows = event.target.closest?.(".column[data-new] .rows");
  if (!rows || event.target.closest(".block, .private") || event.pointerType === "touch") return null;
  const column = rows.closest(".column");
  const hours = column.dataset.hours.trim().split(" ");
  const box = rows.getBoundingClientRect();
  const minutes = Math.floor((((event.clientY - box.top) / box.height) * hours.length * 60) / QUARTER) * QUARTER;
  const hour = hours[Math.floor(minutes / 60)];
  if (!hour) return null;
  const clock = `${hour.slice(0, 2)}:${String(minutes % 60).padStart(2, "0")}`;
  return { rows, column, clock, top: (minutes / 60 / hours.length) * 100 };
};

const hint = document.createElement("div");
hint.className = "new-here";
hint.setAttribute("aria-hidden", "true");
document.addEventListener("pointermove", (event) => {
  const found = placeOf(event);
  if (!found) return hint.remove();
  hint.textContent = `+ ${found.clock}`;
  hint.style.top = `${found.top}%`;
  if (hint.parentElement !== found.rows) found.rows.append(hint);
});

document.addEventListener("click", (event) => {
  const found = placeOf(event);
  if (!found || !document.getSelection()?.isCollapsed) return;
  const address = new URL(found.column.dataset.new, location.href);
  address.searchParams.set("starts_at", `${found.column.dataset.day}T${found.clock}`);
  address.searchParams.set("resource", found.column.dataset.resource);
  if (found.column.classList.contains("provider")) address.searchParams.set("provider", found.column.dataset.resource);
  location.assign(address);
});
