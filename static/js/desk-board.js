// The board renews itself every minute and shows details beside it. Without this file every link still works.
"use strict";

const beside = () => document.getElementById("beside");

// A part that came from another address than asked for (the sign-in page) must not land in the board.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, pathInfo } = event.detail;
  const asked = new URL(pathInfo.requestPath, location.href).pathname;
  if (new URL(xhr.responseURL, location.href).pathname === asked) return;
  event.detail.shouldSwap = false;
  location.reload();
});

// Renewing keeps the place where one was reading.
let scrolled = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "columns") return;
  scrolled = [event.detail.target.scrollLeft, event.detail.target.scrollTop];
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "columns" && scrolled) [event.target.scrollLeft, event.target.scrollTop] = scrolled;
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

// A day that was picked opens at once; typing one needs Enter.
document.documentElement.classList.add("scripted");
const picker = document.getElementById("day");
let typing = false;
picker?.addEventListener("keydown", () => (typing = true));
picker?.addEventListener("pointerdown", () => (typing = false));
picker?.addEventListener("change", () => {
  if (!typing && picker.value) picker.form.requestSubmit();
});

// The first look goes to now.
const board = document.getElementById("columns");
const now = board?.querySelector(".now");
if (now) board.scrollTop = Math.max(0, now.offsetTop - board.clientHeight / 3);
