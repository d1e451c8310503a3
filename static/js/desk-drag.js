// An appointment is dragged to another free place of its board. What opens there is the question of "Move as agreed" with
// the hour and the person filled in: nothing moves before that is sent. By finger, by keyboard and without this file the
// same question is asked from the details beside the board.
"use strict";

const QUARTER = 15;
const HAS_MOVED = 6; // pixels after which a press is no click any more
const EDGE = 36; // so near to the edge of the board it scrolls by itself
const MINUTE = 60_000;

const said = () => document.getElementById("dragging");
const boardOf = () => document.getElementById("columns");
const numbers = (one) => one.dataset.at.split(" ").map(Number);

let drag = null; // from the press on a block until it is let go
let readAt = performance.now();
const here = document.createElement("div");
here.setAttribute("aria-hidden", "true");

const minuteAt = (rows, y) => {
  const box = rows.getBoundingClientRect();
  return ((y - box.top) / box.height) * rows.closest(".column").dataset.hours.trim().split(" ").length * 60;
};

const clockAt = (hours, minutes) => {
  const last = Number(hours.at(-1).slice(0, 2)) + Math.floor(minutes / 60) - hours.length + 1;
  const hour = hours[Math.floor(minutes / 60)]?.slice(0, 2) ?? String(last % 24).padStart(2, "0");
  return `${hour}:${String(minutes % 60).padStart(2, "0")}`;
};

// A person's block goes to other people, a room's or a device's stays in its own column or row of days.
const isAllowed = (column) =>
  column.dataset.resource === drag.column.dataset.resource ||
  (column.classList.contains("provider") && drag.column.classList.contains("provider"));

const whatIsInTheWay = (column, span, occupied) => {
  const words = said().dataset;
  if (!isAllowed(column)) {
    return { refused: drag.column.classList.contains("provider") ? words.people : words.hours };
  }
  const now = Number(column.dataset.now ?? -Infinity) + (performance.now() - readAt) / MINUTE;
  if (span[0] <= now) return { refused: words.passed };
  const touches = ([first, last], [from, until]) => first < until && from < last;
  for (const other of column.querySelectorAll(".block.appointment, .block.hold")) {
    if (other.dataset.open === drag.block.dataset.open || !touches(numbers(other).slice(2), occupied)) continue;
    const name = other.querySelector(".block-who").textContent.trim();
    return { refused: `${words.taken} ${name}` };
  }
  const shades = [...column.querySelectorAll(".private"), ...column.querySelectorAll(".shade[data-at]")];
  const shade = shades.find((one) => touches(numbers(one), span));
  return shade ? { outside: `${words.outside} (${shade.textContent.trim()})` } : {};
};

const placeUnder = ({ clientX, clientY }) => {
  const column = document.elementsFromPoint(clientX, clientY).find((one) => one.matches(".column"));
  if (!column?.matches("[data-new]")) return null;
  const rows = column.querySelector(".rows");
  const hours = column.dataset.hours.trim().split(" ");
  const [from, until, before, after] = numbers(drag.block);
  const wanted = Math.round((minuteAt(rows, clientY) - drag.grabbed) / QUARTER) * QUARTER;
  const start = Math.max(0, Math.min(wanted, hours.length * 60 - QUARTER));
  const span = [start, start + until - from];
  const found = whatIsInTheWay(column, span, [start + before - from, start + after - from]);
  return { column, rows, span, all: hours.length * 60, clock: clockAt(hours, start), end: clockAt(hours, span[1]), ...found };
};

const draw = (event) => {
  drag.last = event;
  drag.place = placeUnder(event);
  if (!drag.place) return here.remove();
  const { rows, span, all, clock, end, refused, outside } = drag.place;
  here.className = `drag-here${refused ? " refused" : outside ? " outside" : ""}`;
  here.replaceChildren(`${clock}–${end}`);
  if (refused || outside) {
    const why = document.createElement("span");
    why.textContent = refused ?? outside;
    here.append(why);
  }
  here.style.top = `${(span[0] / all) * 100}%`;
  here.style.minHeight = `${((span[1] - span[0]) / all) * 100}%`;
  if (here.parentElement !== rows) rows.append(here);
};

const scrollAtTheEdge = () => {
  if (!drag?.isMoving) return;
  const box = boardOf().getBoundingClientRect();
  const { clientX, clientY } = drag.last;
  const pull = (at, first, last) => (at < first + EDGE ? -1 : at > last - EDGE ? 1 : 0) * 8;
  const [left, top] = [pull(clientX, box.left, box.right), pull(clientY, box.top, box.bottom)];
  if (left || top) {
    boardOf().scrollBy({ left, top, behavior: "instant" });
    draw(drag.last);
  }
  requestAnimationFrame(scrollAtTheEdge);
};

const putDown = () => {
  here.remove();
  drag?.block.classList.remove("is-lifted");
  document.documentElement.classList.remove("is-dragging");
  drag = null;
};

// The press that ends a drag is no click on the block, also where Escape has ended it before.
const swallow = (event) => (event.preventDefault(), event.stopImmediatePropagation());
const swallowClick = () => document.addEventListener("click", swallow, true);
const letClicksThrough = () => setTimeout(() => document.removeEventListener("click", swallow, true));

document.addEventListener("pointerdown", (event) => {
  if (said()) said().textContent = "";
  const block = event.target.closest?.(".block[data-moves]");
  const rows = block?.closest(".rows");
  if (!rows?.closest(".column").dataset.hours || event.pointerType === "touch" || event.button !== 0) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const grabbed = minuteAt(rows, event.clientY) - numbers(block)[0];
  drag = { block, column: block.closest(".column"), grabbed, x: event.clientX, y: event.clientY };
});

document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  if (!drag.isMoving) {
    if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < HAS_MOVED) return;
    drag.isMoving = true;
    drag.block.classList.add("is-lifted");
    document.documentElement.classList.add("is-dragging");
    drag.block.setPointerCapture(event.pointerId);
    drag.last = event;
    requestAnimationFrame(scrollAtTheEdge);
  }
  draw(event);
});

document.addEventListener("pointerup", () => {
  letClicksThrough();
  if (!drag) return;
  const { isMoving, place, block, column } = drag;
  if (isMoving) swallowClick();
  const stays = place?.column === column && place.span[0] === numbers(block)[0];
  putDown();
  if (!isMoving || !place || stays) return;
  if (place.refused) {
    said().textContent = place.refused;
    return;
  }
  const address = new URL(said().dataset.address.replace("/0/", `/${block.dataset.open}/`), location.href);
  address.searchParams.set("place", boardOf().dataset.place);
  address.searchParams.set("starts_at", `${place.column.dataset.day}T${place.clock}`);
  if (place.column.classList.contains("provider")) address.searchParams.set("provider", place.column.dataset.resource);
  location.assign(address);
});
document.addEventListener("pointercancel", putDown);
window.addEventListener("blur", () => (putDown(), letClicksThrough()));

document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || !drag) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    swallowClick();
    putDown();
  },
  true,
);

// A link is not dragged out of the page; and no board is drawn anew under what is held: it asks again a moment later.
document.addEventListener("dragstart", (event) => {
  if (event.target.closest?.(".block[data-moves]")) event.preventDefault();
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target === boardOf() && drag) event.detail.shouldSwap = false;
});
document.addEventListener("htmx:afterSwap", () => (readAt = performance.now()));
