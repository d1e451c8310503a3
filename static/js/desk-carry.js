// What stands above the week of a place is dragged to a day of a person. What opens there is the question of "Move as
// agreed" with that day's free times: nothing moves before that is sent. Without this file each cell has the same as a
// link, which is also the way by keyboard and by finger.
"use strict";

const HAS_MOVED = 6; // pixels after which a press is no click any more

const said = () => document.getElementById("dragging");
const wordsOf = (cell) => cell.querySelector(".put, .put-not")?.firstChild.textContent.trim() ?? "";

let carry = null; // from the press on what is carried until it is let go
const tag = document.createElement("div");
tag.setAttribute("aria-hidden", "true");

const mark = (cell) => {
  document.querySelector("td.is-under")?.classList.remove("is-under");
  carry.cell = cell;
  cell?.classList.add("is-under");
};

const draw = ({ clientX, clientY }) => {
  const cell = document.elementsFromPoint(clientX, clientY).find((one) => one.matches("td.has-spot")) ?? null;
  mark(cell);
  tag.className = `drag-here carried-here${cell && !cell.querySelector(".put") ? " refused" : ""}`;
  tag.textContent = [carry.who, cell && wordsOf(cell)].filter(Boolean).join(" · ");
  tag.style.left = `${clientX + 12}px`;
  tag.style.top = `${clientY + 12}px`;
  if (!tag.isConnected) document.body.append(tag);
};

const putDown = () => {
  if (carry) mark(null);
  tag.remove();
  document.documentElement.classList.remove("is-dragging");
  carry = null;
};

document.addEventListener("pointerdown", (event) => {
  if (said()) said().textContent = "";
  const held = event.target.closest?.("[data-carries]");
  if (!held || event.pointerType === "touch" || event.button !== 0) return;
  event.preventDefault(); // no words are marked while it is held
  carry = { held, who: held.querySelector("strong").textContent, x: event.clientX, y: event.clientY };
});

document.addEventListener("pointermove", (event) => {
  if (!carry) return;
  if (!carry.isMoving) {
    if (Math.hypot(event.clientX - carry.x, event.clientY - carry.y) < HAS_MOVED) return;
    carry.isMoving = true;
    document.documentElement.classList.add("is-dragging");
    carry.held.setPointerCapture(event.pointerId);
  }
  draw(event);
});

document.addEventListener("pointerup", () => {
  const cell = carry?.cell;
  const who = carry?.who;
  putDown();
  if (!cell) return;
  const way = cell.querySelector(".put");
  if (way) location.assign(way.href);
  else said().textContent = `${who}: ${wordsOf(cell)}`;
});
document.addEventListener("pointercancel", putDown);
window.addEventListener("blur", putDown);

document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || !carry) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    putDown();
  },
  true,
);

// No table is drawn anew under what is held: it asks again a moment later.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id === "columns" && carry) event.detail.shouldSwap = false;
});
