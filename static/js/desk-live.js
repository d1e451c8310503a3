// The live board asks every three seconds whether there is news. Without this file it is simply asked for again.
"use strict";

const live = () => document.getElementById("live");

// Whoever marks words, a number to dial say, is not disturbed; nor does anybody ask for a page that nobody looks at.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target !== live()) return;
  const selected = document.getSelection();
  const marking = selected && !selected.isCollapsed && live().contains(selected.anchorNode);
  if (marking || document.hidden) event.preventDefault();
});

// What was open stays open, what was folded stays folded, and one goes on reading where one was.
let kept = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target !== live()) return;
  const { xhr, pathInfo } = event.detail;
  // A part that came from another address than asked for is the sign-in page.
  if (new URL(xhr.responseURL, location.href).pathname !== new URL(pathInfo.requestPath, location.href).pathname) {
    event.detail.shouldSwap = false;
    location.reload();
    return;
  }
  const opened = new Map();
  for (const one of live().querySelectorAll("details.live-column:not(.is-empty), details.more[open]")) {
    opened.set(one.id, one.open);
  }
  kept = { opened, left: live().scrollLeft, top: window.scrollY };
});
document.addEventListener("htmx:afterSwap", () => {
  if (!kept || !live()) return;
  for (const [id, open] of kept.opened) {
    const one = document.getElementById(id);
    if (one) one.open = open;
  }
  live().scrollLeft = kept.left;
  window.scrollTo({ top: kept.top, behavior: "instant" });
  kept = null;
});
