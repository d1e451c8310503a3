// A queue asks every few seconds whether there is news. Without this file it is read anew by opening it again.
"use strict";

const lines = () => document.getElementById("queue");
const POLLED = "/news/";
const isNews = (event) => event.target === lines() && event.detail.pathInfo.requestPath.includes(POLLED);

// Whoever is at work in the lines keeps them as they are: marks words, has ticked or typed something, stands on a button.
const isBusy = () => {
  const box = lines();
  const selected = document.getSelection();
  if (selected && !selected.isCollapsed && box.contains(selected.anchorNode)) return true;
  if (box.contains(document.activeElement) || box.querySelector("input:checked")) return true;
  const typed = [...box.querySelectorAll('input[type="text"], textarea')].some((one) => one.value !== one.defaultValue);
  return typed || [...box.querySelectorAll("select")].some((one) => one.value !== "");
};

document.addEventListener("htmx:configRequest", (event) => {
  if (event.target === lines() && isBusy()) event.detail.parameters.set("busy", "1");
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target === lines() && document.hidden) event.preventDefault();
});
let scrolled = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!isNews(event)) return;
  const { xhr, pathInfo } = event.detail;
  // A part that came from another address than asked for is the sign-in page.
  if (new URL(xhr.responseURL, location.href).pathname !== new URL(pathInfo.requestPath, location.href).pathname) {
    event.detail.shouldSwap = false;
    location.reload();
  } else if (isBusy() && xhr.getResponseHeader("HX-Reswap") !== "none") {
    event.detail.shouldSwap = false; // they began while it was on its way: the next question says so
  } else {
    scrolled = window.scrollY;
  }
});
document.addEventListener("htmx:afterSwap", () => {
  if (scrolled !== null) window.scrollTo({ top: scrolled, behavior: "instant" });
  scrolled = null;
  showTickAll();
});

// On a phone the queue that one is in may stand far to the right.
for (const here of document.querySelectorAll(".tabs [aria-current]")) {
  here.parentElement.parentElement.scrollLeft = here.offsetLeft - here.parentElement.parentElement.clientWidth / 2;
}

const showTickAll = () => {
  for (const button of document.querySelectorAll("[data-tick-all]")) button.hidden = false;
};
showTickAll();
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-tick-all]")) return;
  for (const box of lines().querySelectorAll('input[name="promise"]')) box.checked = true;
});
