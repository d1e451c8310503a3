// Somebody of the plan is dragged to a free place. Without this file one chooses them and then the place: the same form.
"use strict";

const day = document.getElementById("day");
const NEAR = 18; // So many pixels from a place one may let go.
let dragged = null;

const say = (words) => {
  const said = document.getElementById("said");
  if (said && said.textContent !== words) said.textContent = words;
};

// The free places come from the server, as on the page of whoever is chosen; its form comes with them.
const look = async (card) => {
  const address = new URL(card.href);
  const answer = await fetch(address, { credentials: "same-origin" });
  const isOther = new URL(answer.url).pathname !== address.pathname;
  if (isOther || !answer.ok) return location.assign(address);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (dragged?.card !== card) return;
  for (const place of day.querySelectorAll(".place")) place.remove();
  for (const column of page.querySelectorAll(".column")) {
    document.getElementById(column.id)?.querySelector(".rows").append(...column.querySelectorAll(".place"));
  }
  document.getElementById("chosen").replaceWith(page.getElementById("chosen"));
  document.querySelector(".planned[aria-current]")?.removeAttribute("aria-current");
  card.setAttribute("aria-current", "true");
  history.replaceState(null, "", address);
  dragged.isReady = true;
};

const placeAt = (column, top) => {
  const near = [...column.querySelectorAll(".place")].map((place) => [
    Math.abs(place.getBoundingClientRect().top - top),
    place,
  ]);
  const [distance, place] = near.sort(([one], [other]) => one - other)[0] ?? [Infinity, null];
  return distance <= NEAR ? place : null;
};

const inTheWay = (column, top) => {
  const bottom = top + dragged.height;
  const blocks = [...column.querySelectorAll(".block")].filter((block) => {
    const box = block.getBoundingClientRect();
    return block.dataset.of !== dragged.card.dataset.of && box.top < bottom && box.bottom > top;
  });
  return blocks.map((block) => block.dataset.who).join(", ");
};

const mark = (place) => {
  for (const one of day.querySelectorAll(".place.over")) one.classList.toggle("over", one === place);
  place?.classList.add("over");
};

document.addEventListener("dragstart", (event) => {
  const card = event.target.closest?.(".planned");
  if (!card || !day) return;
  const row = parseFloat(getComputedStyle(day).getPropertyValue("--row"));
  const lift = day.contains(card) ? event.clientY - card.getBoundingClientRect().top : row;
  dragged = { card, lift, height: row * Number(card.dataset.rows), isReady: false };
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", card.dataset.who);
  card.classList.add("dragged");
  say(day.dataset.looking);
  look(card);
});

document.addEventListener("dragover", (event) => {
  const column = dragged?.isReady && event.target.closest?.(".column");
  if (!column) return;
  const top = event.clientY - dragged.lift;
  const place = placeAt(column, top);
  mark(place);
  if (place) {
    event.preventDefault();
    say(`${day.dataset.free} ${place.textContent}`);
  } else {
    const names = inTheWay(column, top);
    say(names ? `${day.dataset.taken} ${names}` : day.dataset.closed);
  }
});

document.addEventListener("drop", (event) => {
  const column = dragged?.isReady && event.target.closest?.(".column");
  const place = column && placeAt(column, event.clientY - dragged.lift);
  if (!place) return;
  event.preventDefault();
  place.click();
});

document.addEventListener("dragend", () => {
  dragged?.card.classList.remove("dragged");
  mark(null);
  dragged = null;
});
