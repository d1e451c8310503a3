// Says once that a person is here. Programs that open every link touch nothing, and what a script does is not trusted.
"use strict";

{
  const { seen } = document.currentScript.dataset;
  const signs = ["pointerdown", "touchstart", "keydown"];
  const tell = (event) => {
    if (!event.isTrusted) return;
    for (const sign of signs) removeEventListener(sign, tell, true);
    fetch(seen, { method: "POST", keepalive: true }).catch(() => {});
  };
  for (const sign of signs) addEventListener(sign, tell, { capture: true, passive: true });
}
