// Shows the sentence customers will read while a manager types. After saving, the server shows the same.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const samples = {
    en: { provider: "Dr. Ratna", service: "Check-up", location: "Melati Jakarta" },
    id: { provider: "Dr. Ratna", service: "Pemeriksaan", location: "Melati Jakarta" },
  };
  for (const preview of document.querySelectorAll("[data-preview]")) {
    const language = preview.dataset.preview;
    const field = document.getElementById(`id_wording_${language}`);
    if (!field) {
      continue;
    }
    field.addEventListener("input", () => {
      const cause = field.value.trim().replace(/\{(\w+)\}/g, (found, name) => samples[language][name] ?? found);
      preview.textContent = field.dataset.sentence.replace("{cause}", cause || "…");
    });
  }
});
