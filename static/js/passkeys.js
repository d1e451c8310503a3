// A form that a passkey answers: the browser asks its owner, and what the device has signed goes along in a hidden field.
// Without this file, and where the browser knows no passkeys, the form stays hidden and the page says what else there is.
"use strict";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const named = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));

const challengeOf = async (form) => {
  const sent = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, Accept: "application/json" };
  const answer = await fetch(form.dataset.challenge, { method: "POST", headers: sent, credentials: "same-origin" });
  if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).error ?? form.dataset.failed);
  const options = await answer.json();
  options.challenge = bytes(options.challenge);
  options.excludeCredentials = named(options.excludeCredentials);
  options.allowCredentials = named(options.allowCredentials);
  if (options.user) options.user.id = bytes(options.user.id);
  return options;
};

const said = (one) => {
  const response = { clientDataJSON: text(one.response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (one.response[name]) response[name] = text(one.response[name]);
  }
  return { id: one.id, rawId: text(one.rawId), type: one.type, response, clientExtensionResults: {} };
};

const ask = async (form) => {
  const publicKey = await challengeOf(form);
  const ways = navigator.credentials;
  return form.dataset.passkey === "new" ? ways.create({ publicKey }) : ways.get({ publicKey });
};

const wordsFor = (form, fault) => {
  if (fault.name === "InvalidStateError") return form.dataset.known;
  return fault.name === "Error" ? fault.message : form.dataset.failed;
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const isHere = window.PublicKeyCredential && location.origin === form.dataset.origin;
  form.hidden = !isHere;
  for (const note of document.querySelectorAll("[data-no-passkey]")) note.hidden = isHere;
  const fault = form.querySelector("[data-fault]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.dataset.asking) return;
    form.dataset.asking = "1";
    fault.hidden = true;
    try {
      form.elements.credential.value = JSON.stringify(said(await ask(form)));
      form.submit();
    } catch (problem) {
      fault.textContent = wordsFor(form, problem);
      fault.hidden = false;
    }
    delete form.dataset.asking;
  });
}
