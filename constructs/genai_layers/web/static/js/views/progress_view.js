// Waiting for an answer: that it is awaited, for how long, and what of it was written by now.

import { element } from "./dom.js";

const LONG_SECONDS = 10;
const SEARCHING = "Searching the documents and writing the answer…";

/** @returns {{root: HTMLElement, hear: (text: string | null) => void, stop: () => void}} */
export function progressView() {
  const seconds = element("span", { class: "seconds", "aria-hidden": "true" }, "0 s");
  const words = element("span", {}, SEARCHING);
  const state = element("p", { class: "waiting" }, element("span", { class: "dots", "aria-hidden": "true" }), words, seconds);
  // Not announced piece by piece: who hears the page is told the whole answer, once.
  const draft = element("p", { class: "prose draft", hidden: true });
  const root = element("div", { class: "message answer" }, draft, state);
  const began = Date.now();
  const timer = setInterval(() => {
    const passed = Math.round((Date.now() - began) / 1000);
    seconds.textContent = `${passed} s`;
    if (passed === LONG_SECONDS) words.textContent = "Still working; an answer may take half a minute…";
  }, 1000);
  return {
    root,
    hear(text) {
      draft.hidden = text === null;
      if (text === null) draft.replaceChildren();
      else draft.append(text);
      words.textContent = text === null ? SEARCHING : "Writing the answer…";
    },
    stop() {
      clearInterval(timer);
      root.remove();
    },
  };
}
