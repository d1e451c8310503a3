// While a form is open that moves or cancels an appointment, colleagues who open one of the same read of it, and so does
// this page of them. Without this file the page still says who was at it when it was opened.
"use strict";

const AGAIN = 45_000; // milliseconds; it is believed for two minutes (appointments/domain/moving/at_work.py)
const told = document.getElementById("at-work");
let shown = told.innerHTML.trim();

const body = () => {
  const form = new FormData();
  form.set("csrfmiddlewaretoken", told.dataset.token);
  return form;
};

const begin = async () => {
  // The way to sign in is no answer: then nothing is said until somebody has.
  const answer = await fetch(told.dataset.begins, { method: "POST", body: body(), redirect: "manual" }).catch(() => null);
  if (!answer?.ok) return;
  const found = (await answer.text()).trim();
  if (found === shown) return; // said once is enough
  shown = found;
  told.innerHTML = found;
};

begin();
setInterval(begin, AGAIN);
window.addEventListener("pagehide", () => navigator.sendBeacon(told.dataset.leaves, body()));
window.addEventListener("pageshow", (event) => event.persisted && begin());
