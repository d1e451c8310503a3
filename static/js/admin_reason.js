// Shows the sentence customers will read while a manager types. After saving, the server shows the same.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  for (const preview of document.querySelectorAll("[data-preview]")) {
    const field = document.querySelector(`[name="wording_${preview.dataset.preview}"]`);
    if (!field) {
      continue;
    }
    const sample = JSON.parse(field.dataset.sample);
    field.addEventListener("input", () => {
      const cause = field.value.trim().replace(/\{(\w+)\}/g, (found, name) => sample[name] ?? found);
      preview.textContent = field.dataset.sentence.replace("{cause}", cause || "…");
    });
  }
});
