// Waiting for an answer: it comes whole, so what can be shown is that it is awaited, and for how long.

import { element } from "./dom.js";

const LONG_SECONDS = 10;

/** @returns {{root: HTMLElement, stop: () => void}} */
export function progressView() {
  const seconds = element("span", { class: "seconds", "aria-hidden": "true" }, "0 s");
  const words = element("span", {}, "Searching the documents and writing the answer…");
  const root = element("p", { class: "message waiting" }, element("span", { class: "dots", "aria-hidden": "true" }), words, seconds);
  const began = Date.now();
  const timer = setInterval(() => {
    const passed = Math.round((Date.now() - began) / 1000);
    seconds.textContent = `${passed} s`;
    if (passed === LONG_SECONDS) words.textContent = "Still working; an answer may take half a minute…";
  }, 1000);
  return {
    root,
    stop() {
      clearInterval(timer);
      root.remove();
    },
  };
}
